import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { must, officer } from '../../app/flow/flow.fixture.ts';
import type { Actor } from '../../app/flow/service.ts';
import { copiedView } from '../../app/window/copied.ts';
import { copyDetails, copyDetailsInput } from '../../app/window/copy-details.ts';
import { openCase, openCaseInput } from '../../app/window/open-case.ts';
import { showCase } from '../../app/window/show-case.ts';
import { type WindowFixture, windowFixture } from '../../app/window/window.fixture.ts';
import { passedOnWithin } from '../../app/window/write-passed-on.ts';
import { addPeriod, dayOf } from '../../policy/dates.ts';
import { day } from '../../policy/figures.ts';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import { english } from '../../words/words.ts';
import { failHandler } from '../fail.ts';
import { requestRate } from '../rate-limit.ts';
import type { Seen } from '../seen.ts';
import { flowPages } from './all.ts';

const base = 'https://club.example';

// What of the database matters is tested with the use cases.
describe.each(oneDatabase)('what a member says, on $name', (database) => {
  let club: WindowFixture;
  let app: Hono<Seen>;
  let asker: Actor;
  beforeAll(async () => {
    club = await windowFixture(database);
    const twin = 'H004,Ada,Other,1 Larch Row,ZZ1 1ZZ,ada@people.example,2026-03-01,web@1,Y,,\n';
    await appendFile(join(club.service.data, club.org, 'data/members.csv'), twin);
    app = new Hono<Seen>();
    app.onError(failHandler(base));
    const actorOf = async () => asker;
    app.route('/', flowPages({ service: club.service, actorOf, rate: requestRate(1_000_000) }));
  }, 180_000);
  afterAll(() => club.drop());

  const at = (path: string): string => `${base}/organisations/${club.org}${path}`;
  const get = async (path: string): Promise<Response> => app.request(at(path));
  const post = async (path: string, fields: Readonly<Record<string, string>>): Promise<Response> =>
    app.request(at(path), { method: 'POST', body: new URLSearchParams(fields) });
  const caseOf = (sent: Response): string =>
    /cases\/([0-9a-f-]+)/.exec(sent.headers.get('Location') ?? '')?.[1] ?? '';

  test.each(['copy', 'complain'])('of several records the one is asked for that /%s is of', async (path) => {
    asker = club.member('ada@people.example');
    const words = `All of it, by ${path}.`;
    expect(await (await get(`/say/${path}`)).text()).toContain('Which of your records?');
    const unsaid = await post(`/say/${path}`, { words, sure: 'yes' });
    expect([unsaid.status, await unsaid.text()]).toEqual([
      422,
      expect.stringContaining('Choose which record'),
    ]);
    const check = await (await post(`/say/${path}`, { words, record: '1' })).text();
    expect(check).toContain('name="record" value="1"');
    const of: string[] = [];
    for (const record of ['1', '2']) {
      const id = caseOf(await post(`/say/${path}`, { words, record, sure: 'yes' }));
      if (path === 'complain')
        of.push(must(await showCase(club.service, officer, { case: id })).record ?? '');
      else of.push(await copiedFor(id));
    }
    expect(of.sort()).toEqual(['H004', 'M001']);
  });

  async function copiedFor(id: string): Promise<string> {
    const input = copyDetailsInput.parse({ case: id });
    const { stream } = must(await copyDetails(club.service, officer, input, english));
    const parts: Uint8Array[] = [];
    for await (const part of stream) parts.push(part);
    return copiedView
      .parse(JSON.parse(Buffer.concat(parts).toString('utf8')))
      .records.map(({ record }) => record)
      .join();
  }

  test('whoever has one record is not asked which', async () => {
    asker = club.member('ben@people.example');
    expect(await (await get('/say/complain')).text()).not.toContain('Which of your records?');
    const sent = await post('/say/complain', { words: 'It was late.', sure: 'yes' });
    expect(must(await showCase(club.service, officer, { case: caseOf(sent) })).record).toBe('M002');
  });

  test('an open request for a copy ends with one that is taken, and with none that is only looked at', async () => {
    const ben = club.member('ben@people.example');
    asker = ben;
    expect(await (await get('/say/copy')).text()).toContain(`href="/organisations/${club.org}/copy/csv"`);
    const { case: id } = must(await openCase(club.service, ben, openCaseInput.parse({ kind: 'access' })));
    const page = await (await get('/say/copy')).text();
    expect(page).toContain(`action="/organisations/${club.org}/copy/csv"`);
    expect(page).toContain('That request ends when you take one here');
    const state = async () => must(await showCase(club.service, ben, { case: id })).state;
    expect((await get('/copy/csv')).status).toBe(200);
    expect(await state()).toBe('open');
    const taken = await post('/copy/csv', {});
    expect([taken.status, taken.headers.get('Content-Disposition')]).toEqual([
      200,
      expect.stringMatching(/^attachment; filename="copy-[0-9-]+\.csv"$/),
    ]);
    expect(await state()).toBe('done');
    asker = officer;
    expect((await post('/copy/csv', {})).status).toBe(404);
  });

  test('uses are named in plain words, and what else a stop takes back with it is said of each alike', async () => {
    asker = club.member('dev@people.example');
    expect(await (await get('/say/stop-one/purpose')).text()).toContain(
      'to offer you things (direct marketing)',
    );
    const sent = await post('/say/stop-one/purpose', { term: 'dpv:DirectMarketing', sure: 'yes' });
    expect(sent.status).toBe(303);
    const stop = /name="stop" value="([^"]+)"/.exec(await (await get('/say/allow')).text())?.[1] ?? '';
    const page = await (await post('/say/allow', { stop })).text();
    expect(page).toContain('to offer you things (direct marketing)');
    expect(page).toContain('from another record with the same details');
    expect((await post('/say/allow', { stop, sure: 'yes', lift: 'yes' })).status).toBe(303);
  });

  describe('whoever signed in, and is in no record', () => {
    const typed = { words: 'They <sold> my address.', sure: 'yes' };
    const lead = 'has no record that can be shown under your e-mail address';

    test.each([
      ['complain', typed],
      ['copy', typed],
      ['erase', { sure: 'yes' }],
      ['correct', { field: 'surname', value: 'Amber', sure: 'yes' }],
      ['safe', { safe: 'yes' }],
    ])(
      'is told what to do next instead of the form of /say/%s, and of one that was sent',
      async (path, form) => {
        asker = club.member('nobody@people.example');
        const first = await get(`/say/${path}`);
        const page = await first.text();
        expect([first.status, page]).toEqual([200, expect.stringContaining(lead)]);
        expect(page).toContain('What you can do');
        expect(page).not.toContain(`action="/organisations/${club.org}/say/${path}"`);
        expect(page).not.toContain('Which of your records?');
        expect(page).not.toContain('Nothing was sent');
        const sent = await post(`/say/${path}`, form);
        const after = await sent.text();
        expect([sent.status, after]).toEqual([200, expect.stringContaining(lead)]);
        expect(after).toContain('Nothing was sent, and nothing was recorded.');
        if ('value' in form) expect(after).toMatch(/<input readonly [^>]*value="Amber">/);
        if ('words' in form) expect(after).toContain('They &lt;sold&gt; my address.');
      },
    );

    test.each([
      '',
      '/stop',
      '/stop-one',
      '/stop-one/channel',
      '/stop-one/organisation',
      '/withdraw',
      '/allow',
    ])('is told so by /say%s before anything is typed', async (path) => {
      asker = club.member('nobody@people.example');
      const first = await get(`/say${path}`);
      const page = await first.text();
      expect([first.status, page]).toEqual([200, expect.stringContaining(lead)]);
      expect(page).not.toMatch(/action="[^"]*\/say/);
      expect(page).not.toContain(`href="/organisations/${club.org}/say`);
      asker = club.member('ben@people.example');
      expect(await (await get(`/say${path}`)).text()).not.toContain(lead);
    });

    test.each([
      ...['/details/told', '/details/told/1', '/details/held', '/details/said', '/details/lists/toys-1'],
      ...['/prove', '/prove/toys-1?record=1', '/cases', '/answers'],
    ])('is told so by %s, and nothing that may be untrue', async (path) => {
      asker = club.member('nobody@people.example');
      const first = await get(path);
      expect([first.status, await first.text()]).toEqual([200, expect.stringContaining(lead)]);
    });

    test.each([
      ['/say/withdraw', { which: '0:web@1:toy-offers', sure: 'yes' }],
      ['/say/allow', { stop: '0:pe-0000000000000000' }],
      ['/say/stop-one/organisation', { term: 'somebody-gone' }],
      ['/say/stop', { for: 'me' }],
      ['/say/stop', { for: 'home' }],
      ['/say/stop-one/channel', { term: 'post', sure: 'yes' }],
    ])('is told so by %s as well', async (path, form) => {
      asker = club.member('nobody@people.example');
      const sent = await post(path, form);
      const page = await sent.text();
      expect([sent.status, page]).toEqual([200, expect.stringContaining(lead)]);
      expect(page).toContain('Nothing was sent, and nothing was recorded.');
    });
  });

  /** The event of a stop of one way to reach them. */
  const stopOfDev = async (): Promise<string> => {
    asker = club.member('dev@people.example');
    const sent = await post('/say/stop-one/channel', { term: 'post', sure: 'yes' });
    return /receipts=(pe-[0-9a-f]{16})/.exec(sent.headers.get('Location') ?? '')?.[1] ?? '';
  };

  const eventIn = (sent: Response): string =>
    /receipts=(?:pe-[0-9a-f]{16},)*(pe-[0-9a-f]{16})$/.exec(sent.headers.get('Location') ?? '')?.[1] ?? '';
  const withdrawnByAda = async (): Promise<string> => {
    asker = club.member('ada@people.example');
    const which = /name="which" value="([^"]+)"/.exec(await (await get('/say/withdraw')).text())?.[1] ?? '';
    return eventIn(await post('/say/withdraw', { which, sure: 'yes' }));
  };

  test.each(['/passed-on', '/requests', '/people'])(
    'a page of staff, %s, says to a member whose it is, and no name of a program',
    async (path) => {
      asker = club.member('dev@people.example');
      const refused = await app.request(at(path), { headers: { Accept: 'text/html' } });
      const page = await refused.text();
      expect([refused.status, page]).toEqual([403, expect.stringContaining('for the people who work there')]);
      expect(page).not.toMatch(/\b(?:list|show)-[a-z]+/);
    },
  );

  test('nothing is said to be done to somebody who did not do it', async () => {
    const event = await stopOfDev();
    expect((await get(`/say/done/stopped?receipts=${event}`)).status).toBe(200);
    for (const path of ['stopped', 'withdrawn', 'allowed', 'lifted', 'safe'])
      expect([path, (await get(`/say/done/${path}`)).status]).toEqual([path, 303]);
    expect((await get('/say/done/unsafe')).status).toBe(200);
    asker = club.member('ben@people.example');
    expect((await get(`/say/done/stopped?receipts=${event}`)).status).toBe(303);
  });

  test('of each thing done the receipt is one of that thing: no other says so, nor stands beside it', async () => {
    const dev = await stopOfDev();
    const withdrawn = await withdrawnByAda();
    const yes = /name="yes" value="([^"]+)"/.exec(await (await get('/say/allow')).text())?.[1] ?? '';
    const given = await post('/say/allow', { yes, sure: 'yes', say: 'yes', 'lift-0': 'none' });
    expect(given.headers.get('Location')).toContain('/say/done/allowed?');
    const allowed = eventIn(given);
    const stopped = eventIn(await post('/say/stop-one/channel', { term: 'email', sure: 'yes' }));
    const lifts = /name="stop" value="([^"]+)"/.exec(await (await get('/say/allow')).text())?.[1] ?? '';
    const lifted = eventIn(await post('/say/allow', { stop: lifts, sure: 'yes', lift: 'yes' }));
    const said = { stopped, withdrawn, lifted, allowed };
    for (const event of Object.values(said)) expect(event).toMatch(/^pe-/);
    for (const what of Object.keys(said))
      for (const [of, event] of Object.entries(said)) {
        const page = await get(`/say/done/${what}?receipts=${event}`);
        expect([what, of, page.status]).toEqual([what, of, what === of ? 200 : 303]);
      }
    const none = 'pe-0000000000000000';
    const all = [none, allowed, dev, stopped, stopped, withdrawn].join(',');
    const page = await (await get(`/say/done/stopped?receipts=${all}`)).text();
    expect(page.match(/\/receipts\/pe-[0-9a-f]+/g)).toEqual([`/receipts/${stopped}`]);
  });

  test('a stop that does not say for whom is asked anew, and nothing is recorded of it', async () => {
    asker = club.member('cara@people.example');
    const before = await (await get('/details/said')).text();
    for (const form of [{}, { for: '' }, { for: 'everybody' }]) {
      const sent = await post('/say/stop', form);
      const page = await sent.text();
      expect([sent.status, page]).toEqual([422, expect.stringContaining('id="for-fault"')]);
      expect(page.match(/type="radio"[^>]* name="for"/g)).toHaveLength(2);
    }
    expect(await (await get('/details/said')).text()).toBe(before);
    expect((await post('/say/stop', { for: 'home' })).status).toBe(303);
  });

  test('what somebody has stopped stands on their first page before all that was once allowed', async () => {
    asker = club.member('ben@people.example');
    expect(await (await get('')).text()).not.toContain('You have said stop');
    await post('/say/stop-one/channel', { term: 'post', sure: 'yes' });
    expect(await (await get('')).text()).toContain('You have said stop to some of it.');
    await post('/say/stop', { for: 'me' });
    const page = await (await get('')).text();
    expect(page).toContain(`You have said stop to everything, on ${day(dayOf(Date.now()))}`);
    expect(page.indexOf('You have said stop')).toBeLessThan(
      page.search(/Your details are in|We found your details in/),
    );
    const stop = [...(await (await get('/say/allow')).text()).matchAll(/name="stop" value="([^"]+)"/g)].map(
      ([, at = '']) => at,
    );
    for (const at of stop) await post('/say/allow', { stop: at, sure: 'yes', lift: 'yes' });
    const after = [...(await (await get('/say/allow')).text()).matchAll(/name="stop" value="([^"]+)"/g)];
    for (const [, at = ''] of after) await post('/say/allow', { stop: at, sure: 'yes', lift: 'yes' });
    expect(await (await get('')).text()).not.toContain('You have said stop');
  });

  test('a day of a death is a day that there is, and is read out as people say it', async () => {
    asker = club.member('ben@people.example');
    const fields = { record: '1', field: 'child_died' };
    const page = await (await get('/say/correct')).text();
    expect(page).not.toContain('What identifies a person');
    const shown = await (await post('/say/correct', fields)).text();
    expect(shown).toContain('Whether your child has died');
    const typed = await post('/say/correct', { ...fields, value: 'yesterday' });
    const wrong = await typed.text();
    expect([typed.status, wrong]).toEqual([
      422,
      expect.stringContaining('Write yes, no, or a day that there is'),
    ]);
    expect(wrong).toContain('<title>Problem: Whether your child has died');
    expect(await (await post('/say/correct', { ...fields, value: '19 8 2023' })).text()).toContain(
      '19 August 2023',
    );
    const control = await (
      await post('/say/correct', { record: '1', field: 'surname', value: 'A\u0007b' })
    ).text();
    expect(control).toContain('This holds a sign that cannot be written');
    expect(control).not.toContain('no more than 400 characters');
  });

  test('the page that says stopped, or withdrawn, names the day by which those who were told must stop', async () => {
    const by = addPeriod(dayOf(Date.now()), { months: 0, days: passedOnWithin });
    const said = [
      ['stopped', await stopOfDev()],
      ['withdrawn', await withdrawnByAda()],
    ] as const;
    for (const [what, event] of said) {
      asker = club.member(`${what === 'stopped' ? 'dev' : 'ada'}@people.example`);
      const page = await (await get(`/say/done/${what}?receipts=${event}`)).text();
      expect(page).toContain(`They must stop by ${day(by)}.`);
      expect(page).toContain(`<a href="/organisations/${club.org}/answers">`);
    }
  });
});
