/** Something comes in between what is said: what is recorded is given with its receipts, and of the rest it is said what to do. */
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { must, steward } from '../../app/flow/flow.fixture.ts';
import { listOwnPreferences } from '../../app/flow/list-own-preferences.ts';
import type { Actor } from '../../app/flow/service.ts';
import { rootOf } from '../../app/flow/workspace-of.ts';
import { findPerson, findPersonInput } from '../../app/window/find-person.ts';
import { type Letters, sendLetters } from '../../app/window/letter.fixture.ts';
import { letterGround } from '../../app/window/letter-ground.ts';
import { type WindowFixture, windowFixture } from '../../app/window/window.fixture.ts';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import { withRoomFor } from '../../store/postgres/fill-up.fixture.ts';
import { english } from '../../words/words.ts';
import { openAttempts } from '../auth/attempts.ts';
import { failHandler } from '../fail.ts';
import { requestRate } from '../rate-limit.ts';
import type { Seen } from '../seen.ts';
import { flowPages } from './all.ts';
import { publicPages } from './public-pages.ts';

const base = 'https://astold.example';
const { title, lead } = english.problem;
const events = /pe-[0-9a-f]{16}/g;

// What of the database matters is tested with the use cases.
describe.each(oneDatabase)('on $name', (database) => {
  let club: WindowFixture;
  let letters: Letters;
  let app: Hono<Seen>;
  let asker: Actor;
  beforeAll(async () => {
    club = await windowFixture(database);
    const at = '1 Larch Row,ZZ1 1ZZ';
    const twin = `H004,Ada,Other,${at},ada@people.example,2026-03-01,web@1,Y,,\n`;
    const other = `H001,Al,Amberley,${at},al@people.example,2026-03-01,web@1,Y,,\n`;
    await appendFile(join(club.service.data, club.org, 'data/members.csv'), `${twin}${other}`);
    letters = await sendLetters(club);
    const attempts = openAttempts({ state: club.made.state, secret: 'a secret of thirty-two characters' });
    app = new Hono<Seen>();
    app.onError(failHandler(base));
    app.route('/', publicPages({ service: club.service, attempts, addressOf: () => '192.0.2.1' }));
    const actorOf = async () => asker;
    app.route('/', flowPages({ service: club.service, actorOf, rate: requestRate(1_000_000) }));
  }, 180_000);
  afterAll(() => club.drop());

  const home = (): string => `/organisations/${club.org}`;
  async function post(path: string, fields: Readonly<Record<string, string>>) {
    const body = new URLSearchParams(fields).toString();
    const type = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const headers = { ...type, 'Content-Length': String(body.length), Accept: 'text/html' };
    const answer = await app.request(`${base}${path}`, { method: 'POST', headers, body });
    return { status: answer.status, to: answer.headers.get('Location'), page: await answer.text() };
  }
  const headed = (page: string): string => /<h1>([^<]*)/.exec(page)?.[1] ?? '';
  const onceIn = (page: string): string => /name="once" value="([^"]+)"/.exec(page)?.[1] ?? '';
  const shown = (page: string): readonly string[] => [...new Set(page.match(events) ?? [])];

  test('of a letter whose stop is recorded in part the receipt of that part is given, and it can be sent again', async () => {
    // As if it had gone out in two ways: what is read of a release once is kept.
    const { context } = await letterGround(rootOf(club.service, club.org), letters.release);
    const before = context.request.contactChannels;
    Object.assign(context.request, { contactChannels: ['post', 'email'] });
    try {
      const code = letters.codes.get('Rosa') ?? '';
      const form = { code, once: onceIn((await post('/letter', { code })).page) };
      const { page } = await withRoomFor(club.made, 1, () => post('/letter/stop', form));
      expect(headed(page)).toBe(title.partly);
      expect(page.match(/data:application\/json/g)).toHaveLength(1);
      expect(page).not.toContain(english.letter.stopped.next);
      expect(page).toContain(`name="code" value="${code}"`);
      const again = await post('/letter/stop', form);
      expect([again.status, headed(again.page)]).toEqual([200, english.letter.stopped.title]);
      expect(again.page.match(/data:application\/json/g)).toHaveLength(2);
    } finally {
      Object.assign(context.request, { contactChannels: before });
    }
  });

  test('a letter whose stop is not recorded says so, with its code, whom to write to, and the same form', async () => {
    const code = letters.codes.get('Rosa') ?? '';
    const { page: before } = await post('/letter', { code });
    const form = { code, once: onceIn(before) };
    const { status, page } = await withRoomFor(club.made, 0, () => post('/letter/stop', form));
    expect([status, headed(page)]).toEqual([507, title.undone]);
    expect(page).toContain(`<code>${code}</code>`);
    expect(page).toContain('Example Club');
    const hidden = [...page.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)];
    const same = Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value]));
    expect(same).toEqual(form);
    expect(headed((await post('/letter/stop', same)).page)).toBe(english.letter.stopped.title);
  });

  test('a member of whose two records one is stopped is shown its receipt, and what to do for the other', async () => {
    asker = club.member('ada@people.example');
    const { status, page } = await withRoomFor(club.made, 1, () => post(`${home()}/say/stop`, { for: 'me' }));
    expect([status, headed(page)]).toEqual([507, title.partly]);
    expect(page).toContain(lead.partly);
    const { items } = must(await listOwnPreferences(club.service, asker, {}));
    const [event = ''] = shown(page);
    expect(shown(page)).toEqual([event]);
    expect(items.map((item) => item.event)).toContain(event);
    expect(page).toContain(`href="${home()}/receipts/${event}"`);
    expect(page).toContain(`href="${home()}/say"`);
    expect(page).not.toMatch(/auth\/(?:staff|members)|astold organisation/);
  });

  test('of a home that is stopped in part only what is recorded is said to be, and of the rest nothing is sure', async () => {
    asker = club.member('ada@people.example');
    const { page } = await withRoomFor(club.made, 2, () => post(`${home()}/say/stop`, { for: 'home' }));
    expect([headed(page), page]).toEqual([title.partly, expect.stringContaining(lead.partlyUnknown)]);
    expect(shown(page)).toHaveLength(2);
  });

  test('a member whose words were not recorded has them still, and sends them again', async () => {
    asker = club.member('dev@people.example');
    const form = { field: 'surname', value: 'Fenn', record: '1', sure: 'yes' };
    const erased = await withRoomFor(club.made, 0, () => post(`${home()}/say/erase`, { sure: 'yes' }));
    expect([erased.status, headed(erased.page)]).toEqual([507, title.undone]);
    const refused = await withRoomFor(club.made, 0, () =>
      post(`${home()}/say/stop-one/channel`, { term: 'post', sure: 'yes' }),
    );
    expect(headed(refused.page)).toBe(title.undone);
    expect(refused.page).toContain('name="term" value="post"');
    expect((await post(`${home()}/say/correct`, form)).status).toBe(303);
  });

  test('at the desk what was keyed stands below what went wrong, and what is recorded of it above', async () => {
    asker = steward;
    const asked = findPersonInput.parse({ reason: 'they rang', record: 'M002' });
    const { lookUp } = must(await findPerson(club.service, steward, asked));
    const form = { kind: 'objection', by: 'letter', signed: '2026-01-02', received: '2026-01-05' };
    const path = `${home()}/desk/found/${lookUp}/1/say`;
    const sent = { ...form, channel: 'post', step: 'record' };
    const { page } = await withRoomFor(club.made, 0, () => post(path, sent));
    expect(headed(page)).toBe(title.undone);
    expect(page).toContain(english.problem.desk.keep);
    expect(page).toMatch(/<dt>Received on<\/dt><dd><span class="typed">2026-01-05/);
    expect(page).toMatch(/<dd><span class="typed">By letter/);
  });
});
