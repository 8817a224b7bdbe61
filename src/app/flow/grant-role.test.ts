import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPeople, type People } from '../../http/auth/people.fixture.ts';
import { rolesOf } from '../../http/auth/roles-of.ts';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import { staff } from './duties.fixture.ts';
import { grantRole, grantRoleInput } from './grant-role.ts';
import { listRoles, listRolesInput } from './list-roles.ts';
import { makeKey, makeKeyInput } from './make-key.ts';
import type { Actor } from './service.ts';
import { withdrawRole } from './withdraw-role.ts';

const officer = staff('club', 'officer');

describe.each(oneDatabase)('roles, on $name', (database) => {
  let people: People;
  beforeAll(async () => {
    people = await openPeople(database);
  });
  afterAll(() => people.test.drop());

  const grant = (input: object, actor = officer) =>
    grantRole(people.service, actor, grantRoleInput.parse({ name: 'Somebody', ...input }));
  const personOf = async (email: string) => (await people.accounts.personOf(email, 'Somebody')).person;
  const kindsTo = async (email: string, org = 'club') =>
    (await people.mails(org)).filter(({ recipient }) => recipient === email).map(({ kind }) => kind);

  it('are granted to an address, which gets an invitation; once it has a password, word of the role', async () => {
    const email = 'ada@club.example';
    const granted = await grant({ email: 'Ada@Club.example', role: 'steward' });
    expect(granted).toMatchObject({
      kind: 'done',
      value: { email, role: 'steward', party: null, mayFreeze: false, grantedBy: 'officer-1' },
    });
    expect(await kindsTo(email)).toEqual(['invitation']);
    expect(await grant({ email, role: 'steward' })).toMatchObject({ code: 'already-done' });
    expect(await kindsTo(email)).toEqual(['invitation']);
    const link = new URL((await people.linkTo(email)) ?? '', 'http://club.example');
    const chosen = 'four words that do not fit';
    await people.browser().post('/auth/staff/set-password', {
      ...{ token: link.searchParams.get('token') ?? '', password: chosen, again: chosen },
    });
    expect(await grant({ email, role: 'officer' })).toMatchObject({ kind: 'done' });
    expect(await kindsTo(email)).toEqual(['invitation', 'role-granted']);
  });

  it('are told to the other officers and the auditors, as is every key; not to who gave them, nor to stewards', async () => {
    await grant({ email: 'eve@club.example', role: 'officer' });
    await grant({ email: 'aud@watch.example', role: 'auditor' });
    await grant({ email: 'ann@club.example', role: 'steward' });
    const eve = { ...officer, id: await personOf('eve@club.example') } as Actor;
    const before = { eve: await kindsTo('eve@club.example'), ann: await kindsTo('ann@club.example') };
    expect(await grant({ email: 'eve-too@home.example', role: 'steward' }, eve)).toMatchObject({
      kind: 'done',
    });
    expect(await kindsTo('aud@watch.example')).toContain('role-given');
    expect(await kindsTo('eve@club.example')).toEqual(before.eve);
    expect(await kindsTo('ann@club.example')).toEqual(before.ann);
    expect(await kindsTo('eve-too@home.example')).toEqual(['invitation']);
    const told = (await people.mails('club')).filter(({ kind }) => kind === 'role-given').at(-1);
    expect(told?.body).toContain('eve@club.example has made eve-too@home.example steward');
    const key = { name: 'nightly', roles: ['steward'], party: null, days: 30 };
    expect(await makeKey(people.service, eve, makeKeyInput.parse(key))).toMatchObject({ kind: 'done' });
    expect(await kindsTo('aud@watch.example')).toContain('key-made');
    expect(await kindsTo('eve@club.example')).toEqual(before.eve);
    const gone = { person: eve.id, role: 'officer' } as const;
    expect(await withdrawRole(people.service, officer, gone)).toMatchObject({ kind: 'done' });
  });

  it('withdrawn are told to whoever had them and to all who watched, so that nobody is put out of hearing first', async () => {
    await grant({ email: 'thief@club.example', role: 'officer' });
    const thief = { ...officer, id: await personOf('thief@club.example') } as Actor;
    await grant({ email: 'second@club.example', role: 'officer' });
    await grant({ email: 'aud2@watch.example', role: 'auditor' });
    const before = (await people.mails('club')).length;
    for (const [email, role] of [
      ['second@club.example', 'officer'],
      ['aud2@watch.example', 'auditor'],
    ] as const)
      expect(
        await withdrawRole(people.service, thief, { person: await personOf(email), role }),
      ).toMatchObject({ kind: 'done', value: { email, role } });
    expect(await grant({ email: 'thief-too@home.example', role: 'officer' }, thief)).toMatchObject({
      kind: 'done',
    });
    const told = (await people.mails('club')).slice(before);
    const to = (email: string) => told.filter(({ recipient }) => recipient === email).map(({ kind }) => kind);
    expect(to('second@club.example')).toEqual(['role-ended']);
    expect(to('aud2@watch.example')).toEqual(['role-withdrawn', 'role-ended']);
    expect(to('thief@club.example')).toEqual([]);
    expect(told.find(({ kind }) => kind === 'role-withdrawn')?.body).toContain(
      'thief@club.example has withdrawn a role from second@club.example',
    );
    expect(told.find(({ kind }) => kind === 'role-ended')?.body).toContain('thief@club.example');
    const again = { person: await personOf('second@club.example'), role: 'officer' } as const;
    const sent = (await people.mails('club')).length;
    expect(await withdrawRole(people.service, thief, again)).toMatchObject({ code: 'not-found' });
    expect((await people.mails('club')).length).toBe(sent);
    for (const email of ['thief@club.example', 'thief-too@home.example'])
      await withdrawRole(people.service, officer, { person: await personOf(email), role: 'officer' });
  });

  it('of a recipient are for a party that stands in the documents, and for no second one', async () => {
    const email = 'toys@acme.example';
    expect(await grant({ email, role: 'recipient' })).toMatchObject({ code: 'input-invalid' });
    expect(await grant({ email, role: 'recipient', party: 'unheard-of' })).toMatchObject({
      code: 'input-invalid',
    });
    expect(await grant({ email, role: 'recipient', party: 'acme-toys' })).toMatchObject({ kind: 'done' });
    expect(await grant({ email, role: 'recipient', party: 'fun-books' })).toMatchObject({
      code: 'wrong-state',
    });
    expect(await grant({ email: 'x@club.example', role: 'steward', party: 'acme-toys' })).toMatchObject({
      code: 'input-invalid',
    });
  });

  it('on both sides of a supply are not given to one person', async () => {
    const email = 'sides@acme.example';
    await grant({ email, role: 'recipient', party: 'acme-toys' });
    expect(await grant({ email, role: 'steward' })).toMatchObject({ code: 'wrong-state' });
    const inside = 'inside@club.example';
    await grant({ email: inside, role: 'auditor' });
    expect(await grant({ email: inside, role: 'recipient', party: 'acme-toys' })).toMatchObject({
      code: 'wrong-state',
    });
  });

  it('granted at once put nobody on both sides', async () => {
    for (let round = 0; round < 5; round += 1) {
      const email = `both-${round}@acme.example`;
      const answers = await Promise.all([
        grant({ email, role: 'steward' }),
        grant({ email, role: 'recipient', party: 'acme-toys' }),
        grant({ email, role: 'recipient', party: 'fun-books' }),
      ]);
      expect(answers.filter(({ kind }) => kind === 'done')).toHaveLength(1);
      expect(answers.filter((each) => each.kind === 'refused' && each.code === 'wrong-state')).toHaveLength(
        2,
      );
    }
  });

  it('of somebody on both sides, were there one, are none', async () => {
    const person = await personOf('sides@acme.example');
    expect((await rolesOf(people.auths.settings, person, 'club')).roles).toEqual(new Set(['recipient']));
    await people.test.state.as('club', (tx) =>
      tx
        .insertInto('staff_role')
        .values({
          ...{ org: 'club', person, role: 'auditor', party: null, may_freeze: true },
          ...{ granted_by: 'x', granted_at: new Date() },
        })
        .execute(),
    );
    expect(await rolesOf(people.auths.settings, person, 'club')).toEqual({
      ...{ roles: new Set(), party: null, mayFreeze: false },
    });
    await people.test.state.as('club', (tx) =>
      tx.deleteFrom('staff_role').where('person', '=', person).where('role', '=', 'auditor').execute(),
    );
  });

  it('tell the name that was typed, not what another organisation calls them; a refused one makes no link', async () => {
    const email = 'known@choir.example';
    const { person } = await people.accounts.personOf(email, 'What the choir calls them');
    expect(await grant({ email, role: 'auditor', name: 'K. from the audit' })).toMatchObject({
      value: { person, name: 'K. from the audit' },
    });
    let links = 0;
    const invitation = async () => {
      links += 1;
      return null;
    };
    const service = { ...people.service, accounts: { ...people.accounts, invitation } };
    const again = (role: string, party: string | null) =>
      grantRole(service, officer, grantRoleInput.parse({ email, name: 'K', role, party }));
    expect(await again('recipient', 'acme-toys')).toMatchObject({ code: 'wrong-state' });
    expect(await again('auditor', null)).toMatchObject({ code: 'already-done' });
    expect(links).toBe(0);
    expect(await again('steward', null)).toMatchObject({ kind: 'done' });
    expect(links).toBe(1);
  });

  it('give the power to freeze to auditors alone', async () => {
    expect(await grant({ email: 'a@audit.example', role: 'auditor', mayFreeze: true })).toMatchObject({
      value: { mayFreeze: true },
    });
    expect(await grant({ email: 's@club.example', role: 'steward', mayFreeze: true })).toMatchObject({
      code: 'input-invalid',
    });
  });

  it('are granted and withdrawn by people, not by their keys', async () => {
    const machine: Actor = {
      ...{ kind: 'machine', id: 'officer-1', key: 'k', org: 'club', party: null, mayFreeze: false },
      roles: new Set(['officer']),
    };
    expect(await grant({ email: 'm@club.example', role: 'steward' }, machine)).toMatchObject({
      code: 'not-allowed',
    });
    const gone = { person: await personOf('ada@club.example'), role: 'steward' } as const;
    expect(await withdrawRole(people.service, machine, gone)).toMatchObject({ code: 'not-allowed' });
  });

  it('of another organisation are neither seen nor withdrawn', async () => {
    const there = staff('choir', 'officer');
    const person = await personOf('ada@club.example');
    const listed = await listRoles(people.service, there, listRolesInput.parse({}));
    expect(listed).toMatchObject({ kind: 'done', value: { items: [] } });
    expect(await withdrawRole(people.service, there, { person, role: 'steward' })).toMatchObject({
      code: 'not-found',
    });
  });

  it('are listed a page at a time, with whose they are', async () => {
    const all = await listRoles(people.service, officer, listRolesInput.parse({}));
    if (all.kind === 'refused') throw new Error(all.message);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const answer = await listRoles(people.service, officer, listRolesInput.parse({ cursor, limit: 2 }));
      if (answer.kind === 'refused') throw new Error(answer.message);
      seen.push(...answer.value.items.map(({ email, role }) => `${email} ${role}`));
      cursor = answer.value.next ?? undefined;
    } while (cursor !== undefined);
    expect(seen.length).toBeGreaterThan(4);
    expect(seen).toEqual(all.value.items.map(({ email, role }) => `${email} ${role}`));
    expect(seen).toContain('toys@acme.example recipient');
  });

  it('of the last officer stay, even when two officers withdraw each other', async () => {
    const [ada, bea] = [await personOf('ada@club.example'), await personOf('bea@club.example')];
    expect(await withdrawRole(people.service, officer, { person: ada, role: 'officer' })).toMatchObject({
      code: 'wrong-state',
    });
    await grant({ email: 'bea@club.example', role: 'officer' });
    const both = await Promise.all(
      [ada, bea].map((person) => withdrawRole(people.service, officer, { person, role: 'officer' })),
    );
    expect(both.filter(({ kind }) => kind === 'done')).toHaveLength(1);
    expect(both.filter((answer) => answer.kind === 'refused' && answer.code === 'wrong-state')).toHaveLength(
      1,
    );
  });
});
