import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DocumentError } from '../../documents/fault.ts';
import { loadWorkspace } from '../../documents/workspace.ts';
import { init } from '../workspace/init.ts';
import { sleepersLeftOut } from './sleepers-left-out.ts';
import { edit, sleeper } from './supply.fixture.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'astold-sleeper-'));
  await init(root);
  await mkdir(join(root, 'sleepers'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** The codes of the faults of a workspace with this sleeper, and this file beside it. */
async function faults(text: string, beside: string | null): Promise<readonly string[]> {
  await writeFile(join(root, 'sleepers/rowan.yaml'), text);
  if (beside !== null) await writeFile(join(root, 'sleepers/second.yaml'), beside);
  try {
    await loadWorkspace(root);
    return [];
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    return error.faults.map((fault) => fault.code);
  } finally {
    await rm(join(root, 'sleepers/second.yaml'), { force: true });
  }
}

test('a sleeper with a cell for every column of its lists is taken', async () => {
  expect(await faults(sleeper, null)).toEqual([]);
  const { supply } = await loadWorkspace(root);
  expect(supply.sleepers).toMatchObject([{ id: 'rowan', requests: ['toy-offer'] }]);
  // Nobody agreed to sleepers, and nobody gave a key.
  expect([supply.sleeperTerms.size, supply.keys.size]).toEqual([0, 0]);
});

test('a sleeper of a request whose agreement speaks of none is said to be left out', async () => {
  const workspace = await loadWorkspace(root);
  const [request] = workspace.requests;
  if (request === undefined) throw new RangeError('no request');
  expect(sleepersLeftOut(workspace, request)).toEqual([expect.stringContaining('rowan')]);
  expect(sleepersLeftOut(workspace, { ...request, id: 'another' })).toEqual([]);
  const supply = { ...workspace.supply, sleeperTerms: new Map([[request.agreement, 'clause 9']]) };
  expect(sleepersLeftOut({ supply: { ...workspace.supply, ...supply } }, request)).toEqual([]);
});

test.each<readonly [string, (text: string) => string, string]>([
  ['for a request that is not there', (text) => text.replace('[toy-offer]', '[toys]'), 'unknown-request'],
  ['for no request', (text) => text.replace('[toy-offer]', '[]'), 'out-of-range'],
  ['that would show, lacking a column', (text) => text.replace('forename: Rowan, ', ''), 'missing-key'],
  ['agreed on a day to come', (text) => text.replace('2020-01-01', '2999-01-01'), 'date-in-future'],
  ['without a variant', (text) => text.replace(/variants:[\s\S]*/, 'variants: []\n'), 'out-of-range'],
  [
    'with a variant of no column of its own',
    (text) => text.replace('surname: Ashdowne', 'sirname: Ashdowne'),
    'unknown-column',
  ],
  ['with two variants that are the same', (text) => text.replace('Ashedown', 'Ashdowne'), 'wrong-shape'],
  ['with a cell that a spreadsheet would run', (text) => text.replace('Rowan,', '"=1+1",'), 'wrong-shape'],
  ['with a cell of several lines', (text) => text.replace('Rowan,', '"a\\nb",'), 'wrong-shape'],
  ['with an empty cell', (text) => text.replace('Rowan,', '" ",'), 'wrong-shape'],
  ['with a cell that is a number', (text) => text.replace('Rowan,', '7,'), 'wrong-type'],
])('a sleeper %s is refused', async (_, change, code) => {
  expect(await faults(change(sleeper), null)).toContain(code);
});

test('a sleeper given twice is refused', async () => {
  expect(await faults(sleeper, sleeper)).toContain('duplicate-id');
});

test.each([
  ['age-key', 'age1short'],
  ['age-key', 'AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ'],
  ['signing-key', 'no+key'],
  ['signing-key', 'example-toys+00000000+AQ=='],
])('an organisation whose %s is %s is refused', async (key, value) => {
  const file = join(root, 'organisations.yaml');
  await edit(file, (text) =>
    text.replace('  - id: example-toys\n', `  - id: example-toys\n    ${key}: "${value}"\n`),
  );
  expect(await faults(sleeper, null)).toContain('wrong-shape');
  await edit(file, (text) => text.replace(`    ${key}: "${value}"\n`, ''));
});
