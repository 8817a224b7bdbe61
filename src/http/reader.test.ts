import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { oneDatabase } from '../store/postgres/databases.fixture.ts';
import { openAuths } from './auth/auths.ts';
import { type Browser, type Enrolled, enrol } from './auth/people.fixture.ts';
import { readerOf } from './reader.ts';
import { openTestServer, type TestServer } from './server.fixture.ts';

const site = 'http://club.example';

// What of the database matters is tested with signing in.
describe.each(oneDatabase)('a page that is not there, on $name', (database) => {
  let server: TestServer;
  let olive: Enrolled;
  let anna: Browser;
  beforeAll(async () => {
    server = await openTestServer(database);
    const { people } = server;
    olive = await enrol(people, { email: 'olive.officer@club.example', role: 'officer' });
    people.onRecord.add('choir anna@home.example');
    anna = people.browser();
    await anna.post('/auth/members/sign-in', { org: 'choir', email: 'anna@home.example' });
    const link = (await people.linkTo('anna@home.example', 'choir')) ?? '';
    const token = new URL(link, site).searchParams.get('token') ?? '';
    await anna.post('/auth/members/arrive', { org: 'choir', token });
  });
  afterAll(() => server.people.test.drop());

  async function missed(path: string, who: Browser | null): Promise<string> {
    const headers = { Accept: 'text/html', ...(who === null ? {} : { Cookie: who.cookies() }) };
    const response = await server.app.request(`${site}${path}`, { headers });
    expect(response.status).toBe(404);
    const page = await response.text();
    expect(page).not.toMatch(/href="\/api|see \/api/i);
    return page;
  }

  test.each([
    '/nothing',
    '/organisations/choir/nothing',
    '/organisations/club/nothing',
    '/organisations/x%00/y',
  ])('leads a member from %s to their own page', async (path) => {
    const page = await missed(path, anna);
    expect(page).toContain('<a href="/organisations/choir">Your details</a>');
    expect(page).not.toMatch(/Inbox|\/letter|sign-in/);
  });

  test('leads staff to their inbox, or to where they choose whose it is', async () => {
    const { browser } = olive;
    expect(await missed('/organisations/club/nothing', browser)).toContain(
      '<a href="/organisations/club">Inbox</a>',
    );
    for (const path of ['/nothing', '/organisations/choir/nothing', '/organisations/none/nothing']) {
      const page = await missed(path, browser);
      expect(page).toContain('<a href="/organisations">');
      expect(page).not.toMatch(/organisations\/choir|Inbox|\/letter/);
    }
  });

  test('leads whoever is not signed in to the letter and to signing in', async () => {
    for (const path of ['/nothing', '/organisations/club/nothing']) {
      const page = await missed(path, null);
      for (const to of ['/letter', '/auth/members/sign-in', '/auth/staff/sign-in'])
        expect(page).toContain(`href="${to}"`);
      expect(page).not.toContain('/organisations/club');
    }
  });

  test('tells programs of the API still, and is shown though nobody can be asked', async () => {
    const response = await server.app.request(`${site}/nothing`, { headers: { Accept: '*/*' } });
    expect(await response.json()).toMatchObject({
      code: 'route-unknown',
      detail: 'see /api for what there is',
    });
    const { auths, test: made } = server.people;
    const pool = new pg.Pool({ host: '127.0.0.1', port: 1 });
    const away = openAuths({ ...auths.settings, state: { ...made.state, pool } });
    const headers = { Cookie: olive.browser.cookies() };
    const asked = new Request(`${site}/nothing`, { headers });
    expect(await readerOf(auths, asked)).toEqual({ kind: 'staff', home: null });
    expect(await readerOf(away, asked)).toEqual({ kind: 'nobody' });
    await pool.end();
  });

  test('costs one session and one look at roles, whoever reads it and whatever is named', async () => {
    const { auths, test: made } = server.people;
    for (let i = 0; i < 5; i += 1)
      await made.state.as(`more-${i}`, (tx) =>
        tx
          .insertInto('organisation')
          .values({ org: `more-${i}`, name: 'One more', created_at: new Date() })
          .execute(),
      );
    const sessions = [auths.staff, auths.members].map(({ api }) => vi.spyOn(api, 'getSession'));
    const looks = vi.spyOn(made.state, 'lookAsPerson');
    for (const [browser, path, most] of [
      [anna, '/nothing', 0],
      [anna, '/organisations/more-4/nothing', 0],
      [olive.browser, '/nothing', 0],
      [olive.browser, '/organisations/none/nothing', 1],
      [olive.browser, '/organisations/club/nothing', 1],
    ] as const) {
      for (const spy of [...sessions, looks]) spy.mockClear();
      await missed(path, browser);
      expect(sessions.reduce((sum, { mock }) => sum + mock.calls.length, 0)).toBe(1);
      expect(looks.mock.calls).toHaveLength(most);
    }
    vi.restoreAllMocks();
  });
});
