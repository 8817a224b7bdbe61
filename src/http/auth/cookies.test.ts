import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import { actorOf } from './actor.ts';
import { openAuths } from './auths.ts';
import { codeOf, type Enrolled, enrol, openPeople, type People, password } from './people.fixture.ts';
import { authRoutes } from './routes.ts';

describe.each(oneDatabase)('sessions and their cookies, on $name', (database) => {
  let people: People;
  let ada: Enrolled;
  beforeAll(async () => {
    people = await openPeople(database);
    ada = await enrol(people, { email: 'ada@club.example', role: 'officer' });
  });
  afterAll(async () => {
    await people.auths.settled();
    await people.test.drop();
  });

  it('are for the browser alone, for its own forms and links, and where there is https for https alone', async () => {
    const auths = openAuths({ ...people.auths.settings, url: 'https://club.example' });
    const app = new Hono().route(
      '/',
      authRoutes({ auths, addressOf: () => '192.0.2.9', home: (org) => `/o/${org}` }),
    );
    const post = (path: string, fields: Record<string, string>, cookie = '') =>
      app.request(`https://club.example${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', cookie },
        body: new URLSearchParams(fields).toString(),
      });
    const challenge = await post('/auth/staff/sign-in', { email: 'ada@club.example', password });
    const given = challenge.headers.getSetCookie().filter((cookie) => !cookie.includes('Max-Age=0'));
    expect(given).toHaveLength(1);
    const entered = await post(
      '/auth/staff/second-factor',
      { code: await codeOf(ada.secret, 1) },
      given[0]?.split(';', 1)[0],
    );
    expect(entered.status).toBe(303);
    expect(entered.headers.get('cache-control')).toBe('no-store');
    const session = entered.headers.getSetCookie().find((cookie) => cookie.includes('session_token')) ?? '';
    expect(session).toMatch(/^__Secure-astold-staff\.session_token=/);
    for (const attribute of ['HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/', 'Max-Age=43200'])
      expect(session.split('; ')).toContain(attribute);
    const cookie = session.split(';', 1)[0] ?? '';
    const request = (headers: Record<string, string>) => new Request('https://club.example/', { headers });
    expect(await actorOf(auths, request({ cookie }), 'club')).toMatchObject({ id: ada.person });
    // A cookie without the prefix was set by who knows whom.
    const bare = cookie.replace('__Secure-', '');
    expect(await actorOf(auths, request({ cookie: bare }), 'club')).toBeNull();
  });

  it('hold under the one secret: another server with another knows nobody', async () => {
    expect(await people.actor(ada.browser)).not.toBeNull();
    const secret = randomBytes(32).toString('base64url');
    const other = openAuths({ ...people.auths.settings, secret });
    const request = new Request('http://club.example/', { headers: { cookie: ada.browser.cookies() } });
    expect(await actorOf(other, request, 'club')).toBeNull();
    expect(await actorOf(people.auths, request, 'club')).not.toBeNull();
  });

  it('tell a database that is away from nobody', async () => {
    const pool = new pg.Pool({ host: '127.0.0.1', port: 1 });
    const away = openAuths({ ...people.auths.settings, state: { ...people.test.state, pool } });
    const request = new Request('http://club.example/', { headers: { cookie: ada.browser.cookies() } });
    await expect(actorOf(away, request, 'club')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await pool.end();
  });
});
