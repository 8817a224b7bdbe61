import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openDuckdb } from './duckdb.ts';

const dir = mkdtempSync(join(tmpdir(), 'astold-close-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test.each([0, 100])(
  'an engine that is closed after %i ms of work ends that work, and leaves nothing',
  async (ms) => {
    const engine = await openDuckdb({ threads: 1, tempDirectory: dir });
    const work = engine.rows('SELECT max(hash(a.range + b.range)) FROM range(1000000) a, range(1000000) b');
    const ended = expect(work).rejects.toThrow();
    await new Promise((passed) => setTimeout(passed, ms));
    engine.close();
    await expect(engine.run('SELECT 1')).rejects.toThrow();
    await ended;
    expect(readdirSync(dir)).toEqual([]);
  },
);
