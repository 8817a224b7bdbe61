/** Whom the events reach: `stops.parquet`, `permissions.parquet` and `later.parquet` (C1 to C4, A7). */
import { join } from 'node:path';
import type { Source } from '../../policy/model.ts';
import type { Engine } from '../engine.ts';
import { eventsTable } from './events.ts';
import { plainText } from './history.ts';
import { type KeyKind, keptColumn, keyHash, keyKinds, recordPart, sureKinds } from './keys.ts';
import { rejectedTable } from './rejects.ts';
import { allPermissions, permissionsOf, permissionsView, scopeHash, spreadStops } from './spread.ts';

export type Attributed = {
  readonly unmatched: number;
  /** Stops that name no record and come with nothing a record could be matched on: they may be anyone's. */
  readonly nameless: number;
  /** Stops that name a row which was put aside: whom else they reach, nobody can work out. */
  readonly rejected: number;
};

/** Where the files go, and the path of `records.parquet`. */
export type Places = { readonly made: string; readonly records: string };

/** The events table and that of the rejected are there; leaves the files, and no temporary table of its own. */
export async function attributeEvents(engine: Engine, source: Source, to: Places): Promise<Attributed> {
  const records = engine.dialect.parquet(to.records);
  const dir = to.made;
  const asStop = `${scopeHash(engine)} AS sc, e.from_lo, e.received_hi, e."row" AS owner, e.n, e.event`;
  const temporary: string[] = [];
  const make = async (name: string, select: string): Promise<void> => {
    await engine.run(`CREATE OR REPLACE TEMP TABLE ${name} AS ${select}`);
    temporary.push(name);
  };

  await engine.run(`CREATE OR REPLACE TEMP VIEW ${permissionsView} AS ${allPermissions()}`);
  // The keys a stop may spread by: those of a record that is stopped, and those a stop itself came with.
  await make('at_folded', await foldedIds(engine, records));
  const [folded] = await engine.rows('SELECT COUNT(*) AS n FROM at_folded');
  const cameWith = (k: KeyKind): string =>
    `SELECT '${k}' AS kind, key_${k} AS grp, n FROM ${eventsTable} WHERE key_${k} IS NOT NULL`;
  await make('at_came', sureKinds.map(cameWith).join(' UNION ALL '));
  await make(
    'at_stopped_keys',
    `SELECT ${heldSure.map((k) => `m_${k}`).join(', ')}, m_near FROM ${records} WHERE "row" IN
      (SELECT "row" FROM ${eventsTable} WHERE class IS NULL AND "row" IS NOT NULL UNION ALL SELECT "row" FROM at_folded)`,
  );
  // Whoever shares a home is near; and few are near to anybody, so that few names and addresses are folded.
  await make(
    'at_near_holders',
    `SELECT "row", m_near AS grp FROM ${records} WHERE m_near IN (SELECT m_near FROM at_stopped_keys UNION ALL
       SELECT key_near FROM ${eventsTable} WHERE key_near IS NOT NULL)`,
  );
  await make(
    'at_neighbours',
    `SELECT DISTINCT "row" FROM at_near_holders WHERE grp IN (SELECT key_near FROM ${eventsTable} WHERE key_near IS NOT NULL
     UNION ALL SELECT grp FROM at_near_holders GROUP BY grp HAVING COUNT(*) > 1)`,
  );
  await make('at_homes', homes(engine, source, records, 'at_neighbours'));
  const holders = (
    k: (typeof heldSure)[number],
  ): string => `SELECT "row", m_${k} AS grp FROM ${records} WHERE m_${k} IN (SELECT m_${k} FROM at_stopped_keys
    UNION ALL SELECT grp FROM at_came WHERE kind = '${k}')`;
  await make(
    'at_holders',
    `${heldSure.map(holders).join(' UNION ALL ')} UNION ALL SELECT "row", grp FROM at_homes WHERE grp IS NOT NULL`,
  );
  // Of most keys the stopped record is the only holder, and nothing spreads.
  await make(
    'at_members',
    `SELECT "row", grp FROM at_holders WHERE grp IN (SELECT grp FROM at_came UNION ALL SELECT grp FROM at_holders GROUP BY grp HAVING COUNT(*) > 1)`,
  );
  await make(
    'at_stops',
    `SELECT m.grp, ${asStop} FROM ${eventsTable} e JOIN at_members m ON m."row" = e."row" WHERE e.class IS NULL
     UNION ALL
     SELECT p.grp, ${asStop} FROM ${eventsTable} e JOIN (SELECT m.grp, f.n FROM at_folded f JOIN at_members m ON m."row" = f."row"
       UNION ALL SELECT grp, n FROM at_came WHERE grp IN (SELECT grp FROM at_members)) p ON p.n = e.n`,
  );

  // A stop without a known record that matches nothing surely: every plausible match, until a person resolves it.
  await make(
    'at_letters',
    `SELECT n, key_near AS grp FROM ${eventsTable}
    WHERE class IS NULL AND "row" IS NULL AND n NOT IN (SELECT n FROM at_came WHERE grp IN (SELECT grp FROM at_members))
      AND n NOT IN (SELECT n FROM at_folded)`,
  );
  await make(
    'at_near',
    `SELECT "row", grp FROM at_near_holders WHERE grp IN (SELECT grp FROM at_letters WHERE grp IS NOT NULL)`,
  );
  await make('at_resolved', await resolvedStops(engine));
  await make(
    'at_near_stops',
    `SELECT l.grp, ${asStop} FROM at_letters l JOIN ${eventsTable} e ON e.n = l.n
     WHERE l.grp IS NOT NULL AND l.n NOT IN (SELECT n FROM at_resolved)`,
  );
  await make(
    'at_spreading',
    permissionsOf(engine, 'SELECT "row" FROM at_members UNION ALL SELECT "row" FROM at_near'),
  );
  await spreadStops(
    engine,
    { stops: 'at_stops', members: 'at_members', permissions: 'at_spreading' },
    'at_linked',
  );
  await spreadStops(
    engine,
    { stops: 'at_near_stops', members: 'at_near', permissions: 'at_spreading' },
    'at_plausible',
  );
  // Each pair of those that a person looked at: until when one counts only a decision knows, so none stands for another.
  await make(
    'at_resolved_near',
    `SELECT m."row", l.n, x.resolved_hi FROM at_letters l JOIN at_resolved x ON x.n = l.n JOIN at_near m ON m.grp = l.grp`,
  );
  temporary.push('at_linked', 'at_plausible');

  // Each pair once; which is dear to make sure of, and seldom needed.
  const linked =
    Number(folded?.n) === 0
      ? 'at_linked'
      : '(SELECT "row", n FROM at_linked UNION SELECT "row", n FROM at_folded)';
  const unresolved = 'CAST(NULL AS BIGINT) AS resolved_hi';
  const stop = 'e.scope, e.from_lo, e.received_hi, e.event';
  await engine.copy(
    `SELECT e."row", 'own' AS relation, ${stop}, ${unresolved} FROM ${eventsTable} e WHERE e.class IS NULL AND e."row" IS NOT NULL
     UNION ALL SELECT s."row", s.relation, ${stop}, s.resolved_hi FROM (SELECT "row", n, 'linked' AS relation, ${unresolved} FROM ${linked}
       UNION ALL SELECT "row", n, 'plausible' AS relation, ${unresolved} FROM at_plausible
       UNION ALL SELECT "row", n, 'plausible' AS relation, resolved_hi FROM at_resolved_near) s JOIN ${eventsTable} e ON e.n = s.n`,
    join(dir, 'stops.parquet'),
    'snapshot',
  );
  await make(
    'at_unmatched',
    `SELECT * FROM (SELECT event, unknown_record AS record, class IS NULL AS stop, coalesce(class = 'resolution', FALSE) AS resolution, named, ${[...sureKinds, 'near'].map((k) => `key_${k} IS NULL`).join(' AND ')} AS bare,
       CASE WHEN class = 'resolution' THEN n NOT IN (SELECT by_n FROM at_resolved)
         WHEN class IS NULL THEN n NOT IN (SELECT n FROM at_resolved) AND n IN (SELECT l.n FROM at_letters l WHERE l.grp IS NULL OR l.grp NOT IN (SELECT grp FROM at_near))
         ELSE TRUE END AS unmatched,
       coalesce(class IS NULL AND lower(unknown_record) IN (SELECT id FROM ${rejectedTable}), FALSE) AS rejected
     FROM ${eventsTable} WHERE "row" IS NULL OR class = 'resolution') WHERE unmatched OR rejected OR (stop AND NOT named AND bare)`,
  );
  const [counted] = await engine.rows(
    `SELECT COUNT(*) AS listed, COUNT(*) FILTER (WHERE unmatched) AS unmatched, COUNT(*) FILTER (WHERE rejected) AS rejected,
       COUNT(*) FILTER (WHERE stop AND NOT named AND bare) AS nameless FROM at_unmatched`,
  );
  if (Number(counted?.listed) > 0) await writeUnmatched(engine, join(dir, unmatchedFile));
  await writePermissions(engine, dir);
  await engine.run(
    [`DROP VIEW ${permissionsView}`, ...temporary.map((name) => `DROP TABLE ${name}`)].join('; '),
  );
  return {
    unmatched: Number(counted?.unmatched),
    nameless: Number(counted?.nameless),
    rejected: Number(counted?.rejected),
  };
}

export const unmatchedFile = 'events-unmatched.csv';

/** The ids alone: they are how the person who looks finds the event, and nothing else of it is kept. */
async function writeUnmatched(engine: Engine, path: string): Promise<void> {
  const cause = `CASE WHEN rejected THEN 'names a row that could not be read: see rejects.csv'
    WHEN resolution THEN 'resolves no one stop that names no record'
    WHEN named THEN 'names no record of the source, and matches none'
    WHEN stop AND bare THEN 'names no record, and comes with nothing a record could be matched on'
    ELSE 'names no record, and matches none' END`;
  await engine.copy(
    `SELECT event, record, ${cause} AS cause FROM at_unmatched ORDER BY event, record, cause`,
    path,
    'csv',
  );
}

/**
 * The stops that name a known record but for the case of its letters: `row` and `n`. Such a record is reached as if
 * the stop had come with its details; a permission never is.
 */
async function foldedIds(engine: Engine, records: string): Promise<string> {
  const unknown = `SELECT e.n, lower(e.unknown_record) AS id FROM ${eventsTable} e WHERE e.class IS NULL AND e.unknown_record IS NOT NULL`;
  const [any] = await engine.rows(`SELECT COUNT(*) AS n FROM (${unknown})`);
  if (Number(any?.n) === 0) return 'SELECT CAST(0 AS INTEGER) AS "row", CAST(0 AS BIGINT) AS n WHERE FALSE';
  return `SELECT r."row", u.n FROM (SELECT "row", lower(rid) AS id FROM ${records}) r JOIN (${unknown}) u ON u.id = r.id`;
}

/**
 * The stops without a record that a person has resolved: `n`, `by_n` and `resolved_hi`. Denied unless all is sure: one stop
 * of that id, one resolution of it that names nobody, and one event of its own id, with times that can be read, and not before the stop (C9).
 */
async function resolvedStops(engine: Engine): Promise<string> {
  const none =
    'SELECT CAST(0 AS BIGINT) AS n, CAST(0 AS BIGINT) AS by_n, CAST(0 AS BIGINT) AS resolved_hi WHERE FALSE';
  const [any] = await engine.rows(
    `SELECT COUNT(*) AS n FROM ${eventsTable} WHERE class = 'resolution' AND lifts IS NOT NULL`,
  );
  if (Number(any?.n) === 0) return none;
  const resolutions = `FROM ${eventsTable} WHERE class = 'resolution' AND lifts IS NOT NULL`;
  const once = `SELECT event FROM ${eventsTable} WHERE event <> '' AND event IN (SELECT lifts ${resolutions} UNION SELECT event ${resolutions})
    GROUP BY event HAVING COUNT(*) = 1`;
  return `SELECT s.n, r.n AS by_n, r.resolved_hi FROM ${eventsTable} s JOIN
      (SELECT lifts, MIN(n) AS n, MIN(event) AS event, MIN(resolved_hi) AS resolved_hi, MAX(CASE WHEN named THEN 1 ELSE 0 END) AS names
       ${resolutions} GROUP BY lifts HAVING COUNT(*) = 1) r ON r.lifts = s.event
    WHERE s.class IS NULL AND NOT s.named AND r.names = 0 AND r.resolved_hi >= s.from_lo
      AND s.event IN (${once}) AND r.event IN (${once})`;
}

/** The sure keys that the records hold. */
const heldSure = ['email', 'phone', 'birth'] as const;

/** The home of some rows as a key, folded for them alone: `row` and `grp`, null where there is none. */
function homes(engine: Engine, source: Source, records: string, rows: string): string {
  const parts = keyKinds.home.map((part) => {
    const x = recordPart(engine, source, part, keptColumn(engine, 'r'), true);
    return `${x ?? 'CAST(NULL AS VARCHAR)'} AS ${part}`;
  });
  return `SELECT "row", ${keyHash(engine, 'home', (part) => part)} AS grp FROM
    (SELECT r."row", ${parts.join(', ')} FROM ${records} r JOIN ${rows} q ON q."row" = r."row")`;
}

async function writePermissions(engine: Engine, dir: string): Promise<void> {
  // An id that stands more than once names no one stop: what lifts it lifts nothing (C3, C9).
  const twice = `SELECT event FROM ${eventsTable} WHERE event IN (SELECT lifts FROM ${permissionsView} WHERE class = 'lift' AND lifts IS NOT NULL)
    GROUP BY event HAVING COUNT(*) > 1`;
  await engine.copy(
    `SELECT "row", class AS kind, notice, consent, scope,
     CASE WHEN class = 'lift' AND lifts IN (${twice}) THEN NULL ELSE lifts END AS lifts, signed_lo, received_hi, event
     FROM ${permissionsView}`,
    join(dir, 'permissions.parquet'),
    'snapshot',
  );
}

/** Files without a row, where the source has no preference events. */
export async function writeNoEvents(engine: Engine, dir: string): Promise<void> {
  const texts = (names: string): string =>
    names
      .split(' ')
      .map((name) => `CAST(NULL AS VARCHAR) AS ${name}`)
      .join(', ');
  await engine.copy(
    `SELECT CAST(0 AS INTEGER) AS "row", ${texts('relation scope')}, CAST(0 AS BIGINT) AS from_lo, CAST(0 AS BIGINT) AS received_hi, ${texts('event')}, CAST(0 AS BIGINT) AS resolved_hi WHERE FALSE`,
    join(dir, 'stops.parquet'),
    'snapshot',
  );
  await engine.copy(
    `SELECT CAST(0 AS INTEGER) AS "row", ${texts('kind notice consent scope lifts')}, CAST(0 AS BIGINT) AS signed_lo, CAST(0 AS BIGINT) AS received_hi, ${texts('event')} WHERE FALSE`,
    join(dir, 'permissions.parquet'),
    'snapshot',
  );
}

/**
 * Later notices of the record's own columns and of its events, in order of date, then of the words; one shown before
 * the last of the record's collections says so (A7).
 */
export async function writeLater(
  engine: Engine,
  source: Source,
  to: Places,
  withEvents: boolean,
): Promise<void> {
  const records = engine.dialect.parquet(to.records);
  // The rows are chosen before the elements are cut up, which is dear.
  const own = (rows: string): readonly string[] =>
    source.presented.map(
      (_, j) =>
        `SELECT "row", ${earlier(engine, source, `p_${j}`)} AS element FROM (SELECT * FROM ${records} WHERE p_${j} IS NOT NULL${rows})`,
    );
  await engine.run(
    `CREATE OR REPLACE TEMP TABLE later_told AS ${withEvents ? told(engine, source, records) : noneLater}`,
  );
  // Of most records the only one is that of their own row: those have nothing to be put in order.
  const alone = source.presented.length === 1;
  const among = own(alone ? ' AND "row" IN (SELECT "row" FROM later_told)' : '');
  await engine.run(
    `CREATE OR REPLACE TEMP TABLE later_all AS SELECT DISTINCT * FROM (${['SELECT * FROM later_told', ...among].join(' UNION ALL ')})`,
  );
  const on = `replace(split_part(element, '~', 2), '?', '9999')`;
  const parts = [
    // Joining texts in order is dear, and most have one.
    `SELECT "row", MIN(element) AS later FROM later_all GROUP BY "row" HAVING COUNT(*) = 1`,
    ...(alone ? own(' AND "row" NOT IN (SELECT "row" FROM later_told)') : []),
    `SELECT "row", ${engine.intake.joinOrdered('element', [on])} AS later FROM later_all
     WHERE "row" IN (SELECT "row" FROM later_all GROUP BY "row" HAVING COUNT(*) > 1) GROUP BY "row"`,
  ];
  await engine.copy(parts.join(' UNION ALL '), join(to.made, 'later.parquet'), 'snapshot');
  await engine.run('DROP TABLE later_told; DROP TABLE later_all');
}

const noneLater = 'SELECT CAST(0 AS INTEGER) AS "row", CAST(NULL AS VARCHAR) AS element WHERE FALSE';

/** The later notices that events tell of. */
function told(engine: Engine, source: Source, records: string): string {
  const element = `coalesce(${plainText('notice')}, '?') || '~' || shown_on || '~' || coalesce(${plainText('delivery')}, '')`;
  return `SELECT "row", ${earlier(engine, source, 'element')} AS element FROM
    (SELECT "row" AS at, ${element} AS element FROM ${eventsTable} WHERE class = 'presented' AND "row" IS NOT NULL) e
    JOIN ${records} r ON r."row" = e.at`;
}

/** An element of a later key, its delivery `earlier` where it was shown before the record was collected; a bounce stays one. */
function earlier({ dialect, intake }: Engine, { collections }: Source, element: string): string {
  const none = dialect.date('0001-01-01');
  const days = collections
    .filter(({ date }) => date !== null)
    .map(({ id }) => `coalesce(${dialect.identifier(`on_${id}`)}, ${none})`);
  if (days.length === 0) return element;
  const collected = days.length === 1 ? days.join() : `greatest(${days.join(', ')})`;
  const part = (n: number): string => `split_part(${element}, '~', ${n})`;
  return `CASE WHEN ${part(2)} <> '?' AND ${part(2)} < ${intake.text(collected)} AND ${part(3)} <> 'bounced'
    THEN ${part(1)} || '~' || ${part(2)} || '~earlier' ELSE ${element} END`;
}
