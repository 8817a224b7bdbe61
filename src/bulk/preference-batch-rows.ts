/** Opening one row of a batch of preference events, and taking the rows of a person out of it (E8). */
import { closeSync, fstatSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { eventColumns, isStop, preferenceTypes } from '../policy/preference-event.ts';
import type { Engine } from './engine.ts';
import { fileDigest } from './outputs/manifest.ts';
import { personName, saltsPath } from './preference-batch.ts';
import { writePrivate } from './vault.ts';

/** One row of a batch as it stands in the vault; null where there is no such row; `erased` where it was of somebody erased. */
export async function batchRow(
  engine: Engine,
  csv: string,
  row: number,
): Promise<
  { readonly salt: string; readonly values: Readonly<Record<string, string | null>> } | 'erased' | null
> {
  const { dialect, intake } = engine;
  const [secret] = await engine.rows(
    `SELECT salt, ${personName} AS person FROM ${dialect.parquet(saltsPath(csv))} WHERE "row" = ${dialect.literal(row)}`,
  );
  if (secret === undefined) return null;
  if (typeof secret.salt !== 'string') return 'erased';
  const table = intake.numbered(tableSql(engine, csv), 0);
  const [cells] = await engine.rows(`SELECT * FROM ${table} WHERE line = ${dialect.literal(row)}`);
  if (cells === undefined) throw new RangeError('a batch has fewer rows than salts');
  const values = eventColumns.map((name, i) => [name, textOrNull(cells[`c${i}`])] as const);
  return { salt: secret.salt, values: { ...Object.fromEntries(values), person: textOrNull(secret.person) } };
}

/** The rows of a batch, from 0, whose record is written as one of these. */
export async function batchRowsOf(
  engine: Engine,
  csv: string,
  records: readonly string[],
): Promise<readonly { readonly row: number; readonly kind: string; readonly received: string }[]> {
  const table = engine.intake.numbered(tableSql(engine, csv), 0);
  const written = records.map((record) => engine.dialect.literal(record)).join(', ');
  const rows = await engine.rows(
    `SELECT line, ${cellOf('kind')} AS kind, ${cellOf('received')} AS received FROM ${table}
     WHERE ${cellOf('record')} IN (${written}) ORDER BY line`,
  );
  return rows.map(({ line, kind, received }) => ({
    row: Number(line),
    kind: String(kind),
    received: String(received),
  }));
}

/** The events of a batch that stop something, or are of a kind nobody knows, with their kinds as they are written. */
export async function batchStops(
  engine: Engine,
  csv: string,
): Promise<readonly { readonly event: string; readonly kind: string }[]> {
  const permissions = preferenceTypes
    .filter((type) => !isStop(type))
    .map((type) => engine.dialect.literal(type));
  const kind = `lower(coalesce(${cellOf('kind')}, ''))`;
  const rows = await engine.rows(
    `SELECT DISTINCT ${cellOf('event')} AS event, ${kind} AS kind FROM ${engine.intake.numbered(tableSql(engine, csv), 0)}
     WHERE ${cellOf('event')} IS NOT NULL AND ${kind} NOT IN (${permissions.join(', ')})`,
  );
  return rows.map((row) => ({ event: String(row.event), kind: String(row.kind) }));
}

const cellOf = (name: (typeof eventColumns)[number]): string => `c${eventColumns.indexOf(name)}`;

const textOrNull = (cell: unknown): string | null => (typeof cell === 'string' ? cell : null);

/** The CSV that `makeBatch` wrote: `c0`, `c1` ... in the order of `eventColumns`. */
const tableSql = ({ intake }: Engine, path: string): string =>
  intake.csv({ path, delimiter: ',', skip: 1, columns: eventColumns.length, parallel: false });

/**
 * Takes the rows of a record out of a batch: in their place stands an erasure of everybody with that key, their salts
 * are gone, and the old bytes are overwritten. Their commitments stay: the others' paths lead over them. `replacing` is
 * told the SHA-256 of what the CSV is about to be, before it is. Gives how many rows were theirs, and how many name no
 * record.
 */
export async function eraseRows(
  engine: Engine,
  dir: string,
  csv: string,
  { record, stands }: { readonly record: string; readonly stands: string },
  replacing: (sha256: string) => Promise<void>,
): Promise<{ readonly erased: number; readonly nameless: number }> {
  const { dialect, intake } = engine;
  const table = intake.numbered(tableSql(engine, csv), 0);
  const [of, is] = [cellOf('record'), dialect.literal(record)];
  const own = await engine.rows(`SELECT line FROM ${table} WHERE ${of} = ${is} ORDER BY line`);
  const [without] = await engine.rows(`SELECT COUNT(*) AS n FROM ${table} WHERE ${of} IS NULL`);
  const nameless = Number(without?.n);
  if (own.length === 0) return { erased: 0, nameless };
  const stay: Partial<Record<(typeof eventColumns)[number], string>> = {
    event: dialect.literal('erased'),
    kind: dialect.literal('erasure'),
    record: dialect.literal(stands),
    received: cellOf('received'),
  };
  const cells = eventColumns.map(
    (name) =>
      `CASE WHEN ${of} = ${is} THEN ${stay[name] ?? 'CAST(NULL AS VARCHAR)'} ELSE ${cellOf(name)} END AS ${dialect.identifier(name)}`,
  );
  const salts = saltsPath(csv);
  const rows = own.map(({ line }) => dialect.literal(Number(line))).join(', ');
  // The salts first: a run that is cut short in between finds the rows again by their record.
  await replaced(dir, salts, (aside) =>
    engine.copy(
      `SELECT "row", CASE WHEN "row" NOT IN (${rows}) THEN salt END AS salt,
         CASE WHEN "row" NOT IN (${rows}) THEN ${personName} END AS ${personName}, commitment
       FROM ${dialect.parquet(salts)} ORDER BY "row"`,
      aside,
      'parquet',
    ),
  );
  await replaced(dir, csv, async (aside) => {
    await engine.copy(`SELECT ${cells.join(', ')} FROM ${table} ORDER BY line`, aside, 'csv');
    await replacing((await fileDigest(aside)).digest);
  });
  return { erased: own.length, nameless };
}

async function replaced(
  dir: string,
  path: string,
  write: (aside: string) => Promise<unknown>,
): Promise<void> {
  const old = openSync(path, 'r+');
  try {
    await writePrivate(dir, path, async (aside) => {
      await write(aside);
    });
    // Where the file system writes in place, the old bytes are gone from the disk too.
    const zeros = Buffer.alloc(1 << 20);
    const { size } = fstatSync(old);
    for (let at = 0; at < size; at += zeros.length)
      writeSync(old, zeros, 0, Math.min(zeros.length, size - at), at);
    fsyncSync(old);
  } finally {
    closeSync(old);
  }
}
