/** The two files of a release that hold a row a record: the list and the decisions (docs/formats.md). */
import type { Request, Source } from '../../policy/model.ts';
import { keepAll } from '../compile/writer.ts';
import { decisionsTable, knownRanks } from '../compile.ts';
import type { Engine } from '../engine.ts';
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
