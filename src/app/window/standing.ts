/** The stops and the consents of a member's own records as the gate reads them now: what a new word of theirs is held against. */
import { join } from 'node:path';
import type { Engine, Row, SqlValue } from '../../bulk/engine.ts';
import type { Snapshot } from '../../bulk/ingest/snapshot.ts';
import type { Workspace } from '../../documents/workspace.ts';
import { dayOf } from '../../policy/dates.ts';
import type { Permission } from '../../policy/facts.ts';
import { candidatesAt, parseFirst } from '../../policy/history.ts';
import type { CivilDate, Consent, Instant, Notice, Scope, Source } from '../../policy/model.ts';
import { isSameScope, scopeParts } from '../../policy/scope-parts.ts';
import { peopleOptions } from '../flow/people-options.ts';
import { readWorkspace } from '../flow/read-workspace.ts';
import type { Actor, Service } from '../flow/service.ts';
import { permissionOf, stopOf } from '../gate/event-rows.ts';
import { withEngine } from '../gate/ingest.ts';
import { type AgreedOf, agreedConsents, type Wording } from './agreed-wording.ts';
import { allAtoms, distinct } from './consent-atoms.ts';
import { type KeyedRecord, ownKeyed } from './record-key.ts';
import { stopsStanding } from './stops-standing.ts';

export type StandingStop = {
  readonly event: string;
  /**
   * Stops of the identical scope that reach the record from others which surely match it (C4). Whose they are, and that they are
   * there, is not told. Who takes this one back takes them back for this record, as the page says of any stop, or it would go on
   * as it was. A letter of which nobody knows yet whose it is stands until that is settled.
   */
  readonly also: readonly string[];
  readonly scope: Scope;
  /** In London; null where nobody knows. */
  readonly on: CivilDate | null;
  /** The latest at which it and all of `also` came: what is signed by then takes it back not. Null: nothing does. */
  readonly received: Instant | null;
};
export type GivenConsent = {
  readonly notice: string;
  /** As the notice has it now. */
  readonly consent: Consent;
  readonly wording: Wording;
  /** All that it may have been to, with what is said of it now: what a withdrawal of it stops. */
  readonly atoms: readonly Scope[];
  readonly on: CivilDate | null;
  /** Of the stops, those that meet it: while one stands, the yes permits nothing of what it stops. */
  readonly stops: readonly StandingStop[];
  /** Every part of it is stopped. */
  readonly stopped: boolean;
};
export type Standing = {
  readonly own: KeyedRecord;
  readonly stops: readonly StandingStop[];
  readonly consents: readonly GivenConsent[];
};

/** Of one record, whosever it is. Reads its source as `standingOf` does; of none that is there nothing stands. */
export async function standingAt(service: Service, org: string, own: KeyedRecord): Promise<Standing> {
  const workspace = await readWorkspace(service, org);
  const source = workspace.sources.find(({ id }) => id === own.source);
  if (source === undefined) return { own, stops: [], consents: [] };
  const now = service.now().getTime();
  const agreed = await agreedConsents(service, org, workspace);
  return withEngine(workspace, peopleOptions(service, org), async (engine, snapshotOf) =>
    standingIn({ engine, workspace, agreed, source, snapshot: await snapshotOf(source), now }, own),
  );
}

/** Whether an event is a stop of this record, and no act of theirs has lifted it. */
export const stillStands = async (
  service: Service,
  org: string,
  own: KeyedRecord,
  event: string,
): Promise<boolean> => (await standingAt(service, org, own)).stops.some((stop) => stop.event === event);

/** In the order of the member's records. Reads the sources with all that was recorded up to now. */
export async function standingOf(
  service: Service,
  actor: Extract<Actor, { kind: 'member' }>,
): Promise<readonly Standing[]> {
  const records = await ownKeyed(service, actor);
  if (records.length === 0) return [];
  const workspace = await readWorkspace(service, actor.org);
  const now = service.now().getTime();
  const agreed = await agreedConsents(service, actor.org, workspace);
  return withEngine(workspace, peopleOptions(service, actor.org), async (engine, snapshotOf) => {
    const standing: Standing[] = [];
    for (const own of records) {
      const source = workspace.sources.find(({ id }) => id === own.source);
      if (source === undefined) continue;
      const snapshot = await snapshotOf(source);
      standing.push(await standingIn({ engine, workspace, agreed, source, snapshot, now }, own));
    }
    return standing;
  });
}

type Ground = {
  readonly engine: Engine;
  readonly workspace: Workspace;
  readonly agreed: AgreedOf;
  readonly source: Source;
  readonly snapshot: Snapshot;
  /** What was received up to this very instant is in. */
  readonly now: Instant;
};

async function standingIn(ground: Ground, own: KeyedRecord): Promise<Standing> {
  const { engine, snapshot } = ground;
  const { dialect } = engine;
  const records = dialect.parquet(join(snapshot.dir, 'records.parquet'));
  const [record] = await engine.rows(
    `SELECT * FROM ${records} r WHERE r.rid = ${dialect.literal(own.record)} LIMIT 1`,
  );
  if (record === undefined) return { own, stops: [], consents: [] };
  const of = (name: string): Promise<readonly Row[]> =>
    engine.rows(
      `SELECT * FROM ${dialect.parquet(join(snapshot.eventsDir, name))} x
       WHERE x."row" = ${dialect.literal(Number(record.row))}`,
    );
  const permissions = (await of('permissions.parquet')).map(permissionOf);
  const stops = standingStops(ground, await of('stops.parquet'), permissions);
  return { own, stops, consents: consentsOf(ground, record, permissions, stops) };
}

/** Their own that nothing of theirs has lifted, as every page has them (`stopsStanding`). */
function standingStops(
  { workspace: { organisations }, source, now }: Ground,
  rows: readonly Row[],
  permissions: readonly Permission[],
): readonly StandingStop[] {
  const standing = stopsStanding(rows.map(stopOf), permissions, { source, organisations, now });
  const own = standing.filter(({ relation }) => relation === 'own');
  const known = new Set(own.map(({ event }) => event));
  return own
    .map(({ event, scope, from, received }) => {
      const also = standing.filter(
        (each) => each.relation === 'linked' && !known.has(each.event) && isSameScope(each.scope, scope),
      );
      const events = [...new Set(also.map((each) => each.event))];
      return { event, also: events, scope, on: dayIn(from), received };
    })
    .sort((a, b) => (a.on ?? '').localeCompare(b.on ?? ''));
}

function consentsOf(
  { workspace, agreed, source }: Ground,
  record: Row,
  permissions: readonly Permission[],
  stops: readonly StandingStop[],
): readonly GivenConsent[] {
  const given = new Map<string, GivenConsent>();
  const add = (notice: string | null, id: string | null, on: CivilDate | null, said: Said): void => {
    const found = agreed(notice, id, said);
    if (notice === null || found === null) return;
    const { wording, consents } = found;
    const before = given.get(`${notice} ${id}`)?.atoms ?? [];
    const atoms = distinct([...before, ...allAtoms(workspace.organisations, consents)]);
    const meeting = stops.filter(({ scope }) => atoms.some((atom) => meets(scope, atom)));
    const stopped = atoms.every((atom) => meeting.some(({ scope }) => meets(scope, atom)));
    const one = { notice, consent: consents[0], wording, atoms, on, stops: meeting, stopped };
    given.set(`${notice} ${id}`, one);
  };
  const [primary] = source.collections;
  const base = primary === undefined ? null : record[`h_${primary.id}`];
  for (const [i, { consent, notice }] of source.consents.entries())
    if (record[`k_${i}`] === true)
      for (const id of notice === null ? noticesIn(base, workspace.notices) : [notice])
        add(id, consent, lastDayIn(record[`k_${i}_at`]), dayIn(record[`k_${i}_at`]));
  for (const { kind, notice, consent, signed } of permissions)
    if (kind === 'consent') add(notice, consent, dayIn(signed), signed);
  return [...given.values()];
}
type Said = Parameters<AgreedOf>[2];

/** The notices that may have been shown when the record was collected. */
function noticesIn(key: SqlValue | undefined, notices: readonly Notice[]): readonly string[] {
  const { base } = parseFirst(textOf(key) ?? '');
  switch (base.kind) {
    case 'recorded':
      return [base.notice];
    case 'print-code':
      return notices.filter(({ printCode }) => printCode === base.code).map(({ id }) => id);
    case 'derived':
      return candidatesAt(notices, base.collectedBy, base.on).map(({ id }) => id);
    case 'unknown':
      return [];
  }
}

/** As somebody says it (`recordPreferenceInput`): null is all. */
export const scopeIn = ({ purpose, organisation, contactChannel }: Scope) => ({
  ...{ purpose: wide(purpose), organisation: wide(organisation), channel: wide(contactChannel) },
});
const wide = (part: string): string | null => (part === 'all' ? null : part);

/** For what is shown alone: the gate goes by the hierarchies of terms and the groups of organisations as well. */
const meets = (stop: Scope, atom: Scope): boolean =>
  scopeParts.every((part) => stop[part] === 'all' || atom[part] === 'all' || stop[part] === atom[part]);

const textOf = (value: SqlValue | undefined): string | null => (typeof value === 'string' ? value : null);

/** A bare day is kept as its earliest instant, which in winter is an hour before it. */
export function dayIn(value: SqlValue | undefined): CivilDate | null {
  const at = value === null || value === undefined ? Number.NaN : Number(value);
  if (!Number.isFinite(at)) return null;
  return dayOf(at % day === day - hour ? at + hour : at);
}

/** Of the latest instant that it can be: of a bare day its end. */
export function lastDayIn(value: SqlValue | undefined): CivilDate | null {
  const at = value === null || value === undefined ? Number.NaN : Number(value);
  if (!Number.isFinite(at)) return null;
  return at % day === 0 ? new Date(at - 1).toISOString().slice(0, 10) : dayOf(at);
}
const hour = 3_600_000;
const day = 24 * hour;
