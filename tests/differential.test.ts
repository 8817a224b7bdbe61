import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keepAll } from '../src/bulk/compile/writer.ts';
import type { Engine } from '../src/bulk/engine.ts';
import { openDuckdb } from '../src/bulk/engines/duckdb.ts';
import { reasons } from '../src/policy/reasons.ts';
import { Count } from './differential/count.ts';
import { worlds } from './differential/generate.ts';
import { decideInMemory, decideInSql, differences, makeReady } from './differential/run.ts';

let root: string;
let engine: Engine;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'astold-differential-'));
  engine = await openDuckdb({ tempDirectory: join(root, 'tmp') });
});
afterAll(async () => {
  engine.close();
  await rm(root, { recursive: true, force: true });
});

describe('one policy has one meaning', () => {
  test('the SQL over all records decides each as the interpreter decides it alone', async () => {
    const count = new Count();
    await fc.assert(
      fc.asyncProperty(worlds(900, root), async (world) => {
        const ready = await makeReady(engine, world);
        for (const policy of world.policies) {
          const alone = decideInMemory(ready, policy);
          const together = await decideInSql(engine, ready, policy, keepAll);
          expect(differences(alone, together), `policy ${policy.name}`).toEqual([]);
          count.add(world, alone);
        }
      }),
      { numRuns: 28, seed: 20170507, endOnFailure: true },
    );
    // What the comparison rests on: enough people, enough released, and every reason on its own.
    expect(count.people).toBeGreaterThanOrEqual(10_000);
    expect(count.policies).toBeGreaterThanOrEqual(200);
    expect(count.released / count.decisions).toBeGreaterThanOrEqual(0.2);
    const rare = reasons
      .map(({ code }) => [code, count.alone(code)] as const)
      .filter(([, people]) => people < 100);
    expect(rare).toEqual([]);
  }, 900_000);
});
