import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databases, type TestState } from '../store/postgres/databases.fixture.ts';

const program = new URL('../cli/main.js', import.meta.url).pathname;

describe.each(databases)('astold serve on $name', (database) => {
  let made: TestState;
  let environment: Record<string, string>;
  beforeAll(async () => {
    made = await database.create();
    // Of PGlite one process has the folder.
    await made.state.close();
    environment = {
      PATH: process.env.PATH ?? '',
      ASTOLD_DATA: made.data,
      ASTOLD_PORT: String(await freePort()),
      ...(made.url === null ? {} : { ASTOLD_DATABASE_URL: made.url }),
      ...(made.ownerUrl === null ? {} : { ASTOLD_DATABASE_OWNER_URL: made.ownerUrl }),
    };
  });
  afterAll(() => made.drop());

  test('starts, answers, ends in order when it is told to, and starts again on what was there', async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const server = start(environment);
      const said = await server.untilReady();
      expect(said).toContain(`AsTold on http://localhost:${environment.ASTOLD_PORT}`);
      expect(said.includes('for trying out')).toBe(database.name === 'PGlite');
      const ready = await fetch(`http://127.0.0.1:${environment.ASTOLD_PORT}/readyz`);
      expect(await ready.json()).toMatchObject({ ready: true, durable: database.name === 'Postgres' });
      server.child.kill(signal);
      expect(await server.ended).toBe(0);
      const lines = server.stderr().trim().split('\n');
      expect(lines.map((line) => (JSON.parse(line) as { msg?: string }).msg)).toEqual(
        expect.arrayContaining(['listening', 'stopping', 'stopped']),
      );
    }
  });

  test('an address that is taken is said, and nothing is left running', async () => {
    const taken = createServer().listen(Number(environment.ASTOLD_PORT), '127.0.0.1');
    const server = start(environment);
    expect(await server.ended).toBe(1);
    expect(server.stderr()).toContain('EADDRINUSE');
    taken.close();
  });
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

type Started = {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  untilReady(): Promise<string>;
  stderr(): string;
};

function start(env: Record<string, string>): Started {
  const child = spawn(process.execPath, [program, 'serve'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => resolve(code));
  });
  return {
    child,
    ended,
    stderr: () => err,
    async untilReady() {
      const over = ended.then((code) => `it ended with ${code}: ${err}`);
      const ready = expect
        .poll(() => out, { timeout: 50_000, interval: 100 })
        .toContain('until it is stopped');
      const failed = await Promise.race([over, ready.then(() => null)]);
      if (failed !== null) throw new Error(failed);
      return out;
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
