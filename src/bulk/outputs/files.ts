/** The files of a release that hold a row a record: the list, the decisions, the predicates (docs/formats.md). */

import type { Judgement } from '../../policy/judgement.ts';
import type { Request, Source } from '../../policy/model.ts';
import { predicateColumns } from '../compile/predicates.ts';
import { keepAll } from '../compile/writer.ts';
import { decisionsTable, knownRanks } from '../compile.ts';
import { copySorted } from '../copy-sorted.ts';
import type { Engine } from '../engine.ts';
import { leafSql, masterSql } from '../tokens.ts';
import { cellSql } from './cells.ts';

/** Writes the list: exactly the records that no reason refuses (D1), the fields asked, in order of pseudonym. */
export async function writeList(
  engine: Engine,
  path: string,
  given: {
    readonly request: Request;
    readonly source: Source;
    readonly records: string;
    readonly day: string;
  },
): Promise<void> {
  const { dialect } = engine;
  const { request, source, day } = given;
  const cells = request.fields.map((field) => {
    const cell = cellSql({ dialect, keep: keepAll }, field, { records: 'r', source, day });
    return `${cell} AS ${dialect.identifier(field.name)}`;
  });
  await engine.copy(
    `SELECT ${cells.join(', ')} FROM ${decisionsTable} d JOIN ${dialect.parquet(given.records)} r ON r."row" = d."row"
     WHERE d.reasons = 0 ORDER BY d.pseudonym`,
    path,
    request.format,
  );
}

/** Writes every record's decision under its pseudonym, in that order. */
export async function writeDecisions(engine: Engine, path: string): Promise<void> {
  const ranks = knownRanks.map((known, rank) => `WHEN ${rank} THEN ${engine.dialect.literal(known)}`);
  await engine.copy(
    `SELECT pseudonym, reasons, CASE known ${ranks.join(' ')} END AS known FROM ${decisionsTable} ORDER BY pseudonym`,
    path,
    'parquet',
  );
}

export type LeafGround = {
  readonly release: string;
  /** Parquet of nonces and salts, and the key that master tokens are hashed under. */
  readonly secrets: string;
  readonly masterKey: string;
  readonly records: string;
};
/** The leaves of those released, worked out once: `row`, `leaf`. */
export const leavesTable = 'astold_leaves';

export async function makeLeaves(engine: Engine, ground: LeafGround): Promise<void> {
  const { dialect } = engine;
  const master = masterSql(engine, ground.masterKey, 'r.rid', 's.nonce');
  await engine.run(`CREATE TEMP TABLE ${leavesTable} AS
    SELECT m."row", ${leafSql(engine, 'm.master', ground.release)} AS leaf FROM (
      SELECT d."row", ${master} AS master FROM ${decisionsTable} d
      JOIN ${dialect.parquet(ground.records)} r ON r."row" = d."row"
      LEFT JOIN ${dialect.parquet(ground.secrets)} s ON s.rid = r.rid
      WHERE d.reasons = 0) m`);
}

/**
 * Writes what every record was decided on under its pseudonym, in that order: the predicates, the commitment to the raw
 * values, hashed for this release alone, and of those released the leaf (E2).
 */
export async function writePredicates(
  engine: Engine,
  path: string,
  given: { readonly judgement: Judgement; readonly release: string; readonly commitments: string },
): Promise<number> {
  const { dialect } = engine;
  const columns = predicateColumns(given.judgement).map(({ name }) => `d.${name}`);
  const commitment = dialect.sha256(`${dialect.literal(given.release)} || c.commitment`);
  const [counted] = await engine.rows(`SELECT COUNT(*) AS n FROM ${decisionsTable}`);
  const select = `SELECT d.pseudonym, ${columns.join(', ')}, ${commitment} AS row_commitment, l.leaf FROM ${decisionsTable} d
     LEFT JOIN ${dialect.parquet(given.commitments)} c ON c."row" = d."row"
     LEFT JOIN ${leavesTable} l ON l."row" = d."row"`;
  return copySorted(engine, select, { order: 'pseudonym', rows: Number(counted?.n), path });
}
