import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockFault, lockFolder } from './folder-lock.ts';
import { StateError } from './state-error.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'astold-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const codeOf = (work: () => unknown): string | null => {
  try {
    work();
  } catch (error) {
    return error instanceof StateError ? error.code : String(error);
  }
  return null;
};

test('a folder is locked once, and free again afterwards', () => {
  const path = join(folder, '.guard.sqlite');
  for (const _ of [1, 2]) {
    const lock = lockFolder(path);
    expect(codeOf(() => lockFolder(path))).toBe('data-folder-in-use');
    lock.release();
  }
});

test('a lock writes nothing: with a full disk a backup can still be made onto another', () => {
  const lock = lockFolder(join(folder, '.guard.sqlite'));
  expect(readdirSync(folder)).toEqual(['.guard.sqlite']);
  expect(statSync(join(folder, '.guard.sqlite')).size).toBe(0);
  lock.release();
});

test('a full disk is said as that, and a folder that is not there as unusable', () => {
  const db = new DatabaseSync(':memory:');
  db.exec('PRAGMA max_page_count = 2; CREATE TABLE t (a TEXT)');
  const full = (): void => {
    try {
      db.exec('INSERT INTO t SELECT hex(randomblob(50000))');
    } catch (error) {
      throw lockFault('x', error);
    }
  };
  expect(codeOf(full)).toBe('disk-full');
  expect(codeOf(() => lockFolder(join(folder, 'nowhere', 'x')))).toBe('data-folder-unusable');
});
