import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkRequest } from '../app/flow/check-request.ts';
import { type FlowFixture, flowFixture, must, requested, steward } from '../app/flow/flow.fixture.ts';
import { showCheck } from '../app/flow/show-check.ts';
import { databases } from '../store/postgres/databases.fixture.ts';
import { environmentOf, type Started, start } from './serve.fixture.ts';

const metricsToken = 'the token of who looks after the server';
const patience = { timeout: 60_000, interval: 100 };

describe.each(databases)('the worker of astold serve on $name', (database) => {
  let club: FlowFixture;
  let environment: Record<string, string>;
  let check = '';
  const servers: Started[] = [];
  beforeAll(async () => {
    club = await flowFixture(database);
    await requested(club, 'waiting');
    check = must(await checkRequest(club.service, steward, { request: 'waiting' })).id;
    // Of PGlite one server has the folder.
    await club.made.state.close();
    environment = { ...(await environmentOf(club.made)), ASTOLD_METRICS_TOKEN: metricsToken };
  });
  afterAll(async () => {
    for (const { child } of servers) child.kill('SIGKILL');
    await club.drop();
  });

  const begin = async (): Promise<Started> => {
    const server = start(environment);
    servers.push(server);
    await server.untilReady();
    return server;
  };
  const ask = async (path: string): Promise<string> => {
    const headers = { Authorization: `Bearer ${metricsToken}` };
    return (await fetch(`http://127.0.0.1:${environment.ASTOLD_PORT}${path}`, { headers })).text();
  };
  const figure = async (name: string): Promise<number> => {
    const line = (await ask('/metrics')).split('\n').find((each) => each.startsWith(`${name} `));
    return Number(line?.split(' ').at(-1));
  };
  /** Of each worker that came up, the last last. */
  const workers = (server: Started): readonly number[] =>
    [...server.stderr().matchAll(/"worker":(\d+)/g)].map(([, pid]) => Number(pid));

  test('does what is asked for; one that is killed is said, and another takes its place', async () => {
    const server = await begin();
    await expect.poll(() => workers(server), patience).toHaveLength(1);
    await expect.poll(() => ask('/readyz'), patience).toContain('"worker":"up"');
    await expect.poll(() => figure('astold_worker_resident_memory_bytes'), patience).toBeGreaterThan(0);
    await expect.poll(() => figure('astold_jobs{kind="check",state="queued"}'), patience).toBe(0);
    await expect.poll(() => figure('astold_jobs{kind="check",state="running"}'), patience).toBe(0);
    const [first = 0] = workers(server);
    expect(first).not.toBe(server.child.pid);
    process.kill(first, 'SIGKILL');
    await expect.poll(() => server.stderr(), patience).toContain('the worker ended');
    expect(await ask('/readyz')).toMatch(/"ready":true.*"worker":"(away|starting)"/);
    await expect.poll(() => workers(server), patience).toHaveLength(2);
    await expect.poll(() => figure('astold_worker_up'), patience).toBe(1);
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    expect(workers(server).map(isThere)).toEqual([false, false]);
    const state = await club.made.reopen();
    const view = must(await showCheck({ ...club.service, state }, steward, { check }));
    expect(view).toMatchObject({ state: 'done', evaluated: 20 });
    await state.close();
  }, 180_000);

  test('ends with a server that was killed; a signal that is meant for both it leaves to the server', async () => {
    const server = await begin();
    await expect.poll(() => workers(server), patience).toHaveLength(1);
    const [worker = 0] = workers(server);
    process.kill(worker, 'SIGTERM');
    process.kill(worker, 'SIGINT');
    await pause(300);
    expect(isThere(worker)).toBe(true);
    server.child.kill('SIGKILL');
    await expect.poll(() => isThere(worker), patience).toBe(false);
  }, 180_000);
});

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
