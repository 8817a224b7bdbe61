import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databases, type TestState } from './databases.fixture.ts';
import { endingTables, growingTables } from './growing.ts';

const insufficientPrivilege = '42501';

describe.each(databases)('on $name', (database) => {
  let made: TestState;
  beforeAll(async () => {
    made = await database.create();
  });
  afterAll(() => made.drop());
  const refusedWith = (sql: string): Promise<unknown> =>
    made.state.pool.query(sql).then(
      () => null,
      (error: { code: unknown }) => error.code,
    );
  const columnsOf = async (table: string): Promise<readonly string[]> => {
    const { rows } = await made.state.pool.query<{ name: string }>(
      `SELECT attname AS name FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped AND attidentity = ''`,
      [`astold."${table}"`],
    );
    return rows.map(({ name }) => name);
  };

  test.each(Object.entries(growingTables))(
    'what stands in "%s" stays: the login writes over %j of it, and takes no row away',
    async (table, changed) => {
      const columns = await columnsOf(table);
      expect(columns).toEqual(expect.arrayContaining([...changed]));
      expect(await refusedWith(`DELETE FROM astold."${table}"`)).toBe(insufficientPrivilege);
      for (const column of columns)
        expect(
          await refusedWith(`UPDATE astold."${table}" SET "${column}" = "${column}"`),
          `${table}.${column}`,
        ).toBe(changed.includes(column) ? null : insufficientPrivilege);
    },
  );

  test('rows are taken away of those tables alone whose rows come to an end', async () => {
    const { rows } = await made.state.pool.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class
       WHERE relnamespace = 'astold'::regnamespace AND relkind IN ('r', 'p')
         AND has_table_privilege(current_user, oid, 'DELETE')`,
    );
    expect(rows.map(({ name }) => name).sort()).toEqual([...endingTables].sort());
  });

  test('rights that were given before are taken back at the next start', async () => {
    await made.asOwner((client) =>
      client.query('GRANT UPDATE, DELETE ON astold.entry, astold.approval, astold.duty TO astold_login'),
    );
    expect(await refusedWith('DELETE FROM astold.entry')).toBe(null);
    await made.reopen();
    expect(await refusedWith('DELETE FROM astold.entry')).toBe(insufficientPrivilege);
    expect(await refusedWith('DELETE FROM astold.duty')).toBe(insufficientPrivilege);
    expect(await refusedWith('UPDATE astold.duty SET org = org')).toBe(null);
    expect(await refusedWith('UPDATE astold.approval SET words = words')).toBe(insufficientPrivilege);
  });
});
