import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { openDuckdb } from '../../bulk/engines/duckdb.ts';
import { StateError } from '../../store/postgres/state-error.ts';
import { isDiskFull } from './disk-full.ts';
import { runFault } from './run-row.ts';

const faultOf = (error: unknown): string | null => runFault(error, '/nowhere')?.code ?? null;
const thrownBy = async (work: () => unknown): Promise<unknown> => {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error('it was done');
};

// Whatever is written to it is refused as on a full disk.
test.skipIf(process.platform !== 'linux')(
  'a full disk is known by what the system and the engine say',
  async () => {
    expect(faultOf(await thrownBy(() => writeFileSync('/dev/full', 'x')))).toBe('disk-full');
    const tempDirectory = mkdtempSync(join(tmpdir(), 'astold-full-'));
    const engine = await openDuckdb({ tempDirectory, threads: 1 });
    try {
      const copied = () => engine.copy('SELECT range AS a FROM range(100000)', '/dev/full', 'csv');
      expect(faultOf(await thrownBy(copied))).toBe('disk-full');
    } finally {
      engine.close();
      rmSync(tempDirectory, { recursive: true });
    }
  },
);

test('a full disk is known by what SQLite says, and behind an error of ours', async () => {
  const db = new DatabaseSync(':memory:');
  db.exec('PRAGMA max_page_count = 2; CREATE TABLE t (a TEXT)');
  const cause = await thrownBy(() => db.exec('INSERT INTO t SELECT hex(randomblob(50000))'));
  expect(faultOf(cause)).toBe('disk-full');
  expect(faultOf(new StateError('data-folder-unusable', '', { cause }))).toBe('disk-full');
});

test('what else goes wrong is no full disk', async () => {
  const missing = await thrownBy(() => writeFileSync('/nowhere/at/all', 'x'));
  expect(faultOf(missing)).toBe('disk-trouble');
  for (const other of [missing, new StateError('database-unreachable', ''), new Error('x'), 'ENOSPC', null])
    expect(isDiskFull(other)).toBe(false);
});
