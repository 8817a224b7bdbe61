import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import { deleteRows } from '../../store/postgres/delete-rows.fixture.ts';
import { checked, code, type FlowFixture, flowFixture, must, officer, steward } from './flow.fixture.ts';
import { isOnRecord } from './is-on-record.ts';
import { listOwnPreferences } from './list-own-preferences.ts';
import { ownRecords } from './own-records.ts';
import { readReceipt } from './read-receipt.ts';
import { recordPreference, recordPreferenceInput } from './record-preference.ts';
import type { Actor } from './service.ts';
import { showCheck } from './show-check.ts';

const given = (entry: object) =>
  recordPreferenceInput.parse({ source: 'members', kind: 'objection', ...entry });

describe.each(oneDatabase)('on $name', (database) => {
  let club: FlowFixture;
  const as = () => club.service;
  const member = (email: string): Actor => ({ kind: 'member', id: `m-${email}`, org: club.org, email });
  let emails: readonly string[];
  beforeAll(async () => {
    club = await flowFixture(database);
    const csv = await readFile(`${as().data}/${club.org}/data/members.csv`, 'utf8');
    emails = [...csv.matchAll(/[a-z]+@people\.example/g)].map(([email]) => email);
  });
  afterAll(() => club.drop());

  test('a record is found by its e-mail address, however it is written, and by no other', async () => {
    const [email = ''] = emails;
    const [own] = await ownRecords(as(), club.org, ` ${email.toUpperCase()} `);
    expect(own).toMatchObject({ source: 'members' });
    for (const none of ['', ' ', 'nobody@example.invalid', "' OR 1=1 --", `x${email}`, '%'])
      expect(await ownRecords(as(), club.org, none)).toEqual([]);
    expect(await isOnRecord(as(), club.org, email)).toBe(true);
    expect(await isOnRecord(as(), 'other-club', email)).toBe(false);
  });

  test('a member says stop, has a receipt, and is in no list from then on', async () => {
    const before =
      must(await showCheck(as(), officer, { check: await checked(club, 'before') })).released ?? 0;
    for (const email of emails.slice(0, 3)) {
      const answer = must(await recordPreference(as(), member(email), given({})));
      expect(answer.receipt).toMatchObject({ format: expect.stringContaining('receipt') });
      const { items } = must(await listOwnPreferences(as(), member(email), {}));
      expect(items.map(({ event }) => event)).toContain(answer.event);
    }
    const after = must(await showCheck(as(), officer, { check: await checked(club, 'after') })).released ?? 0;
    expect(after).toBeLessThan(before);
  });

  test('a member speaks for no record but their own, and reads no receipt but theirs', async () => {
    const [email = '', other = ''] = emails;
    const [theirs] = await ownRecords(as(), club.org, other);
    const answer = await recordPreference(as(), member(email), given({ person: theirs?.record }));
    expect(code(answer)).toBe('not-found');
    expect(code(await recordPreference(as(), member('nobody@example.invalid'), given({})))).toBe('not-found');
    const { event } = must(
      await recordPreference(as(), member(email), given({ purpose: 'dpv:DirectMarketing' })),
    );
    expect(code(await readReceipt(as(), member(other), { receipt: event }))).toBe('not-found');
    expect(code(await readReceipt(as(), member(email), { receipt: event }))).toBe('done');
    expect(code(await readReceipt(as(), steward, { receipt: event }))).toBe('done');
    expect(code(await readReceipt(as(), steward, { receipt: 'pe-0000000000000000' }))).toBe('not-found');
  });

  test("a member's words are of now and from the web, whatever they say", async () => {
    const [email = ''] = emails;
    const entry = given({
      by: 'letter',
      signed: '2001-01-01',
      received: '2001-01-01',
      email: 'x@example.invalid',
    });
    const { event } = must(await recordPreference(as(), member(email), entry));
    const { items } = must(await listOwnPreferences(as(), member(email), {}));
    const said = items.find((item) => item.event === event)?.said;
    expect(said?.by).toBe('web');
    expect(Date.parse(said?.received ?? '')).toBeGreaterThan(Date.now() - 60_000);
  });

  test('a stop is told to the parties that hold data, and to no other', async () => {
    const now = new Date();
    const duty = { org: club.org, release: 'r-1', agreement: null, kind: 'delete', opened_at: now } as const;
    await as().state.as(club.org, async (tx) => {
      await tx
        .insertInto('webhook')
        .values(
          [null, 'holds', 'deleted', 'never'].map((party) => ({
            ...{ org: club.org, id: party ?? 'own', party, url: 'https://x.example', secret: 's' },
            ...{ made_by: 'x', made_at: now },
          })),
        )
        .execute();
      await tx
        .insertInto('duty')
        .values([
          { ...duty, id: 'd-1', party: 'holds', due_on: '2099-01-01' },
          { ...duty, id: 'd-2', party: 'deleted', due_on: '2099-01-01', claimed_at: now },
        ])
        .execute();
    });
    const [email = ''] = emails;
    must(await recordPreference(as(), member(email), given({})));
    await deleteRows(club.made, club.org, ['duty']);
    const told = await as().state.as(club.org, (tx) =>
      tx.selectFrom('webhook_delivery').select('webhook').where('org', '=', club.org).execute(),
    );
    expect(told.map(({ webhook }) => webhook).sort()).toEqual(['holds', 'own']);
  });

  test('what the desk keys wrongly is refused with the reason, and nothing is recorded', async () => {
    for (const wrong of [
      { kind: 'stopp' },
      { person: 'nobody-of-that-id' },
      { source: 'others' },
      { purpose: 'dpv:X' },
    ])
      expect(code(await recordPreference(as(), steward, given({ person: 'M001', ...wrong })))).toBe(
        'preference-refused',
      );
  });
});
