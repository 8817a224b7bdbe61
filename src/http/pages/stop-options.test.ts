import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changeDocuments } from '../../app/flow/change-documents.ts';
import { documentSet, documentTexts } from '../../app/flow/current-documents.ts';
import { putUnchecked } from '../../app/flow/put-unchecked.fixture.ts';
import { done } from '../../app/flow/service.ts';
import { sendLetters } from '../../app/window/letter.fixture.ts';
import { ownKeyed } from '../../app/window/record-key.ts';
import { recordOwn } from '../../app/window/record-own.ts';
import { standingOf } from '../../app/window/standing.ts';
import { type WindowFixture, windowFixture } from '../../app/window/window.fixture.ts';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import { deleteRows } from '../../store/postgres/delete-rows.fixture.ts';
import { failHandler } from '../fail.ts';
import { requestRate } from '../rate-limit.ts';
import type { Seen } from '../seen.ts';
import { flowPages } from './all.ts';

const base = 'https://club.example';

describe.each(oneDatabase)('who can be stopped, on $name', (database) => {
  let club: WindowFixture;
  let app: Hono<Seen>;
  beforeAll(async () => {
    club = await windowFixture(database);
    await sendLetters(club);
    app = new Hono<Seen>();
    app.onError(failHandler(base));
    const actorOf = async () => club.member('ada@people.example');
    app.route('/', flowPages({ service: club.service, actorOf, rate: requestRate(1_000_000) }));
    await leave();
  }, 180_000);
  afterAll(() => club.drop());

  /**
   * Example Toys goes, and every document speaks of another firm. A duty keeps its party in the register: this release is one
   * that was not sealed, and opened none.
   */
  async function leave(): Promise<void> {
    const { service, org } = club;
    await deleteRows(club.made, org, ['duty']);
    const texts = await service.state.as(org, async (tx) =>
      documentTexts(tx, org, await documentSet(tx, org)),
    );
    const keys = /(id: example-toys\n) +age-key: .*\n +signing-key: .*\n/;
    const renamed = (text: string): string =>
      text
        .replace(keys, '$1')
        .replaceAll('example-toys', 'example-games')
        .replaceAll('Example Toys', 'Example Games');
    // What a second person signed is another statement now, and its fault says which.
    const stale = await changeDocuments(
      service,
      org,
      's.steward',
      new Map([...texts].map(([path, text]) => [path, renamed(text)])),
      async (_, apply) => {
        await apply();
        return done(null);
      },
    );
    const digest = stale.kind === 'refused' ? /[0-9a-f]{64}/.exec(stale.message)?.[0] : undefined;
    // No notice that was shown can be changed so any more: it is as it may have been done before.
    const signed = (text: string): string => text.replace(/^digest: [0-9a-f]{64}$/m, `digest: ${digest}`);
    const last = [...texts].map(([path, text]) => [path, signed(renamed(text))] as const);
    await putUnchecked(service, org, new Map(last));
  }

  const at = (path: string): string => `${base}/organisations/${club.org}${path}`;
  const post = async (fields: Readonly<Record<string, string>>): Promise<Response> =>
    app.request(at('/say/stop-one/organisation'), { method: 'POST', body: new URLSearchParams(fields) });
  const stops = async (): Promise<number> =>
    (await standingOf(club.service, club.member('ada@people.example'))).flatMap((one) => one.stops).length;

  test('whoever got the details and has left the register since is offered beside those who are in it', async () => {
    const page = await (await app.request(at('/say/stop-one/organisation'))).text();
    expect(page).toContain('value="example-games"');
    expect(page).toMatch(/value="example-toys">\s*<span><bdi>Example Toys Ltd<\/bdi>/);
    expect(page.split('They are not in the register any more.')).toHaveLength(2);
  });

  test('a stop of who is in no register is refused, and the stop of everything offered in its place', async () => {
    const before = await stops();
    const member = club.member('ada@people.example');
    const [own] = await ownKeyed(club.service, member);
    if (own === undefined) throw new RangeError('no record is theirs');
    const said = { kind: 'objection', organisation: 'example-toys' };
    expect(await recordOwn(club.service, member, own, said)).toMatchObject({ code: 'preference-refused' });
    const sent: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
      [{ term: 'example-toys' }, '<bdi>Example Toys Ltd</bdi> cannot be stopped alone'],
      [{ term: 'example-toys', sure: 'yes' }, '<bdi>Example Toys Ltd</bdi> cannot be stopped alone'],
      [{ term: 'example-nobody', sure: 'yes' }, 'They cannot be stopped alone'],
    ];
    for (const [fields, text] of sent) {
      const response = await post(fields);
      const page = await response.text();
      expect([response.status, page]).toEqual([200, expect.stringContaining(text)]);
      expect(page).toContain(`action="/organisations/${club.org}/say/stop"`);
    }
    expect(await stops()).toBe(before);
    const nothing = await post({});
    expect([nothing.status, await nothing.text()]).toEqual([422, expect.stringContaining('Choose one')]);
    expect((await post({ term: 'example-games', sure: 'yes' })).status).toBe(303);
    expect(await stops()).toBe(before + 1);
  });
});
