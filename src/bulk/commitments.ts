/** The commitment to what each record of a snapshot held, in SQL (E2); `src/roster/raw-commitment.ts` is the twin. */
import { join } from 'node:path';
import { escapes, requireName } from '../roster/raw-commitment.ts';
import type { Engine } from './engine.ts';
import { VaultError } from './vault.ts';

/** Record id, fields, history key, day of collection, column consents, later notices; all else is worked out of these. */
const committed = /^(rid|(f|h|on|k|p)_.+)$/;
const types = ['VARCHAR', 'DATE', 'BOOLEAN', 'INTEGER', 'BIGINT'];

export type RawColumn = { readonly name: string; readonly type: string };

/** The columns of a snapshot that are committed to, in the order of the text. Throws VaultError `snapshot-unreadable`. */
export async function rawColumns(engine: Engine, snapshotDir: string): Promise<readonly RawColumn[]> {
  const path = join(snapshotDir, 'records.parquet');
  const described = await engine.rows(engine.intake.describeParquet(path));
  const columns = described
    .map(({ name, type }) => ({ name: String(name), type: String(type) }))
    .filter(({ name }) => committed.test(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const odd = columns.find(
    ({ name, type }) => !types.includes(type) || (/^(rid$|h_|p_)/.test(name) && type !== 'VARCHAR'),
  );
  if (odd || columns[0] === undefined || !columns.some(({ name }) => name === 'rid')) {
    throw new VaultError(
      'snapshot-unreadable',
      `${path} holds ${odd ? `${odd.name} as ${odd.type}` : 'no record ids'}, and nobody has said how to commit to that; ingest again with this version`,
    );
  }
  for (const { name } of columns) requireName(name);
  return columns;
}

/** The text of a value as it is committed to, before `\` and line feeds are escaped; `at` names the table. */
export const rawValueSql = ({ dialect, intake }: Engine, { name, type }: RawColumn, at: string): string => {
  const column = `${at}.${dialect.identifier(name)}`;
  return type === 'VARCHAR' ? column : intake.text(column);
};

/** SQL of (row, commitment) of a snapshot, in any order; `secrets` is the Parquet file of nonces and salts. */
export async function commitmentsSelect(
  engine: Engine,
  snapshotDir: string,
  secrets: string,
): Promise<string> {
  const { dialect } = engine;
  const columns = await rawColumns(engine, snapshotDir);
  const records = dialect.parquet(join(snapshotDir, 'records.parquet'));
  const escaped = await needEscapes(engine, records, columns);
  const lines = columns.map((column) => {
    const plain = rawValueSql(engine, column, 'r');
    const value = escaped.has(column.name)
      ? escapes.reduce(
          (text, [from, to]) => `REPLACE(${text}, ${dialect.literal(from)}, ${dialect.literal(to)})`,
          plain,
        )
      : plain;
    // A value that is null makes its line null, and leaves it out.
    return `(${dialect.literal(`\n${column.name}=`)} || ${value})`;
  });
  return `SELECT r."row" AS "row", ${dialect.sha256(dialect.joinTexts(['s.salt', ...lines]))} AS commitment
    FROM ${records} r JOIN ${dialect.parquet(secrets)} s ON s.rid = r.rid`;
}

/** Few columns hold what must be escaped, and looking for it is far cheaper than replacing it. */
async function needEscapes(
  { dialect, rows }: Engine,
  records: string,
  columns: readonly RawColumn[],
): Promise<ReadonlySet<string>> {
  const texts = columns.filter(({ type }) => type === 'VARCHAR');
  const found = texts.map(({ name }, i) => {
    const column = dialect.identifier(name);
    const any = escapes.map(([from]) => `POSITION(${dialect.literal(from)} IN ${column}) > 0`).join(' OR ');
    return `MAX(CASE WHEN ${any} THEN 1 ELSE 0 END) AS c${i}`;
  });
  const [row] = await rows(`SELECT ${found.join(', ')} FROM ${records}`);
  // Of no records nothing is known: then nothing is escaped wrongly either.
  return new Set(texts.flatMap(({ name }, i) => (row?.[`c${i}`] === 1 ? [name] : [])));
}
