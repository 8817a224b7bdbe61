/** A database that has no room left once so many entries of the log are written, for tests of what comes in between. */
import type { TestState } from './databases.fixture.ts';

const asked = (entries: number): readonly string[] => [
  'CREATE SEQUENCE astold.room',
  `CREATE FUNCTION astold.full_up() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN
      IF nextval('astold.room') > ${entries} THEN RAISE EXCEPTION 'no room' USING ERRCODE = '53100'; END IF;
      RETURN NEW;
    END $$`,
  'CREATE TRIGGER full_up BEFORE INSERT ON astold.entry FOR EACH ROW EXECUTE FUNCTION astold.full_up()',
];
const gone = [
  'DROP TRIGGER full_up ON astold.entry',
  'DROP FUNCTION astold.full_up',
  'DROP SEQUENCE astold.room',
];

/** What `work` gives, in a database with room for so many entries. */
export async function withRoomFor<T>(
  made: Pick<TestState, 'asOwner'>,
  entries: number,
  work: () => Promise<T>,
): Promise<T> {
  const run = (statements: readonly string[]): Promise<void> =>
    made.asOwner(async (client) => {
      for (const statement of statements) await client.query(statement);
    });
  await run(asked(entries));
  try {
    return await work();
  } finally {
    await run(gone);
  }
}
