/**
 * Drops each condition of the compiled SQL in turn and requires that the differential comparison notices:
 * `npm run mutate`. Exit status 1 names the conditions whose loss nobody would notice.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { type Keep, keepAll } from '../src/bulk/compile/writer.ts';
import { openDuckdb } from '../src/bulk/engines/duckdb.ts';
import { worlds } from '../tests/differential/generate.ts';
import {
  type Decided,
  decideInMemory,
  decideInSql,
  differences,
  makeReady,
  type Ready,
} from '../tests/differential/run.ts';
import type { Policy } from '../tests/differential/world.ts';

type Case = {
  readonly ready: Ready;
  readonly policy: Policy;
  readonly alone: ReadonlyMap<string, Decided>;
  readonly names: ReadonlySet<string>;
};

const root = await mkdtemp(join(tmpdir(), 'astold-mutate-'));
const engine = await openDuckdb({ tempDirectory: join(root, 'tmp') });
const cases: Case[] = [];
// The very worlds of the differential test: what it would not notice is not tested.
for (const world of fc.sample(worlds(900, root), { seed: 20170505, numRuns: 28 })) {
  const ready = await makeReady(engine, world);
  for (const policy of world.policies) {
    const names = new Set<string>();
    const recording: Keep = (name, condition, without) => {
      names.add(name);
      return keepAll(name, condition, without);
    };
    const alone = decideInMemory(ready, policy);
    const together = await decideInSql(engine, ready, policy, recording);
    if (differences(alone, together).length > 0)
      throw new RangeError(`policy ${policy.name} differs with every condition kept`);
    cases.push({ ready, policy, alone, names });
  }
}

const names = [...new Set(cases.flatMap((each) => [...each.names]))].sort();
const unnoticed: string[] = [];
for (const name of names) {
  const dropping: Keep = (each, condition, without) => (each === name ? without : condition);
  let noticed = 0;
  for (const each of cases) {
    if (!each.names.has(name)) continue;
    noticed = differences(each.alone, await decideInSql(engine, each.ready, each.policy, dropping)).length;
    if (noticed > 0) break;
  }
  console.log(noticed > 0 ? `noticed    ${name} (${noticed} people)` : `UNNOTICED  ${name}`);
  if (noticed === 0) unnoticed.push(name);
}
engine.close();
await rm(root, { recursive: true, force: true });
console.log(`${names.length - unnoticed.length} of ${names.length} dropped conditions noticed`);
process.exitCode = unnoticed.length === 0 ? 0 : 1;
