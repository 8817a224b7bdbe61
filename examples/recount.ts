/**
 * Runs `2017-parenting-club/recount.sql` over generated files with DuckDB, used directly: nothing of `src/` is
 * imported here, so that the two counts share no code.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

export type Recount = {
  readonly members: number;
  readonly released: number;
  /** Rows in the program's list and not in the recount, and the other way round; null where no list was given. */
  readonly differences: number | null;
  /** The record ids of one who is released and of one who is not; null where there is none. */
  readonly one: { readonly released: string | null; readonly refused: string | null };
};

/** Counts again over the files in `data`; `list` is the program's list.csv, compared row by row. */
export async function recount(data: string, list: string | null): Promise<Recount> {
  const script = readFileSync(join(import.meta.dirname, '2017-parenting-club/recount.sql'), 'utf8');
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  try {
    await connection.run(`SET file_search_path = ${quoted(data)}`);
    await connection.run(`SET temp_directory = ${quoted(join(data, '.recount'))}`);
    const answer = await (await connection.runAndReadAll(script)).getRowObjects()[0];
    const differences = list === null ? null : await compare(list);
    const one = {
      released: await first('SELECT min(member_id) FROM recounted'),
      refused: await first(
        'SELECT min(member_id) FROM member WHERE member_id NOT IN (SELECT member_id FROM recounted)',
      ),
    };
    return { members: Number(answer?.members), released: Number(answer?.released), differences, one };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }

  async function first(query: string): Promise<string | null> {
    const found = (await connection.runAndReadAll(query)).getRows()[0]?.[0];
    return typeof found === 'string' ? found : null;
  }

  async function compare(path: string): Promise<number> {
    const listed = `SELECT coalesce(COLUMNS(*), '') FROM read_csv(${quoted(path)}, header = true, all_varchar = true)`;
    const counted = 'SELECT first_name, surname, address_1, postcode FROM recounted';
    const query = `SELECT count(*) AS n FROM ((${listed} EXCEPT ALL ${counted}) UNION ALL (${counted} EXCEPT ALL ${listed}))`;
    return Number((await connection.runAndReadAll(query)).getRowObjects()[0]?.n);
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
