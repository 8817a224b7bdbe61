import type { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countWaiting } from '../../app/flow/count-waiting.ts';
import { readinessOf } from '../../app/flow/readiness.ts';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import { english } from '../../words/words.ts';
import { actorOf } from '../auth/actor.ts';
import { type Enrolled, enrol } from '../auth/people.fixture.ts';
import { authRoutes } from '../auth/routes.ts';
import { openFigures } from '../figures.ts';
import { requestRate } from '../rate-limit.ts';
import { routes } from '../routes/all.ts';
import type { Seen } from '../seen.ts';
import { openTestServer, type TestServer } from '../server.fixture.ts';
import { createApp } from '../server.ts';
import { flowPages } from './all.ts';

const site = 'http://club.example';
const nul = 'a%00b';

describe.each(oneDatabase)('on $name', (database) => {
  let server: TestServer;
  let olive: Enrolled;
  let stella: Enrolled;
  beforeAll(async () => {
    server = await openTestServer(database);
    olive = await enrol(server.people, { email: 'olive.officer@club.example', role: 'officer' });
    stella = await enrol(server.people, { email: 'stella.steward@club.example', role: 'steward' });
  });
  afterAll(() => server.people.test.drop());

  /** The pages, of which one who is signed in may ask for so many in a minute. */
  function pagesAt(perMinute: number, ...more: Hono[]): { readonly app: Hono<Seen>; readonly pages: Hono } {
    const { service, people } = server;
    const parts = {
      service,
      actorOf: (request: Request, org: string) => actorOf(people.auths, request, org),
      rate: requestRate(perMinute),
    };
    const pages = flowPages(parts);
    const app = createApp({
      ...{ ...parts, routes, metricsToken: null, proxies: 0, pages: [pages, ...more] },
      readiness: readinessOf(service),
      figures: openFigures(() => countWaiting(service)),
    });
    return { app, pages };
  }
  const asked = async (app: Hono<Seen>, who: Enrolled, method: string, path: string, form?: object) => {
    const headers = { Cookie: who.browser.cookies(), 'Sec-Fetch-Site': 'same-origin' };
    const response = await app.request(`${site}${path}`, {
      ...{ method, headers },
      ...(form === undefined ? {} : { body: new URLSearchParams({ ...form }) }),
    });
    const problem = response.headers.get('Content-Type')?.startsWith('application/problem+json');
    return problem ? ((await response.json()) as { code: string }).code : response.status;
  };

  test('a path that holds what is no text leads nowhere, on every page', async () => {
    const { app, pages } = pagesAt(1_000_000);
    const named = pages.routes.filter(({ path }) => path.includes('/:org/') && /:(?!org\b)/.test(path));
    expect(named.length).toBeGreaterThan(10);
    const found: unknown[] = [];
    for (const { method, path } of named) {
      const at = path.replace(':org', 'club').replaceAll(/:[a-z]+(\{[^}]*\})?/g, nul);
      found.push([method, path, await asked(app, olive, method, at, method === 'GET' ? undefined : {})]);
      const elsewhere = path.replace(':org', nul).replaceAll(/:[a-z]+(\{[^}]*\})?/g, 'x');
      found.push([
        method,
        path,
        await asked(app, olive, method, elsewhere, method === 'GET' ? undefined : {}),
      ]);
    }
    expect(found).toEqual(named.flatMap(({ method, path }) => Array(2).fill([method, path, 'not-found'])));
  });

  test('a form that holds what is no text is refused, whatever the field', async () => {
    const { app } = pagesAt(1_000_000);
    const home = '/organisations/club';
    const forms: readonly (readonly [Enrolled, string, object])[] = [
      [stella, '/requests', { document: 'request: a\u0000b', recipient: 'x', version: '0' }],
      [stella, '/requests', { document: 'request: a', recipient: 'a\u0000b', version: '0' }],
      [stella, '/requests', { document: 'request: a', recipient: 'x', version: '\u0000' }],
      [olive, '/requests/none/refusal', { words: 'a\u0000b', version: '1' }],
      [olive, '/freezes', { kind: 'everything', subject: '', words: 'a\u0000b' }],
    ];
    for (const [who, path, form] of forms)
      expect(await asked(app, who, 'POST', `${home}${path}`, form), path).toBe('input-invalid');
  });

  test('what is sent as a form, and is none, is refused', async () => {
    const headers = {
      ...{ Cookie: olive.browser.cookies(), 'Sec-Fetch-Site': 'same-origin' },
      'Content-Type': 'multipart/form-data',
    };
    const authPages = authRoutes({ auths: server.people.auths, addressOf: () => '', home: () => '/' });
    const { app } = pagesAt(1_000_000, authPages);
    for (const path of ['/organisations/club/freezes', '/auth/members/sign-in']) {
      const response = await app.request(`${site}${path}`, { method: 'POST', headers, body: 'words=x' });
      expect([path, response.status]).toEqual([path, 422]);
      expect(await response.json()).toMatchObject({ code: 'input-invalid' });
    }
  });

  test('nobody at a page that members are led to is sent to sign in as one, and back; nothing typed is lost', async () => {
    const { app } = pagesAt(1_000_000);
    const home = '/organisations/club';
    const headers = { 'Sec-Fetch-Site': 'same-origin', Accept: 'text/html' };
    const sentTo = async (path: string) =>
      (await app.request(`${site}${home}${path}`, { headers })).headers.get('Location');
    const signIn = (path: string) =>
      `/auth/members/sign-in?${new URLSearchParams({ org: 'club', to: home + path })}`;
    for (const path of ['/say', '/details/held', '/prove/toys?record=1'])
      expect(await sentTo(path)).toBe(signIn(path));
    const post = (path: string, fields: Readonly<Record<string, string>>) =>
      app.request(`${site}${home}${path}`, { method: 'POST', headers, body: new URLSearchParams(fields) });
    const lost = await post('/say/complain', { words: 'They <sold> it.', sure: 'yes' });
    const page = await lost.text();
    expect([lost.status, page]).toEqual([
      401,
      expect.stringContaining('Nothing was sent, and nothing was recorded.'),
    ]);
    expect(page).toContain('They &lt;sold&gt; it.');
    expect(page).toContain(`href="${signIn('/say/complain').replaceAll('&', '&amp;')}"`);
    expect(await (await post('/cases/ca-1', { words: 'My answer.' })).text()).toContain('My answer.');
    // Nobody can be asked here whether it is the name of who stays out of sight.
    const name = await (await post('/say/correct', { field: 'surname', value: 'Greenwood' })).text();
    expect(name).toContain('value="Greenwood"');
    expect(name.replaceAll(/<input [^>]*>/g, '')).not.toContain('Greenwood');
  });

  test('staff who were signed out are led back to the page that they asked for, and keep all that they had keyed', async () => {
    const { app } = pagesAt(1_000_000);
    const home = '/organisations/club';
    const headers = { 'Sec-Fetch-Site': 'same-origin', Accept: 'text/html' };
    const signIn = (path: string) => `/auth/staff/sign-in?${new URLSearchParams({ to: home + path })}`;
    for (const path of ['/requests', '/passed-on', '/desk/letter', '/desk/cases?cursor=x']) {
      const response = await app.request(`${site}${home}${path}`, { headers });
      expect([response.status, response.headers.get('Location')]).toEqual([303, signIn(path)]);
    }
    const post = async (
      path: string,
      from: string | null,
      fields: readonly (readonly [string, string])[],
    ) => {
      const body = new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value]));
      const sentFrom = from === null ? {} : { Referer: from };
      const answer = await app.request(`${site}${home}${path}`, {
        ...{ method: 'POST', body, headers: { ...headers, ...sentFrom } },
      });
      return { status: answer.status, page: await answer.text() };
    };
    const letter = [
      ...([
        ['step', 'check'],
        ['surname', "O'Amberley"],
        ['postcode', 'ZZ1 1ZZ'],
        ['by', 'letter'],
      ] as const),
      ...([
        ['kind', 'objection'],
        ['received', '2026-01-05'],
        ['purpose', 'dpv:DirectMarketing'],
      ] as const),
    ];
    const { status, page } = await post('/desk/letter', `${site}${home}/desk/letter`, letter);
    expect(status).toBe(401);
    expect(page).toContain(`href="${signIn('/desk/letter').replaceAll('&', '&amp;')}"`);
    for (const [name, value] of [
      ['Surname', 'O&#39;Amberley'],
      ['Postcode', 'ZZ1 1ZZ'],
      ['How did it come?', 'By letter'],
      ['What', 'Stop'],
      ['Received on', '2026-01-05'],
      ['Use', 'direct marketing'],
    ])
      expect(page).toContain(`<dt>${name}</dt><dd><span class="typed">${value}</span></dd>`);
    // A form that is sent where no page is leads back to the page that it was on; from elsewhere to the first page.
    const lifted = [
      ['words', 'Wrong.'],
      ['whose', 'M001'],
      ['whose', 'M002'],
    ] as const;
    const lift = await post('/freezes/f-1/lift', `${site}${home}/freezes`, lifted);
    expect(lift.page).toContain(`href="${signIn('/freezes')}"`);
    for (const typed of ['Wrong.', 'M001', 'M002']) expect(lift.page).toContain(typed);
    for (const from of ['https://elsewhere.example/x', `${site}/organisations/other/freezes`, 'x', null])
      expect((await post('/freezes/f-1/lift', from, [])).page).toContain(`href="${signIn('')}"`);
  });

  test("nobody at a page that is a member's and staff's is shown both ways in, and each leads back to it", async () => {
    const { app } = pagesAt(1_000_000);
    const home = '/organisations/club';
    const ways = async (path: string): Promise<readonly unknown[]> => {
      const answer = await app.request(`${site}${home}${path}`, { headers: { Accept: 'text/html' } });
      const text = await answer.text();
      const links = [...text.matchAll(/<li><a href="([^"]*)"/g)].map(([, href = '']) => href);
      return [answer.status, ...links.map((href) => href.replaceAll('&amp;', '&'))];
    };
    const member = (path: string) =>
      `/auth/members/sign-in?${new URLSearchParams({ org: 'club', to: home + path })}`;
    const staff = (path: string) => `/auth/staff/sign-in?${new URLSearchParams({ to: home + path })}`;
    for (const path of ['', '/cases', '/cases/ca-1', '/receipts/pe-1', '/answers'])
      expect(await ways(path), path).toEqual([401, member(path), staff(path)]);
    expect(await ways('/receipts/pe-1.json')).toEqual([
      401,
      member('/receipts/pe-1'),
      staff('/receipts/pe-1'),
    ]);
    // A member makes a copy on a page of theirs; staff make one for a request.
    expect(await ways('/copy/pdf?case=ca-1')).toEqual([
      401,
      member('/say/copy?case=ca-1'),
      staff('/desk/cases/ca-1'),
    ]);
  });

  test('the inbox of an organisation without documents says what it cannot tell, and shows the rest', async () => {
    const { app } = pagesAt(1_000_000);
    const response = await app.request(`${site}/organisations/club`, {
      headers: { Cookie: stella.browser.cookies() },
    });
    expect([response.status, await response.text()]).toEqual([
      200,
      expect.stringContaining(english.desk.inbox.untold),
    ]);
    const { state } = server.service;
    const deeds = await state.as('club', (tx) =>
      tx.selectFrom('deed').select('use_case').where('outcome', '=', 'failed').execute(),
    );
    expect(deeds).toEqual([]);
  });

  test('one person may ask for so many, whatever the page; another is served', async () => {
    const { app } = pagesAt(3);
    const home = '/organisations/club';
    for (const path of ['', '/requests', '/deeds'])
      expect(await asked(app, olive, 'GET', `${home}${path}`)).toBe(200);
    expect(await asked(app, olive, 'GET', home)).toBe('rate-limited');
    expect(await asked(app, olive, 'POST', `${home}/freezes`, { words: 'x' })).toBe('rate-limited');
    // Of one address they are not too many yet.
    expect(await asked(app, stella, 'GET', home)).toBe(200);
  });
});
