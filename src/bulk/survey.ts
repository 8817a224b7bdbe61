/** What a judgement must know of a snapshot: which histories, scopes of stops there are. Small, whatever the records. */
import type { GateContext } from '../policy/judgement.ts';
import type { Scope } from '../policy/model.ts';
import { type Standing, standingFor } from '../policy/reduced.ts';
import { scopeOfText } from '../policy/scope-word.ts';
import { judgedBases, standingSteps } from './compile/assigned.ts';
import { keepAll } from './compile/writer.ts';
import type { SnapshotFiles } from './compile.ts';
import type { Engine } from './engine.ts';

/** A distinct history of one collection, by the snapshot's keys; `base` stands for every one of the same (`Standing`). */
export type SurveyedHistory = { readonly collection: string; readonly base: string; readonly later: string };
export type Survey = {
  readonly histories: readonly SurveyedHistory[];
  /** By collection. */
  readonly standing: ReadonlyMap<string, Standing>;
  readonly scopes: readonly Scope[];
};

export async function surveySnapshot(
  engine: Engine,
  files: SnapshotFiles,
  context: GateContext,
): Promise<Survey> {
  const { dialect } = engine;
  const records = dialect.parquet(files.records);
  const histories: SurveyedHistory[] = [];
  const standing = new Map<string, Standing>();
  for (const [i, { id: collection }] of context.source.collections.entries()) {
    const base = `r.${dialect.identifier(`h_${collection}`)}`;
    // A null base has no verdict to join: its records refuse as not known.
    const keys = await engine.rows(
      `SELECT DISTINCT ${base} AS base FROM ${records} r WHERE ${base} IS NOT NULL ORDER BY 1`,
    );
    const stands = standingFor(
      context,
      collection,
      keys.map((row) => String(row.base)),
    );
    standing.set(collection, stands);
    const { create, drop } = standingSteps({ dialect, keep: keepAll }, stands, i);
    for (const statement of create) await engine.run(statement);
    const rows = await engine.rows(
      `SELECT DISTINCT s.number, COALESCE(l.later, '') AS later FROM ${records} r JOIN astold_standing_${i} s ON s.base = ${base}
       LEFT JOIN ${dialect.parquet(files.later)} l ON l."row" = r."row" ORDER BY 1, 2`,
    );
    for (const statement of drop) await engine.run(statement);
    const judged = judgedBases(stands);
    for (const row of rows) {
      const first = judged[Number(row.number)];
      if (first === undefined)
        throw new RangeError(`no base key of ${collection} has the number ${row.number}`);
      histories.push({ collection, base: first, later: String(row.later) });
    }
  }
  const scopes = await engine.rows(`SELECT DISTINCT scope FROM ${dialect.parquet(files.stops)} ORDER BY 1`);
  // A stop whose scope is not there would join nothing and be lost.
  return { histories, standing, scopes: scopes.map((row) => scopeOfText(String(row.scope))) };
}
