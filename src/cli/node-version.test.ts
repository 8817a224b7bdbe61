import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { nodeFault } from './node-version.js';

test.each(['18.20.0', '20.20.0', '22.17.1', '', 'nonsense'])('Node "%s" is told what to do', (version) => {
  expect(nodeFault(version)).toContain('npm ci');
});

test.each(['22.18.0', '22.19.0', '24.0.0', '25.1.0'])('Node %s will do', (version) => {
  expect(nodeFault(version)).toBeNull();
});

test('the launcher asks for the Node that package.json asks for', async () => {
  const { engines } = JSON.parse(await readFile('package.json', 'utf8'));
  expect(engines.node).toBe('>=22.18');
});
