/** What PGlite does not do by itself: keep a second process out, serve several clients, leave the event loop alone. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databases, type TestDatabase, type TestState } from './databases.fixture.ts';
import { openState } from './open-state.ts';
import { servePglite } from './pglite-server.ts';

const database = databases.find(({ name }) => name === 'PGlite') as TestDatabase;
const script = join(import.meta.dirname, 'insert-loop.fixture.ts');

describe('one folder and two processes', () => {
  let made: TestState;
  beforeAll(async () => {
    made = await database.create();
    await made.state.close();
  });
  afterAll(() => made.drop());

  const start = (): { child: ChildProcess; said: () => string; until: (words: string) => Promise<void> } => {
    const child = spawn(process.execPath, [script, made.data], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const until = async (words: string): Promise<void> => {
      while (!said.includes(words)) await once(child.stdout, 'data');
    };
    return { child, said: () => said, until };
  };
  const kill = async (child: ChildProcess): Promise<void> => {
    child.kill('SIGKILL');
    await once(child, 'close');
  };

  test('a second process is refused while the first has it, and let in once that was killed', async () => {
    const first = start();
    await first.until('open');
    await expect(openState(made.options)).rejects.toMatchObject({ code: 'data-folder-in-use' });
    const second = start();
    await once(second.child, 'close');
    expect(second.said()).toBe('refused data-folder-in-use\n');
    // It was no more than refused: the first works on.
    await first.until('club-');
    await kill(first.child);
    await (await openState(made.options)).close();
  });

  test('killed in the middle of its work, it loses no row that it acknowledged', async () => {
    const acknowledged = new Set<string>();
    for (let i = 0; i < 4; i++) {
      const { child, said, until } = start();
      await until(`open\nclub-`);
      await new Promise((later) => setTimeout(later, 20 + ((i * 61) % 200)));
      await kill(child);
      for (const line of said().split('\n').slice(1, -1)) acknowledged.add(line);
    }
    const state = await openState(made.options);
    const there = new Set((await state.organisations()).map(({ org }) => org));
    await state.close();
    expect(acknowledged.size).toBeGreaterThan(10);
    expect([...acknowledged].filter((org) => !there.has(org))).toEqual([]);
  });

  test('the process that has it cannot open it twice', async () => {
    const state = await openState(made.options);
    await expect(openState(made.options)).rejects.toMatchObject({ code: 'data-folder-in-use' });
    await state.close();
  });
});

describe('one session and many clients', () => {
  let made: TestState;
  let pool: pg.Pool;
  beforeAll(async () => {
    made = await database.create();
    pool = made.state.pool;
  });
  afterAll(() => made.drop());

  test('a query that takes long does not hold up the event loop', async () => {
    const delay = monitorEventLoopDelay({ resolution: 5 });
    const began = performance.now();
    delay.enable();
    await pool.query('SELECT sum(sqrt(n)) FROM generate_series(1, 3000000) AS n');
    delay.disable();
    const took = performance.now() - began;
    expect(took).toBeGreaterThan(200);
    expect(delay.max / 1e6).toBeLessThan(took / 2);
  });

  test('queries of several clients are not mixed, though one comes in many pieces', async () => {
    const large = 'x'.repeat(400_000);
    const asked = Array.from({ length: 200 }, async (_, i) => {
      const [query, first] =
        i % 3 === 0
          ? ['SELECT length($1::text) AS a, $2::int AS b', large]
          : ['SELECT $1::int AS a, $2::int AS b', i];
      const { rows } = await pool.query(query, [first, i]);
      return rows[0];
    });
    const wanted = asked.map((_, i) => ({ a: i % 3 === 0 ? large.length : i, b: i }));
    expect(await Promise.all(asked)).toEqual(wanted);
  });

  test('nobody comes between the statements of a transaction', async () => {
    await pool.query("INSERT INTO organisation VALUES ('count', '0', now())");
    const client = await pool.connect();
    await client.query('BEGIN');
    await client.query("UPDATE organisation SET name = 'mine' WHERE org = 'count'");
    const other = pool
      .query("UPDATE organisation SET name = 'theirs' WHERE org = 'count'")
      .then(() => 'other');
    const wait = new Promise((later) => setTimeout(later, 100, 'waited'));
    expect(await Promise.race([other, wait])).toBe('waited');
    const { rows } = await client.query("SELECT name FROM organisation WHERE org = 'count'");
    expect(rows).toEqual([{ name: 'mine' }]);
    await client.query('COMMIT');
    client.release();
    expect(await other).toBe('other');
  });

  test('what a client left undone when it went is undone, and the next is served', async () => {
    const client = await pool.connect();
    await client.query('BEGIN');
    await client.query("INSERT INTO organisation VALUES ('gone', 'x', now())");
    await client.query("SELECT set_config('app.org', 'gone', true)");
    client.release(new Error('gone'));
    const { rows } = await pool.query(
      "SELECT current_setting('app.org', true) AS org, (SELECT count(*) FROM organisation WHERE org = 'gone') AS rows",
    );
    expect(rows).toEqual([{ org: '', rows: 0n }]);
  });

  test('who breaks off in the middle of a query holds up nobody', async () => {
    const broken = new pg.Client(made.state.connection);
    broken.on('error', () => {});
    await broken.connect();
    const asked = broken.query('SELECT $1::text', ['x'.repeat(3_000_000)]).catch(() => 'cut');
    (broken as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
    expect(await asked).toBe('cut');
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  test('an error ends its query alone', async () => {
    const asked = Array.from({ length: 20 }, (_, i) =>
      pool.query('SELECT 10 / $1::int AS n', [i % 2]).then(
        ({ rows }) => rows[0]?.n,
        (error: { code: string }) => error.code,
      ),
    );
    expect(await Promise.all(asked)).toEqual(
      Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? '22012' : 10)),
    );
  });
});

test('who leaves a transaction idle is cut off, and what it did undone', async () => {
  const made = await database.create();
  await made.state.close();
  const copy = mkdtempSync(join(tmpdir(), 'astold-idle-'));
  cpSync(join(made.data, 'pglite'), join(copy, 'db'), { recursive: true });
  const db = await PGlite.create(join(copy, 'db'));
  const server = await servePglite(db, {
    socket: null,
    version: '18',
    idleTransactionMs: 150,
    failed: () => {},
  });
  const pool = new pg.Pool({
    host: '127.0.0.1',
    port: server.port ?? 0,
    user: 'x',
    database: 'postgres',
    password: 'x',
  });
  pool.on('error', () => {});
  const idle = await pool.connect();
  idle.on('error', () => {});
  await idle.query('BEGIN');
  await idle.query("INSERT INTO astold.organisation VALUES ('idle', 'x', now())");
  const { rows } = await pool.query('SELECT org FROM astold.organisation');
  expect(rows).toEqual([]);
  await expect(idle.query('COMMIT')).rejects.toThrow();
  idle.release(true);
  await pool.end();
  await server.close();
  await db.close();
  rmSync(copy, { recursive: true });
  await made.drop();
});
