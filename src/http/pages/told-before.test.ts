/** A notice that was changed under its id: the pages say so, offer it as it was, and what somebody said yes to is all of it. */
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { must, steward } from '../../app/flow/flow.fixture.ts';
import { ingestSource } from '../../app/flow/ingest-source.ts';
import { putUnchecked } from '../../app/flow/put-unchecked.fixture.ts';
import { readDocument } from '../../app/flow/read-document.ts';
import type { Actor } from '../../app/flow/service.ts';
import { findPerson, findPersonInput } from '../../app/window/find-person.ts';
import { standingOf } from '../../app/window/standing.ts';
import { type WindowFixture, windowFixture } from '../../app/window/window.fixture.ts';
import { dayOf } from '../../policy/dates.ts';
import { day as longDay } from '../../policy/figures.ts';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import { failHandler } from '../fail.ts';
import { requestRate } from '../rate-limit.ts';
import type { Seen } from '../seen.ts';
import { flowPages } from './all.ts';

const path = 'notices/web-1.md';
const before = 'Example Toys Ltd may choose me by the ages of my children and send me offers by post';
const now = 'Example Mailing Ltd may choose me by the ages of my children and send me offers by post';

// What of the database matters is tested with the use cases.
describe.each(oneDatabase)('on $name', (database) => {
  let club: WindowFixture;
  let app: Hono<Seen>;
  let asker: Actor;
  beforeAll(async () => {
    club = await windowFixture(database);
    const joined = dayOf(Date.now() + 60 * 86_400_000);
    const late = `M099,Zoe,Zant,99 Larch Row,ZZ9 9ZZ,zoe@people.example,${joined},web@1,Y,,\n`;
    await appendFile(join(club.service.data, club.org, 'data/members.csv'), late);
    app = new Hono<Seen>();
    app.onError(failHandler(club.service.url));
    app.route(
      '/',
      flowPages({ service: club.service, actorOf: async () => asker, rate: requestRate(1_000_000) }),
    );
    must(await ingestSource(club.service, steward, { source: 'members' }));
    await club.work();
    asker = club.member('ada@people.example');
  }, 180_000);
  afterAll(() => club.drop());

  type Fields = Readonly<Record<string, string>>;
  const at = (to: string): string => `${club.service.url}/organisations/${club.org}${to}`;
  async function asked(to: string, form?: Fields): Promise<string> {
    const response = await app.request(at(to), {
      headers: { 'Sec-Fetch-Site': 'same-origin' },
      ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
    });
    const next = response.headers.get('Location');
    return next === null ? response.text() : asked(next.replace(`/organisations/${club.org}`, ''));
  }
  async function change(edit: (text: string) => string): Promise<void> {
    const { text } = must(await readDocument(club.service, steward, { path }));
    expect(edit(text)).not.toBe(text);
    await putUnchecked(club.service, club.org, new Map([[path, edit(text)]]));
  }
  const stopped = async (): Promise<readonly string[]> => {
    const member = club.member('ada@people.example');
    const [standing] = await standingOf(club.service, member);
    return [...new Set(standing?.stops.map(({ scope }) => scope.organisation))].sort();
  };
  const notSaid = /was changed on|we changed what we take/;

  test('a notice that was never changed is said to be what they were shown', async () => {
    expect(await asked('/details/told')).toContain('These are the words you were shown');
    for (const page of ['/details/told', '/details/told/1', '/copy/csv'])
      expect(await asked(page)).not.toMatch(notSaid);
    expect(await asked('/say/withdraw')).not.toContain('They were changed since');
  });

  test('words that were taken to say something else are said to be the same', async () => {
    club.pass(1);
    await change((text) => text.replace(/ {2}- id: no-sale[\s\S]*?(?=---\n)/, ''));
    const told = await asked('/details/told');
    expect(told).toContain('These are the words you were shown');
    expect(told).toMatch(/Its words are still the same. But on [^<]+ we changed what we take them to mean/);
    const page = await asked('/details/told/1');
    const [nowPart = '', beforePart = ''] = page.split('id="before-1"');
    expect(nowPart).not.toContain('They promise never to');
    expect(beforePart).toContain('They promise never to');
  });

  test('words that were others are offered as they were, with the day, wherever the notice is shown', async () => {
    club.pass(40);
    const day = longDay(dayOf(club.service.now().getTime()));
    await change((text) =>
      text.replaceAll(before, now).replace(/controllers: \[example-toys\]/, 'controllers: [example-mailing]'),
    );
    const told = await asked('/details/told');
    expect(told).not.toContain('These are the words you were shown');
    expect(told).toContain(`This notice was changed on ${day}, after it was shown to you.`);
    const page = await asked('/details/told/1');
    expect(page).toContain('href="#before-1"');
    const [nowPart = '', ...beforeParts] = page.split(/id="before-\d"/);
    expect([nowPart.includes(now), nowPart.includes(before)]).toEqual([true, false]);
    expect(beforeParts.some((part) => part.includes(before))).toBe(true);
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, to] of page.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(to);
    const copy = await asked('/copy/csv');
    expect(copy).toMatch(/Notice web@1, as it was until [^,]+,[^\n]*Example Toys Ltd may choose me/);
    expect(copy).toMatch(/This notice was changed on/);
  });

  test('whoever was shown it after it was changed was shown what stands', async () => {
    asker = club.member('zoe@people.example');
    for (const page of ['/details/told', '/details/told/1']) {
      const shown = await asked(page);
      expect(shown).toContain('otice shown on a website');
      expect(shown).not.toMatch(notSaid);
    }
    asker = club.member('ada@people.example');
  });

  test('the words of a yes are not said to be those of today, and taking it back stops all that it may have named', async () => {
    const list = await asked('/say/withdraw');
    expect(list).toContain('They were changed since you said yes');
    const which = /name="which"[^>]*value="([^"]+)"/.exec(list)?.[1] ?? '';
    const check = await asked('/say/withdraw', { which });
    expect(check).not.toContain('You said yes to this');
    expect(check).toContain('The words, as they are now');
    for (const name of ['Example Toys Ltd', 'Example Mailing Ltd'])
      expect(check).toContain(`<bdi>${name}</bdi>`);
    expect(await stopped()).toEqual([]);
    await asked('/say/withdraw', { which, sure: 'yes' });
    expect(await stopped()).toEqual(['example-mailing', 'example-toys']);
    expect(await asked('/say/withdraw')).not.toContain(`value="${which}"`);
    const again = await asked('/say/allow', { yes: which });
    expect(again).toContain('The words, as they are now');
  });

  test('at the desk the words are said to be those of now, and a yes taken back is all that they ever named', async () => {
    asker = steward;
    const found = findPersonInput.parse({ reason: 'they rang', record: 'M002' });
    const desk = async (): Promise<string> =>
      `/desk/found/${must(await findPerson(club.service, steward, found)).lookUp}/1/say`;
    const plain = { consent: 'web@1|toy-offers', signed: '', received: '', by: 'phone', step: 'check' };
    const taken = await asked(await desk(), { ...plain, kind: 'withdrawal' });
    expect(taken).toContain('may have been others when they were put to them');
    for (const name of ['Example Toys Ltd', 'Example Mailing Ltd']) expect(taken).toContain(name);
    club.pass(3);
    const called = await asked(await desk(), { ...plain, kind: 'consent', received: dayOf(Date.now()) });
    expect(called).toContain('may have been others when they were put to them');
    const yes = await asked(await desk(), { ...plain, kind: 'consent' });
    expect(yes).toContain('Example Mailing Ltd');
    expect(yes).not.toContain('may have been others when they were put to them');
    expect(yes.replace(/<q[\s\S]*?<\/q>/g, '')).not.toContain('Example Toys Ltd');
  });
});
