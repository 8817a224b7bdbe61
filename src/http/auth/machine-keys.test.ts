import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listKeys, listKeysInput } from '../../app/flow/list-keys.ts';
import { type MadeKeyView, makeKey, makeKeyInput } from '../../app/flow/make-key.ts';
import type { Actor, Answer } from '../../app/flow/service.ts';
import { stopKey } from '../../app/flow/stop-key.ts';
import { withdrawRole } from '../../app/flow/withdraw-role.ts';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import { actorOf } from './actor.ts';
import { type Enrolled, enrol, openPeople, overwrite, type People } from './people.fixture.ts';

describe.each(oneDatabase)('keys of machines, on $name', (database) => {
  let people: People;
  let officer: Enrolled;
  let recipient: Enrolled;
  beforeAll(async () => {
    people = await openPeople(database);
    officer = await enrol(people, { email: 'officer@club.example', role: 'officer' });
    recipient = await enrol(people, { email: 'toys@acme.example', role: 'recipient', party: 'acme-toys' });
  });
  afterAll(async () => {
    await people.auths.settled();
    await people.test.drop();
  });

  const by = async ({ browser }: Enrolled): Promise<Actor> => {
    const actor = await people.actor(browser);
    if (actor === null) throw new Error('nobody');
    return actor;
  };
  const make = async (maker: Enrolled, wanted: object): Promise<Answer<MadeKeyView>> =>
    makeKey(people.service, await by(maker), makeKeyInput.parse({ name: 'The warehouse', ...wanted }));
  const made = async (maker: Enrolled, wanted: object): Promise<MadeKeyView> => {
    const answer = await make(maker, wanted);
    if (answer.kind === 'refused') throw new Error(answer.message);
    return answer.value;
  };
  const ofToys = { roles: ['recipient'], party: 'acme-toys' };
  const watcher = 'officer@club.example';
  const list = async (who: Enrolled) => {
    const answer = await listKeys(people.service, await by(who), listKeysInput.parse({}));
    return answer.kind === 'done' ? answer.value.items.map(({ key }) => key) : [];
  };

  it('ask as the person who made them, in their organisation alone, with the roles they were given', async () => {
    const { secret, key } = await made(officer, { roles: ['steward', 'auditor'] });
    expect(await people.actor(secret)).toEqual({
      ...{ kind: 'machine', id: officer.person, key, org: 'club', party: null, mayFreeze: false },
      roles: new Set(['steward', 'auditor']),
    });
    expect(await people.actor(secret, 'choir')).toMatchObject({ roles: new Set(), party: null });
  });

  it('of a recipient are of its own party', async () => {
    const { secret } = await made(recipient, { roles: ['recipient'], party: 'acme-toys' });
    expect(await people.actor(secret)).toMatchObject({ roles: new Set(['recipient']), party: 'acme-toys' });
  });

  it.each([
    ['another party', { roles: ['recipient'], party: 'fun-books' }],
    ['no party', { roles: ['recipient'] }],
    ['a role of the organisation', { roles: ['steward'] }],
    ['a role beside its own', { roles: ['recipient', 'steward'], party: 'acme-toys' }],
  ])('of a recipient are not made for %s', async (_, wanted) => {
    expect(await make(recipient, wanted)).toMatchObject({ kind: 'refused', code: 'input-invalid' });
  });

  it('are made neither for a party nobody knows, nor by a key', async () => {
    expect(await make(officer, { roles: ['recipient'], party: 'unheard-of' })).toMatchObject({
      code: 'input-invalid',
    });
    const { secret } = await made(officer, { roles: ['officer'] });
    const machine = await people.actor(secret);
    if (machine === null) throw new Error('nobody');
    const input = makeKeyInput.parse({ name: 'More', roles: ['officer'] });
    expect(await makeKey(people.service, machine, input)).toMatchObject({ code: 'not-allowed' });
  });

  it('are kept as hashes, and their secret is shown once', async () => {
    const { secret, key, start } = await made(officer, { roles: ['steward'] });
    expect(secret.startsWith(start)).toBe(true);
    expect(start.length).toBeLessThan(12);
    const { rows } = await people.test.state.pool.query('SELECT * FROM staff_auth.apikey WHERE id = $1', [
      key,
    ]);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(secret);
    const listed = await listKeys(people.service, await by(officer), listKeysInput.parse({}));
    expect(JSON.stringify(listed)).toContain(key);
    expect(JSON.stringify(listed)).not.toContain(secret);
  });

  it('stop at once, and once', async () => {
    const { secret, key } = await made(officer, { roles: ['steward'] });
    expect(await people.actor(secret)).not.toBeNull();
    const actor = await by(officer);
    expect(await stopKey(people.service, actor, { key })).toMatchObject({
      kind: 'done',
      value: { stopped: true },
    });
    expect(await people.actor(secret)).toBeNull();
    expect(await stopKey(people.service, actor, { key })).toMatchObject({ code: 'already-done' });
    expect(await list(officer)).toContain(key);
  });

  it('expire on their day', async () => {
    const { secret, key, expiresAt, madeAt } = await made(officer, { roles: ['steward'], days: 7 });
    const days = (Date.parse(expiresAt ?? '') - Date.parse(madeAt)) / 86_400_000;
    expect(days).toBeCloseTo(7, 3);
    await overwrite(
      people,
      `UPDATE staff_auth.apikey SET "expiresAt" = now() - interval '1 second' WHERE id = '${key}'`,
    );
    expect(await people.actor(secret)).toBeNull();
  });

  it('do no more than their maker still may', async () => {
    const second = await enrol(people, { email: 'second@club.example', role: 'officer' });
    const { secret } = await made(second, { roles: ['steward'] });
    expect(await people.actor(secret)).toMatchObject({ roles: new Set(['steward']) });
    const gone = { person: second.person, role: 'officer' } as const;
    expect(await withdrawRole(people.service, await by(officer), gone)).toMatchObject({ kind: 'done' });
    expect(await people.actor(secret)).toMatchObject({ roles: new Set() });
  });

  it('of another party or organisation are not found', async () => {
    const { key } = await made(officer, { roles: ['steward'] });
    const { key: own } = await made(officer, { roles: ['recipient'], party: 'acme-toys' });
    expect(await list(recipient)).toContain(own);
    expect(await list(recipient)).not.toContain(key);
    expect(await stopKey(people.service, await by(recipient), { key })).toMatchObject({ code: 'not-found' });
    const elsewhere = await enrol(people, { email: 'else@choir.example', role: 'officer', org: 'choir' });
    const there = await people.actor(elsewhere.browser, 'choir');
    if (there === null) throw new Error('nobody');
    expect(await stopKey(people.service, there, { key })).toMatchObject({ code: 'not-found' });
    expect(await stopKey(people.service, await by(recipient), { key: own })).toMatchObject({ kind: 'done' });
  });

  it('are nobody beside a session, or where they are no such thing', async () => {
    const { secret } = await made(officer, { roles: ['steward'] });
    const ask = (headers: Record<string, string>) =>
      actorOf(people.auths, new Request('http://club.example/', { headers }), 'club');
    const cookie = officer.browser.cookies();
    expect(await ask({ authorization: `Bearer ${secret}` })).not.toBeNull();
    expect(await ask({ cookie })).not.toBeNull();
    expect(await ask({ cookie, authorization: `Bearer ${secret}` })).toBeNull();
    expect(await ask({ cookie, authorization: 'Basic eDp5' })).toBeNull();
    expect(await ask({ authorization: `Bearer ${secret}x` })).toBeNull();
    expect(await ask({ authorization: `Bearer ${secret.slice(0, -1)}` })).toBeNull();
    expect(await ask({ 'x-api-key': secret })).toBeNull();
    expect(await ask({})).toBeNull();
  });

  it.each([
    'two\nlines',
    'turned \u202e round',
    'a line\u2028more',
    'see https://evil.example',
    'nul\0',
    'broken \ud800',
  ])('are not called %j: others are sent their names', (name) => {
    expect(makeKeyInput.safeParse({ name, roles: ['steward'] }).success).toBe(false);
    expect(makeKeyInput.safeParse({ name: 'Nächtlich: 3/4', roles: ['steward'] }).success).toBe(true);
  });

  it('are told to officers by their id, their name being their maker’s to choose', async () => {
    const { key } = await made(recipient, { name: 'Your account is closed', ...ofToys });
    const { rows } = await people.test.state.as('club', async (tx) => ({
      rows: await tx.selectFrom('mail').select('subject').where('kind', '=', 'key-made').execute(),
    }));
    expect(rows.map(({ subject }) => subject)).toContain(`The Example Club: a key was made, ${key}`);
    expect(JSON.stringify(rows)).not.toContain('account is closed');
  });

  it('are twenty at most of one maker, also at once, and stopping them makes no room before the next day', async () => {
    const flood = await enrol(people, {
      email: 'flood@acme.example',
      role: 'recipient',
      party: 'acme-toys',
    });
    const told = async () =>
      (await people.mails('club')).filter(({ kind, recipient: to }) => kind === 'key-made' && to === watcher)
        .length;
    const before = await told();
    const first: string[] = [];
    for (let i = 0; i < 18; i += 1) first.push((await made(flood, ofToys)).key);
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => make(flood, ofToys)));
    const more = answers.filter(({ kind }) => kind === 'done').length;
    expect(more).toBeLessThanOrEqual(2);
    for (const answer of answers) if (answer.kind === 'refused') expect(answer.code).toBe('wrong-state');
    expect(await told()).toBe(before + 18 + more);
    const live = (await people.accounts.keys('club')).filter(
      ({ madeBy, stopped }) => madeBy === flood.person && !stopped,
    );
    expect(live).toHaveLength(18 + more);
    for (let i = more; i < 2; i += 1) await make(flood, ofToys);
    const actor = await by(flood);
    for (const key of first) await stopKey(people.service, actor, { key });
    expect(await make(flood, ofToys)).toMatchObject({ kind: 'refused', code: 'wrong-state' });
    expect(await make(recipient, ofToys)).toMatchObject({ kind: 'done' });
    await overwrite(
      people,
      `UPDATE staff_auth.apikey SET "createdAt" = '2020-01-01' WHERE "referenceId" = '${flood.person}'`,
    );
    expect(await make(flood, ofToys)).toMatchObject({ kind: 'done' });
  });

  it('are listed a page at a time', async () => {
    const actor = await by(officer);
    const all = await list(officer);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const answer = await listKeys(people.service, actor, listKeysInput.parse({ cursor, limit: 3 }));
      if (answer.kind === 'refused') throw new Error(answer.message);
      seen.push(...answer.value.items.map(({ key }) => key));
      cursor = answer.value.next ?? undefined;
    } while (cursor !== undefined);
    expect(all.length).toBeGreaterThan(3);
    expect(seen).toEqual(all);
  });
});
