/** Publishing the log of a workspace: tiles, the witnesses' cosignatures, and the checkpoint; or nothing. */
import type { Config } from '../../documents/config.ts';
import { readLogKey } from '../../documents/log-key.ts';
import type { Workspace } from '../../documents/workspace.ts';
import { judgeCosignatures, type Witnessed } from '../../log/checkpoint.ts';
import type { Ledger, LedgerPlace } from '../../store/ledger.ts';
import { type Published, publishLog } from '../../store/publish-log.ts';
import { publishedCheckpoint } from '../../store/standing-checkpoint.ts';
import { logDocuments } from './log-documents.ts';
import { cosign, policyOf, type WitnessOutcome } from './witness-client.ts';

export type LogPublished = Published & {
  readonly witnessed: Witnessed;
  /** What each witness that was asked answered; none were asked where the checkpoint stood already. */
  readonly outcomes: readonly WitnessOutcome[];
};

const nowSeconds = (): bigint => BigInt(Math.floor(Date.now() / 1000));

/**
 * Publishes what the ledger of a workspace has acknowledged, and what its documents say has happened. Throws KeyError,
 * LedgerError, LogError, WitnessError.
 */
export async function publishWorkspaceLog(
  workspace: Workspace,
  place: LedgerPlace,
  waitMs: number,
): Promise<LogPublished> {
  const ledger = await place.open({ waitMs });
  try {
    await logDocuments(ledger, workspace);
    return await publishLedger(ledger, workspace.config);
  } finally {
    await ledger.close();
  }
}

/** The same of a ledger that is open already. */
export async function publishLedger(
  ledger: Ledger,
  { witnesses, witnessPolicy }: Pick<Config, 'witnesses' | 'witnessPolicy'>,
): Promise<LogPublished> {
  const signer = await readLogKey(ledger.root);
  const policy = policyOf(witnesses, witnessPolicy);
  const before = await publishedCheckpoint(ledger.root, ledger.verifier);
  let outcomes: readonly WitnessOutcome[] = [];
  const published = await publishLog(
    ledger,
    signer,
    ({ note }) => judgeCosignatures(note, policy, nowSeconds()).kind !== 'too-few',
    async (signed, tree) => {
      const guess = before?.checkpoint.size ?? 0n;
      const asked = await cosign(
        signed,
        tree,
        witnesses,
        witnessPolicy,
        guess,
        nowSeconds,
        ledger.witnessReach,
      );
      outcomes = asked.outcomes;
      return asked.text;
    },
  );
  const witnessed = judgeCosignatures(published.checkpoint.note, policy, nowSeconds());
  return { ...published, witnessed, outcomes };
}
