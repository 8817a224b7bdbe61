import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Connection, serverConnection, withClient } from './connection.ts';
import { databases, type TestState } from './databases.fixture.ts';
import { type Migration, migrate, ownSchemas } from './migrate.ts';
import { migrations } from './migrations/all.ts';
import { openState } from './open-state.ts';
import { openPglite, type Pglite } from './pglite.ts';

const now = '2026-01-01T00:00:00Z';
/** Rows that a step made possible; they have to outlive every later one. */
const rowsOf: Readonly<Record<string, readonly string[]>> = {
  '001-state': [
    `INSERT INTO organisation VALUES ('club', 'A club', '${now}')`,
    `INSERT INTO staff_role VALUES ('club', 'ada', 'steward', NULL, false, 'x', '${now}')`,
    `INSERT INTO document VALUES ('club', 'a.yaml', 'd1', 'text', 'ada', '${now}')`,
    `INSERT INTO document_current VALUES ('club', 'a.yaml', 'd1', 1, 'ada', '${now}')`,
    `INSERT INTO deed (org, at, actor, use_case, outcome) VALUES ('club', '${now}', 'ada', 'put-document', 'done')`,
  ],
  '002-ledger': [
    `INSERT INTO entry VALUES ('club', 0, sha256('x'))`,
    `INSERT INTO opening VALUES ('club', 0, 0, 'salt', 'content')`,
    `INSERT INTO preference (org, event, source, idx, erased, type, purpose, organisation, contact_channel, field, signed, received, logged, received_by)
     VALUES ('club', 'e1', 's', 0, 0, 't', 'p', 'o', 'c', 'f', '${now}', '${now}', '${now}', 'x')`,
  ],
  '003-auth': [
    `INSERT INTO staff_auth."user" (id, name, email, "emailVerified") VALUES ('ada', 'Ada', 'ada@example.org', true)`,
  ],
  '004-window': [
    `INSERT INTO member_case (org, id, number, kind, state, source, record, record_key, asked_by, received_by, received_on, opened_at, due_on, version)
     VALUES ('club', 'c1', 1, 'access', 'open', 's', 'r', 'k', 'ada', 'web', '2026-01-01', '${now}', '2026-02-01', 1)`,
    `INSERT INTO member_case_step (org, member_case, seq, deed, by_whom, at) VALUES ('club', 'c1', 1, 'opened', 'ada', '${now}')`,
    `INSERT INTO safe_contact (org, source, record_key, set_by, set_at) VALUES ('club', 's', 'k', 'ada', '${now}')`,
    `INSERT INTO contact_change (org, source, record_key, contact_key, changed_at) VALUES ('club', 's', 'k', 'a', '${now}')`,
    `INSERT INTO contact_seen (org, source, snapshot) VALUES ('club', 's', 'x')`,
    `INSERT INTO look_up (org, id, by_whom, at, reason, asked_with, found) VALUES ('club', 'l1', 'ada', '${now}', 'asked', '{name}', 1)`,
    `INSERT INTO look_up_record (org, look_up, number, source, record_key, opened) VALUES ('club', 'l1', 1, 's', 'k', false)`,
    `INSERT INTO resolution (org, event, source, stop, record_keys, words, by_whom, at) VALUES ('club', 'e2', 's', 'e1', '{k}', 'w', 'ada', '${now}')`,
    `INSERT INTO request (org, id, state, path, agreement, recipient, parties, purposes, source, prepared_by, requested_at, version, changed_at)
     VALUES ('club', 'q', 'FINALIZED', 'q.yaml', 'a', 'p', '{p}', '{x}', 's', 'ada', '${now}', 1, '${now}')`,
    `INSERT INTO release (org, id, request, recipient, rows, cut_off, manifest, log_index, released_at)
     VALUES ('club', 'r1', 'q', 'p', 1, '${now}', 'm', 1, '${now}')`,
    `INSERT INTO passed_on (org, id, release, party, kind, code, source, record_key, cause, made_at, due_on)
     VALUES ('club', 't1', 'r1', 'p', 'stop', 'c', 's', 'k', 'e1', '${now}', '2026-01-08')`,
    `INSERT INTO passed_on_reminder (org, party, day, at) VALUES ('club', 'p', '2026-01-01', '${now}')`,
    `INSERT INTO pass_on_head (org, release, idx, cases_to) VALUES ('club', 'r1', 1, '${now}')`,
  ],
  '005-case-more': [
    `UPDATE member_case SET language = 'cy', stops = '{e1}' WHERE org = 'club' AND id = 'c1' AND stops = '{}'`,
  ],
  '006-answer-came': [
    `UPDATE passed_on SET answer = 'done', acknowledged_at = '${now}', came_by = 'letter', came_on = '2026-01-02'
     WHERE org = 'club' AND id = 't1' AND came_by IS NULL`,
  ],
};
/** Tables in which a step's rows are one each. */
const counted: Readonly<Record<string, string>> = {
  organisation: '001-state',
  staff_role: '001-state',
  document: '001-state',
  document_current: '001-state',
  deed: '001-state',
  entry: '002-ledger',
  opening: '002-ledger',
  preference: '002-ledger',
  'staff_auth."user"': '003-auth',
  member_case: '004-window',
  member_case_step: '004-window',
  safe_contact: '004-window',
  contact_change: '004-window',
  contact_seen: '004-window',
  look_up: '004-window',
  look_up_record: '004-window',
  resolution: '004-window',
  passed_on: '004-window',
  passed_on_reminder: '004-window',
  pass_on_head: '004-window',
};

describe.each(databases)('on $name', (database) => {
  let made: TestState;
  let server: Pglite | null = null;
  /** As whom the rows are written and read. */
  let connection: Connection;
  let owner: Connection;
  beforeAll(async () => {
    made = await database.create();
    await made.state.close();
    // PGlite takes a second to open: one server for all tests, and of `openState` only what it does on it.
    if (made.ownerUrl === null || made.url === null) {
      server = await openPglite(made.data);
      connection = { ...server.address, user: 'postgres', database: 'postgres' };
      owner = connection;
    } else {
      connection = serverConnection(made.url);
      owner = serverConnection(made.ownerUrl);
    }
  });
  beforeEach(() =>
    withClient(owner, async (client) => {
      for (const schema of [...ownSchemas, 'pgboss'])
        await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
    }),
  );
  afterAll(async () => {
    await server?.close();
    await made.drop();
  });

  const apply = async (steps: readonly Migration[]): Promise<void> => {
    if (server !== null) await withClient(owner, (client) => migrate(client, steps, 'astold_login'));
    else await (await openState({ ...made.options, migrations: steps })).close();
  };
  const asked = (sql: string): Promise<readonly Record<string, unknown>[]> =>
    withClient(connection, async (client) => {
      await client.query("SET search_path = astold; SELECT set_config('app.org', 'club', false)");
      return (await client.query<Record<string, unknown>>(sql)).rows;
    });
  const applied = async (): Promise<readonly unknown[]> =>
    (await asked('SELECT name FROM migration ORDER BY applied_at, name')).map(({ name }) => name);
  const names = (steps: readonly Migration[]): readonly string[] => steps.map(({ name }) => name);

  test('an empty database gets every step once, and nothing when it is opened again', async () => {
    await apply(migrations);
    expect(await applied()).toEqual(names(migrations));
    const before = await asked('SELECT * FROM migration ORDER BY name');
    await apply(migrations);
    expect(await asked('SELECT * FROM migration ORDER BY name')).toEqual(before);
  });

  test.each(migrations.map(({ name }, i) => ({ name, upTo: i + 1 })))(
    'the rows of a database of $name are there after the steps that follow',
    async ({ upTo }) => {
      const earlier = migrations.slice(0, upTo);
      await apply(earlier);
      for (const { name } of earlier) {
        expect(rowsOf, `rows of ${name}`).toHaveProperty(name);
        for (const statement of rowsOf[name] ?? []) await asked(statement);
      }
      await apply(migrations);
      expect(await applied()).toEqual(names(migrations));
      for (const [table, step] of Object.entries(counted)) {
        const rows = names(earlier).includes(step) ? 1n : 0n;
        expect(await asked(`SELECT count(*) FROM ${table}`), table).toEqual([{ count: rows }]);
      }
    },
  );

  test('a database with a step that this program does not know is refused, and stays as it is', async () => {
    await apply([...migrations, { name: '999-later', statements: ['CREATE TABLE later (id text)'] }]);
    await expect(apply(migrations)).rejects.toMatchObject({ code: 'migration-unknown' });
    expect(await asked('SELECT * FROM later')).toEqual([]);
  });

  test('a database whose step reads differently here is refused', async () => {
    await apply([{ name: '001-first', statements: ['CREATE TABLE first (id text)'] }]);
    const changed = [{ name: '001-first', statements: ['CREATE TABLE first (id text, word text)'] }];
    await expect(apply(changed)).rejects.toMatchObject({ code: 'migration-changed' });
  });

  test('a step that comes before one that was applied is refused', async () => {
    const first = { name: '001-first', statements: ['CREATE TABLE first (id text)'] };
    const second = { name: '002-second', statements: ['CREATE TABLE second (id text)'] };
    await apply([second]);
    await expect(apply([first, second])).rejects.toMatchObject({ code: 'migration-changed' });
  });

  test('of steps that fail half way nothing stays', async () => {
    const good = { name: '998-good', statements: ['CREATE TABLE good (id text)'] };
    const bad = { name: '999-bad', statements: ['CREATE TABLE bad (id text)', 'CREATE TABLE bad (id text)'] };
    await apply(migrations);
    await expect(apply([...migrations, good, bad])).rejects.toMatchObject({ code: '42P07' });
    const [found] = await asked("SELECT to_regclass('good') AS good, to_regclass('bad') AS bad");
    expect(found).toEqual({ good: null, bad: null });
    await apply(migrations);
  });

  test('several that migrate at once do it once', async () => {
    const slow = { name: '998-slow', statements: ['CREATE TABLE slow (id text)', 'SELECT pg_sleep(0.3)'] };
    const steps = [...migrations, slow];
    await Promise.all([apply(steps), apply(steps), apply(steps)]);
    expect(await applied()).toEqual(names(steps));
  });
});
