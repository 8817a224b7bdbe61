/** Rows of evidence picked, looked up and opened, in SQL (E2). */
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { rawCommitment } from '../roster/raw-commitment.ts';
import { rawColumns, rawValueSql } from './commitments.ts';
import { notDestroyed, wasDestroyed } from './destroyed.ts';
import type { Engine } from './engine.ts';
import { secretsFile, sourceVault, VaultError } from './vault.ts';

/** The first so many pseudonyms by the rank that the key gives them. */
export async function pickRows(
  engine: Engine,
  predicates: string,
  key: string,
  count: number,
): Promise<readonly string[]> {
  const { dialect } = engine;
  const rows = await engine.rows(
    `SELECT pseudonym FROM ${dialect.parquet(predicates)} ORDER BY ${dialect.keyedHash(key, 'pseudonym')}, pseudonym LIMIT ${dialect.literal(count)}`,
  );
  return rows.map((row) => String(row.pseudonym));
}

/** The commitments that stand in the evidence for some pseudonyms. */
export async function commitmentsOf(
  engine: Engine,
  predicates: string,
  pseudonyms: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { dialect } = engine;
  if (pseudonyms.length === 0) return new Map();
  const rows = await engine.rows(
    `SELECT pseudonym, row_commitment FROM ${dialect.parquet(predicates)} WHERE pseudonym IN (${pseudonyms.map(dialect.literal).join(', ')})`,
  );
  return new Map(rows.map((row) => [String(row.pseudonym), String(row.row_commitment)]));
}

export type OpenedRow = {
  readonly pseudonym: string;
  readonly salt: string;
  readonly values: Readonly<Record<string, string | null>>;
  /** Its place among the records of the ingest, from 0. */
  readonly index: number;
};

/**
 * The records of a snapshot behind some pseudonyms, with everything that was committed to: each is what the evidence of
 * the release says. One that was erased is left out, also where the source still has it, or an old copy of its secrets
 * was put back (E8). Throws VaultError `secrets-broken` where anything else does not fit.
 */
export async function openRows(
  engine: Engine,
  given: {
    readonly root: string;
    /** Id of the source. */
    readonly source: string;
    readonly snapshotDir: string;
    readonly release: string;
    /** Of the evidence. */
    readonly predicates: string;
    /** The key of the release's pseudonyms. */
    readonly key: string;
    readonly pseudonyms: readonly string[];
  },
): Promise<readonly OpenedRow[]> {
  const { dialect } = engine;
  const columns = await rawColumns(engine, given.snapshotDir);
  const values = columns.map((column, i) => `${rawValueSql(engine, column, 'r')} AS v${i}`);
  const records = dialect.parquet(join(given.snapshotDir, 'records.parquet'));
  const vault = sourceVault(given.root, given.source);
  const secrets = dialect.parquet(join(vault, secretsFile));
  const rows = await engine.rows(
    `SELECT x.* FROM (SELECT ${dialect.keyedHash(given.key, 'r.rid')} AS pseudonym, s.salt, r.place, ${values.join(', ')}
       FROM (SELECT *, ROW_NUMBER() OVER (ORDER BY "row") - 1 AS place FROM ${records}) r JOIN ${secrets} s ON s.rid = r.rid WHERE ${await notDestroyed(engine, vault, given.root, 's')}) x
     WHERE x.pseudonym IN (${given.pseudonyms.map(dialect.literal).join(', ')}) ORDER BY x.pseudonym`,
  );
  const opened = rows.map((row) => ({
    pseudonym: String(row.pseudonym),
    salt: String(row.salt),
    index: Number(row.place),
    values: Object.fromEntries(
      columns.flatMap(({ name }, i) => {
        const value = row[`v${i}`];
        return typeof value === 'string' ? [[name, value] as const] : [];
      }),
    ),
  }));
  const committed = await commitmentsOf(engine, given.predicates, given.pseudonyms);
  const held: OpenedRow[] = [];
  for (const row of opened) {
    const commitment = hash('sha256', `${given.release}${rawCommitment(row.salt, row.values)}`);
    if (committed.get(row.pseudonym) === commitment) held.push(row);
    else if (!(await wasDestroyed(engine, given.root, given.source, row.values.rid ?? '')))
      throw new VaultError(
        'secrets-broken',
        `what the vault and the snapshot hold of a row is not what release ${given.release} committed to; put the vault and the source files of then back; nothing is opened`,
      );
  }
  return held;
}
