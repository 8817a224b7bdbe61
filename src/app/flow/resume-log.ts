/**
 * A log that was put back from a backup goes on: whoever runs the server says what was published of it last, or its
 * witnesses do. Nobody can do it over the network.
 */
import type { Config } from '../../documents/config.ts';
import { readLogKey } from '../../documents/log-key.ts';
import { type Checkpoint, openCheckpoint, signCheckpoint } from '../../log/checkpoint.ts';
import { rangeRoot } from '../../log/compact-range.ts';
import type { ReadTile } from '../../log/tiles.ts';
import { openTree } from '../../log/tree-reader.ts';
import { postgresDialect } from '../../store/ledger-dialect.ts';
import { ledgerReader } from '../../store/ledger-entries.ts';
import { rowsIn } from '../../store/postgres/ledger-query.ts';
import { type HeldLog, letGo, lockHeldLog, takeLost } from '../../store/postgres/log-resume.ts';
import { requireBorneOut } from '../../store/standing-checkpoint.ts';
import { cosign, type WitnessOutcome } from '../log/witness-client.ts';
import type { AccountsService } from './accounts.ts';
import { readWorkspace } from './read-workspace.ts';
import { type Answer, done, type Refused, refused } from './service.ts';
import { settleResumed } from './settle-resumed.ts';
import { whoWatches } from './who-watches.ts';
import { rootOf } from './workspace-of.ts';

/** What whoever runs the server says. */
export type Told =
  /** The newest checkpoint that was published, and the tiles it stands over; `acceptLoss`: also where they are of more than is here. */
  | {
      readonly kind: 'published';
      readonly text: string;
      readonly read: ReadTile;
      readonly acceptLoss: boolean;
    }
  /** Nothing was published after the backup: their word alone. */
  | { readonly kind: 'nothing-since' }
  /** Nothing: the witnesses are to say it. `unchanged`: their word for it that those of the backup are still the log's. */
  | { readonly kind: 'witnesses'; readonly unchanged: boolean };
export type Resumed = {
  readonly org: string;
  /** Entries, with those that were taken from the published log. */
  readonly size: bigint;
  /** How many of them the service knows no more of than that they were. */
  readonly lost: bigint;
  readonly witnesses: readonly WitnessOutcome[];
};

/**
 * Every witness that can be reached is asked first, and as many as the documents want must have answered. Refuses
 * `not-found`, `already-done` where nothing holds the log, `log-behind` where more was published than is here, and
 * `input-invalid`. Throws LedgerError, LogError, WitnessError, KeyError.
 */
export async function resumeLog(service: AccountsService, org: string, told: Told): Promise<Answer<Resumed>> {
  const { state } = service;
  const organisation = (await state.organisations()).find((each) => each.org === org);
  if (organisation === undefined) return refused('not-found', `there is no organisation ${org} here`);
  const { config } = await readWorkspace(service, org);
  const root = rootOf(service, org);
  const signer = await readLogKey(root);
  const published = told.kind === 'published' ? openCheckpoint(told.text, signer.verifier) : null;
  const watching = await whoWatches(service, org, []);
  return state.as(org, async (tx) => {
    const held = await lockHeldLog(rowsIn(tx), { org, root });
    if (held === null) return refused('already-done', `nothing holds the log of ${org} back`);
    const bar = newestBar(held, told, published) ?? witnessBar(told, config);
    if (bar !== null) return bar;
    const { head, standing } = held;
    const loses = told.kind === 'published' && published !== null && published.size > head.size;
    const grown = loses ? await takeLost(tx, org, head, published, told.read) : head;
    const tree = { size: grown.size, root: rangeRoot(grown) };
    const { readTile } = ledgerReader(postgresDialect, rowsIn(tx), async () => tree);
    for (const each of [standing, published]) if (each !== null) await requireBorneOut(each, tree, readTile);
    // Signed once more or for the first time, of what was logged before anybody lost anything.
    const asked = await cosign(
      signCheckpoint(tree, signer),
      openTree(tree.size, readTile),
      config.witnesses,
      config.witnessPolicy,
      standing?.size ?? 0n,
      () => BigInt(Math.floor(Date.now() / 1000)),
      state.kind === 'postgres' ? 'internet' : 'internet-or-here',
    );
    if (told.kind === 'witnesses' && !wouldKnow(asked.outcomes, config.witnessPolicy))
      return refused(
        'input-invalid',
        'no witnesses rule out that more was published: give the newest checkpoint (--published), or say that nothing was published since (--nothing-published-since)',
      );
    await letGo(rowsIn(tx), org);
    const lost = grown.size - head.size;
    await settleResumed(service, tx, organisation, { held, told, lost, watching });
    return done({ org, size: grown.size, lost, witnesses: asked.outcomes });
  });
}

/** Why what was said cannot be the newest that was published, or is more than is here. */
function newestBar(held: HeldLog, told: Told, published: Checkpoint | null): Refused | null {
  const { head, standing } = held;
  if (standing !== null && published !== null && published.size < standing.size)
    return refused(
      'input-invalid',
      `the checkpoint given is of ${published.size} entries, and the one in the log's own folder of ${standing.size}: it is not the newest`,
    );
  // Whatever stands in the folder of a log that was put back came with it, and it cannot vouch for itself.
  const brought = held.why.kind === 'restored' && standing !== null && standing.size <= head.size;
  if (brought && published?.size === standing.size)
    return refused(
      'input-invalid',
      `the checkpoint given, of ${published.size} entries, is what the backup brought: give the newest that was kept elsewhere, or, if nothing was published since, say so (--nothing-published-since)`,
    );
  const newest = published ?? standing;
  if (newest === null || newest.size <= head.size) return null;
  if (told.kind === 'published' && told.acceptLoss) return null;
  return refused(
    'log-behind',
    `${newest.size} entries were published, and ${head.size} are here: put a later backup back; if there is none, the log goes on from its published tiles, and what the entries between were of is lost (--published FOLDER or URL, --accept-loss)`,
  );
}

/** Those who are asked are named by documents of the backup: others may have taken their place since. */
function witnessBar(told: Told, { witnesses, witnessPolicy }: Config): Refused | null {
  if (told.kind !== 'witnesses' || told.unchanged || witnesses.length === 0) return null;
  const names = witnesses.map(({ name }) => name).join(', ');
  return refused(
    'input-invalid',
    `by the documents that were put back the log's witnesses are ${names}, of which ${witnessPolicy} must cosign: if they are so still, say it (--witnesses-unchanged); if not, give the newest checkpoint (--published)`,
  );
}

/** Whether so many never cosigned more than is here that of the others too few are left to have. */
function wouldKnow(outcomes: readonly WitnessOutcome[], needed: number): boolean {
  const cosigned = outcomes.filter(({ kind }) => kind === 'cosigned').length;
  return needed > 0 && outcomes.length - cosigned < needed;
}
