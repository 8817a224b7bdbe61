/** What a judgement must know of a snapshot: which histories, scopes of stops there are. Small, whatever the records. */
import type { Scope } from '../policy/model.ts';
import { scopeOfText } from '../policy/scope-word.ts';
import type { SnapshotFiles } from './compile.ts';
import type { Engine } from './engine.ts';

/** A distinct history of one collection, by the snapshot's keys, and how many records have it. */
export type SurveyedHistory = {
  readonly collection: string;
  readonly base: string;
  readonly later: string;
  readonly records: number;
};
export type Survey = { readonly histories: readonly SurveyedHistory[]; readonly scopes: readonly Scope[] };

export async function surveySnapshot(
  engine: Engine,
  files: SnapshotFiles,
  collections: readonly string[],
): Promise<Survey> {
  const { dialect } = engine;
  const histories: SurveyedHistory[] = [];
  for (const collection of collections) {
    const base = `r.${dialect.identifier(`h_${collection}`)}`;
    const rows = await engine.rows(
      `SELECT ${base} AS base, COALESCE(l.later, '') AS later, COUNT(*) AS records FROM ${dialect.parquet(files.records)} r
       LEFT JOIN ${dialect.parquet(files.later)} l ON l."row" = r."row" GROUP BY 1, 2 ORDER BY 1, 2`,
    );
    for (const row of rows) {
      // A null base has no verdict to join: its records refuse as not known.
      if (typeof row.base !== 'string') continue;
      histories.push({ collection, base: row.base, later: String(row.later), records: Number(row.records) });
    }
  }
  const scopes = await engine.rows(`SELECT DISTINCT scope FROM ${dialect.parquet(files.stops)} ORDER BY 1`);
  // A stop whose scope is not there would join nothing and be lost.
  return { histories, scopes: scopes.map((row) => scopeOfText(String(row.scope))) };
}
