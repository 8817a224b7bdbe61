import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import {
  enrol,
  openPeople,
  overwrite,
  type People,
  password,
  setPassword,
  signIn,
  url,
} from './people.fixture.ts';

describe.each(oneDatabase)('passwords, on $name', (database) => {
  let people: People;
  beforeAll(async () => {
    people = await openPeople(database);
  });
  afterAll(async () => {
    await people.auths.settled();
    await people.test.drop();
  });

  it('are set once by an invitation: the link used twice says so', async () => {
    await people.grant({ email: 'ada@club.example', role: 'steward' });
    const link = (await people.linkTo('ada@club.example')) ?? '';
    const browser = people.browser();
    expect((await setPassword(browser, link, password)).status).toBe(303);
    const again = await setPassword(browser, link, 'another password here');
    expect(again.status).toBe(410);
    expect(await again.text()).toContain('This link no longer works');
    expect((await signIn(browser, 'ada@club.example', 'another password here')).status).toBe(401);
    expect((await signIn(browser, 'ada@club.example')).status).toBe(200);
  });

  it('are not set by an invitation that is a week old', async () => {
    const person = await people.grant({ email: 'bea@club.example', role: 'steward' });
    const link = (await people.linkTo('bea@club.example')) ?? '';
    const of = `WHERE value = '${person}'`;
    const { rows } = await people.test.state.pool.query(
      `SELECT round(extract(epoch FROM "expiresAt" - "createdAt") / 3600) AS hours FROM staff_auth.verification ${of}`,
    );
    expect(rows).toEqual([{ hours: String(7 * 24) }]);
    await overwrite(
      people,
      `UPDATE staff_auth.verification SET "expiresAt" = now() - interval '1 second' ${of}`,
    );
    expect((await setPassword(people.browser(), link, password)).status).toBe(410);
    expect((await signIn(people.browser(), 'bea@club.example')).status).toBe(401);
  });

  it('have at least twelve characters, and are given twice the same', async () => {
    await people.grant({ email: 'cyd@club.example', role: 'steward' });
    const link = (await people.linkTo('cyd@club.example')) ?? '';
    const browser = people.browser();
    expect((await setPassword(browser, link, 'elevenchars')).status).toBe(400);
    const token = new URL(link, url).searchParams.get('token') ?? '';
    const different = { token, password, again: `${password}!` };
    expect((await browser.post('/auth/staff/set-password', different)).status).toBe(400);
    expect((await setPassword(browser, link, password)).status).toBe(303);
  });

  it('are set anew by mail: every session ends, and the second factor is asked for as before', async () => {
    const { browser } = await enrol(people, { email: 'dot@club.example', role: 'officer' });
    expect(await people.actor(browser)).not.toBeNull();
    await people.browser().post('/auth/staff/forgotten', { email: 'dot@club.example' });
    const link = (await people.linkTo('dot@club.example', '*')) ?? '';
    const chosen = 'quite another four words';
    expect((await setPassword(people.browser(), link, chosen)).status).toBe(303);
    expect(await people.actor(browser)).toBeNull();
    const next = people.browser();
    expect((await signIn(next, 'dot@club.example')).status).toBe(401);
    const answer = await signIn(next, 'dot@club.example', chosen);
    expect(answer.headers.get('location')).toBe('/auth/staff/second-factor');
    expect(await people.actor(next)).toBeNull();
  });

  it('that are forgotten: the answer is the same for an address that is not known, and no mail goes there', async () => {
    await people.grant({ email: 'eve@club.example', role: 'steward' });
    const ask = async (email: string) => {
      const answer = await people.browser().post('/auth/staff/forgotten', { email });
      return { status: answer.status, to: answer.headers.get('location'), shown: await answer.text() };
    };
    const known = await ask('eve@club.example');
    expect(known.status).toBe(303);
    expect(await ask('nobody@club.example')).toEqual(known);
    expect(await people.linkTo('eve@club.example', '*')).not.toBeNull();
    expect(await people.linkTo('nobody@club.example', '*')).toBeNull();
  });

  it('are asked for by mail five times an hour for an address, known or not', async () => {
    for (const email of ['fay@club.example', 'none@club.example']) {
      if (email.startsWith('fay')) await people.grant({ email, role: 'steward' });
      const from = people.browser('198.51.100.7');
      for (let times = 0; times < 5; times++)
        expect((await from.post('/auth/staff/forgotten', { email })).status).toBe(303);
      expect((await from.post('/auth/staff/forgotten', { email })).status).toBe(429);
    }
  });

  it('are kept as hashes, and so are the links that set them', async () => {
    const person = await people.grant({ email: 'gus@club.example', role: 'steward' });
    const link = (await people.linkTo('gus@club.example')) ?? '';
    const token = new URL(link, url).searchParams.get('token') ?? '';
    const verification = await people.test.state.pool.query(
      'SELECT identifier FROM staff_auth.verification WHERE value = $1',
      [person],
    );
    expect(verification.rows).toHaveLength(1);
    expect(JSON.stringify(verification.rows)).not.toContain(token);
    await setPassword(people.browser(), link, password);
    const account = await people.test.state.pool.query(
      'SELECT password FROM staff_auth.account WHERE "userId" = $1',
      [person],
    );
    expect(account.rows).toHaveLength(1);
    expect(account.rows[0].password).not.toContain(password);
  });
});
