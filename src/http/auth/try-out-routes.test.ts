import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../../store/postgres/databases.fixture.ts';
import { makeMemberOneTimeLink, makeOneTimeLink } from './one-time-link.ts';
import { openPeople, overwrite, type People, tokenIn, url } from './people.fixture.ts';

const pathOf = (link: string): string => link.slice(url.length);

describe.each(databases.filter(({ name }) => name === 'PGlite'))(
  'one-time links for trying out, on $name',
  (database) => {
    let people: People;
    let person: string;
    beforeAll(async () => {
      people = await openPeople(database);
      person = await people.grant({ email: 'ada@club.example', role: 'officer' });
    });
    afterAll(() => people.test.drop());

    it('open a full session once, and say what they are for', async () => {
      const link = pathOf(await makeOneTimeLink(people.auths, { person }));
      const browser = people.browser();
      const shown = await browser.get(link);
      expect(await shown.text()).toContain('This is for trying out');
      expect(await people.actor(browser)).toBeNull();
      const opened = await browser.post('/auth/staff/try', { token: tokenIn(link) });
      expect(opened.headers.get('location')).toBe('/o/club');
      expect(await people.actor(browser)).toMatchObject({
        kind: 'staff',
        id: person,
        roles: new Set(['officer']),
      });
      const second = people.browser();
      expect((await second.post('/auth/staff/try', { token: tokenIn(link) })).status).toBe(410);
      expect(await people.actor(second)).toBeNull();
    });

    it('expire after an hour', async () => {
      const link = await makeOneTimeLink(people.auths, { person });
      const of = `WHERE value LIKE '%secondFactor%'`;
      const { rows } = await people.test.state.pool.query(
        `SELECT round(extract(epoch FROM "expiresAt" - "createdAt") / 60) AS minutes FROM staff_auth.verification ${of}`,
      );
      expect(rows).toEqual([{ minutes: '60' }]);
      await overwrite(
        people,
        `UPDATE staff_auth.verification SET "expiresAt" = now() - interval '1 second' ${of}`,
      );
      const browser = people.browser();
      expect((await browser.post('/auth/staff/try', { token: tokenIn(link) })).status).toBe(410);
      expect(await people.actor(browser)).toBeNull();
    });

    it('of a member open that of the one organisation, and nothing of the staff', async () => {
      const link = await makeMemberOneTimeLink(people.auths, { org: 'club', email: 'ann@home.example' });
      const browser = people.browser();
      expect((await browser.post('/auth/staff/try', { token: tokenIn(link) })).status).toBe(410);
      const opened = await browser.post('/auth/members/try', { token: tokenIn(link) });
      expect(opened.headers.get('location')).toBe('/o/club');
      expect(await people.actor(browser)).toMatchObject({ kind: 'member', email: 'ann@home.example' });
      expect(await people.actor(browser, 'choir')).toBeNull();
    });

    it('are told apart from what is none', async () => {
      for (const path of ['/auth/staff/try', '/auth/members/try', '/auth/staff/try?token=x'])
        expect((await people.browser().get(path)).status).toBe(410);
      expect((await people.browser().post('/auth/staff/try', { token: 'a'.repeat(32) })).status).toBe(410);
    });
  },
);

describe.each(databases.filter(({ name }) => name === 'Postgres'))('one-time links, on $name', (database) => {
  let people: People;
  beforeAll(async () => {
    people = await openPeople(database);
  });
  afterAll(() => people.test.drop());

  it('are neither made nor opened on a database that was given', async () => {
    const person = await people.grant({ email: 'ada@club.example', role: 'officer' });
    await expect(makeOneTimeLink(people.auths, { person })).rejects.toMatchObject({ code: 'not-trying-out' });
    await expect(
      makeMemberOneTimeLink(people.auths, { org: 'club', email: 'ann@home.example' }),
    ).rejects.toMatchObject({ code: 'not-trying-out' });
    const token = 'a'.repeat(32);
    for (const path of ['/auth/staff/try', '/auth/members/try']) {
      expect((await people.browser().get(`${path}?token=${token}`)).status).toBe(404);
      expect((await people.browser().post(path, { token })).status).toBe(404);
    }
  });
});
