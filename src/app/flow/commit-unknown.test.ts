/** A commit whose outcome nobody knows is not made again: who asked is told, and looks. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { databases, type TestDatabase } from '../../store/postgres/databases.fixture.ts';
import { type FlowFixture, flowFixture, must, steward } from './flow.fixture.ts';
import { recordPreference, recordPreferenceInput } from './record-preference.ts';

let club: FlowFixture;
beforeAll(async () => {
  club = await flowFixture(databases.find(({ name }) => name === 'Postgres') as TestDatabase);
});
afterAll(() => club.drop());

const stop = (person: string) =>
  recordPreference(
    club.service,
    steward,
    recordPreferenceInput.parse({ source: 'members', person, kind: 'objection' }),
  );
const codeOf = (settled: PromiseSettledResult<unknown>): unknown =>
  settled.status === 'rejected' ? (settled.reason as { code?: unknown }).code : 'done';

/** The database ends the connection that commits an entry, and counts how often; a count is not undone. */
const cut = [
  'CREATE SEQUENCE astold.cuts',
  'GRANT USAGE ON SEQUENCE astold.cuts TO astold_login',
  `CREATE FUNCTION astold.cut() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM nextval('astold.cuts'); PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$`,
  `CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON astold.entry DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION astold.cut()`,
];

test('of many stops in one commit each is told that it may have been recorded, and none is tried again', async () => {
  // The source is read, and its secrets are drawn.
  const before = must(await stop('M001'));
  await club.made.asOwner(async (client) => {
    for (const statement of cut) await client.query(statement);
  });
  const people = ['M002', 'M003', 'M004', 'M005', 'M006', 'M007'];
  const settled = await Promise.allSettled(people.map(stop));
  expect(settled.map(codeOf)).toEqual(people.map(() => 'commit-unknown'));
  const cuts = await club.made.asOwner(async (client) => {
    await client.query('DROP TRIGGER cut ON astold.entry');
    const { rows } = await client.query<{ cuts: bigint }>('SELECT last_value AS cuts FROM astold.cuts');
    return rows[0]?.cuts;
  });
  // A commit for all who had come by then; tried again alone, each would be one more.
  expect(Number(cuts)).toBeLessThan(people.length);
  // This time nothing of it was, and what comes after goes on behind what was.
  expect(must(await stop('M002')).entry).toBe(before.entry + 1);
});
