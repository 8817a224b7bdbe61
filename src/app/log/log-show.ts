/** What there is of a workspace's log: entries acknowledged, entries published, and who cosigned. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../documents/config.ts';
import { KeyError } from '../../documents/key.ts';
import { createLogKey, logKeyFile, logOrigin, readLogVerifier } from '../../documents/log-key.ts';
import { judgeCosignatures, type Witnessed } from '../../log/checkpoint.ts';
import type { LedgerPlace } from '../../store/ledger.ts';
import { publishedCheckpoint } from '../../store/standing-checkpoint.ts';
import { policyOf } from './witness-client.ts';

export type LogShown = {
  readonly origin: string;
  /** The public key, to hand to whoever checks the log. */
  readonly vkey: string;
  readonly size: bigint;
  /** `root` in hex; null where nothing is published. */
  readonly published: { readonly size: bigint; readonly root: string; readonly witnessed: Witnessed } | null;
  readonly pending: bigint;
};

/** Throws KeyError, LedgerError, LogError. */
export async function showLog(place: LedgerPlace, config: Config): Promise<LogShown> {
  const ledger = await place.open({ waitMs: 0 });
  try {
    const { size } = await ledger.head();
    const found = await publishedCheckpoint(place.root, ledger.verifier);
    const policy = policyOf(config.witnesses, config.witnessPolicy);
    const now = BigInt(Math.floor(Date.now() / 1000));
    return {
      origin: ledger.verifier.name,
      vkey: ledger.verifier.vkey,
      size,
      published: found && {
        size: found.checkpoint.size,
        root: found.checkpoint.root.toString('hex'),
        witnessed: judgeCosignatures(found.checkpoint.note, policy, now),
      },
      pending: size - (found?.checkpoint.size ?? 0n),
    };
  } finally {
    await ledger.close();
  }
}

export type LogInitialised = { readonly key: 'made' | 'kept'; readonly vkey: string };

/**
 * Makes the log's key in a workspace that has none. Where there are entries already it does not: a log under another
 * key would be another log. Throws KeyError.
 */
export async function initLog(place: LedgerPlace, organisation: string): Promise<LogInitialised> {
  const { root } = place;
  if (!existsSync(join(root, logKeyFile)) && (await place.begun()))
    throw new KeyError(
      'key-missing',
      `${root} has a log, or had one, and the key it was made under, ${logKeyFile}, is not there; put the key back`,
    );
  const key = await createLogKey(root, logOrigin(organisation));
  return { key, vkey: (await readLogVerifier(root)).vkey };
}
