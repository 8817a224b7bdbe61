import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databases, type TestState } from '../store/postgres/databases.fixture.ts';
import { environmentOf, program, start } from './serve.fixture.ts';

const run = promisify(execFile);

describe.each(databases)('astold serve on $name', (database) => {
  let made: TestState;
  let environment: Record<string, string>;
  beforeAll(async () => {
    made = await database.create();
    // Of PGlite one process has the folder.
    await made.state.close();
    environment = await environmentOf(made);
  });
  afterAll(() => made.drop());

  test('starts, answers, ends in order when it is told to, and starts again on what was there', async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const server = start(environment);
      const said = await server.untilReady();
      expect(said).toContain(`AsTold on http://localhost:${environment.ASTOLD_PORT}`);
      expect(said.includes('for trying out')).toBe(database.name === 'PGlite');
      const ready = await fetch(`http://127.0.0.1:${environment.ASTOLD_PORT}/readyz`);
      expect(await ready.json()).toMatchObject({
        ...{ ready: true, durable: database.name === 'Postgres', mail: 'folder' },
      });
      expect(said).toContain('Mail is not sent');
      server.child.kill(signal);
      expect(await server.ended).toBe(0);
      const lines = server.stderr().trim().split('\n');
      expect(lines.map((line) => (JSON.parse(line) as { msg?: string }).msg)).toEqual(
        expect.arrayContaining(['listening', 'stopping', 'stopped']),
      );
    }
  });

  test('in earnest it does not start without a way to send mail', async () => {
    if (database.name === 'PGlite') return;
    const server = start({ ...environment, ASTOLD_MAIL: '' });
    expect(await server.ended).toBe(2);
    expect(server.stderr()).toContain('ASTOLD_SMTP_URL: is not set');
  });

  test('an address that is taken is said, and nothing is left running', async () => {
    const taken = createServer().listen(Number(environment.ASTOLD_PORT), '127.0.0.1');
    const server = start(environment);
    expect(await server.ended).toBe(1);
    expect(server.stderr()).toContain('EADDRINUSE');
    taken.close();
  });
});

test('a database that its owner has migrated is served without the owner', async () => {
  const database = databases.find(({ name }) => name === 'Postgres');
  const made = await database?.create();
  if (made === undefined) throw new RangeError('no Postgres');
  await made.empty();
  const { ASTOLD_DATABASE_OWNER_URL: owner = '', ...environment } = await environmentOf(made);
  const before = start(environment);
  expect(await before.ended).toBe(1);
  await run(process.execPath, [program, 'migrate'], {
    env: { ...environment, ASTOLD_DATABASE_OWNER_URL: owner },
  });
  const server = start(environment);
  await server.untilReady();
  server.child.kill('SIGTERM');
  expect(await server.ended).toBe(0);
  await made.drop();
});

test('a wrong configuration is wrong use: every fault is said, and nothing is begun', async () => {
  const data = join(tmpdir(), 'astold-never-made');
  const server = start({
    PATH: process.env.PATH ?? '',
    ASTOLD_DATA: data,
    ASTOLD_PORT: 'x',
    ASTOLD_PROT: '1',
  });
  expect(await server.ended).toBe(2);
  expect(server.stderr()).toContain('ASTOLD_PORT: found "x"');
  expect(server.stderr()).toContain('ASTOLD_PROT: is not known; did you mean ASTOLD_PORT?');
  expect(existsSync(data)).toBe(false);
});
