/**
 * The differential test for as long as you like: `npm run differential:long -- --minutes 30 --seed 1`. Each seed is
 * one world; the first that the two deciders differ on is named, with its people, and can be run again by its seed.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { keepAll } from '../src/bulk/compile/writer.ts';
import { openDuckdb } from '../src/bulk/engines/duckdb.ts';
import { worlds } from '../tests/differential/generate.ts';
import { decideInMemory, decideInSql, differences, makeReady } from '../tests/differential/run.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    people: { type: 'string', default: '900' },
  },
});
const [minutes, first, people] = [Number(values.minutes), Number(values.seed), Number(values.people)];
if (!(minutes > 0) || !Number.isSafeInteger(first) || !(people > 0)) {
  console.error('usage: differential-long [--minutes N] [--seed N] [--people N], all of them numbers');
  process.exit(2);
}

const root = await mkdtemp(join(tmpdir(), 'astold-differential-'));
const until = Date.now() + minutes * 60_000;
let [seed, decisions, differing] = [first, 0, 0];
for (; Date.now() < until && differing === 0; seed += 1) {
  const engine = await openDuckdb({ tempDirectory: join(root, 'tmp') });
  const [world] = fc.sample(worlds(people, root), { seed, numRuns: 1 });
  if (!world) throw new RangeError('no world was drawn');
  const ready = await makeReady(engine, world);
  for (const policy of world.policies) {
    const alone = decideInMemory(ready, policy);
    const together = await decideInSql(engine, ready, policy, keepAll);
    decisions += alone.size;
    for (const difference of differences(alone, together)) {
      console.error(`seed ${seed}, policy ${policy.name}, ${difference}`);
      differing += 1;
    }
  }
  engine.close();
  await rm(world.source.file.path.replace(/\/[^/]*$/, ''), { recursive: true, force: true });
}
await rm(root, { recursive: true, force: true });
console.log(`seeds ${first} to ${seed - 1}: ${decisions} decisions, ${differing} differ`);
process.exitCode = differing === 0 ? 0 : 1;
