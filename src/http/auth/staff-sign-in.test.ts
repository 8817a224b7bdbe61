import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import {
  codeOf,
  enrol,
  factorOn,
  openPeople,
  overwrite,
  type People,
  password,
  setPassword,
  signIn,
} from './people.fixture.ts';

describe.each(oneDatabase)('staff who sign in, on $name', (database) => {
  let people: People;
  beforeAll(async () => {
    people = await openPeople(database);
  });
  afterAll(async () => {
    await people.auths.settled();
    await people.test.drop();
  });

  it('are invited by mail, set a password, then a second factor, and only then are anybody', async () => {
    const email = 'ada@club.example';
    const person = await people.grant({ email, role: 'steward' });
    const browser = people.browser();
    const link = (await people.linkTo(email)) ?? '';
    expect((await browser.get(link)).status).toBe(200);
    const set = await setPassword(browser, link, password);
    expect(set.headers.get('location')).toBe('/auth/staff/sign-in?after=set');
    expect(await people.actor(browser)).toBeNull();

    const shown = await signIn(browser, email);
    const { secret, spareCodes } = factorOn(await shown.text());
    expect(spareCodes).toHaveLength(10);
    expect(await people.actor(browser)).toBeNull();
    for (const path of ['/organisations', '/auth/staff/sessions'])
      expect((await browser.get(path)).headers.get('location')).toBe('/auth/staff/set-up');

    const wrong = await browser.post('/auth/staff/set-up', { code: '000000' });
    expect(wrong.status).toBe(401);
    expect(await people.actor(browser)).toBeNull();

    const done = await browser.post('/auth/staff/set-up', { code: await codeOf(secret, 0) });
    expect(done.headers.get('location')).toBe('/o/club');
    expect(await people.actor(browser)).toEqual({
      ...{
        kind: 'staff',
        id: person,
        org: 'club',
        roles: new Set(['steward']),
        party: null,
        mayFreeze: false,
      },
    });
    expect(await people.actor(browser, 'choir')).toMatchObject({ id: person, roles: new Set() });
    expect(await people.actor(browser, 'nowhere')).toMatchObject({ id: person, roles: new Set() });
  });

  it('are asked for the second factor ever after, and a code is good once', async () => {
    const bea = await enrol(people, { email: 'bea@club.example', role: 'officer' });
    const { secret, spareCodes, browser: first } = bea;
    const browser = people.browser();
    const answer = await signIn(browser, 'bea@club.example');
    expect(answer.headers.get('location')).toBe('/auth/staff/second-factor');
    expect(await people.actor(browser)).toBeNull();
    const code = await codeOf(secret, 0);
    const done = await browser.post('/auth/staff/second-factor', {
      code: `${code.slice(0, 3)} ${code.slice(3)}`,
    });
    expect(done.headers.get('location')).toBe('/o/club');
    expect(await people.actor(browser)).toMatchObject({ kind: 'staff', roles: new Set(['officer']) });

    const back = people.browser();
    const to = '/o/club/receipts/pe-1';
    expect(await (await back.get(`/auth/staff/sign-in?to=${to}`)).text()).toContain(
      `name="to" value="${to}"`,
    );
    const fields = { email: 'bea@club.example', password, to };
    const asked = await back.post('/auth/staff/sign-in', fields);
    const next = `/auth/staff/second-factor?${new URLSearchParams({ to })}`;
    expect(asked.headers.get('location')).toBe(next);
    expect(await (await back.get(next)).text()).toContain(`name="to" value="${to}"`);
    const wrongCode = await back.post('/auth/staff/second-factor', { code: '12', to });
    expect(await wrongCode.text()).toContain(`name="to" value="${to}"`);
    const led = await back.post('/auth/staff/second-factor', { code: spareCodes[0] ?? '', to });
    expect(led.headers.get('location')).toBe(to);
    const astray = people.browser();
    for (const [i, elsewhere] of ['/o/choir/receipts/pe-1', '//elsewhere.example'].entries()) {
      await signIn(astray, 'bea@club.example');
      const code = spareCodes[i + 1] ?? '';
      const answer = await astray.post('/auth/staff/second-factor', { code, to: elsewhere });
      expect(answer.headers.get('location')).toBe('/o/club');
      await astray.post('/auth/sign-out', {});
    }

    const onlooker = people.browser();
    await signIn(onlooker, 'bea@club.example');
    const again = await onlooker.post('/auth/staff/second-factor', { code });
    expect(again.headers.get('location')).toBe('/auth/staff/sign-in?after=again');
    expect(await people.actor(onlooker)).toBeNull();
    expect(await people.actor(first)).not.toBeNull();
  });

  it('are given spare codes, each of which is good once', async () => {
    const { spareCodes } = await enrol(people, { email: 'cyd@club.example', role: 'steward' });
    const [code = ''] = spareCodes;
    const browser = people.browser();
    await signIn(browser, 'cyd@club.example');
    expect((await browser.post('/auth/staff/second-factor', { code })).status).toBe(303);
    expect(await people.actor(browser)).not.toBeNull();
    const again = people.browser();
    await signIn(again, 'cyd@club.example');
    expect((await again.post('/auth/staff/second-factor', { code })).status).toBe(401);
    expect(await people.actor(again)).toBeNull();
  });

  it('must begin again after five codes that were not right', async () => {
    const { secret } = await enrol(people, { email: 'dot@club.example', role: 'steward' });
    const browser = people.browser();
    await signIn(browser, 'dot@club.example');
    for (let tries = 0; tries < 5; tries++)
      expect((await browser.post('/auth/staff/second-factor', { code: '000000' })).status).toBe(401);
    const sixth = await browser.post('/auth/staff/second-factor', { code: await codeOf(secret, 0) });
    expect(sixth.headers.get('location')).toBe('/auth/staff/sign-in?after=again');
    expect(await people.actor(browser)).toBeNull();
  });

  it('are shut out for a while after ten codes that were not right, over however many sign-ins', async () => {
    const { secret } = await enrol(people, { email: 'ede@club.example', role: 'steward' });
    const browser = people.browser('198.51.100.9');
    for (let times = 0; times < 2; times++) {
      await signIn(browser, 'ede@club.example');
      for (let tries = 0; tries < 5; tries++)
        await browser.post('/auth/staff/second-factor', { code: '000000' });
    }
    await signIn(browser, 'ede@club.example');
    const right = await browser.post('/auth/staff/second-factor', { code: await codeOf(secret, 0) });
    expect(right.status).toBe(429);
    expect(await people.actor(browser)).toBeNull();
  });

  it('are nobody in a session that was opened by password alone, when the second factor is set up in another', async () => {
    const email = 'eve@club.example';
    await people.grant({ email, role: 'officer' });
    const [thief, owner] = [people.browser(), people.browser()];
    await setPassword(owner, (await people.linkTo(email)) ?? '', password);
    await signIn(thief, email);
    const { secret } = factorOn(await (await signIn(owner, email)).text());
    await owner.post('/auth/staff/set-up', { code: await codeOf(secret, -1) });
    expect(await people.actor(owner)).not.toBeNull();
    expect(await people.actor(thief)).toBeNull();
    const setUp = await thief.post('/auth/staff/set-up', { code: await codeOf(secret, 0) });
    expect(setUp.headers.get('location')).toBe('/auth/staff/sign-in');
    expect(await people.actor(thief)).toBeNull();
  });

  it('are let in by what their session saw, not by what their account has', async () => {
    const { browser, person } = await enrol(people, { email: 'eda@club.example', role: 'officer' });
    await overwrite(
      people,
      `UPDATE staff_auth.session SET "secondFactor" = false WHERE "userId" = '${person}'`,
    );
    expect(await people.actor(browser)).toBeNull();
    expect((await browser.get('/organisations')).headers.get('location')).toBe('/auth/staff/set-up');
    const again = await browser.post('/auth/staff/set-up/again', { password });
    expect(again.status).toBe(401);
    expect(factorOn(await again.text()).secret).toBe('');
  });

  it('are told the same of an address that is not known as of a password that is wrong', async () => {
    await enrol(people, { email: 'fay@club.example', role: 'steward' });
    const answers = await Promise.all(
      ['fay@club.example', 'fun@club.example'].map(async (email) => {
        const answer = await signIn(people.browser(), email, 'not the password at all');
        return { status: answer.status, shown: (await answer.text()).replaceAll(email, 'X') };
      }),
    );
    expect(answers[0]).toMatchObject({ status: 401 });
    expect(answers[1]).toEqual(answers[0]);
  });

  it('may try ten passwords in a quarter of an hour, then not even the right one; elsewhere they may', async () => {
    const email = 'gus@club.example';
    await enrol(people, { email, role: 'steward' });
    const [here, elsewhere] = [people.browser('198.51.100.1'), people.browser('198.51.100.2')];
    for (let tries = 0; tries < 10; tries++)
      expect((await signIn(here, email, 'a guess of a password')).status).toBe(401);
    const eleventh = await signIn(here, email);
    expect(eleventh.status).toBe(429);
    expect(Number(eleventh.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await signIn(here, email.toUpperCase())).status).toBe(429);
    expect((await signIn(elsewhere, email)).status).toBe(303);
  });

  it('leave by signing out, and end sessions of theirs elsewhere', async () => {
    const { browser, secret } = await enrol(people, { email: 'hal@club.example', role: 'steward' });
    const second = people.browser();
    await signIn(second, 'hal@club.example');
    await second.post('/auth/staff/second-factor', { code: await codeOf(secret, 0) });
    const shown = await (await browser.get('/auth/staff/sessions')).text();
    const ids = [...shown.matchAll(/name="session" value="([^"]+)"/g)].map(([, id]) => id ?? '');
    expect(ids).toHaveLength(2);
    const stranger = await enrol(people, { email: 'ian@club.example', role: 'steward' });
    for (const session of ids) await stranger.browser.post('/auth/staff/sessions/end', { session });
    expect(await people.actor(second)).not.toBeNull();

    const cookies = second.cookies();
    const left = await second.post('/auth/sign-out', {});
    expect(left.headers.get('location')).toBe('/auth/signed-out');
    const kept = { ...second, cookies: () => cookies };
    expect(await people.actor(kept)).toBeNull();
    for (const session of ids) await browser.post('/auth/staff/sessions/end', { session });
    expect(await people.actor(browser)).toBeNull();
  });

  it('are signed out after an hour in which they did nothing, and after twelve in any case', async () => {
    const { browser, person } = await enrol(people, { email: 'joy@club.example', role: 'steward' });
    const of = `WHERE "userId" = '${person}'`;
    await overwrite(
      people,
      `UPDATE staff_auth.session SET "updatedAt" = now() - interval '59 minutes' ${of}`,
    );
    expect(await people.actor(browser)).not.toBeNull();
    // That was a use: the hour begins anew.
    const { rows } = await people.test.state.pool.query(
      `SELECT "updatedAt" > now() - interval '1 minute' AS seen FROM staff_auth.session ${of}`,
    );
    expect(rows).toEqual([{ seen: true }]);
    await overwrite(
      people,
      `UPDATE staff_auth.session SET "updatedAt" = now() - interval '61 minutes' ${of}`,
    );
    expect(await people.actor(browser)).toBeNull();

    const { browser: busy, person: other } = await enrol(people, {
      email: 'kim@club.example',
      role: 'steward',
    });
    const longest = await people.test.state.pool.query(
      `SELECT round(extract(epoch FROM "expiresAt" - "createdAt")) AS seconds FROM staff_auth.session WHERE "userId" = $1`,
      [other],
    );
    expect(longest.rows).toEqual([{ seconds: String(12 * 3600) }]);
    await overwrite(
      people,
      `UPDATE staff_auth.session SET "expiresAt" = now() - interval '1 second' WHERE "userId" = '${other}'`,
    );
    expect(await people.actor(busy)).toBeNull();
  });

  it('cannot sign up, nor reach anything of the accounts but these pages', async () => {
    const browser = people.browser();
    const body = { email: 'own@club.example', password, name: 'Own', newPassword: password };
    for (const path of [
      ...[
        'sign-up/email',
        'sign-in/email',
        'two-factor/disable',
        'two-factor/enable',
        'change-email',
        'update-user',
      ],
      ...['api-key/create', 'reset-password', 'request-password-reset', 'get-session', 'one-time-link', 'ok'],
    ]) {
      expect((await browser.post(`/auth/staff/${path}`, body)).status, path).toBe(404);
      expect((await browser.get(`/auth/staff/${path}`)).status, path).toBe(404);
    }
    expect((await browser.post('/auth/members/sign-in/magic-link', body)).status).toBe(404);
  });

  it('are named in no log', () => {
    expect(people.logged.length).toBeGreaterThan(0);
    expect(people.logged.filter((line) => line.includes('@') || line.includes('Somebody'))).toEqual([]);
  });
});
