/** What a workspace knows of its own log, for whoever checks there what they were given: its key, and its witnesses (E4). */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfig } from '../../documents/config.ts';
import { DocumentError, inOrder } from '../../documents/fault.ts';
import { logPublicFile, readLogVerifier } from '../../documents/log-key.ts';
import { workspaceFile } from '../../documents/read-files.ts';
import { readRegular } from '../../documents/regular-file.ts';
import type { WitnessPolicy } from '../../log/checkpoint.ts';
import type { Verifier } from '../../log/keys.ts';
import { LogError } from '../../log/log-error.ts';
import { counted } from '../../policy/figures.ts';
import { policyOf } from './witness-client.ts';

/** The public key of the workspace's log; null where there is no workspace, or no key. Throws KeyError. */
export async function ownLogKey(root: string | null): Promise<Verifier | null> {
  return root !== null && existsSync(join(root, logPublicFile)) ? readLogVerifier(root) : null;
}

/** What was not checked, where nobody gave a key: whoever made what is checked may have made the key beside it too. */
export const ownKeyUnchecked = `whose log it is: the key is this workspace's own, ${logPublicFile}; give the one that you were given, --log-key`;

/** What was said of witnesses, and null what was not. */
export type WitnessesAsked = {
  readonly witnesses: readonly Verifier[] | null;
  readonly needed: number | null;
};
export const nothingAsked: WitnessesAsked = { witnesses: null, needed: null };

/**
 * Who must have cosigned a checkpoint of `log`: the witnesses named, all of them unless it is said; else those that
 * `astold.yaml` names, where the log is that of the workspace at `root`; else nobody. Throws DocumentError, KeyError,
 * LogError `vkey-malformed`, `witnesses-too-few` where more are needed than there are.
 */
export async function policyFor(
  { witnesses, needed }: WitnessesAsked,
  log: Verifier,
  root: string | null,
): Promise<WitnessPolicy> {
  const own = witnesses === null ? await ownPolicy(log, root) : null;
  const named = witnesses ?? own?.witnesses ?? [];
  const other = named.find(({ kind }) => kind !== 'witness');
  if (other !== undefined)
    throw new LogError('vkey-malformed', `the key of ${other.name} is a log's, and a witness's is needed`);
  const policy = { witnesses: named, needed: needed ?? own?.needed ?? named.length };
  if (policy.needed > named.length)
    throw new LogError(
      'witnesses-too-few',
      `${counted(policy.needed, 'witness', 'witnesses')} must cosign, and ${named.length} named: give their keys with --witness`,
    );
  return policy;
}

async function ownPolicy(log: Verifier, root: string | null): Promise<WitnessPolicy | null> {
  if (root === null || (await ownLogKey(root))?.vkey !== log.vkey) return null;
  const text = (await readRegular(join(root, workspaceFile))).toString('utf8');
  const { config, faults } = parseConfig(workspaceFile, text);
  if (config === null || faults.length > 0)
    throw new DocumentError(inOrder(faults), new Map([[workspaceFile, text]]));
  return policyOf(config.witnesses, config.witnessPolicy);
}
