import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databases, type TestDatabase, type TestState } from './databases.fixture.ts';
import { openState } from './open-state.ts';

describe.each(databases)('on $name', (database) => {
  let made: TestState;
  beforeAll(async () => {
    made = await database.create();
  });
  afterAll(() => made.drop());

  test('what was committed is there after it is closed and opened', async () => {
    await made.state.pool.query("INSERT INTO organisation VALUES ('club', 'A club', '2026-01-01T00:00:00Z')");
    const state = await made.reopen();
    expect(await state.organisations()).toEqual([{ org: 'club', name: 'A club' }]);
    expect(await state.health()).toMatchObject({ kind: 'up', durable: database.name === 'Postgres' });
  });

  test('numbers, days and times come as bigint, text and Date', async () => {
    const { rows } = await made.state.pool.query(
      "SELECT 9007199254740993::int8 AS big, 7::int4 AS small, '2026-03-01'::date AS day, '2026-03-01T12:00:00.123Z'::timestamptz AS at",
    );
    expect(rows).toEqual([
      { big: 9007199254740993n, small: 7, day: '2026-03-01', at: new Date('2026-03-01T12:00:00.123Z') },
    ]);
    // For these connections alone.
    expect(pg.types.getTypeParser(20)('1')).toBe('1');
  });

  test('of a transaction that throws nothing stays, and what it threw comes through', async () => {
    const thrown = new Error('no');
    const tried = made.state.as('choir', async (tx) => {
      await tx
        .insertInto('organisation')
        .values({ org: 'choir', name: 'A choir', created_at: new Date() })
        .execute();
      throw thrown;
    });
    await expect(tried).rejects.toBe(thrown);
    expect((await made.state.organisations()).map(({ org }) => org)).not.toContain('choir');
  });

  test('transactions that change the same row come one after the other', async () => {
    await made.state.pool.query("INSERT INTO organisation VALUES ('band', '0', now())");
    await Promise.all(
      Array.from({ length: 40 }, () =>
        made.state.as('band', async (tx) => {
          const { name } = await tx
            .selectFrom('organisation')
            .select('name')
            .where('org', '=', 'band')
            .forUpdate()
            .executeTakeFirstOrThrow();
          await tx
            .updateTable('organisation')
            .set({ name: String(Number(name) + 1) })
            .where('org', '=', 'band')
            .execute();
        }),
      ),
    );
    expect(await made.state.organisations()).toContainEqual({ org: 'band', name: '40' });
  });

  test('the login may not write down a step as done', async () => {
    const tried = made.state.pool.query("INSERT INTO migration VALUES ('x', 'x', now())");
    await expect(tried).rejects.toMatchObject({ code: '42501' });
  });

  test('the jobs may make tables in their schema, and the login nowhere else', async () => {
    await made.state.pool.query('CREATE TABLE pgboss.try (id text)');
    for (const schema of ['astold', 'staff_auth', 'member_auth', 'public'])
      await expect(
        made.state.pool.query(`CREATE TABLE ${schema}.try (id text)`),
        schema,
      ).rejects.toMatchObject({ code: '42501' });
    await expect(made.state.pool.query('CREATE SCHEMA other')).rejects.toMatchObject({ code: '42501' });
  });
});

describe('on a server', () => {
  const native = databases.find(({ name }) => name === 'Postgres') as TestDatabase;
  let made: TestState;
  let url: URL;
  beforeAll(async () => {
    made = await native.create();
    url = new URL(made.url ?? '');
  });
  afterAll(() => made.drop());
  const refusal = (at: URL | string, ownerUrl: string | null = null): Promise<unknown> =>
    openState({ url: String(at), ownerUrl, data: made.data }).then(
      async (state) => {
        await state.close();
        return 'opened';
      },
      (error: unknown) => (error as { code: unknown }).code,
    );
  const changed = (change: (url: URL) => void): URL => {
    const other = new URL(url);
    change(other);
    return other;
  };
  const asAdmin = (at: URL): URL => {
    const admin = new URL(at);
    admin.username = 'postgres';
    return admin;
  };
  const admin = async (...statements: readonly string[]): Promise<void> => {
    const client = new pg.Client(asAdmin(url).href);
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  };

  test('the login alone opens what its owner has migrated', async () => {
    expect(await refusal(url)).toBe('opened');
  });

  test('a superuser, one that bypasses row-level security, and one that may become either are refused', async () => {
    expect(await refusal(asAdmin(url), made.ownerUrl)).toBe('database-login-too-strong');
    const password = url.password;
    await admin(
      `CREATE ROLE bypasser LOGIN BYPASSRLS PASSWORD '${password}'`,
      `CREATE ROLE climber LOGIN PASSWORD '${password}'`,
      'GRANT postgres TO climber',
    );
    try {
      for (const name of ['bypasser', 'climber'])
        expect(
          await refusal(
            changed((each) => {
              each.username = name;
            }),
            made.ownerUrl,
          ),
          name,
        ).toBe('database-login-too-strong');
    } finally {
      await admin('DROP ROLE bypasser', 'DROP ROLE climber');
    }
  });

  test('another login than last time is let in by the owner, with row-level security', async () => {
    await admin(`CREATE ROLE "Second ""login""" LOGIN PASSWORD '${url.password}'`);
    const second = changed((each) => {
      each.username = encodeURIComponent('Second "login"');
    });
    expect(await refusal(second)).toBe('database-owner-wanted');
    const state = await openState({ url: second.href, ownerUrl: made.ownerUrl, data: made.data });
    await state.as('club', async (tx) => {
      expect(await tx.selectFrom('mail').selectAll().execute()).toEqual([]);
    });
    await state.close();
  });

  test('a login that owns its database migrates it itself, and row-level security binds it', async () => {
    await admin(`CREATE DATABASE own_${process.pid} OWNER astold_login`);
    const own = changed((each) => {
      each.pathname = `/own_${process.pid}`;
    });
    const state = await openState({ url: own.href, ownerUrl: null, data: made.data });
    await state.pool.query("INSERT INTO organisation VALUES ('club', 'A club', now())");
    const mail = { org: 'club', id: 'm', recipient: 'x', kind: 'x', subject: 'x', body: 'x', attempts: 0 };
    await state.as('club', (tx) =>
      tx
        .insertInto('mail')
        .values({ ...mail, made_at: new Date(), next_at: new Date() })
        .execute(),
    );
    expect((await state.pool.query('SELECT FROM mail')).rowCount).toBe(0);
    await state.close();
    await admin(`DROP DATABASE own_${process.pid} WITH (FORCE)`);
  });

  test('an owner of another database is refused, and nothing is made there', async () => {
    const name = `other_${process.pid}`;
    const ownerAt = (database: string): string => {
      const at = new URL(made.ownerUrl ?? '');
      at.pathname = `/${database}`;
      return at.href;
    };
    await admin(`CREATE DATABASE ${name} OWNER astold_owner`);
    const other = changed((each) => {
      each.pathname = `/${name}`;
    });
    expect(await refusal(url, ownerAt(name))).toBe('database-of-other');
    expect(await refusal(other, made.ownerUrl)).toBe('database-of-other');
    const client = new pg.Client(ownerAt(name));
    await client.connect();
    const { rows } = await client.query("SELECT to_regnamespace('astold') IS NULL AS untouched");
    await client.end();
    expect(rows).toEqual([{ untouched: true }]);
    // A copy of the same schema is another database all the same.
    const copy = await native.create();
    expect(await refusal(url, copy.ownerUrl)).toBe('database-of-other');
    await copy.drop();
    expect(await refusal(url, made.ownerUrl)).toBe('opened');
    await admin(`DROP DATABASE ${name} WITH (FORCE)`);
  });

  test('without an owner, a login that may not migrate is told so', async () => {
    await admin(`CREATE DATABASE bare_${process.pid}`);
    expect(
      await refusal(
        changed((each) => {
          each.pathname = `/bare_${process.pid}`;
        }),
      ),
    ).toBe('database-owner-wanted');
    await admin(`DROP DATABASE bare_${process.pid} WITH (FORCE)`);
  });

  test('a database that is not UTF-8 is refused', async () => {
    await admin(`CREATE DATABASE ascii_${process.pid} TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'`);
    expect(
      await refusal(
        changed((each) => {
          each.pathname = `/ascii_${process.pid}`;
        }),
      ),
    ).toBe('database-encoding');
    await admin(`DROP DATABASE ascii_${process.pid} WITH (FORCE)`);
  });

  test('an address that is none, or lets nobody in, or where nobody answers, is said to be that', async () => {
    expect(await refusal('club.db')).toBe('database-address');
    expect(await refusal('mysql://localhost/x')).toBe('database-address');
    expect(
      await refusal(
        changed((each) => {
          each.password = 'wrong';
        }),
      ),
    ).toBe('database-address');
    expect(
      await refusal(
        changed((each) => {
          each.pathname = '/nowhere';
        }),
      ),
    ).toBe('database-address');
    expect(
      await refusal(
        changed((each) => {
          each.port = '1';
        }),
      ),
    ).toBe('database-unreachable');
    expect(
      await refusal(
        changed((each) => {
          each.hostname = 'nowhere.invalid';
        }),
      ),
    ).toBe('database-unreachable');
  });

  test('options of the address are kept beside ours', async () => {
    const other = changed((each) => each.searchParams.set('options', '-c work_mem=5MB'));
    const state = await openState({ url: other.href, ownerUrl: null, data: made.data });
    const { rows } = await state.pool.query(
      "SELECT current_setting('work_mem') AS memory, current_setting('search_path') AS path",
    );
    expect(rows).toEqual([{ memory: '5MB', path: 'astold' }]);
    await state.close();
  });
});

test('a data folder that cannot be one is refused', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'astold-data-'));
  writeFileSync(join(folder, 'file'), '');
  await expect(openState({ url: null, ownerUrl: null, data: join(folder, 'file') })).rejects.toMatchObject({
    code: 'data-folder-unusable',
  });
  rmSync(folder, { recursive: true });
});
