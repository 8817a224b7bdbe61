/** Checking a published log from outside: every entry, every tile, the root, the signature and the cosignatures. */
import {
  judgeCosignatures,
  openCheckpoint,
  type Witnessed,
  type WitnessPolicy,
} from '../../log/checkpoint.ts';
import type { Verifier } from '../../log/keys.ts';
import { LogError } from '../../log/log-error.ts';
import { noteText } from '../../log/note.ts';
import { type Checked, readLog } from '../../store/published-log.ts';

export type LogChecked = Checked & {
  readonly origin: string;
  readonly keyId: string;
  /** In hex. */
  readonly root: string;
  readonly witnessed: Witnessed;
  /** The size of the earlier checkpoint that this log grew from; null where none was given. */
  readonly grownFrom: bigint | null;
};

/**
 * Checks the log in `folder` with nothing but its public key. `earlier` is a checkpoint of it seen before, as bytes;
 * null where there is none. Throws LogError: nothing less than the whole is a pass.
 */
export async function checkLog(
  folder: string,
  log: Verifier,
  policy: WitnessPolicy,
  earlier: Uint8Array | null,
): Promise<LogChecked> {
  const published = await readLog(folder, log);
  const { checkpoint } = published;
  const witnessed = judgeCosignatures(checkpoint.note, policy, BigInt(Math.floor(Date.now() / 1000)));
  if (witnessed.kind === 'too-few') {
    throw new LogError(
      'witnesses-too-few',
      `${witnessed.by.length} of the witnesses named cosigned the checkpoint, and ${policy.needed} must`,
    );
  }
  const checked = await published.checkAll();
  const seen = earlier === null ? null : openCheckpoint(noteText(earlier), log);
  if (seen !== null) await published.requireGrownFrom(seen);
  return {
    ...checked,
    origin: checkpoint.origin,
    keyId: log.keyId,
    root: checkpoint.root.toString('hex'),
    witnessed,
    grownFrom: seen?.size ?? null,
  };
}
