/**
 * Before all tests: where the machine keeps a file system in memory and has some to spare, tests write there. Most of what
 * they make are small files that are gone a second later, and a disk takes its time over each.
 */
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { isRunning, removeLeft } from '../src/store/postgres/databases-setup.fixture.ts';

const shared = '/dev/shm';
const prefix = 'astold-tests-';
/** For each core: what its tests hold at most, and room for the programs it starts. */
const wanted = 2 ** 31;

export default function setup(): () => void {
  const needed = wanted * availableParallelism();
  if (!existsSync(shared) || process.availableMemory() < 2 * needed) return () => {};
  const { bavail, bsize } = statfsSync(shared);
  if (bavail * bsize < needed) return () => {};
  for (const left of readdirSync(shared).filter((name) => name.startsWith(prefix))) {
    const folder = join(shared, left);
    if (isRunning(folder)) continue;
    removeLeft(folder);
    rmSync(folder, { recursive: true, force: true });
  }
  const folder = mkdtempSync(join(shared, prefix));
  // The database's server runs as another user where this one is root.
  chmodSync(folder, 0o711);
  writeFileSync(join(folder, 'pid'), String(process.pid));
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
