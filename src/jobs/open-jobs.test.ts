import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkRequest } from '../app/flow/check-request.ts';
import { type FlowFixture, flowFixture, must, requested, steward } from '../app/flow/flow.fixture.ts';
import type { Service } from '../app/flow/service.ts';
import { showCheck } from '../app/flow/show-check.ts';
import { rootOf, withWorkspace } from '../app/flow/workspace-of.ts';
import { databases } from '../store/postgres/databases.fixture.ts';
import { openJobs, type Queue } from './open-jobs.ts';
import { unfinished } from './unfinished.ts';

const logged: string[] = [];
const log = pino({ level: 'warn' }, { write: (line: string) => logged.push(line) });

describe.each(databases)('on $name', (database) => {
  let club: FlowFixture;
  let queue: Queue;
  let service: Service;
  beforeAll(async () => {
    club = await flowFixture(database);
    queue = await openJobs(club.made.state, log);
    service = { ...club.service, jobs: queue, log };
    await queue.work(service);
  });
  afterAll(async () => {
    await queue.stop({ waitMs: 5_000 });
    await club.drop();
  });

  async function ended(check: string) {
    for (let i = 0; i < 300; i++) {
      const view = must(await showCheck(service, steward, { check }));
      if (view.state === 'done' || view.state === 'failed') return view;
      await pause(100);
    }
    throw new Error(`check ${check} never ended`);
  }

  test('a job that is asked for is done', async () => {
    await requested(club, 'queued');
    const { id } = must(await checkRequest(service, steward, { request: 'queued' }));
    expect(await ended(id)).toMatchObject({ state: 'done', evaluated: 20 });
  });

  test('of a new database the first job is queued in its own transaction by who only queues', async () => {
    const made = await database.create();
    const first = await openJobs(made.state, log);
    try {
      await made.state.as('club', (tx) => first.enqueue(tx, 'check', { org: 'club', id: 'one' }));
      const { rows } = await made.state.pool.query(`SELECT name FROM pgboss.job WHERE data ->> 'id' = 'one'`);
      expect(rows).toEqual([{ name: 'check' }]);
    } finally {
      await first.stop({ waitMs: 0 });
      await made.drop();
    }
  });

  test('a job comes with its row, or neither does', async () => {
    const { org } = club;
    await expect(
      service.state.as(org, async (tx) => {
        await tx
          .insertInto('ingest')
          .values({
            org,
            id: 'undone',
            source: 'members',
            state: 'queued',
            asked_by: 's',
            asked_at: new Date(),
          })
          .execute();
        await queue.enqueue(tx, 'ingest', { org, id: 'undone' });
        throw new Error('undone');
      }),
    ).rejects.toThrow('undone');
    const { rows } = await service.state.pool.query(
      `SELECT 1 FROM pgboss.job WHERE data ->> 'id' = 'undone' AND name = 'ingest'`,
    );
    expect(rows).toEqual([]);
    expect(await unfinished(service)).toEqual([]);
  });

  test('a row without a job is found, and done', async () => {
    await requested(club, 'forgotten');
    const { id } = must(await checkRequest(club.service, steward, { request: 'forgotten' }));
    expect(club.waiting.splice(0)).toHaveLength(1);
    expect((await unfinished(service)).map(({ job }) => job.id)).toContain(id);
    expect(await ended(id)).toMatchObject({ state: 'done' });
  });

  test('a job whose workspace somebody has waits for it', async () => {
    await requested(club, 'waiting');
    const id = await withWorkspace(service, club.org, async () => {
      const asked = must(await checkRequest(service, steward, { request: 'waiting' }));
      expect(await unfinished(service)).toEqual([]);
      await pause(3_000);
      expect(must(await showCheck(service, steward, { check: asked.id })).state).toBe('queued');
      return asked.id;
    });
    expect(await ended(id)).toMatchObject({ state: 'done' });
  });

  // What is written to there is refused as on a full disk, by the system itself.
  test.skipIf(!existsSync('/dev/full'))(
    'a full disk is said in the run and in the log; what is asked for once there is room is done',
    async () => {
      await requested(club, 'no-room');
      const path = join(rootOf(service, club.org), 'astold.yaml');
      const text = readFileSync(path, 'utf8');
      const mark = createHash('sha256').update(text).digest('hex').slice(0, 16);
      const aside = join(dirname(path), `.${mark}.aside`);
      rmSync(path);
      symlinkSync('/dev/full', aside);
      const first = must(await checkRequest(service, steward, { request: 'no-room' }));
      expect(await ended(first.id)).toMatchObject({ state: 'failed', faultCode: 'disk-full' });
      expect(logged.join('')).toContain('"code":"disk-full"');
      rmSync(aside);
      const again = must(await checkRequest(service, steward, { request: 'no-room' }));
      expect(await ended(again.id)).toMatchObject({ state: 'done' });
    },
  );

  test('a job that never comes to its end is given up, and says so', async () => {
    await requested(club, 'hopeless');
    const { id } = must(await checkRequest(club.service, steward, { request: 'hopeless' }));
    club.waiting.length = 0;
    await service.state.as(club.org, (tx) =>
      tx
        .updateTable('check_run')
        .set({ state: 'running', attempts: 20 })
        .where('org', '=', club.org)
        .where('id', '=', id)
        .execute(),
    );
    expect(await ended(id)).toMatchObject({ state: 'failed', faultCode: 'gave-up' });
  });
});
