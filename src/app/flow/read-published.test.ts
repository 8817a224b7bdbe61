import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { readPublished } from './read-published.ts';

const data = mkdtempSync(join(tmpdir(), 'astold-published-'));

beforeAll(() => {
  const write = (path: string): void => {
    mkdirSync(dirname(join(data, path)), { recursive: true });
    writeFileSync(join(data, path), path);
  };
  for (const path of ['checkpoint', 'tile/0/000.p/5', 'tile/0/x001/067', 'tile/entries/000', 'other'])
    write(`club/log/${path}`);
  write('club/keys/log.key');
  write('club/log/tile/secret');
  symlinkSync(join(data, 'club/keys/log.key'), join(data, 'club/log/tile/0/001'));
});

test('a checkpoint may change, a tile never does', async () => {
  expect(await readPublished(data, 'club', 'checkpoint')).toMatchObject({ fixed: false });
  for (const path of ['tile/0/000.p/5', 'tile/0/x001/067', 'tile/entries/000'])
    expect(await readPublished(data, 'club', path)).toEqual({
      bytes: Buffer.from(`club/log/${path}`),
      fixed: true,
    });
});

test.each([
  ['club', '../keys/log.key'],
  ['club', 'tile/../../keys/log.key'],
  ['club', 'tile/0/../../checkpoint'],
  ['club', '/etc/passwd'],
  ['club', 'checkpoint\0'],
  ['club', 'checkpoint/'],
  ['club', 'tile/0/001'],
  ['club', 'tile/secret'],
  ['club', 'other'],
  ['club', ''],
  ['../club', 'checkpoint'],
  ['..', 'club/log/checkpoint'],
  ['Club', 'checkpoint'],
  ['choir', 'checkpoint'],
])('nothing is given out of %s under %j', async (org, path) => {
  expect(await readPublished(data, org, path)).toBeNull();
});
