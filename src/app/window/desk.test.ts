import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import {
  auditor,
  checked,
  code,
  type FlowFixture,
  flowFixture,
  must,
  officer,
  steward,
} from '../flow/flow.fixture.ts';
import { recordPreference, recordPreferenceInput } from '../flow/record-preference.ts';
import type { Actor, Service } from '../flow/service.ts';
import { showCheck } from '../flow/show-check.ts';
import { type Found, findPerson, findPersonInput } from './find-person.ts';
import { listLookUps } from './list-look-ups.ts';
import { listUnresolved } from './list-unresolved.ts';
import { lookAtUnresolved } from './look-at-unresolved.ts';
import { personFound } from './person-found.ts';
import { recordKey } from './record-key.ts';
import { resolveEvent } from './resolve-event.ts';
import { setSafeContact } from './safe-contact.ts';
import { lookUpsAnHour, lookUpsOf } from './write-look-up.ts';

type Person = Readonly<Record<string, string>>;
const page = { limit: 50 } as const;

describe.each(oneDatabase)('on $name', (database) => {
  let club: FlowFixture;
  let people: readonly Person[];
  const as = (): Service => club.service;
  const find = async (given: object, by: Actor = steward): Promise<Found> =>
    must(await findPerson(as(), by, findPersonInput.parse({ reason: 'they rang', ...given })));
  const ids = ({ people: found }: Found): readonly string[] => found.map(({ record }) => record);
  const person = (n: number): Person => people[n] ?? {};
  beforeAll(async () => {
    club = await flowFixture(database);
    const csv = await readFile(`${as().data}/${club.org}/data/members.csv`, 'utf8');
    const [head = '', ...lines] = csv.trim().split('\n');
    const names = head.split(',');
    people = lines.map((line) =>
      Object.fromEntries(line.split(',').map((cell, i) => [names[i] ?? '', cell])),
    );
  });
  afterAll(() => club.drop());

  /** A letter that came by post, of somebody of nearly that name at that postcode. */
  async function letter({ surname = '', postcode = '' }: Person, more: object = {}): Promise<string> {
    const came = { surname: `${surname.slice(0, 3)}zzz`, postcode, by: 'letter' };
    const input = { source: 'members', kind: 'objection', signed: '2026-01-02', received: '2026-01-03' };
    const said = recordPreferenceInput.parse({ ...input, ...came, ...more });
    return must(await recordPreference(as(), steward, said)).event;
  }

  test('somebody is found by any of their details, however they are written', async () => {
    const { member = '', surname = '', postcode = '', email = '' } = person(3);
    expect(ids(await find({ record: member.toLowerCase() }))).toEqual([member]);
    expect(ids(await find({ email: ` ${email.toUpperCase()}` }))).toEqual([member]);
    expect(ids(await find({ surname: surname.toUpperCase(), postcode: postcode.toLowerCase() }))).toContain(
      member,
    );
    expect(ids(await find({ email, record: person(4).member }))).toEqual([]);
    expect(ids(await find({ surname: "O'Neill '; DROP TABLE x --", postcode }))).toEqual([]);
    const [shown] = (await find({ record: member })).people;
    expect(shown).toMatchObject({ number: 1, safe: false, postcode, email });
  });

  test('nobody is looked for without a reason, or by what is too many people', async () => {
    for (const wrong of [{ reason: ' ' }, { birthDate: 'soon' }, { reason: 'x'.repeat(400) }])
      expect(findPersonInput.safeParse({ reason: 'they rang', record: 'M001', ...wrong }).success).toBe(
        false,
      );
    for (const few of [
      {},
      { postcode: 'N1 1AA' },
      { surname: 'Smith' },
      { email: ' ' },
      { phone: '-' },
      { surname: '...', postcode: 'N1 1AA' },
    ])
      expect(
        code(await findPerson(as(), steward, findPersonInput.parse({ reason: 'they rang', ...few }))),
      ).toBe('input-invalid');
  });

  test('a look-up is on record before anybody is shown, with the kinds of details and never the details', async () => {
    const { member = '', email = '' } = person(5);
    await find({ email, reason: 'letter of 2 May' }, officer);
    await find({ email: 'nobody@example.invalid', reason: 'wrong number' }, officer);
    const { items } = must(await listLookUps(as(), auditor, page));
    const own = items.filter(({ by }) => by === `staff:${officer.id}`);
    expect(own.map(({ reason, with: by, found }) => [reason, by, found])).toEqual([
      ['wrong number', ['email'], 0],
      ['letter of 2 May', ['email'], 1],
    ]);
    expect(JSON.stringify(items)).not.toContain(email);
    const recordKeys = [await recordKey(as(), club.org, { source: 'members', record: member })];
    const theirs = await as().state.as(club.org, (tx) =>
      lookUpsOf(tx, { org: club.org, source: 'members', recordKeys }),
    );
    expect(theirs.map(({ by, reason }) => [by, reason])).toContainEqual([
      `staff:${officer.id}`,
      'letter of 2 May',
    ]);
  });

  test('what was found is gone back to for an hour, by who looked and nobody else', async () => {
    const { member = '' } = person(6);
    const { lookUp } = await find({ record: member });
    const one = { lookUp, number: 1 };
    expect(must(await personFound(as(), steward, one)).person.record).toBe(member);
    expect(code(await personFound(as(), officer, one))).toBe('not-found');
    expect(code(await personFound(as(), steward, { lookUp, number: 2 }))).toBe('not-found');
    expect(code(await personFound(as(), steward, { lookUp: 'x', number: 1 }))).toBe('not-found');
    const later = { ...as(), now: () => new Date(Date.now() + 3_700_000) };
    expect(code(await personFound(later, steward, one))).toBe('link-expired');
  });

  test('of whom a safe-contact flag stands nothing is shown but their record', async () => {
    const { member = '', surname = '' } = person(7);
    const flag = { source: 'members', person: member };
    must(await setSafeContact(as(), steward, { ...flag, safe: true }));
    const found = await find({ record: member });
    expect(found.people).toMatchObject([
      { record: member, safe: true, name: null, address: null, email: null },
    ]);
    expect(JSON.stringify(found)).not.toContain(surname);
    const { person: shown } = must(await personFound(as(), steward, { lookUp: found.lookUp, number: 1 }));
    expect(shown).toMatchObject({ safe: true, name: null });
    must(await setSafeContact(as(), steward, { ...flag, safe: false }));
  });

  test('whoever looks too often in an hour has to wait, and is shown nobody', async () => {
    const browser: Actor = { ...steward, id: 's.browser' } as Actor;
    const before = {
      org: club.org,
      by_whom: 'staff:s.browser',
      at: new Date(),
      reason: 'x',
      asked_with: [],
      found: 0,
    };
    const rows = Array.from({ length: lookUpsAnHour - 1 }, (_, i) => ({ ...before, id: `l-${i}` }));
    await as().state.as(club.org, (tx) => tx.insertInto('look_up').values(rows).execute());
    await find({ record: 'nobody' }, browser);
    const input = findPersonInput.parse({ reason: 'one more', record: person(1).member });
    expect(code(await findPerson(as(), browser, input))).toBe('too-many-look-ups');
    expect(code(await findPerson(as(), { ...browser, kind: 'machine' } as Actor, input))).toBe(
      'too-many-look-ups',
    );
    expect(code(await findPerson(as(), steward, input))).toBe('done');
    const later = { ...as(), now: () => new Date(Date.now() + 3_700_000) };
    expect(code(await findPerson(later, browser, input))).toBe('done');
  }, 120_000);

  test('a letter of nobody known stops whom it may be of, until somebody says whose it is', async () => {
    const released = async (id: string): Promise<number> =>
      must(await showCheck(as(), officer, { check: await checked(club, id) })).released ?? 0;
    const before = await released('before-letter');
    const stopped: string[] = [];
    // Of people who would go: at least one of these does.
    for (const each of people.slice(0, 8)) stopped.push(await letter(each));
    expect(await released('with-letters')).toBeLessThan(before);
    const { items } = must(await listUnresolved(as(), steward, page));
    expect(items.map(({ event }) => event).sort()).toEqual([...stopped].sort());
    expect(
      items.every(({ plausible, overdue, due }) => plausible > 0 && overdue && due === '2026-02-03'),
    ).toBe(true);
    for (const event of stopped) {
      const given = { event, source: 'members', records: [], words: 'the name is another' };
      must(await resolveEvent(as(), steward, given));
      expect(code(await resolveEvent(as(), steward, given))).toBe('already-done');
    }
    expect(must(await listUnresolved(as(), steward, page)).items).toEqual([]);
    expect(await released('resolved')).toBe(before);
  }, 120_000);

  test('what is found to be of somebody is their stop from the day it came', async () => {
    const whose = person(9);
    const event = await letter(whose, { purpose: 'dpv:DirectMarketing' });
    const seen = must(await lookAtUnresolved(as(), steward, { event }));
    expect(seen.found.people.map(({ record }) => record)).toContain(whose.member);
    const given = { event, source: 'members', records: [whose.member ?? ''], words: 'the same hand' };
    expect(code(await resolveEvent(as(), steward, { ...given, records: ['nobody'] }))).toBe(
      'preference-refused',
    );
    const made = must(await resolveEvent(as(), steward, given));
    const { lookUp } = await find({ record: whose.member });
    const { said } = must(await personFound(as(), steward, { lookUp, number: 1 }));
    expect(said.find((item) => item.event === made.stops[0]?.event)).toMatchObject({
      ...{ kind: 'objection', at: '2026-01-03', by: 'letter' },
      scope: { purpose: 'direct marketing', organisation: null, channel: null, field: null },
    });
    expect(code(await lookAtUnresolved(as(), steward, { event }))).toBe('not-found');
    const [row] = await as().state.as(club.org, (tx) =>
      tx.selectFrom('resolution').selectAll().where('org', '=', club.org).where('stop', '=', event).execute(),
    );
    expect(row).toMatchObject({ words: 'the same hand', by_whom: `staff:${steward.id}` });
    expect(row?.record_keys).toEqual([
      await recordKey(as(), club.org, { source: 'members', record: whose.member ?? '' }),
    ]);
  });

  test('a letter that matches somebody surely does not wait', async () => {
    await letter({ surname: 'Elsewhere', postcode: 'ZZ1 1ZZ' }, { email: person(2).email });
    expect(must(await listUnresolved(as(), steward, page)).items).toEqual([]);
    const far = await letter({ surname: 'Nobody', postcode: 'ZZ9 9ZZ' });
    expect(must(await listUnresolved(as(), steward, page)).items).toMatchObject([
      { event: far, plausible: 0 },
    ]);
  });

  test('nobody resolves by saying it of their own data', async () => {
    const said = recordPreferenceInput.parse({
      source: 'members',
      kind: 'resolution',
      lifts: 'pe-0000000000000000',
    });
    expect(code(await recordPreference(as(), steward, said))).toBe('preference-refused');
    const own: Actor = { kind: 'member', id: 'm', org: club.org, email: person(2).email ?? '' };
    expect(code(await recordPreference(as(), own, said))).not.toBe('done');
  });
});
