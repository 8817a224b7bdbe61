import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import { forgetOver } from './forget-over.ts';
import { enrol, openPeople, overwrite, type People, tokenIn } from './people.fixture.ts';

describe.each(oneDatabase)('what is over, on $name', (database) => {
  let people: People;
  beforeAll(async () => {
    people = await openPeople(database);
  });
  afterAll(() => people.test.drop());

  const count = async (table: string): Promise<number> => {
    const { rows } = await people.test.state.pool.query(`SELECT count(*)::int AS n FROM ${table}`);
    return rows[0].n;
  };

  it('is forgotten, and what stands is not', async () => {
    const staff = await enrol(people, { email: 'ada@club.example', role: 'officer' });
    for (const email of ['ann@home.example', 'bob@home.example']) {
      people.onRecord.add(`club ${email}`);
      const browser = people.browser();
      await browser.post('/auth/members/sign-in', { org: 'club', email });
      const link = (await people.linkTo(email)) ?? '';
      await browser.post('/auth/members/arrive', { org: 'club', token: tokenIn(link) });
    }
    await overwrite(people, `UPDATE member_auth."user" SET "createdAt" = now() - interval '2 days'`);
    await overwrite(
      people,
      `UPDATE member_auth.session SET "expiresAt" = now() - interval '1 second'
       WHERE "userId" = (SELECT id FROM member_auth."user" WHERE email = 'ann@home.example')`,
    );
    await forgetOver(people.auths);
    expect(await count('member_auth.session')).toBe(1);
    expect(await count('member_auth."user"')).toBe(1);
    expect(await people.actor(staff.browser)).not.toBeNull();

    await overwrite(people, `UPDATE staff_auth.session SET "expiresAt" = now() - interval '1 second'`);
    await overwrite(people, `UPDATE staff_auth.verification SET "expiresAt" = now() - interval '1 second'`);
    await forgetOver(people.auths);
    for (const table of ['session', 'verification']) expect(await count(`staff_auth.${table}`)).toBe(0);
    expect(await count('staff_auth."user"')).toBe(1);
  });
});
