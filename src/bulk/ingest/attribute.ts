/** Whom the events reach: `stops.parquet`, `permissions.parquet` and `later.parquet` (C1 to C4, A7). */
import { join } from 'node:path';
import type { Source } from '../../policy/model.ts';
import type { Engine } from '../engine.ts';
import { eventsTable } from './events.ts';
import { type KeyKind, keyHash, sureKinds } from './keys.ts';
import { scopeHash, spreadStops } from './spread.ts';

export type Attributed = {
  readonly unmatched: number;
  /** Stops that name no record and come with nothing a record could be matched on: they may be anyone's. */
  readonly nameless: number;
};

/** The events table is there; leaves the files in `dir`, and no temporary table. */
export async function attributeEvents(engine: Engine, dir: string, keysPath: string): Promise<Attributed> {
  const { dialect, intake } = engine;
  const keys = dialect.parquet(keysPath);
  const n = intake.rowId;
  const fromStop = `${scopeHash(engine, 'e')} AS sc, e.from_lo, e.received_hi, e."row" AS owner, e.${n} AS n, e.event`;
  const temporary: string[] = [];
  const make = async (name: string, select: string): Promise<void> => {
    await engine.run(`CREATE OR REPLACE TEMP TABLE ${name} AS ${select}`);
    temporary.push(name);
  };

  // The keys a stop may spread by: those of a record that is stopped, and those a stop itself came with.
  await make(
    'at_stopped',
    `SELECT DISTINCT "row" FROM ${eventsTable} WHERE class = 'stop' AND "row" IS NOT NULL`,
  );
  const cameWith = (k: KeyKind): string =>
    `SELECT '${k}' AS kind, key_${k} AS grp, ${n} AS n FROM ${eventsTable} WHERE class = 'stop'`;
  await make('at_came', `SELECT kind, grp, n FROM (${union(sureKinds, cameWith)}) WHERE grp IS NOT NULL`);
  await make(
    'at_stopped_keys',
    `SELECT ${sureKinds.map((k) => `${keyOf(engine, k)} AS key_${k}`).join(', ')} FROM ${keys} WHERE "row" IN (SELECT "row" FROM at_stopped)`,
  );
  const holders = (
    k: KeyKind,
  ): string => `SELECT "row", grp FROM (SELECT "row", ${keyOf(engine, k)} AS grp FROM ${keys})
    WHERE grp IN (SELECT key_${k} FROM at_stopped_keys UNION ALL SELECT grp FROM at_came WHERE kind = '${k}')`;
  await make('at_holders', union(sureKinds, holders));
  // Of most keys the stopped record is the only holder, and nothing spreads.
  await make(
    'at_members',
    `SELECT "row", grp FROM at_holders WHERE grp IN (SELECT grp FROM at_came UNION ALL SELECT grp FROM at_holders GROUP BY grp HAVING COUNT(*) > 1)`,
  );
  await make(
    'at_stops',
    `SELECT DISTINCT * FROM (
    SELECT m.grp, ${fromStop} FROM ${eventsTable} e JOIN at_members m ON m."row" = e."row" WHERE e.class = 'stop'
    UNION ALL
    SELECT c.grp, ${fromStop} FROM at_came c JOIN ${eventsTable} e ON e.${n} = c.n WHERE c.grp IN (SELECT grp FROM at_members))`,
  );
  await spreadStops(engine, { stops: 'at_stops', members: 'at_members' }, 'at_linked');

  // A stop without a known record that matches nothing surely: every plausible match, until a person resolves it.
  await make(
    'at_letters',
    `SELECT ${n} AS n, key_near AS grp FROM ${eventsTable}
    WHERE class = 'stop' AND "row" IS NULL AND ${n} NOT IN (SELECT c.n FROM at_came c WHERE c.grp IN (SELECT grp FROM at_members))`,
  );
  await make(
    'at_near',
    `SELECT "row", grp FROM (SELECT "row", ${keyOf(engine, 'near')} AS grp FROM ${keys})
    WHERE grp IN (SELECT grp FROM at_letters WHERE grp IS NOT NULL)`,
  );
  await make(
    'at_near_stops',
    `SELECT l.grp, ${fromStop} FROM at_letters l JOIN ${eventsTable} e ON e.${n} = l.n WHERE l.grp IS NOT NULL`,
  );
  await spreadStops(engine, { stops: 'at_near_stops', members: 'at_near' }, 'at_plausible');
  temporary.push('at_linked', 'at_plausible');

  const stop = 'e.purpose, e.organisation, e.contact_channel, e.field, e.from_lo, e.received_hi, e.event';
  await engine.copy(
    `SELECT e."row", 'own' AS relation, ${stop} FROM ${eventsTable} e WHERE e.class = 'stop' AND e."row" IS NOT NULL
     UNION ALL SELECT s."row", 'linked' AS relation, ${stop} FROM at_linked s JOIN ${eventsTable} e ON e.${n} = s.n
     UNION ALL SELECT s."row", 'plausible' AS relation, ${stop} FROM at_plausible s JOIN ${eventsTable} e ON e.${n} = s.n`,
    join(dir, 'stops.parquet'),
    'parquet',
  );
  const [counted] = await engine.rows(
    `SELECT (SELECT COUNT(*) FROM ${eventsTable} WHERE "row" IS NULL AND class <> 'stop') +
            (SELECT COUNT(*) FROM at_letters WHERE grp IS NULL OR grp NOT IN (SELECT grp FROM at_near)) AS unmatched,
            (SELECT COUNT(*) FROM ${eventsTable} WHERE class = 'stop' AND NOT named AND ${[...sureKinds, 'near'].map((k) => `key_${k} IS NULL`).join(' AND ')}) AS nameless`,
  );
  for (const name of temporary) await engine.run(`DROP TABLE ${name}`);
  await writePermissions(engine, dir);
  return { unmatched: Number(counted?.unmatched), nameless: Number(counted?.nameless) };
}

const union = (kinds: readonly KeyKind[], select: (kind: KeyKind) => string): string =>
  kinds.map(select).join(' UNION ALL ');
const keyOf = (engine: Engine, kind: KeyKind): string => keyHash(engine, kind, (part) => part);

async function writePermissions(engine: Engine, dir: string): Promise<void> {
  await engine.copy(
    `SELECT "row", class AS kind, notice, consent, purpose, organisation, contact_channel, field, lifts, signed_lo, received_hi, event
     FROM ${eventsTable} WHERE class IN ('consent', 'lift') AND "row" IS NOT NULL`,
    join(dir, 'permissions.parquet'),
    'parquet',
  );
}

/** Files without a row, where the source has no preference events. */
export async function writeNoEvents(engine: Engine, dir: string): Promise<void> {
  const texts = (names: string): string =>
    names
      .split(' ')
      .map((name) => `CAST(NULL AS VARCHAR) AS ${name}`)
      .join(', ');
  const scope = 'purpose organisation contact_channel field';
  await engine.copy(
    `SELECT CAST(0 AS INTEGER) AS "row", ${texts(`relation ${scope}`)}, CAST(0 AS BIGINT) AS from_lo, CAST(0 AS BIGINT) AS received_hi, ${texts('event')} WHERE FALSE`,
    join(dir, 'stops.parquet'),
    'parquet',
  );
  await engine.copy(
    `SELECT CAST(0 AS INTEGER) AS "row", ${texts(`kind notice consent ${scope} lifts`)}, CAST(0 AS BIGINT) AS signed_lo, CAST(0 AS BIGINT) AS received_hi, ${texts('event')} WHERE FALSE`,
    join(dir, 'permissions.parquet'),
    'parquet',
  );
}

/** Later notices of the record's own columns and of its events, in order of date, then of the words (A7). */
export async function writeLater(engine: Engine, source: Source, dir: string): Promise<void> {
  const records = engine.dialect.parquet(join(dir, 'records.parquet'));
  const plain = (x: string): string => `translate(${x}, '^|~', '???')`;
  const parts = source.presented.map(
    (_, j) => `SELECT "row", p_${j} AS element FROM ${records} WHERE p_${j} IS NOT NULL`,
  );
  if (source.preferences !== null) {
    parts.push(`SELECT "row", coalesce(${plain('notice')}, '?') || '~' || shown_on || '~' || coalesce(${plain('delivery')}, '') AS element
      FROM ${eventsTable} WHERE class = 'presented' AND "row" IS NOT NULL`);
  }
  const on = `replace(split_part(element, '~', 2), '?', '9999')`;
  const all = `(${parts.join(' UNION ALL ')})`;
  // Joining texts in order is dear, and most have one.
  const select =
    parts.length === 0
      ? `SELECT CAST(0 AS INTEGER) AS "row", CAST(NULL AS VARCHAR) AS later WHERE FALSE`
      : `SELECT "row", MIN(element) AS later FROM ${all} GROUP BY "row" HAVING COUNT(*) = 1
         UNION ALL SELECT "row", ${engine.intake.joinOrdered('element', [on])} AS later FROM ${all}
         WHERE "row" IN (SELECT "row" FROM ${all} GROUP BY "row" HAVING COUNT(*) > 1) GROUP BY "row"`;
  await engine.copy(select, join(dir, 'later.parquet'), 'parquet');
}
