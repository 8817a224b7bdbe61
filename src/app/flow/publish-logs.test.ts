/** What was acknowledged is published within seconds, and a state put back to before it is found out. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databases } from '../../store/postgres/databases.fixture.ts';
import { publishedText } from '../../store/standing-checkpoint.ts';
import { type FlowFixture, flowFixture, must, officer } from './flow.fixture.ts';
import { freeze } from './freeze.ts';
import { publishLogs } from './publish-logs.ts';
import { rootOf } from './workspace-of.ts';

describe.each(databases)('on $name', (database) => {
  let club: FlowFixture;
  beforeAll(async () => {
    club = await flowFixture(database);
  });
  afterAll(() => club.drop());
  const publishedSize = async (): Promise<number> =>
    Number((await publishedText(rootOf(club.service, club.org)))?.split('\n')[1] ?? -1);

  test('a log that has grown is published, and one that has not is left alone', async () => {
    must(await freeze(club.service, officer, { kind: 'everything', subject: null, words: 'an inquiry' }));
    expect(await publishLogs(club.service)).toEqual({ published: 1, failed: 0 });
    const size = await publishedSize();
    expect(size).toBeGreaterThan(0);
    expect(await publishLogs(club.service)).toEqual({ published: 0, failed: 0 });
    expect(await publishedSize()).toBe(size);
  });

  test('a state that is one freeze old appends nothing more', async () => {
    const { state } = club.made;
    const head = () => state.as(club.org, (tx) => tx.selectFrom('freeze').select('id').execute());
    const before = (await head()).length;
    // As a copy of the database from before it would stand: the log's head taken back behind what is published.
    await state.as(club.org, async (tx) => {
      const { sql } = await import('kysely');
      await sql`UPDATE log_head SET size = 0, edge = ''::bytea`.execute(tx);
    });
    const again = freeze(club.service, officer, { kind: 'everything', subject: null, words: 'another' });
    await expect(again).rejects.toMatchObject({
      code: expect.stringMatching(/^ledger-(behind|damaged|forked)$/),
    });
    expect((await head()).length).toBe(before);
  });
});
