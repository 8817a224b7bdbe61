/** The second wall between organisations: what the database itself shows to whom, for every table it has. */
import { sql } from 'kysely';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databases, type TestState } from './databases.fixture.ts';
import { dropConstraints, insertRow, type Table, tenantTables } from './row.fixture.ts';

const insufficientPrivilege = '42501';

describe.each(databases)('on $name', (database) => {
  let made: TestState;
  let tables: readonly Table[];
  beforeAll(async () => {
    made = await database.create();
    tables = await tenantTables(made.state.pool);
    await made.asOwner(dropConstraints);
    for (const org of ['club', 'choir'])
      await inName(org, async (client) => {
        await client.query("INSERT INTO organisation VALUES ($1, 'A name', now())", [org]);
        for (const table of tables) await insertRow(client, table, org);
      });
  });
  afterAll(() => made.drop());

  /** As `as` does, for SQL whose tables are found at run time. */
  async function inName<T>(org: string, work: (client: pg.ClientBase) => Promise<T>): Promise<T> {
    const client = await made.state.pool.connect();
    try {
      await client.query('BEGIN');
      await client.query("SELECT set_config('app.org', $1, true)", [org]);
      const result = await work(client);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    } finally {
      client.release();
    }
  }
  const orgsIn = async (client: pg.Pool | pg.ClientBase, table: string): Promise<readonly string[]> =>
    (await client.query<{ org: string }>(`SELECT org FROM "${table}" ORDER BY org`)).rows.map(
      ({ org }) => org,
    );

  test('every table with an organisation has row-level security, forced, and no policy but of the organisation', async () => {
    expect(tables.length).toBeGreaterThan(20);
    const { rows } = await made.state.pool.query<{ table: string; forced: boolean; policies: string[] }>(
      `SELECT relname AS table, relrowsecurity AND relforcerowsecurity AS forced,
         (SELECT array_agg(polname::text || polcmd::text || pg_get_expr(polqual, polrelid) ORDER BY polname) FROM pg_policy WHERE polrelid = c.oid) AS policies
       FROM pg_class c WHERE relnamespace = 'astold'::regnamespace AND relkind IN ('r', 'p') ORDER BY relname`,
    );
    const bound = rows.filter(({ forced }) => forced);
    expect(bound.map(({ table }) => table)).toEqual(tables.map(({ name }) => name));
    for (const { table, policies } of bound) {
      const ofOrg = "(org = NULLIF(current_setting('app.org'::text, true), ''::text))";
      const ofPerson = "(person = NULLIF(current_setting('app.person'::text, true), ''::text))";
      const wanted = table === 'staff_role' ? [`own_rolesr${ofPerson}`] : [];
      expect(policies, table).toEqual([...wanted, `tenant*${ofOrg}`]);
    }
  });

  test('a query that forgets the organisation sees nothing, of any table', async () => {
    for (const { name } of tables) expect(await orgsIn(made.state.pool, name), name).toEqual([]);
  });

  test('a query in the name of one organisation sees no row of another, though it asks for all', async () => {
    for (const org of ['club', 'choir'])
      await inName(org, async (client) => {
        for (const { name } of tables) expect(await orgsIn(client, name), name).toEqual([org]);
      });
    expect(await made.state.as('club', (tx) => tx.selectFrom('mail').select('org').execute())).toEqual([
      { org: 'club' },
    ]);
  });

  test('what is another organisation’s can neither be changed nor deleted, nor given to it', async () => {
    // Whatever rights a login has on a table.
    await made.asOwner((client) =>
      client.query('GRANT UPDATE, DELETE ON ALL TABLES IN SCHEMA astold TO astold_login'),
    );
    for (const { name } of tables) {
      const changed = await inName('nobody', async (client) => [
        (await client.query(`UPDATE "${name}" SET org = org`)).rowCount,
        (await client.query(`DELETE FROM "${name}"`)).rowCount,
      ]);
      expect(changed, name).toEqual([0, 0]);
      await expect(
        inName('club', (client) => client.query(`UPDATE "${name}" SET org = 'choir'`)),
        name,
      ).rejects.toMatchObject({ code: insufficientPrivilege });
    }
  });

  test('a row of another organisation, or of none, cannot be inserted', async () => {
    for (const table of tables) {
      for (const name of ['club', '']) {
        await expect(
          inName(name, (client) => insertRow(client, table, 'other')),
          table.name,
        ).rejects.toMatchObject({ code: insufficientPrivilege });
      }
    }
  });

  test('who has yet to choose an organisation sees their own roles, and nothing else', async () => {
    await made.state.as('club', (tx) =>
      tx
        .insertInto('staff_role')
        .values({
          org: 'club',
          person: 'ada',
          role: 'steward',
          party: null,
          may_freeze: false,
          granted_by: 'x',
          granted_at: new Date(),
        })
        .execute(),
    );
    await made.state.asPerson('ada', async (tx) => {
      const seen = await tx.selectFrom('staff_role').select(['org', 'person']).execute();
      expect(seen).toEqual([{ org: 'club', person: 'ada' }]);
      for (const { name } of tables.filter(({ name }) => name !== 'staff_role')) {
        const { rows } = await sql`SELECT FROM ${sql.table(name)}`.execute(tx);
        expect(rows, name).toEqual([]);
      }
      expect((await tx.deleteFrom('staff_role').executeTakeFirst()).numDeletedRows).toBe(0n);
    });
    expect(await made.state.asPerson('', (tx) => tx.selectFrom('staff_role').selectAll().execute())).toEqual(
      [],
    );
  });

  test('the login cannot lift row-level security, nor see past it', async () => {
    await expect(
      inName('club', async (client) => {
        await client.query('SET LOCAL row_security = off');
        await client.query('SELECT FROM mail');
      }),
    ).rejects.toMatchObject({ code: insufficientPrivilege });
    for (const statement of [
      'ALTER TABLE mail DISABLE ROW LEVEL SECURITY',
      'DROP POLICY tenant ON mail',
      'TRUNCATE mail',
    ])
      await expect(made.state.pool.query(statement), statement).rejects.toMatchObject({
        code: insufficientPrivilege,
      });
    const { rows } = await made.state.pool.query<{ owned: bigint }>(
      'SELECT count(*) AS owned FROM pg_class WHERE pg_get_userbyid(relowner) = current_user',
    );
    expect(rows).toEqual([{ owned: 0n }]);
  });

  test('the name a transaction was in is forgotten when it ends, however it ends', async () => {
    await made.state.as('club', async () => {});
    await expect(
      made.state.as('club', () => {
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    const asked = Array.from({ length: 20 }, () => orgsIn(made.state.pool, 'mail'));
    expect((await Promise.all(asked)).flat()).toEqual([]);
  });
});
