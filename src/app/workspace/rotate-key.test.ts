import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { record } from '../../cli/recording.fixture.ts';
import { keyId, readKeyOf, readKeys } from '../../documents/key.ts';
import { rotateKey } from './rotate-key.ts';

let root = '';
const first = 'ab'.repeat(32);
const path = (name: string): string => join(root, 'keys', name);
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'astold-rotate-'));
  mkdirSync(join(root, 'keys'), { mode: 0o700 });
  writeFileSync(join(root, 'astold.yaml'), '');
  writeFileSync(path('organisation.key'), first, { mode: 0o600 });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('the old key is kept under a number, and the new one is another, its owner’s alone', async () => {
  const { id, earlier } = await rotateKey(root);
  expect(earlier).toEqual({ id: keyId(Buffer.from(first, 'hex')), file: 'keys/organisation-1.key' });
  expect(readFileSync(path('organisation-1.key'), 'utf8')).toBe(first);
  expect(readFileSync(path('organisation.key'), 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
  for (const name of ['organisation.key', 'organisation-1.key'])
    expect(statSync(path(name)).mode & 0o777).toBe(0o600);
  expect(readdirSync(path('')).sort()).toEqual(['lock', 'organisation-1.key', 'organisation.key']);
  const keys = await readKeys(root);
  expect([keys.current.id, keys.earlier.map((key) => key.id)]).toEqual([id, [earlier.id]]);
});

test('every key there ever was is found by its id, the latest first', async () => {
  const ids = [keyId(Buffer.from(first, 'hex'))];
  for (let i = 0; i < 11; i++) ids.unshift((await rotateKey(root)).id);
  const { current, earlier } = await readKeys(root);
  expect([current, ...earlier].map((key) => key.id)).toEqual(ids);
  for (const id of ids) expect((await readKeyOf(root, id)).id).toBe(id);
  await expect(readKeyOf(root, '0'.repeat(16))).rejects.toMatchObject({ code: 'key-unknown' });
});

test('two rotations at once lose no key', async () => {
  const [one, other] = await Promise.all([rotateKey(root), rotateKey(root)]);
  const { current, earlier } = await readKeys(root);
  const found = [current, ...earlier].map((key) => key.id).sort();
  expect(found).toEqual([keyId(Buffer.from(first, 'hex')), one.id, other.id].sort());
});

test('a rotation that was killed after the old key was kept goes on from there', async () => {
  copyFileSync(path('organisation.key'), path('organisation-1.key'));
  const { earlier } = await rotateKey(root);
  expect(earlier.file).toBe('keys/organisation-1.key');
  expect((await readKeys(root)).earlier).toHaveLength(1);
});

test('where any key cannot be read nothing is rotated', async () => {
  writeFileSync(path('organisation-7.key'), 'half', { mode: 0o600 });
  await expect(rotateKey(root)).rejects.toMatchObject({ code: 'key-malformed' });
  expect(readFileSync(path('organisation.key'), 'utf8')).toBe(first);
  rmSync(path('organisation.key'));
  await expect(rotateKey(root)).rejects.toMatchObject({ code: 'key-missing' });
});

test('on the command line no key is printed', async () => {
  const ran = await record(['key', 'rotate'], root);
  expect([ran.status, ran.err]).toEqual([0, '']);
  const now = readFileSync(path('organisation.key'), 'utf8').trim();
  expect([ran.out.includes(first), ran.out.includes(now)]).toEqual([false, false]);
  expect((await record(['key', 'rotate', '--json'], root)).out).toContain(keyId(Buffer.from(now, 'hex')));
});
