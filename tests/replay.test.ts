/** Every decision of random worlds, decided again from what stands in the evidence alone: one policy, one meaning. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { predicateColumns } from '../src/bulk/compile/predicates.ts';
import { compile, decisionsTable } from '../src/bulk/compile.ts';
import type { Engine } from '../src/bulk/engine.ts';
import { openDuckdb } from '../src/bulk/engines/duckdb.ts';
import { writeDecisions } from '../src/bulk/outputs/files.ts';
import { canonical } from '../src/bulk/outputs/manifest.ts';
import { dropReplay, replay, replayFault } from '../src/bulk/replay.ts';
import { surveySnapshot } from '../src/bulk/survey.ts';
import { judgementJson, readHistories } from '../src/evidence/judged.ts';
import { judge, judgeAgain } from '../src/policy/judge.ts';
import type { GateContext } from '../src/policy/judgement.ts';
import { worlds } from './differential/generate.ts';
import { makeReady, type Ready } from './differential/run.ts';

let root: string;
let engine: Engine;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'astold-replay-'));
  engine = await openDuckdb({ tempDirectory: join(root, 'tmp') });
});
afterAll(async () => {
  engine.close();
  await rm(root, { recursive: true, force: true });
});

const written = (value: unknown): unknown => JSON.parse(canonical(value));

/** Decides in SQL and writes what a release writes; gives the judgement of an auditor who has only what was written. */
async function judgedAgain({ world, files, matches }: Ready, context: GateContext) {
  const { histories, standing, scopes } = await surveySnapshot(engine, files, context);
  const judgement = judge(context, histories);
  const { statements } = compile({
    judgement,
    source: world.source,
    files,
    standing,
    scopes,
    matches,
    dialect: engine.dialect,
    pseudonymKey: 'k'.repeat(32),
    groups: judgement.assignments.map(() => 0),
    row: null,
  });
  for (const statement of statements) await engine.run(statement);
  const paths = { predicates: join(root, 'predicates.parquet'), decisions: join(root, 'decisions.parquet') };
  await writeDecisions(engine, paths.decisions);
  const columns = predicateColumns(judgement).map(({ name }) => name);
  await engine.copy(
    `SELECT pseudonym, ${columns.join(', ')}, ${engine.dialect.sha256('pseudonym')} AS row_commitment,
     CASE WHEN reasons = 0 THEN pseudonym END AS leaf FROM ${decisionsTable} ORDER BY pseudonym`,
    paths.predicates,
    'parquet',
  );
  await engine.run(`DROP TABLE ${decisionsTable}`);
  const again = judgeAgain(written(context) as GateContext, readHistories(written(judgement.histories)));
  return { judgement, again, paths };
}

test('the reduced histories and the predicates give every decision again', async () => {
  let rows = 0;
  await fc.assert(
    fc.asyncProperty(worlds(300, root), async (world) => {
      const ready = await makeReady(engine, world);
      for (const policy of world.policies) {
        const context: GateContext = { ...policy.context, source: world.source };
        const { judgement, again, paths } = await judgedAgain(ready, context);
        expect(canonical(judgementJson(again)), policy.name).toBe(canonical(judgementJson(judgement)));
        expect(await replayFault(engine, again, paths)).toBeNull();
        const found = await replay(engine, again, paths);
        await dropReplay(engine);
        expect([found.first, found.misplaced, found.uncommitted], policy.name).toEqual([null, 0, 0]);
        expect(found.rows).toBe(world.records.length);
        rows += found.rows;
      }
    }),
    { numRuns: 4, seed: 20170505, endOnFailure: true },
  );
  expect(rows).toBeGreaterThan(5_000);
}, 120_000);
