import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import { type Browser, enrol, openPeople, overwrite, type People, tokenIn } from './people.fixture.ts';

describe.each(oneDatabase)('members who sign in, on $name', (database) => {
  let people: People;
  beforeAll(async () => {
    people = await openPeople(database);
    for (const name of ['ann', 'bob', 'cat', 'deb', 'eli', 'fay', 'staff'])
      people.onRecord.add(`club ${name}@home.example`);
  });
  afterAll(async () => {
    await people.auths.settled();
    await people.test.drop();
  });

  const ask = (browser: Browser, email: string, org = 'club') =>
    browser.post('/auth/members/sign-in', { org, email });
  const linkFor = async (email: string): Promise<string> => {
    await ask(people.browser(`203.0.113.${email.charCodeAt(0) % 250}`), email);
    return (await people.linkTo(email)) ?? '';
  };
  const open = (browser: Browser, link: string, org = 'club') =>
    browser.post('/auth/members/arrive', { org, token: tokenIn(link) });

  it('come by a link to the address on record, for the one organisation that has it', async () => {
    const link = await linkFor('ann@home.example');
    const browser = people.browser();
    expect((await browser.get(link)).status).toBe(200);
    expect(await people.actor(browser)).toBeNull();
    const arrived = await open(browser, link);
    expect(arrived.headers.get('location')).toBe('/o/club');
    expect(await people.actor(browser)).toMatchObject({
      ...{ kind: 'member', org: 'club', email: 'ann@home.example' },
    });
    expect(await people.actor(browser, 'choir')).toBeNull();
    expect((await browser.get('/organisations')).headers.get('location')).toBe('/o/club');
  });

  it('get the same answer whether or not the address is on record, and mail only where it is', async () => {
    const answer = async (email: string) => {
      const response = await ask(people.browser('198.51.100.3'), email);
      return { status: response.status, to: response.headers.get('location'), shown: await response.text() };
    };
    const known = await answer('Bob@Home.example');
    expect(known).toMatchObject({ status: 303, to: '/auth/members/mail-sent' });
    expect(await answer('stranger@home.example')).toEqual(known);
    expect(await people.linkTo('bob@home.example')).not.toBeNull();
    expect(await people.linkTo('stranger@home.example')).toBeNull();
    const { rows } = await people.test.state.pool.query('SELECT email FROM member_auth."user"');
    expect(rows.map(({ email }) => email)).not.toContain('stranger@home.example');
  });

  it('who type it wrong find it as they typed it, with what is wrong beside the field and at the top', async () => {
    const shown = async (fields: Readonly<Record<string, string>>) => {
      const answer = await people.browser('198.51.100.4').post('/auth/members/sign-in', fields);
      expect(answer.status).toBe(400);
      return answer.text();
    };
    const mistyped = await shown({ org: 'choir', email: 'bob@home"' });
    expect(mistyped).toContain('value="bob@home&quot;"');
    expect(mistyped).toContain('<option value="choir" selected>');
    expect(mistyped).toContain('<a href="#email">');
    expect(mistyped).toMatch(/<input id="email"[^>]* aria-describedby="email-fault" aria-invalid="true"/);
    expect(mistyped).not.toContain('org-fault');

    const unchosen = await shown({ org: '', email: 'bob@home.example' });
    expect(unchosen).toContain('value="bob@home.example"');
    expect(unchosen).toContain('<a href="#org">');
    expect(unchosen).toMatch(/<select id="org"[^>]* aria-describedby="org-fault" aria-invalid="true"/);
    expect(unchosen).not.toContain('email-fault');
    expect(await shown({ org: '', email: 'stranger@home.example' })).toBe(
      unchosen.replace('bob@', 'stranger@'),
    );

    const both = await shown({});
    for (const field of ['org', 'email']) expect(both).toContain(`<a href="#${field}">`);
  });

  it('are answered before it is known whether the address is on record', async () => {
    const slow = Promise.withResolvers<boolean>();
    const { settings } = people.auths;
    const isOnRecord = settings.isOnRecord;
    Object.assign(settings, { isOnRecord: () => slow.promise });
    const answer = await ask(people.browser(), 'somebody@home.example');
    expect(answer.status).toBe(303);
    slow.resolve(false);
    await people.auths.settled();
    Object.assign(settings, { isOnRecord });
  });

  it('cannot use a link twice, and are told so', async () => {
    const link = await linkFor('cat@home.example');
    expect((await open(people.browser(), link)).status).toBe(303);
    const second = people.browser();
    const again = await open(second, link);
    expect(again.status).toBe(410);
    expect(await again.text()).toContain('works once');
    expect(await people.actor(second)).toBeNull();
  });

  it('cannot use a link twice at once', async () => {
    const link = await linkFor('cat@home.example');
    const browsers = Array.from({ length: 4 }, () => people.browser());
    const answers = await Promise.all(browsers.map((browser) => open(browser, link)));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 410, 410, 410]);
    const actors = await Promise.all(browsers.map((browser) => people.actor(browser)));
    expect(actors.filter((actor) => actor !== null)).toHaveLength(1);
  });

  it('do not use a link up by looking at it: what scans mail does', async () => {
    const link = await linkFor('cat@home.example');
    for (let times = 0; times < 3; times++) await people.browser().get(link);
    expect((await open(people.browser(), link)).status).toBe(303);
  });

  it('have a quarter of an hour', async () => {
    const link = await linkFor('deb@home.example');
    const of = `WHERE value LIKE '%deb@home.example%'`;
    const { rows } = await people.test.state.pool.query(
      `SELECT round(extract(epoch FROM "expiresAt" - "createdAt") / 60) AS minutes FROM member_auth.verification ${of}`,
    );
    expect(rows).toEqual([{ minutes: '15' }]);
    await overwrite(
      people,
      `UPDATE member_auth.verification SET "expiresAt" = now() - interval '1 second' ${of}`,
    );
    const browser = people.browser();
    expect((await open(browser, link)).status).toBe(410);
    expect(await people.actor(browser)).toBeNull();
  });

  it('cannot turn a link of one organisation into one of another that does not know them', async () => {
    const link = await linkFor('eli@home.example');
    const browser = people.browser();
    expect((await open(browser, link, 'choir')).status).toBe(410);
    for (const org of ['choir', 'club']) expect(await people.actor(browser, org)).toBeNull();
  });

  it('are never staff: with the same address they open nothing of theirs', async () => {
    const email = 'staff@home.example';
    const staff = await enrol(people, { email, role: 'officer' });
    const browser = people.browser();
    await open(browser, await linkFor(email));
    expect(await people.actor(browser)).toMatchObject({ kind: 'member' });
    for (const path of ['/auth/staff/sessions', '/auth/staff/set-up'])
      expect((await browser.get(path)).headers.get('location')).toBe('/auth/staff/sign-in');
    // Nor does the member's session hold under the name of a cookie of staff.
    const renamed = {
      ...browser,
      cookies: () => browser.cookies().replaceAll('astold-member', 'astold-staff'),
    };
    expect(await people.actor(renamed)).toBeNull();
    // Nor a token of the one side on the other.
    const link = await linkFor(email);
    const other = people.browser();
    expect(
      (
        await other.post('/auth/staff/set-password', {
          token: tokenIn(link),
          password: 'x'.repeat(12),
          again: 'x'.repeat(12),
        })
      ).status,
    ).toBe(410);
    expect((await other.post('/auth/staff/try', { token: tokenIn(link) })).status).toBeGreaterThanOrEqual(
      400,
    );
    expect(await people.actor(other)).toBeNull();
    expect(await people.actor(staff.browser)).toMatchObject({ kind: 'staff', id: staff.person });
  });

  it('are led back to the page they came for, and nowhere else', async () => {
    const email = 'fay@home.example';
    const to = '/o/club/cases/ca-1?cursor=a';
    const asked = await people
      .browser('203.0.113.9')
      .get(`/auth/members/sign-in?${new URLSearchParams({ org: 'club', to })}`);
    const form = await asked.text();
    expect(form).toContain('<option value="club" selected>');
    expect(form).toContain(`name="to" value="${to}"`);
    const sent = await people
      .browser('203.0.113.9')
      .post('/auth/members/sign-in', { org: 'club', email, to });
    const query = new URLSearchParams({ org: 'club', to });
    expect(sent.headers.get('location')).toBe(`/auth/members/mail-sent?${query}`);
    expect(await (await people.browser().get(`/auth/members/mail-sent?${query}`)).text()).toContain(
      `href="/auth/members/sign-in?${query.toString().replaceAll('&', '&amp;')}"`,
    );
    const link = (await people.linkTo(email)) ?? '';
    expect(new URL(link, 'http://club.example').searchParams.get('to')).toBe(to);
    const browser = people.browser();
    expect(await (await browser.get(link)).text()).toContain(`name="to" value="${to}"`);
    const token = tokenIn(link);
    const arrived = await browser.post('/auth/members/arrive', { org: 'club', token, to });
    expect(arrived.headers.get('location')).toBe(to);
    const over = await people.browser().post('/auth/members/arrive', { org: 'club', token, to });
    expect(await over.text()).toContain(
      `href="/auth/members/sign-in?${query.toString().replaceAll('&', '&amp;')}"`,
    );
    for (const away of ['https://elsewhere.example/o/club', '/o/clubs', '/o/choir/cases']) {
      const next = tokenIn(await linkFor(email));
      const led = await people.browser().post('/auth/members/arrive', { org: 'club', token: next, to: away });
      expect(led.headers.get('location')).toBe('/o/club');
    }
  });

  it('with an address in other letters are told what to do, not that it is none', async () => {
    const browser = people.browser('198.51.100.5');
    const told = async (email: string) =>
      (await browser.post('/auth/members/sign-in', { org: 'club', email })).text();
    for (const other of ['x@пример.рф', 'x@xn--e1afmkfd.xn--p1ai', 'жанна@home.example'])
      expect(await told(other)).toContain('If it is yours, write to them or phone');
    expect(await told('пример')).toContain('That is no e-mail address.');
    expect(await told('x@@home.example')).toContain('<title>Problem: ');
    // What takes a search of its own for each sign would not end within this test.
    for (const many of ['@', 'x@', 'ж@xn--'])
      expect(await told(many.repeat(200_000 / many.length))).toContain('That is no e-mail address.');
  });

  it('and staff at once are nobody; signing in as one ends the other', async () => {
    const email = 'staff@home.example';
    const member = people.browser();
    await open(member, await linkFor(email));
    const staff = await enrol(people, { email: 'both@home.example', role: 'steward' });
    const both = { ...member, cookies: () => `${member.cookies()}; ${staff.browser.cookies()}` };
    expect(await people.actor(both)).toBeNull();
    expect(await people.actor(member)).not.toBeNull();
    await open(staff.browser, await linkFor(email));
    expect(await people.actor(staff.browser)).toMatchObject({ kind: 'member' });
  });

  it('are refused what is no address, no organisation, no link', async () => {
    const browser = people.browser('198.51.100.4');
    expect((await ask(browser, 'no address')).status).toBe(400);
    expect((await ask(browser, 'ann@home.example', 'nowhere')).status).toBe(400);
    for (const link of [
      '/auth/members/arrive',
      '/auth/members/arrive?org=club&token=short',
      '/auth/members/arrive?org=x&token=aaaaaaaaaaaaaaaaaaaaaaaa',
    ])
      expect((await browser.get(link)).status).toBe(410);
    expect((await open(browser, '/?token=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')).status).toBe(410);
  });

  it('keep their links as hashes', async () => {
    const token = tokenIn(await linkFor('ann@home.example'));
    const { rows } = await people.test.state.pool.query('SELECT * FROM member_auth.verification');
    expect(rows.length).toBeGreaterThan(0);
    expect(token).toMatch(/^[A-Za-z]{32}$/);
    expect(JSON.stringify(rows)).not.toContain(token);
  });
});
