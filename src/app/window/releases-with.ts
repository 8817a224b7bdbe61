/** Who has somebody's details, and why: each release that holds a record of theirs, as it was made. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Selectable } from 'kysely';
import { z } from 'zod';
import { wasDestroyed } from '../../bulk/destroyed.ts';
import type { Engine } from '../../bulk/engine.ts';
import { masterOf, tokenKey } from '../../bulk/secrets.ts';
import { VaultError } from '../../bulk/vault.ts';
import { dayOf } from '../../policy/dates.ts';
import { label } from '../../policy/vocab.ts';
import { findAcross } from '../../roster/find-across.ts';
import { leafOf, releaseToken } from '../../roster/token.ts';
import type { Tables } from '../../store/postgres/tables.ts';
import type { DutyRow } from '../flow/gate-duties.ts';
import type { OwnRecord } from '../flow/own-records.ts';
import type { ReadSources } from '../flow/read-sources.ts';
import type { Service } from '../flow/service.ts';
import {
  foldersOf,
  type ReleaseFacts,
  type ReleaseFolders,
  type ReleaseHead,
  releaseFacts,
  releaseHead,
} from './release-facts.ts';

const dataView = z.object({ what: z.string(), ofChild: z.boolean() });
const partyView = z.object({
  organisation: z.string(),
  name: z.string(),
  role: z.enum(['controller', 'joint-controller', 'processor']),
});
const claimView = z.object({
  party: z.string(),
  kind: z.enum(['countersign', 'inform', 'stop-using', 'delete', 'obey-stops']),
  due: z.iso.date(),
  /** When its party said that it is done; nobody else says so. */
  said: z.iso.datetime().nullable(),
  overdue: z.boolean(),
});
const madeOfView = z.object({
  title: z.string(),
  /** Terms and their labels. */
  purposes: z.array(z.object({ term: z.string(), label: z.string() })),
  channels: z.array(z.string()),
  /** From whoever's records they were to the last who uses them. */
  chain: z.array(partyView),
  supplier: z.string(),
  delivered: z.array(dataView),
  /** What they were chosen by, which tells what it is (B2). */
  chosenBy: z.array(dataView),
  /** What being on the list gives away. */
  givesAway: z.array(dataView),
  useFrom: z.iso.date(),
  useUntil: z.iso.date(),
  deleteBy: z.iso.date(),
});
export const releaseWithView = z
  .object({
    release: z.string(),
    releasedAt: z.iso.datetime(),
    /** Which of their records it holds, by their numbers. */
    records: z.array(z.number().int()),
    /** Who got it, by the register of then. */
    recipient: z.string(),
    /** Null where the evidence of it is not kept any more: nothing of it can be said for sure. */
    madeOf: madeOfView.nullable(),
    countersigned: z.iso.datetime().nullable(),
    claims: z.array(claimView),
  })
  .meta({ id: 'ReleaseWith' });
export type ReleaseWith = z.output<typeof releaseWithView>;
export const releasesWithView = z.object({
  /** The latest first. */
  items: z.array(releaseWithView),
  /** Releases that were looked into. */
  searched: z.number().int(),
  /** Releases of which nobody can say whether they hold them. */
  unknown: z.number().int(),
});
export type ReleasesWith = z.output<typeof releasesWithView>;

type Row = Selectable<Tables['release']>;
type Standing = { readonly row: Row; readonly folders: ReleaseFolders; readonly head: ReleaseHead };

/** `records` in the order that numbers them, from 1. */
export async function releasesWith(
  service: Service,
  org: string,
  { workspace, engine }: ReadSources,
  records: readonly OwnRecord[],
): Promise<ReleasesWith> {
  const rows = await service.state.as(org, (tx) =>
    tx
      .selectFrom('release')
      .selectAll()
      .where('org', '=', org)
      .orderBy('released_at', 'desc')
      .orderBy('id')
      .execute(),
  );
  const { standing, lost } = await standingOf(workspace.root, rows);
  const holding = new Map<string, number[]>();
  const here = new Set(workspace.sources.map(({ id }) => id));
  // Of a source that is not here any more nobody's records are found.
  const gone = standing.filter(({ head }) => !here.has(head.source)).map(({ row }) => row.id);
  const unknown = new Set([...lost, ...gone]);
  for (const [i, own] of records.entries()) {
    const ours = standing.filter(({ head }) => head.source === own.source);
    const found = await lookedUp(engine, workspace.root, own, ours);
    for (const id of found.present) holding.set(id, [...(holding.get(id) ?? []), i + 1]);
    for (const id of found.unknown) unknown.add(id);
  }
  const present = standing.filter(({ row }) => holding.has(row.id));
  const state = await stateOf(
    service,
    org,
    present.map(({ row }) => row.id),
  );
  const today = dayOf(service.now().getTime());
  const items: ReleaseWith[] = [];
  for (const { row, folders } of present) {
    const facts = await releaseFacts(folders.evidence, row.manifest);
    items.push({
      ...{ release: row.id, releasedAt: row.released_at.toISOString(), records: holding.get(row.id) ?? [] },
      recipient: facts?.names.get(row.recipient) ?? row.recipient,
      madeOf: facts === null ? null : madeOf(facts),
      countersigned: state.countersigned.get(row.id) ?? null,
      claims: (state.duties.get(row.id) ?? []).map((duty) => claimOf(duty, facts, today)),
    });
  }
  const nobodyKnows = [...unknown].filter((id) => !holding.has(id)).length;
  return { items, searched: rows.length, unknown: nobodyKnows };
}

async function standingOf(
  root: string,
  rows: readonly Row[],
): Promise<{ readonly standing: readonly Standing[]; readonly lost: readonly string[] }> {
  const standing: Standing[] = [];
  const lost: string[] = [];
  for (const row of rows) {
    const folders = foldersOf(root, row.id);
    const head = folders === null ? null : await releaseHead(folders.release, row.manifest);
    if (folders === null || head === null || !existsSync(rosterOf(folders))) lost.push(row.id);
    else standing.push({ row, folders, head });
  }
  return { standing, lost };
}

const rosterOf = ({ release }: ReleaseFolders): string => join(release, 'roster.txt');

/** By the token of the record: what stands in a roster is made of nothing else (E1). */
async function lookedUp(
  engine: Engine,
  root: string,
  { source, record }: OwnRecord,
  releases: readonly Standing[],
): Promise<{ readonly present: readonly string[]; readonly unknown: readonly string[] }> {
  const ids = (which: readonly Standing[]): string[] => which.map(({ row }) => row.id);
  const master = releases.length === 0 ? null : await masterOrNull(engine, { root, source, record });
  if (master === null) return { present: [], unknown: ids(releases) };
  const { keyId } = await tokenKey(root, source);
  const known = releases.filter(({ head }) => head.key === keyId);
  const rosters = known.map(({ row, folders }) => ({ release: row.id, path: rosterOf(folders) }));
  const found = await findAcross(rosters, (release) => leafOf(releaseToken(master, release)));
  const present = found.filter((each) => each.present).map(({ release }) => release);
  // Whoever was erased and came back has another token than in the releases before.
  if (await wasDestroyed(engine, root, source, record)) return { present, unknown: ids(releases) };
  return { present, unknown: ids(releases.filter((each) => !known.includes(each))) };
}

/** Null where its secrets are not there: nobody can say which releases hold it. */
async function masterOrNull(
  engine: Engine,
  of: { readonly root: string; readonly source: string; readonly record: string },
): Promise<string | null> {
  try {
    return await masterOf(engine, of);
  } catch (error) {
    const gone = ['secrets-missing', 'secrets-destroyed', 'record-unknown'];
    if (error instanceof VaultError && gone.includes(error.code)) return null;
    throw error;
  }
}

async function stateOf({ state }: Service, org: string, releases: readonly string[]) {
  if (releases.length === 0)
    return { countersigned: new Map<string, string>(), duties: new Map<string, DutyRow[]>() };
  return state.as(org, async (tx) => {
    const supplies = await tx
      .selectFrom('supply')
      .select(['release', 'countersigned_at'])
      .where('org', '=', org)
      .where('release', 'in', releases)
      .execute();
    const duties = await tx
      .selectFrom('duty')
      .selectAll()
      .where('org', '=', org)
      .where('release', 'in', releases)
      .orderBy('due_on')
      .orderBy('id')
      .execute();
    return {
      countersigned: new Map(
        supplies.flatMap(({ release, countersigned_at: at }) =>
          at === null ? [] : [[release, at.toISOString()]],
        ),
      ),
      duties: Map.groupBy(duties, ({ release }) => release ?? ''),
    };
  });
}

function madeOf({ request, touched, supplier, names }: ReleaseFacts): ReleaseWith['madeOf'] {
  const data = (as: ReleaseFacts['touched'][number]['as']) => {
    const found = touched.filter((each) => each.as === as).map(({ given }) => given);
    const distinct = found.filter(
      (item, i) => found.findIndex((o) => o.term === item.term && o.of === item.of) === i,
    );
    return distinct.map(({ term, of }) => ({ what: label(term), ofChild: of === 'child' }));
  };
  const nameOf = (organisation: string): string => names.get(organisation) ?? organisation;
  return {
    title: request.title,
    purposes: request.purposes.map((term) => ({ term, label: label(term) })),
    channels: [...request.contactChannels],
    chain: request.chain.map(({ organisation, role }) => ({
      organisation,
      name: nameOf(organisation),
      role,
    })),
    supplier: nameOf(supplier),
    ...{ delivered: data('delivered'), chosenBy: data('selects'), givesAway: data('implied') },
    ...{ useFrom: request.use.from, useUntil: request.use.until, deleteBy: request.deleteBy },
  };
}

function claimOf(
  { party, kind, due_on, claimed_at }: DutyRow,
  facts: ReleaseFacts | null,
  today: string,
): ReleaseWith['claims'][number] {
  return {
    ...{ party: facts?.names.get(party) ?? party, kind, due: due_on },
    said: claimed_at?.toISOString() ?? null,
    overdue: claimed_at === null && due_on < today,
  };
}
