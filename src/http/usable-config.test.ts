import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { ConfigError } from './config.ts';
import { start } from './serve.fixture.ts';
import { usableConfig } from './usable-config.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'astold-config-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('the data folder is made where it is missing', () => {
  const data = join(folder, 'a', 'b');
  expect(usableConfig({ ASTOLD_DATA: data }).data).toBe(data);
  expect(existsSync(data)).toBe(true);
});

test('one that cannot be made is a fault of the configuration', () => {
  writeFileSync(join(folder, 'file'), '');
  const none = process.platform === 'linux' ? ['/proc/x', '/proc/x/y'] : [];
  for (const data of [join(folder, 'file'), join(folder, 'file', 'x'), ...none]) {
    const tried = () => usableConfig({ ASTOLD_DATA: data });
    expect(tried).toThrow(ConfigError);
    expect(tried).toThrow('ASTOLD_DATA');
  }
});

test.runIf(process.platform === 'linux')(
  'a server that is given none ends at once, and says so',
  async () => {
    const server = start({ PATH: process.env.PATH ?? '', ASTOLD_DATA: '/proc/astold/data' });
    onTestFinished(() => void server.child.kill('SIGKILL'));
    expect(await server.ended).toBe(2);
    expect(server.stderr()).toContain('ASTOLD_DATA: found "/proc/astold/data"');
  },
);
