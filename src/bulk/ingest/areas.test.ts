import { afterAll, beforeAll, expect, test } from 'vitest';
import { readAreas } from './areas.ts';
import { type Bench, openBench } from './source.fixture.ts';
import { openFile } from './table.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

test.each([
  ['every line is a row', 'postcode,area\nP1,A1\nP2,A2\n', 1],
  ['fewer rows than lines are met', 'postcode,area\nP1,A1\n"P2\n",A2\n', 0],
])('what is joined with areas that are read along is kept where %s', async (_, text, kept) => {
  const file = bench.write('along.csv', text);
  const aside = { dir: bench.dir, name: 'along' };
  const columns = { file, postcode: 'postcode', area: 'area' };
  const areas = await readAreas(bench.engine, columns, await openFile(file, aside), aside);
  const rows = await bench.engine.rows(`${areas.before()}SELECT 1 AS n WHERE TRUE${areas.whole()}`);
  expect(areas.before()).not.toBe('');
  expect(rows).toHaveLength(kept);
});
