/** What a party that holds somebody's data is to do, as rows: by the trace code of theirs in that release, and never twice. */
import { randomUUID } from 'node:crypto';
import { type Insertable, sql } from 'kysely';
import { addPeriod, dayOf } from '../../policy/dates.ts';
import type { CivilDate } from '../../policy/model.ts';
import type { Tx } from '../../store/postgres/state.ts';
import type { PassedOnKind, Tables } from '../../store/postgres/tables.ts';
import { queueWebhook } from '../flow/queue-webhook.ts';
import type { Service } from '../flow/service.ts';
import { partiesHolding } from './held-releases.ts';

export type ToPassOn = {
  readonly code: string;
  readonly kind: PassedOnKind;
  readonly recordKey: string;
  /** The preference event, or the case. */
  readonly cause: string;
  readonly said: { readonly field: string; readonly value: string } | null;
};
type Row = Insertable<Tables['passed_on']>;

/**
 * Our own choice, where the configuration says nothing: "without delay" (Art 19) is a week for a mailing house that has to take
 * people out of what is being printed. Of a correction and an erasure as well: who can stop using a row can mend it.
 */
export const passedOnWithin = 7;
/** The last day in London on which what is passed on `at` is in time. */
export const passedOnBy = ({ limits }: Pick<Service, 'limits'>, at: Date): CivilDate =>
  addPeriod(dayOf(at.getTime()), { months: 0, days: limits.passedOnDays ?? passedOnWithin });
const rowsAtOnce = 500;
const toldAtOnce = 500;

/**
 * For each party that holds the release now. What it was told already of that row is not told again: a second stop while
 * the first stands, anything short of an erasure after one. Gives how many there are now that were not. One at a time for an
 * organisation, until `tx` ends.
 */
export async function writePassedOn(
  service: Pick<Service, 'limits' | 'now'>,
  tx: Tx,
  of: { readonly org: string; readonly release: string; readonly source: string },
  given: readonly ToPassOn[],
): Promise<number> {
  if (given.length === 0) return 0;
  const { org, release, source } = of;
  await sql`SELECT pg_advisory_xact_lock(${turnOf(org)})`.execute(tx);
  const at = service.now();
  const due = passedOnBy(service, at);
  let made = 0;
  for (const party of await partiesHolding(tx, org, release)) {
    const told = await standing(tx, { org, release, party });
    const rows = given
      .filter((each) => isNew(told, each))
      .map(
        (each): Row => ({
          ...{ org, id: randomUUID(), release, party, source, made_at: at, due_on: due },
          ...{ kind: each.kind, code: each.code, record_key: each.recordKey, cause: each.cause },
          said: each.said === null ? null : JSON.stringify(each.said),
        }),
      );
    const written = await insert(tx, rows);
    await tell(tx, { org, release, party }, written, at);
    made += written.length;
  }
  return made;
}

const turnOf = (org: string) => sql`hashtextextended(${`pass on ${org}`}, 0)`;

/** Until `tx` ends nothing more is passed on; what was before, `tx` sees from here on. */
export async function holdPassingOn(tx: Tx, org: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock_shared(${turnOf(org)})`.execute(tx);
}

type Told = { readonly code: string; readonly kind: PassedOnKind };
const name = (code: string, kind: PassedOnKind): string => `${code} ${kind}`;

/** What a party was told of a release's rows, and has not refused. */
async function standing(
  tx: Tx,
  { org, release, party }: { readonly org: string; readonly release: string; readonly party: string },
): Promise<Set<string>> {
  const rows: readonly Told[] = await tx
    .selectFrom('passed_on')
    .select(['code', 'kind'])
    .where('org', '=', org)
    .where('release', '=', release)
    .where('party', '=', party)
    .where(({ eb, or }) => or([eb('answer', 'is', null), eb('answer', '<>', 'refused')]))
    .execute();
  return new Set(rows.map(({ code, kind }) => name(code, kind)));
}

/** Notes it: the same may stand in `given` twice. Corrections differ, and each is told. */
function isNew(told: Set<string>, { code, kind }: Told): boolean {
  if (told.has(name(code, 'erasure'))) return false;
  if (kind === 'correction') return true;
  if (told.has(name(code, kind))) return false;
  told.add(name(code, kind));
  return true;
}

type Written = { readonly id: string; readonly kind: PassedOnKind; readonly code: string };

async function insert(tx: Tx, rows: readonly Row[]): Promise<readonly Written[]> {
  const written: Written[] = [];
  for (let start = 0; start < rows.length; start += rowsAtOnce)
    written.push(
      ...(await tx
        .insertInto('passed_on')
        .values(rows.slice(start, start + rowsAtOnce))
        .onConflict((conflict) =>
          conflict.columns(['org', 'release', 'party', 'code', 'kind', 'cause']).doNothing(),
        )
        .returning(['id', 'kind', 'code'])
        .execute()),
    );
  return written;
}

async function tell(
  tx: Tx,
  { org, release, party }: { readonly org: string; readonly release: string; readonly party: string },
  written: readonly Written[],
  at: Date,
): Promise<void> {
  for (let start = 0; start < written.length; start += toldAtOnce) {
    const tasks = written
      .slice(start, start + toldAtOnce)
      .map(({ id, kind, code }) => ({ task: id, kind, code }));
    await queueWebhook(
      tx,
      org,
      { event: 'passed-on', parties: [party], data: { release, party, tasks } },
      at,
    );
  }
}
