/** A process that appends and publishes is killed at any instant, again and again: what it acknowledged is there. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLogKey, readLogVerifier } from '../documents/log-key.ts';
import { LogError } from '../log/log-error.ts';
import { readLog } from './published-log.ts';
import { sqliteLedger } from './sqlite/place.ts';

const kills = 200;
const script = join(import.meta.dirname, 'append-loop.fixture.ts');
let roots: string[];
beforeAll(async () => {
  roots = [0, 1].map(() => mkdtempSync(join(tmpdir(), 'astold-killed-')));
  for (const root of roots) await createLogKey(root, 'astold.example/club');
});
afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true, force: true });
});

/** Runs the loop, kills it so many milliseconds after it opened (or, below 0, after it started), and gives what it said. */
function runAndKill(root: string, after: number): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, root], { stdio: ['ignore', 'pipe', 'pipe'] });
    const kill = (): void => void child.kill('SIGKILL');
    let [said, errors] = ['', ''];
    if (after < 0) setTimeout(kill, 60 - after);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (said === '' && after >= 0) setTimeout(kill, after);
      said += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    child.on('error', reject);
    child.on('close', (_, signal) => {
      if (signal !== 'SIGKILL') reject(new Error(`it ended by itself:\n${errors}`));
      // The last line may have been cut off by the kill.
      else resolve(said.split('\n').slice(0, -1));
    });
  });
}

/** What one workspace has acknowledged over all runs. */
type Seen = { readonly entries: Map<bigint, string>; published: { size: bigint; root: Buffer } | null };

function note(seen: Seen, lines: readonly string[]): void {
  for (const line of lines) {
    const [first = '', second = '', third = ''] = line.split(' ');
    if (first === 'published') seen.published = { size: BigInt(second), root: Buffer.from(third, 'hex') };
    else if (first !== 'open') {
      expect(seen.entries.has(BigInt(first)), `entry ${first} acknowledged twice`).toBe(false);
      seen.entries.set(BigInt(first), second);
    }
  }
}

async function requirePromises(root: string, seen: Seen, lines: readonly string[]): Promise<void> {
  const ledger = await sqliteLedger(root).open({ waitMs: 0 });
  try {
    for (const line of lines) {
      const [index = ''] = line.split(' ');
      if (!/^\d+$/.test(index)) continue;
      expect((await ledger.entry(BigInt(index)))?.toString('hex')).toBe(seen.entries.get(BigInt(index)));
      expect(await ledger.opening(BigInt(index))).toMatchObject({ content: { kind: 'preference' } });
    }
    const { size } = await ledger.head();
    expect(seen.entries.has(size)).toBe(false);
    const log = await readLog(join(root, 'log'), await readLogVerifier(root)).catch((error: unknown) => {
      if (error instanceof LogError && error.code === 'log-missing' && seen.published === null) return null;
      throw error;
    });
    if (log === null) return;
    // Whatever checkpoint stands there can be served whole, and is no older than the last that was acknowledged.
    expect((await log.checkAll()).entries).toBe(log.checkpoint.size);
    expect(log.checkpoint.size).toBeLessThanOrEqual(size);
    if (seen.published !== null) await log.requireGrownFrom(seen.published);
  } finally {
    await ledger.close();
  }
}

test(`killed ${kills} times at any instant, no acknowledged entry is lost and every checkpoint can be served`, async () => {
  const runs = roots.map(async (root, half) => {
    const seen: Seen = { entries: new Map(), published: null };
    let acknowledging = 0;
    for (let i = 0; i < kills / roots.length; i++) {
      // Every tenth while it is opening; the others from at once to 80 ms into its work.
      const lines = await runAndKill(root, i % 10 === 9 ? -(i % 40) : (i * 7 + half * 3) % 80);
      note(seen, lines);
      if (lines.length > 1) acknowledging += 1;
      await requirePromises(root, seen, lines);
    }
    return { acknowledging, entries: seen.entries.size };
  });
  for (const { acknowledging, entries } of await Promise.all(runs)) {
    // The test is worth something only if it was mostly killed at work.
    expect(acknowledging).toBeGreaterThan(kills / roots.length / 2);
    expect(entries).toBeGreaterThan(200);
  }
}, 120_000);
