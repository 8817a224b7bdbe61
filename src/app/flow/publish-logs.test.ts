/** What was acknowledged is published within seconds, and a state put back to before it is found out. */
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { signerOf } from '../../log/keys.ts';
import { databases } from '../../store/postgres/databases.fixture.ts';
import { publishedText } from '../../store/standing-checkpoint.ts';
import { type FlowFixture, flowFixture, must, officer, steward } from './flow.fixture.ts';
import { freeze } from './freeze.ts';
import { publishLogs } from './publish-logs.ts';
import { putDocument } from './put-document.ts';
import { readDocument } from './read-document.ts';
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

  test('a steward has the server ask nobody in its own network', async () => {
    let asked = 0;
    const inside = createServer((_, response) => {
      asked += 1;
      response.writeHead(404).end();
    });
    await new Promise<void>((done) => inside.listen(0, '127.0.0.1', done));
    const { port } = inside.address() as AddressInfo;
    const { vkey } = signerOf('witness', 'inside', generateKeyPairSync('ed25519').privateKey).verifier;
    const path = 'astold.yaml';
    const { text, version } = must(await readDocument(club.service, steward, { path }));
    const named = { name: 'inside', url: `http://127.0.0.1:${port}`, key: vkey };
    const witnesses = stringify({ ...parse(text), witnesses: [named], 'witness-policy': 0 });
    must(await putDocument(club.service, steward, { path, text: witnesses, version }));
    must(
      await freeze(club.service, officer, { kind: 'party', subject: 'example-toys', words: 'an inquiry' }),
    );
    expect(await publishLogs(club.service)).toEqual({ published: 1, failed: 0 });
    // Where the service is only tried out, a witness may be tried on the same machine.
    expect(asked).toBe(club.made.state.kind === 'postgres' ? 0 : 1);
    await new Promise((done) => inside.close(done));
  });

  test('a state that is one freeze old appends nothing more', async () => {
    const { state } = club.made;
    const head = () => state.as(club.org, (tx) => tx.selectFrom('freeze').select('id').execute());
    const before = (await head()).length;
    // As a copy of the database from before it would stand: the log's head taken back behind what is published.
    await state.as(club.org, async (tx) => {
      const { sql } = await import('kysely');
      await sql`UPDATE log_head SET size = 0, edge = ''::bytea, published = 'of an earlier checkpoint'`.execute(
        tx,
      );
    });
    const again = freeze(club.service, officer, { kind: 'everything', subject: null, words: 'another' });
    await expect(again).rejects.toMatchObject({
      code: expect.stringMatching(/^ledger-(behind|damaged|forked)$/),
    });
    expect((await head()).length).toBe(before);
  });
});
