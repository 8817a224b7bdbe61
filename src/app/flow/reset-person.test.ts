import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  enrol,
  openPeople,
  type People,
  setPassword,
  signIn,
  tokenIn,
} from '../../http/auth/people.fixture.ts';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import { resetPerson, resetPersonInput } from './reset-person.ts';

describe.each(oneDatabase)('who lost their second factor, on $name', (database) => {
  let people: People;
  beforeAll(async () => {
    people = await openPeople(database);
  });
  afterAll(() => people.test.drop());

  const reset = (email: string) => resetPerson(people.service, resetPersonInput.parse({ email }));
  const deeds = (org: string) =>
    people.test.state.as(org, (tx) =>
      tx
        .selectFrom('deed')
        .select(['actor', 'use_case', 'subject', 'outcome'])
        .where('org', '=', org)
        .execute(),
    );

  it('the only officer begins anew by a link to their address, and by nothing that stood before', async () => {
    const ada = await enrol(people, { email: 'ada@club.example', role: 'officer' });
    await people.grant({ email: 'ada@club.example', role: 'auditor', org: 'choir' });
    const key = await people.accounts.makeKey({
      ...{ org: 'club', madeBy: ada.person, name: 'a key', roles: ['officer'], party: null, days: 1 },
    });
    const before = people.browser();
    await before.post('/auth/staff/forgotten', { email: 'ada@club.example' });
    const oldLink = await people.linkTo('ada@club.example', '*');
    expect(await people.actor(ada.browser)).toMatchObject({ id: ada.person });

    expect(await reset('Ada@club.example')).toMatchObject({
      kind: 'done',
      value: { person: ada.person, organisations: ['choir', 'club'] },
    });
    expect(await people.actor(ada.browser)).toBeNull();
    const browser = people.browser();
    expect((await signIn(browser, 'ada@club.example')).status).toBe(401);
    expect(tokenIn(oldLink ?? '')).not.toBe('');
    expect((await setPassword(browser, oldLink ?? '', 'the words of somebody else')).status).not.toBe(303);

    // By its kind it is tried for a day, as long as the link works.
    expect((await people.mails('*')).at(-1)).toMatchObject({
      ...{ kind: 'factor-reset', recipient: 'ada@club.example' },
    });
    const link = (await people.linkTo('ada@club.example', '*')) ?? '';
    expect(tokenIn(link)).not.toBe('');
    const chosen = 'other words that do not fit';
    expect((await setPassword(browser, link, chosen)).status).toBe(303);
    const shown = await signIn(browser, 'ada@club.example', chosen);
    // The page that sets up a second factor, and nothing else.
    expect(await shown.text()).toContain('class="secret"');
    expect(await people.actor(browser)).toBeNull();
    expect(await people.actor(key.secret)).toMatchObject({ id: ada.person });
  });

  it('it is written down, and told to the officers and auditors of each of their organisations', async () => {
    const written = {
      actor: 'operator:server',
      use_case: 'reset-person',
      subject: (await people.accounts.personAt('ada@club.example'))?.person,
      outcome: 'done',
    };
    for (const org of ['club', 'choir']) expect(await deeds(org)).toEqual([written]);
    await people.grant({ email: 'bea@club.example', role: 'officer' });
    await people.grant({ email: 'cyd@club.example', role: 'auditor' });
    await people.grant({ email: 'dot@club.example', role: 'steward' });
    await people.grant({ email: 'eve@club.example', role: 'officer', org: 'choir' });
    await reset('dot@club.example');
    const told = (await people.mails('club')).filter(({ kind }) => kind === 'person-reset');
    expect(told.map(({ recipient }) => recipient).toSorted()).toEqual([
      'ada@club.example',
      'bea@club.example',
      'cyd@club.example',
    ]);
    expect((await people.mails('choir')).filter(({ kind }) => kind === 'person-reset')).toEqual([]);
    expect(await deeds('choir')).toHaveLength(1);
  });

  it('nobody is reset who has no role, or no account', async () => {
    await people.accounts.personOf('fay@nowhere.example', 'Fay');
    for (const email of ['fay@nowhere.example', 'nobody@nowhere.example'])
      expect(await reset(email)).toMatchObject({ code: 'not-found' });
  });
});
