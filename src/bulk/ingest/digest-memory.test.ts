import { mkdtempSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDigestMemory } from './digest-memory.ts';

let dir: string;
let file: string;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'astold-digests-'));
  file = join(dir, 'members.csv');
  writeFileSync(file, 'id\na\n');
  // A clock of a file system may tick as slowly as every two seconds.
  await new Promise((resolve) => setTimeout(resolve, 3100));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const digest = { digest: 'a'.repeat(64), bytes: 5 };
const memory = () => openDigestMemory(join(dir, 'state/digests.json'));
function remember(): void {
  const made = memory();
  made.watch(file)(digest);
  made.save();
}

test('a file that nothing was written to is remembered, by other runs too', () => {
  expect(memory().recall(file)).toBeNull();
  remember();
  expect(memory().recall(file)).toEqual(digest);
  expect(memory().recall(join(dir, 'another.csv'))).toBeNull();
});

test('one that was written to, touched back, or put in its place is not', () => {
  remember();
  const { mtime } = statSync(file);
  writeFileSync(file, 'id\nb\n');
  utimesSync(file, mtime, mtime);
  expect(statSync(file).mtimeMs).toBe(mtime.getTime());
  expect(memory().recall(file)).toBeNull();
  const other = join(dir, 'other.csv');
  writeFileSync(other, 'id\na\n');
  utimesSync(other, mtime, mtime);
  renameSync(other, file);
  expect(memory().recall(file)).toBeNull();
});

test('one that changed a moment before it was read, or while it was, is not remembered', () => {
  writeFileSync(file, 'id\nc\n');
  remember();
  expect(memory().recall(file)).toBeNull();
});

test('a memory that cannot be read is none', () => {
  const path = join(dir, 'state/digests.json');
  for (const text of [
    '',
    '{',
    '[]',
    '{"x":{"state":1}}',
    readFileSync(path, 'utf8').replace(/a{64}/, 'zz'),
  ]) {
    writeFileSync(path, text);
    expect(memory().recall(file)).toBeNull();
  }
});
