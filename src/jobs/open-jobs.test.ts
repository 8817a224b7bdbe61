import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkRequest } from '../app/flow/check-request.ts';
import { type FlowFixture, flowFixture, must, requested, steward } from '../app/flow/flow.fixture.ts';
import type { Service } from '../app/flow/service.ts';
import { showCheck } from '../app/flow/show-check.ts';
import { withWorkspace } from '../app/flow/workspace-of.ts';
import { databases } from '../store/postgres/databases.fixture.ts';
import { openJobs, type Queue } from './open-jobs.ts';
import { unfinished } from './unfinished.ts';

const log = pino({ level: 'silent' });

describe.each(databases)('on $name', (database) => {
  let club: FlowFixture;
  let queue: Queue;
  let service: Service;
  beforeAll(async () => {
    club = await flowFixture(database);
    queue = await openJobs(club.made.state, log);
    service = { ...club.service, jobs: queue };
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
