/** The queue while its database is away: it says so once, and says when it is over. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { serviceOn } from '../app/flow/flow.fixture.ts';
import { nativeUrl, startNative } from '../store/postgres/native.fixture.ts';
import { openState } from '../store/postgres/open-state.ts';
import { openJobs } from './open-jobs.ts';

test('a database that is away is in the log by what it is, once and not each time it is asked', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'astold-queue-away-'));
  chmodSync(folder, 0o711);
  const native = await startNative(join(folder, 'postgres'));
  const admin = new pg.Client(nativeUrl(native, 'postgres', 'postgres'));
  await admin.connect();
  await admin.query('CREATE DATABASE club OWNER astold_owner');
  await admin.end();
  const state = await openState({
    url: nativeUrl(native, 'astold_login', 'club'),
    ownerUrl: nativeUrl(native, 'astold_owner', 'club'),
    data: folder,
  });
  const lines: { readonly code?: string; readonly msg: string }[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const queue = await openJobs(state, log);
  await queue.work(serviceOn(state, folder, []));
  // What the queue itself cannot read says nothing of what is looked for beside it, which goes well.
  await state.pool.query('ALTER TABLE pgboss.job RENAME TO job_gone');
  await pause(7_000);
  await state.pool.query('ALTER TABLE pgboss.job_gone RENAME TO job');
  await pause(1_000);
  expect(lines.map(({ code }) => code)).toEqual(['42P01']);
  lines.length = 0;
  await native.stop();
  await pause(4_000);
  expect(lines.length).toBeGreaterThanOrEqual(1);
  // The queue's own is one thing, what is looked for beside it another.
  expect(new Set(lines.map(({ msg }) => msg)).size).toBe(lines.length);
  expect(lines.length).toBeLessThanOrEqual(2);
  expect(new Set(lines.map(({ code }) => code))).toEqual(new Set(['database-unreachable']));
  await native.start();
  await expect
    .poll(() => lines.at(-1)?.msg, { timeout: 20_000, interval: 100 })
    .toBe('the queue: the database answers again');
  await queue.stop({ waitMs: 1_000 });
  await state.close();
  await native.stop();
  rmSync(folder, { recursive: true });
}, 60_000);
