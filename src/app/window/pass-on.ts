/**
 * What people say goes to every party that holds their data: stops, withdrawals, restrictions and erasures as the log has
 * them, and corrections that were accepted. Each release is passed on to from the size of the log it was decided with, so that nothing
 * said while it was made is lost; it is told which rows, by their trace codes, and nothing else of anybody.
 */
import type { Snapshot } from '../../bulk/ingest/snapshot.ts';
import type { Workspace } from '../../documents/workspace.ts';
import type { Source } from '../../policy/model.ts';
import type { Tx } from '../../store/postgres/state.ts';
import { preferencesIn, preparePreferences } from '../../store/preferences.ts';
import { type Lease, takeLease } from '../flow/lease.ts';
import { peopleOptions } from '../flow/people-options.ts';
import { readWorkspace } from '../flow/read-workspace.ts';
import type { Service } from '../flow/service.ts';
import { rootOf } from '../flow/workspace-of.ts';
import { withEngine } from '../gate/ingest.ts';
import { suppressionKey } from '../gate/suppression-key.ts';
import { correctionsEnded, hasCorrections, isSince } from './corrections-ended.ts';
import { type HeldRelease, heldReleases } from './held-releases.ts';
import { leaversIn } from './leavers-in.ts';
import { reachedSince } from './reached-since.ts';
import { type ReleaseRows, releaseRows } from './release-rows.ts';
import { toPassOn } from './to-pass-on.ts';
import { writePassedOn } from './write-passed-on.ts';

/**
 * All that was said since the last time, of every organisation; gives how many tasks that makes. Safe on two servers at once,
 * and cut short anywhere: what was looked at is noted in the transaction that writes what came of it. One organisation that cannot be
 * read keeps no other waiting.
 */
export async function passOn(service: Service): Promise<number> {
  let made = 0;
  for (const { org } of await service.state.organisations())
    try {
      made += await passOnOf(service, org);
    } catch (error) {
      warn(service, org, error);
    }
  return made;
}

function warn(
  { log }: Service,
  org: string,
  error: unknown,
  more: { readonly releases?: number } = {},
): void {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'failed';
  log.warn({ org, code, ...more }, 'not all that people said could be passed on; it is tried again');
}

type Head = { readonly idx: bigint; readonly cases: Date };
type Begun = { readonly held: HeldRelease; readonly head: Head | null };

async function passOnOf(service: Service, org: string): Promise<number> {
  const begun = await service.state.as(org, (tx) => begunIn(tx, org));
  if (begun.length === 0 || !(await isAnythingSaid(service, org, begun))) return 0;
  const lease = await takeLease(service.state, org, 'pass-on', false);
  if (lease === null) return 0;
  try {
    const workspace = await readWorkspace(service, org);
    const gone = begun.filter(({ held }) => workspace.sources.every(({ id }) => id !== held.source));
    if (gone.length > 0) warn(service, org, { code: 'source-unknown' }, { releases: gone.length });
    let made = 0;
    for (const source of workspace.sources) {
      const ofSource = begun.filter(({ held }) => held.source === source.id);
      if (ofSource.length > 0) made += await passOnSource(service, { workspace, source, lease }, ofSource);
    }
    return made;
  } finally {
    await lease.release();
  }
}

async function begunIn(tx: Tx, org: string): Promise<readonly Begun[]> {
  const held = await heldReleases(tx, org);
  if (held.length === 0) return [];
  const rows = await tx.selectFrom('pass_on_head').selectAll().where('org', '=', org).execute();
  const heads = new Map(rows.map(({ release, idx, cases_to }) => [release, { idx, cases: cases_to }]));
  return held.map((each) => ({ held: each, head: heads.get(each.release) ?? null }));
}

/** Asked often, and nearly always answered no: it opens no engine. */
async function isAnythingSaid(service: Service, org: string, begun: readonly Begun[]): Promise<boolean> {
  if (begun.some(({ head }) => head === null)) return true;
  const ledger = await peopleOptions(service, org).ledger.open({ waitMs: patience });
  try {
    await preparePreferences(ledger);
    for (const source of new Set(begun.map(({ held }) => held.source))) {
      const heads = begun.flatMap(({ held, head }) =>
        held.source === source && head !== null ? [head] : [],
      );
      const least = leastOf(heads.map(({ idx }) => idx));
      if ((await preferencesIn(ledger).since(source, least + 1n)) > 0) return true;
      const since = new Date(Math.min(...heads.map(({ cases }) => cases.getTime())));
      if (await service.state.as(org, (tx) => hasCorrections(tx, { org, source, since }))) return true;
    }
    return false;
  } finally {
    await ledger.close();
  }
}

const patience = 30_000;
const inOrder = (all: readonly bigint[]): readonly bigint[] => all.toSorted((a, b) => (a < b ? -1 : 1));
const leastOf = (all: readonly bigint[]): bigint => inOrder(all)[0] ?? -1n;
const mostOf = (all: readonly bigint[]): bigint => inOrder(all).at(-1) ?? -1n;

type At = { readonly workspace: Workspace; readonly source: Source; readonly lease: Lease };

async function passOnSource(service: Service, at: At, begun: readonly Begun[]): Promise<number> {
  const { workspace, source, lease } = at;
  const { org } = lease;
  const options = peopleOptions(service, org);
  const now = service.now();
  const known = await openReleases(service, org, workspace, begun);
  if (known.length === 0) return 0;
  const key = await suppressionKey(workspace.root, source.id);
  const cases = new Date(Math.min(...known.map(({ cases }) => cases.getTime())));
  const corrected = await service.state.as(org, (tx) =>
    correctionsEnded(tx, { org, source: source.id, since: cases }),
  );
  return withEngine(workspace, options, async (engine, snapshotOf) => {
    const ledger = await options.ledger.open({ waitMs: patience });
    let [after, made] = [leastOf(known.map(({ idx }) => idx)), 0];
    try {
      await preparePreferences(ledger);
      let snapshot: Promise<Snapshot> | null = null;
      const once = (): Promise<Snapshot> => {
        snapshot ??= snapshotOf(source);
        return snapshot;
      };
      for (;;) {
        const found = await reachedSince(engine, { ledger, source: source.id, after, now, snapshotOf: once });
        const { reached, upTo, more, partly } = found;
        for (const each of known) {
          const leavers = leaversIn(service.state, { org, release: each.rows.release }, found.snapshot);
          const given = {
            ...{ key, records: leavers.records },
            reached: reached.filter(({ index }) => index > each.idx),
            corrected: corrected.filter(({ endedAt }) => isSince(endedAt, each.cases)),
          };
          const rows = await toPassOn(engine, each.rows, given);
          made += await service.state.as(org, async (tx) => {
            await lease.requireHeld(tx);
            const of = { org, release: each.rows.release, source: source.id };
            const written = await writePassedOn(service, tx, of, rows);
            // Where not all could be found out, it is looked for again; what was written already is not written twice.
            if (partly === null) await noteHead(tx, of, mostOf([upTo, each.idx]), now);
            return written;
          });
          leavers.lookedThrough();
        }
        if (partly !== null) throw partly;
        if (!more) return made;
        // The snapshot holds what was said up to when it was made: what comes after that wants another.
        [after, snapshot] = [upTo, null];
      }
    } finally {
      await ledger.close();
    }
  });
}

type Known = { readonly rows: ReleaseRows; readonly idx: bigint; readonly cases: Date };

/** A release whose package is not on the disk keeps the others not waiting: it is found again once it is put back. */
async function openReleases(
  service: Service,
  org: string,
  { organisations }: Workspace,
  begun: readonly Begun[],
): Promise<readonly Known[]> {
  const known: Known[] = [];
  const lost: unknown[] = [];
  for (const { held, head } of begun)
    try {
      const rows = await releaseRows(rootOf(service, org), held.release, organisations);
      known.push({ rows, idx: head?.idx ?? rows.logSize - 1n, cases: head?.cases ?? held.cutOff });
    } catch (error) {
      lost.push(error);
    }
  // Once for all of them: this is looked at again every few seconds.
  if (lost.length > 0) warn(service, org, lost[0], { releases: lost.length });
  return known;
}

async function noteHead(
  tx: Tx,
  { org, release }: { readonly org: string; readonly release: string },
  idx: bigint,
  cases: Date,
): Promise<void> {
  await tx
    .insertInto('pass_on_head')
    .values({ org, release, idx, cases_to: cases })
    .onConflict((conflict) => conflict.columns(['org', 'release']).doUpdateSet({ idx, cases_to: cases }))
    .execute();
}
