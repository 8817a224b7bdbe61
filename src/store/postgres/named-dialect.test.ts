import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databases, type TestState } from './databases.fixture.ts';
import type { Tx } from './state.ts';

describe.each(databases)('on $name', (database) => {
  let made: TestState;
  beforeAll(async () => {
    made = await database.create();
  });
  afterAll(() => made.drop());

  const nameIn = async (tx: Tx, setting: string): Promise<unknown> => {
    const { rows } = await sql<{ name: string }>`SELECT current_setting(${setting}, true) AS name`.execute(
      tx,
    );
    return rows[0]?.name;
  };

  test.each(['club', '', '*', "o'club", "\\'; SELECT 1; --", '$1 ü “x” \n', 'x'.repeat(5_000)])(
    'a transaction is in the name it was begun in, whatever is in it: %j',
    async (name) => {
      expect(await made.state.as(name, (tx) => nameIn(tx, 'app.org'))).toBe(name);
      expect(await made.state.asPerson(name, (tx) => nameIn(tx, 'app.person'))).toBe(name);
    },
  );

  test('many at once have each their own, and none is left behind', async () => {
    const names = Array.from({ length: 40 }, (_, i) => `club-${i}`);
    const found = names.map((name) => made.state.as(name, (tx) => nameIn(tx, 'app.org')));
    expect(await Promise.all(found)).toEqual(names);
    const { rows } = await made.state.pool.query("SELECT current_setting('app.org', true) AS name");
    expect(rows[0]?.name ?? '').toBe('');
  });

  test('a name that cannot be one begins nothing, and the next transaction is as any', async () => {
    for (let i = 0; i < 12; i++)
      await expect(made.state.as('a\0b', async () => {})).rejects.toThrow(RangeError);
    expect(await made.state.as('club', (tx) => nameIn(tx, 'app.org'))).toBe('club');
  });

  test('a look is in its name, sees what is of it, and leaves no name behind', async () => {
    for (const name of ['club', '', "o'club", "\\'; SELECT 1; --", '$1 ü “x” \n']) {
      const setting = sql<string>`current_setting('app.org', true)`.as('name');
      const [[found]] = await made.state.look(name, (db) => [db.selectNoFrom(setting)]);
      expect(found?.name).toBe(name);
    }
    const deed = { actor: 'somebody', use_case: 'list-deeds', subject: null, outcome: 'done' };
    for (const org of ['club', 'choir']) {
      const row = { org, name: org, created_at: new Date() };
      await made.state.as(org, (tx) => tx.insertInto('organisation').values(row).execute());
      const own = { ...deed, org, at: new Date() };
      await made.state.as(org, (tx) => tx.insertInto('deed').values(own).execute());
    }
    const deeds = async (name: string) => {
      const select = ['org', 'actor', 'at'] as const;
      const [rows] = await made.state.look(name, (db) => [db.selectFrom('deed').select(select)]);
      return rows;
    };
    for (const org of ['club', 'choir'])
      expect(await deeds(org)).toEqual([{ org, actor: 'somebody', at: expect.any(Date) }]);
    expect(await deeds('nobody')).toEqual([]);
    const { rows } = await made.state.pool.query("SELECT current_setting('app.org', true) AS name");
    expect(rows[0]?.name ?? '').toBe('');
  });

  test('looks at several things at once, with the rows of each', async () => {
    const at = new Date(Date.UTC(2017, 4, 5, 9, 0, 0, 7));
    const [texts, times, none, numbers] = await made.state.look('club', (db) => [
      db.selectNoFrom(sql<string>`${"o'club\\"}::text`.as('x')),
      db.selectNoFrom(sql<Date>`${at}::timestamptz`.as('x')),
      db.selectFrom('deed').select('actor').limit(0),
      db.selectNoFrom(sql<number>`${3}::integer - ${-4}::integer`.as('x')),
    ]);
    expect([texts, times, none, numbers]).toEqual([[{ x: "o'club\\" }], [{ x: at }], [], [{ x: 7 }]]);
  });

  test('a look for what cannot be quoted asks nothing, and a fault in one leaves the connection as it was', async () => {
    const ask = (value: unknown) =>
      made.state.look('club', (db) => [db.selectFrom('organisation').select(sql`${value}`.as('x'))]);
    for (const bad of [1.5, Number.NaN, null, 'a\0b', true, ['a'], new Date(Number.NaN)])
      await expect(ask(bad)).rejects.toThrow(RangeError);
    for (let i = 0; i < 12; i++)
      await expect(
        made.state.look('club', (db) => [
          db.selectFrom('organisation').select(sql`1 / length(${''})`.as('x')),
        ]),
      ).rejects.toMatchObject({ code: '22012' });
    for (let i = 0; i < 12; i++)
      expect(await made.state.as('club', (tx) => nameIn(tx, 'app.org'))).toBe('club');
  });
});
