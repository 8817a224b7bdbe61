/** Takes away, for tests, what the service's own login may not. */
import type { TestState } from './databases.fixture.ts';

/** Of each table the organisation's rows, or those `where` is true of. Nobody else may ask anything meanwhile. */
export async function deleteRows(
  made: Pick<TestState, 'asOwner'>,
  org: string,
  tables: readonly string[],
  where = 'true',
): Promise<void> {
  await made.asOwner(async (client) => {
    await client.query("SELECT set_config('app.org', $1, false)", [org]);
    try {
      for (const table of tables) await client.query(`DELETE FROM astold."${table}" WHERE ${where}`);
    } finally {
      await client.query("SELECT set_config('app.org', '', false)");
    }
  });
}
