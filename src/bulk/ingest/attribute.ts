/** Whom the events reach: `stops.parquet`, `permissions.parquet` and `later.parquet` (C1 to C4, A7). */
import { join } from 'node:path';
import type { Relation } from '../../policy/facts.ts';
import type { Source } from '../../policy/model.ts';
import type { Engine } from '../engine.ts';
import { eventsTable } from './events.ts';
import { plainText } from './history.ts';
import { keptColumn, keyHash, keyKinds, recordPart, sureKinds } from './keys.ts';
import { rejectedTable } from './rejects.ts';
import { permissionsOf, scopeHash, spreadStops } from './spread.ts';

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
  const temporary: string[] = [];
  const make = async (name: string, select: string): Promise<void> => {
    await engine.run(`CREATE OR REPLACE TEMP TABLE ${name} AS ${select}`);
    temporary.push(name);
  };

  await writePermissions(engine, dir);
  // Those that name no known record, come with details of somebody, or resolve a stop: mostly few, and asked for much.
  await make(
    'at_open',
    `SELECT n, class, event, unknown_record, named, "row" AS owner, ${scopeHash(engine, 'scope')} AS sc, from_lo, received_hi, ${eventKeys.join(', ')}
     FROM ${eventsTable} WHERE "row" IS NULL OR class = 'resolution' OR ${eventKeys.map((key) => `${key} IS NOT NULL`).join(' OR ')}`,
  );
  await make('at_folded', await foldedIds(engine, records));
  const [folded] = await engine.rows('SELECT COUNT(*) AS n FROM at_folded');
  await make(
    'at_stopped',
    `SELECT "row", ${heldSure.map((k) => `m_${k}`).join(', ')}, m_near FROM ${records} WHERE "row" IN
      (SELECT "row" FROM ${eventsTable} WHERE class IS NULL AND "row" IS NOT NULL UNION ALL SELECT "row" FROM at_folded)`,
  );
  // Whoever shares a home is near; and few are near to anybody, so that few names and addresses are folded.
  await make('at_near_holders', holders([sharing(records, 'at_stopped', 'm_near', 'key_near')]));
  await make('at_homes', homes(engine, source, records, 'SELECT DISTINCT "row" FROM at_near_holders'));
  await make(
    'at_members',
    holders([
      ...heldSure.map((k) => sharing(records, 'at_stopped', `m_${k}`, `key_${k}`)),
      sharing('at_homes', 'at_homes', 'home', 'key_home'),
    ]),
  );
  const stop = 'o.sc, o.from_lo, o.received_hi, o.owner, o.n, o.event';
  const cameWith = sureKinds.map(
    (k) => `SELECT key_${k} AS grp, * FROM at_open WHERE key_${k} IN (SELECT grp FROM at_members)`,
  );
  await make(
    'at_stops',
    `SELECT m.grp, ${scopeHash(engine, 'o.scope')} AS sc, o.from_lo, o.received_hi, o."row" AS owner, o.n, o.event
       FROM ${eventsTable} o JOIN at_members m ON m."row" = o."row" WHERE o.class IS NULL
     UNION ALL SELECT m.grp, ${stop} FROM at_open o JOIN at_folded f ON f.n = o.n JOIN at_members m ON m."row" = f."row"
     UNION ALL SELECT o.grp, ${stop} FROM (${cameWith.join(' UNION ALL ')}) o`,
  );

  // A stop without a known record that matches nothing surely: every plausible match, until a person resolves it.
  await make(
    'at_letters',
    `SELECT key_near AS grp, ${stop} FROM at_open o WHERE o.class IS NULL AND o.owner IS NULL
      AND o.n NOT IN (SELECT n FROM at_stops) AND o.n NOT IN (SELECT n FROM at_folded)`,
  );
  await make(
    'at_near',
    `SELECT "row", grp FROM at_near_holders WHERE grp IN (SELECT grp FROM at_letters WHERE grp IS NOT NULL)`,
  );
  await make('at_resolved', await resolvedStops(engine));
  // They spread as the others do: no near key is among those by which others spread.
  await engine.run('INSERT INTO at_members SELECT * FROM at_near');
  await engine.run(
    `INSERT INTO at_stops SELECT * FROM at_letters WHERE grp IS NOT NULL AND n NOT IN (SELECT n FROM at_resolved)`,
  );
  await make(
    'at_spreading',
    permissionsOf(engine, engine.dialect.parquet(join(dir, permissionsFile)), 'SELECT "row" FROM at_members'),
  );
  await spreadStops(
    engine,
    { stops: 'at_stops', members: 'at_members', permissions: 'at_spreading' },
    'at_reached',
  );
  // Each pair of those that a person looked at: until when one counts only a decision knows, so none stands for another.
  await make(
    'at_resolved_near',
    `SELECT m."row", l.n, x.resolved_hi FROM at_letters l JOIN at_resolved x ON x.n = l.n JOIN at_near m ON m.grp = l.grp`,
  );
  temporary.push('at_reached');

  // Each pair once; which is dear to make sure of, and seldom needed.
  const reached =
    Number(folded?.n) === 0
      ? 'at_reached'
      : '(SELECT "row", n FROM at_reached UNION SELECT "row", n FROM at_folded)';
  const unresolved = 'CAST(NULL AS BIGINT) AS resolved_hi';
  const kept = 'e.scope, e.from_lo, e.received_hi, e.event';
  const relation = (word: Relation): string => engine.intake.word(word, ['own', 'linked', 'plausible']);
  await engine.copy(
    `SELECT e."row", ${relation('own')} AS relation, ${kept}, ${unresolved} FROM ${eventsTable} e WHERE e.class IS NULL AND e."row" IS NOT NULL
     UNION ALL SELECT s."row", CASE WHEN s.n IN (SELECT n FROM at_letters) THEN ${relation('plausible')} ELSE ${relation('linked')} END AS relation, ${kept}, s.resolved_hi
       FROM (SELECT "row", n, ${unresolved} FROM ${reached} UNION ALL SELECT "row", n, resolved_hi FROM at_resolved_near) s
       JOIN ${eventsTable} e ON e.n = s.n`,
    join(dir, 'stops.parquet'),
    'snapshot',
  );
  await make(
    'at_unmatched',
    `SELECT * FROM (SELECT event, unknown_record AS record, class IS NULL AS stop, coalesce(class = 'resolution', FALSE) AS resolution, named, ${eventKeys.map((key) => `${key} IS NULL`).join(' AND ')} AS bare,
       CASE WHEN class = 'resolution' THEN n NOT IN (SELECT by_n FROM at_resolved)
         WHEN class IS NULL THEN n NOT IN (SELECT n FROM at_resolved) AND n IN (SELECT l.n FROM at_letters l WHERE l.grp IS NULL OR l.grp NOT IN (SELECT grp FROM at_near))
         ELSE TRUE END AS unmatched,
       coalesce(class IS NULL AND lower(unknown_record) IN (SELECT id FROM ${rejectedTable}), FALSE) AS rejected
     FROM at_open WHERE owner IS NULL OR class = 'resolution') WHERE unmatched OR rejected OR (stop AND NOT named AND bare)`,
  );
  const [counted] = await engine.rows(
    `SELECT COUNT(*) AS listed, COUNT(*) FILTER (WHERE unmatched) AS unmatched, COUNT(*) FILTER (WHERE rejected) AS rejected,
       COUNT(*) FILTER (WHERE stop AND NOT named AND bare) AS nameless FROM at_unmatched`,
  );
  if (Number(counted?.listed) > 0) await writeUnmatched(engine, join(dir, unmatchedFile));
  await engine.run(temporary.map((name) => `DROP TABLE ${name}`).join('; '));
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
  const unknown = `SELECT e.n, lower(e.unknown_record) AS id FROM at_open e WHERE e.class IS NULL AND e.unknown_record IS NOT NULL`;
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
  const resolutions = `FROM ${eventsTable} WHERE class = 'resolution' AND lifts IS NOT NULL`;
  const [any] = await engine.rows(`SELECT COUNT(*) AS n ${resolutions}`);
  if (Number(any?.n) === 0) return none;
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

/** The columns of an event's keys. */
const eventKeys = [...sureKinds, 'near'].map((kind) => `key_${kind}`);

/**
 * The records of `all` that share a key with another of `stopped`, or with what a stop came with: `row`, `grp` and
 * `sole`, the only one of `stopped` that holds it, or -1. (Of homes, all that are near are in both.) A key stands once on
 * the other side of the join: what thousands share costs no pairs, and of most keys, which their own record alone holds,
 * nothing comes out.
 */
const sharing = (all: string, stopped: string, held: string, came: string): string =>
  `SELECT r."row", k.grp, k.sole FROM ${all} r JOIN
    (SELECT grp, CASE WHEN MIN("row") = MAX("row") THEN MIN("row") ELSE -1 END AS sole
     FROM (SELECT ${held} AS grp, "row" FROM ${stopped} UNION ALL SELECT ${came}, -1 FROM at_open) WHERE grp IS NOT NULL GROUP BY grp) k
    ON k.grp = r.${held} WHERE k.sole <> r."row"`;

/** `row` and `grp` of all that hold a key which is shared, each pair once: a sole one of the stopped as well. */
const holders = (sharing: readonly string[]): string =>
  `WITH shared AS MATERIALIZED (${sharing.join(' UNION ALL ')})
   SELECT "row", grp FROM shared UNION ALL SELECT DISTINCT sole, grp FROM shared WHERE sole >= 0`;

/** The home of some rows as a key, folded for them alone: `row` and `home`, null where there is none. */
function homes(engine: Engine, source: Source, records: string, rows: string): string {
  const parts = keyKinds.home.map((part) => {
    const x = recordPart(engine, source, part, keptColumn(engine, 'r'), true);
    return `${x ?? 'CAST(NULL AS VARCHAR)'} AS ${part}`;
  });
  return `SELECT "row", ${keyHash(engine, 'home', (part) => part)} AS home FROM
    (SELECT r."row", ${parts.join(', ')} FROM ${records} r JOIN (${rows}) q ON q."row" = r."row")`;
}

const permissionsFile = 'permissions.parquet';

/** The consents and lifts of known records. */
async function writePermissions(engine: Engine, dir: string): Promise<void> {
  // An id that stands more than once names no one stop: what lifts it lifts nothing (C3, C9).
  const twice = `SELECT event FROM ${eventsTable} WHERE event IN (SELECT lifts FROM ${eventsTable} WHERE class = 'lift' AND "row" IS NOT NULL AND lifts IS NOT NULL)
    GROUP BY event HAVING COUNT(*) > 1`;
  await engine.copy(
    `SELECT "row", class AS kind, notice, consent, scope,
     CASE WHEN class = 'lift' AND lifts IN (${twice}) THEN NULL ELSE lifts END AS lifts, signed_lo, received_hi, event
     FROM ${eventsTable} WHERE class IN ('consent', 'lift') AND "row" IS NOT NULL`,
    join(dir, permissionsFile),
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
    join(dir, permissionsFile),
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
