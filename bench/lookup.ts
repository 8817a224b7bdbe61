/**
 * `node bench/lookup.ts`: one person looked up in 1,000 rosters of 100,000 leaves, as cold as this user can make it.
 * The rosters, of synthetic leaves, are made in `.bench/lookup` where they are not there.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findAcross } from '../src/roster/find-across.ts';
import { leafOf, releaseToken } from '../src/roster/token.ts';
import { answer } from './child.ts';
import { median } from './median.ts';

const [releases, people, runs] = [1000, 100_000, 5];
const here = resolve(import.meta.dirname, '../.bench/lookup');
const master = createHash('sha256').update('lookup').digest('hex').slice(0, 32);
const idOf = (i: number): string => `2026-01-01-lookup-${String(i).padStart(4, '0')}`;
const leafFor = (release: string): string => leafOf(releaseToken(master, release));
const rosters = Array.from({ length: releases }, (_, i) => ({
  release: idOf(i),
  path: join(here, idOf(i), 'roster.txt'),
}));
/** The person is in every third release. */
const isMember = (i: number): boolean => i % 3 === 0;

for (const [i, { release, path }] of rosters.entries()) make(i, release, path);
const [cold, warm]: [number[], number[]] = [[], []];
let evicted = true;
for (let run = 0; run < runs; run++) {
  evicted = evict() && evicted;
  cold.push(await timed());
  warm.push(await timed());
}
const round = (n: number): number => Math.round(n * 10) / 10;
answer({
  notes: {
    lookup_1000_ms: round(median(cold)),
    lookup_1000_worst_ms: round(Math.max(...cold)),
    lookup_1000_warm_ms: round(median(warm)),
    /** 0 where this user cannot drop files from the page cache: then the figure is warm. Names are never dropped. */
    evicted: evicted ? 1 : 0,
  },
});

async function timed(): Promise<number> {
  const from = performance.now();
  const found = await findAcross(rosters, leafFor);
  const spent = performance.now() - from;
  if (found.length !== releases || found.some(({ present }, i) => present !== isMember(i)))
    throw new RangeError('the lookup found another set of releases than the person is in');
  return spent;
}

/** `dd` asks the system to forget a file; it forgets only what is on the disk. */
function evict(): boolean {
  spawnSync('sync', ['-f', here]);
  const paths = rosters.map(({ path }) => path).join('\0');
  const done = spawnSync(
    'xargs',
    ['-0', '-P', '2', '-I', '{}', 'dd', 'if={}', 'iflag=nocache', 'count=0', 'status=none'],
    { input: paths },
  );
  return done.status === 0;
}

function make(i: number, release: string, path: string): void {
  const rows = people - (isMember(i) ? 1 : 0);
  if (existsSync(path) && statSync(path).size === people * 33) return;
  const leaves = new Set<string>();
  // Two leaves of each hash: a fifth of a million hashes a file would be minutes for nothing.
  for (let n = 0; leaves.size < rows; n++) {
    const hash = createHash('sha256').update(`${release}/${n}`).digest('hex');
    leaves.add(hash.slice(0, 32));
    if (leaves.size < rows) leaves.add(hash.slice(32));
  }
  if (isMember(i)) leaves.add(leafFor(release));
  mkdirSync(join(here, release), { recursive: true });
  writeFileSync(`${path}.aside`, `${[...leaves].sort().join('\n')}\n`);
  renameSync(`${path}.aside`, path);
}
