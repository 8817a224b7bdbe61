/** What there is of a workspace's log: entries acknowledged, entries published, and who cosigned. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../documents/config.ts';
import { KeyError } from '../../documents/key.ts';
import { createLogKey, logKeyFile, logOrigin, readLogVerifier } from '../../documents/log-key.ts';
import { judgeCosignatures, type Witnessed } from '../../log/checkpoint.ts';
import { openLedger, publishedCheckpoint } from '../../store/ledger.ts';
import { ledgerFile, logFolder } from '../../store/places.ts';
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
export async function showLog(root: string, config: Config): Promise<LogShown> {
  const ledger = await openLedger(root, { waitMs: 0 });
  try {
    const found = await publishedCheckpoint(root, ledger.verifier);
    const policy = policyOf(config.witnesses, config.witnessPolicy);
    const now = BigInt(Math.floor(Date.now() / 1000));
    return {
      origin: ledger.verifier.name,
      vkey: ledger.verifier.vkey,
      size: ledger.size(),
      published: found && {
        size: found.checkpoint.size,
        root: found.checkpoint.root.toString('hex'),
        witnessed: judgeCosignatures(found.checkpoint.note, policy, now),
      },
      pending: ledger.size() - (found?.checkpoint.size ?? 0n),
    };
  } finally {
    ledger.close();
  }
}

export type LogInitialised = { readonly key: 'made' | 'kept'; readonly vkey: string };

/**
 * Makes the log's key in a workspace that has none. Where there are entries already it does not: a log under another
 * key would be another log. Throws KeyError.
 */
export async function initLog(root: string, organisation: string): Promise<LogInitialised> {
  if (!(await exists(join(root, logKeyFile)))) {
    for (const file of [ledgerFile, `${logFolder}/checkpoint`]) {
      if (!(await exists(join(root, file)))) continue;
      throw new KeyError(
        'key-missing',
        `${join(root, file)} is there and the key it was made under, ${logKeyFile}, is not; put the key back`,
      );
    }
  }
  const key = await createLogKey(root, logOrigin(organisation));
  return { key, vkey: (await readLogVerifier(root)).vkey };
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
