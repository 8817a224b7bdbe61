import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLogKey, logOrigin } from '../documents/log-key.ts';
import { databases } from '../store/postgres/databases.fixture.ts';
import { type Enrolled, enrol, password } from './auth/people.fixture.ts';
import { problemKinds } from './problems.ts';
import { requestRate } from './rate-limit.ts';
import { metricsToken, openTestServer, type TestServer } from './server.fixture.ts';

const club = '/api/organisations/club';
const site = 'http://club.example';

/** A page that fails, and would say of whom. */
function brokenPage(): Hono {
  return new Hono().get('/broken', () => {
    throw new RangeError('of anna.lee@member.example');
  });
}

describe.each(databases)('on $name', (database) => {
  let server: TestServer;
  let olive: Enrolled;
  beforeAll(async () => {
    server = await openTestServer(database, brokenPage());
    olive = await enrol(server.people, { email: 'olive.officer@club.example', role: 'officer' });
  });
  afterAll(() => server.people.test.drop());

  const get = async (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    server.app.request(`${site}${path}`, { headers });
  const codeOf = async (response: Response): Promise<string> =>
    ((await response.json()) as { code: string }).code;

  describe('what the log says', () => {
    test('is a line for each request, with its number, its route and who asked in kind alone', async () => {
      server.logged.length = 0;
      const response = await server.ask({ cookie: olive.browser.cookies() }, 'GET', `${club}/checks/c-1`);
      expect(server.logged).toHaveLength(1);
      const { ms, time, ...line } = JSON.parse(server.logged[0] ?? '') as Record<string, unknown>;
      expect([typeof ms, typeof time]).toEqual(['number', 'string']);
      expect(line).toEqual({
        ...{ level: 'info', request: response.headers.get('X-Request-Id'), method: 'GET', status: 404 },
        ...{ route: '/api/organisations/:org/checks/:check', org: 'club', by: 'staff' },
      });
    });

    test('holds nothing of a person: no address, name, secret, link or text that was sent', async () => {
      server.logged.length = 0;
      const cookie = olive.browser.cookies();
      const asked = { email: 'anna.lee@member.example', name: 'Anna Lee', role: 'steward', party: null };
      const ask = (path: string, json: unknown) => server.ask({ cookie }, 'POST', `${club}${path}`, { json });
      expect((await ask('/roles', { ...asked, mayFreeze: false })).status).toBe(201);
      await ask('/roles', { ...asked, role: 'Anna Lee' });
      const made = await ask('/keys', { name: 'Anna Lee', roles: ['officer'], party: null, days: 1 });
      const { secret } = (await made.json()) as { secret: string };
      await server.ask({ key: secret }, 'GET', `${club}/deeds?cursor=anna.lee%40member.example`);
      await server.ask({ cookie }, 'GET', '/api/organisations/anna.lee@member.example/deeds');
      await server.ask(null, 'GET', '/anna.lee@member.example?email=anna.lee@member.example', {
        headers: { 'X-Request-Id': 'anna.lee@member.example', 'User-Agent': 'Anna Lee' },
      });
      await server.app.request(`${site}/auth/staff/sign-in`, {
        method: 'POST',
        headers: { Origin: site, 'Content-Type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ email: 'anna.lee@member.example', password }).toString(),
      });
      const said = server.logged.join('\n');
      expect(server.logged.length).toBeGreaterThanOrEqual(7);
      const session = cookie.split('=')[1] ?? '';
      for (const personal of ['anna', 'Anna', 'Lee', 'olive', '@', password, secret, session, olive.person])
        expect(said, personal).not.toContain(personal);
    });

    test('of a fault of ours holds where it was, and its words are told to nobody', async () => {
      server.logged.length = 0;
      const response = await get('/broken');
      expect([response.status, await codeOf(response)]).toEqual([500, 'internal']);
      const said = server.logged.join('\n');
      expect(said).toContain('"name":"RangeError"');
      expect(said).toContain('server.test.ts');
      expect(said).not.toContain('anna');
    });
  });

  describe('every answer', () => {
    test.each(['/healthz', '/api', '/nothing', '/auth/staff/sign-in', `${club}/deeds`, '/assets/astold.css'])(
      'of %s forbids scripts, frames and what comes from elsewhere',
      async (path) => {
        const { headers } = await get(path, { Accept: 'text/html' });
        const policy = headers.get('Content-Security-Policy') ?? '';
        expect(policy).toMatch(/^default-src 'none'; style-src 'self';/);
        expect(policy).toContain("frame-ancestors 'none'");
        expect(policy).not.toContain('unsafe');
        expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
        expect(headers.get('Referrer-Policy')).toBe('same-origin');
        expect(headers.get('X-Request-Id')).toMatch(/^[0-9a-f-]{36}$/);
      },
    );

    test('a page has no script and no style of its own', async () => {
      for (const path of ['/api', '/problems', '/nothing']) {
        const text = await (await get(path, { Accept: 'text/html' })).text();
        expect(text).toContain('<h1>');
        expect(text).not.toMatch(/<script|<style| style=| on[a-z]+=/);
      }
    });

    test('to a person what is not there is a page, to a program a problem', async () => {
      const page = await get('/nothing', { Accept: 'text/html,*/*' });
      expect([page.status, page.headers.get('Content-Type')]).toEqual([404, 'text/html; charset=utf-8']);
      expect((await get('/nothing')).headers.get('Content-Type')).toBe('application/problem+json');
      const api = await get(`${club}/nothing`, { Accept: 'text/html' });
      expect(api.headers.get('Content-Type')).toBe('application/problem+json');
    });
  });

  describe('from another site', () => {
    const cookie = () => olive.browser.cookies();
    const lift = (headers: Record<string, string>) =>
      server.app.request(`${site}${club}/freezes/f-1/lift`, {
        method: 'POST',
        headers: {
          ...{ Cookie: cookie(), 'Idempotency-Key': 'k', 'Content-Type': 'application/json' },
          ...headers,
        },
        body: JSON.stringify({ words: 'looked into' }),
      });

    test.each([
      {},
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
      { Origin: 'http://club.example.evil.example' },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site', Origin: site },
      { 'Sec-Fetch-Site': 'none' },
    ])('nothing is changed with a cookie: %j', async (headers) => {
      expect(await codeOf(await lift(headers))).toBe('cross-origin');
    });

    test('the pages of the service itself change things', async () => {
      expect(await codeOf(await lift({ Origin: site }))).toBe('not-found');
      expect(await codeOf(await lift({ 'Sec-Fetch-Site': 'same-origin' }))).toBe('not-found');
    });

    test('a form is not taken', async () => {
      const response = await server.app.request(`${site}/auth/staff/sign-in`, {
        method: 'POST',
        headers: { Origin: 'https://evil.example', 'Content-Type': 'application/x-www-form-urlencoded' },
        body: 'email=a&password=b',
      });
      expect(await codeOf(response)).toBe('cross-origin');
    });

    test('a form larger than people type is not read', async () => {
      const response = await server.app.request(`${site}/auth/staff/sign-in`, {
        method: 'POST',
        headers: { Origin: site, 'Content-Type': 'application/x-www-form-urlencoded' },
        body: `email=${'a'.repeat(1_000_001)}`,
      });
      expect(await codeOf(response)).toBe('body-too-large');
    });
  });

  describe('who looks after the server', () => {
    test('is told that it is there', async () => {
      expect((await get('/healthz')).status).toBe(200);
    });

    test('is told whether it can work, and whether what it acknowledged lasts', async () => {
      const root = join(server.service.data, 'club');
      mkdirSync(root, { recursive: true });
      await createLogKey(root, logOrigin('club'));
      // There was a log under this key, as it is after an old backup, and there is none.
      const begun = join(root, 'keys', 'log.begun');
      writeFileSync(begun, '');
      const durable = database.name === 'Postgres';
      const lost = await get('/readyz');
      expect(await lost.json()).toEqual({ ready: false, durable, database: 'up', logs: 'behind' });
      expect(lost.status).toBe(503);
      rmSync(begun);
      const found = await get('/readyz');
      expect(await found.json()).toEqual({ ready: true, durable, database: 'up', logs: 'sound' });
      expect(found.status).toBe(200);
    });

    test('gets the figures with the token alone', async () => {
      for (const headers of [{}, { Authorization: 'Bearer x' }, { Authorization: metricsToken }])
        expect((await get('/metrics', headers as Record<string, string>)).status).toBe(401);
      await server.ask(null, 'GET', `${club}/checks/anna.lee`);
      const response = await get('/metrics', { Authorization: `Bearer ${metricsToken}` });
      const text = await response.text();
      expect(text).toMatch(
        /astold_http_request_seconds_count\{method="GET",route="\/api\/organisations\/:org\/checks\/:check",status="401"\} 1/,
      );
      expect(text).toMatch(/astold_jobs\{kind="release",state="queued"\} 0/);
      expect(text).toMatch(/astold_unsent\{kind="mail"\} \d/);
      for (const kind of ['mail', 'webhook'])
        expect(text).toMatch(new RegExp(`astold_given_up\\{kind="${kind}"\\} \\d`));
      expect(text).toContain('nodejs_eventloop_lag_seconds');
      expect(text).not.toMatch(/anna/);
    });
  });

  test('a published log is read by anybody from anywhere, and nothing beside it', async () => {
    const folder = join(server.service.data, 'club', 'log', 'tile', '0');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, '000'), 'a tile');
    writeFileSync(join(folder, '..', '..', 'checkpoint'), 'a checkpoint');
    const tile = await get('/log/club/tile/0/000');
    expect([await tile.text(), tile.headers.get('Cache-Control')]).toEqual([
      ...['a tile', 'public, max-age=31536000, immutable'],
    ]);
    expect(tile.headers.get('Access-Control-Allow-Origin')).toBe('*');
    expect(tile.headers.get('Cross-Origin-Resource-Policy')).toBe('cross-origin');
    const checkpoint = await get('/log/club/checkpoint');
    expect([await checkpoint.text(), checkpoint.headers.get('Cache-Control')]).toEqual([
      ...['a checkpoint', 'public, max-age=5'],
    ]);
    for (const path of [
      '..%2Fkeys%2Flog.key',
      'tile%2F..%2F..%2Fkeys%2Flog.key',
      '%2e%2e/keys/log.key',
      'none',
    ])
      expect(await codeOf(await get(`/log/club/${path}`))).toBe('route-unknown');
  });

  test('the description is for programs and for people, and each problem has its page', async () => {
    const description = (await (await get('/api/openapi.json')).json()) as { openapi: string };
    expect(description.openapi).toBe('3.1.0');
    const page = await (await get('/api')).text();
    expect(page).toContain('POST /api/organisations/{org}/requests/{request}/approval');
    for (const code of Object.keys(problemKinds)) expect((await get(`/problems/${code}`)).status).toBe(200);
    expect((await get('/problems/none')).status).toBe(404);
  });
});

test('who asks too much is told when to ask again', async () => {
  const rate = requestRate(2);
  const anna = { kind: 'member', id: 'm-1', org: 'club', email: '' } as const;
  await rate.ofActor(anna);
  await rate.ofActor(anna);
  await expect(rate.ofActor(anna)).rejects.toMatchObject({ code: 'rate-limited' });
  await expect(rate.ofActor(anna)).rejects.toMatchObject({
    problem: { retryAfter: expect.any(Number) },
  });
  await rate.ofActor({ ...anna, org: 'choir' });
  for (let asked = 0; asked < 8; asked++) await rate.ofAddress('192.0.2.1');
  await expect(rate.ofAddress('192.0.2.1')).rejects.toMatchObject({ code: 'rate-limited' });
  await rate.ofAddress('192.0.2.2');
});
