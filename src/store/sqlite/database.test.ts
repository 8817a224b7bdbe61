import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from './database.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'astold-database-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test('a disk that is full is said to be that, and what stood before stands; with room, it goes on', async () => {
  const db = await openDatabase(join(dir, 'l.sqlite'), 0);
  try {
    db.run('CREATE TABLE t (a BLOB)');
    db.run('INSERT INTO t VALUES (zeroblob(10))');
    db.all('PRAGMA max_page_count = 8');
    const write = (): void =>
      db.transaction(() => {
        db.run('INSERT INTO t VALUES (zeroblob(10))');
        db.run('INSERT INTO t VALUES (zeroblob(100000))');
      });
    expect(write).toThrow(expect.objectContaining({ code: 'ledger-full' }));
    expect(db.all('SELECT count(*) AS n FROM t')).toEqual([{ n: 1n }]);
    db.all('PRAGMA max_page_count = 8000');
    write();
    expect(db.all('SELECT count(*) AS n FROM t')).toEqual([{ n: 3n }]);
  } finally {
    db.close();
  }
});
