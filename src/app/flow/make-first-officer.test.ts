import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPeople, type People, setPassword } from '../../http/auth/people.fixture.ts';
import { databases } from '../../store/postgres/databases.fixture.ts';
import { makeFirstOfficer } from './make-first-officer.ts';

describe.each(databases)('the first officer, on $name', (database) => {
  let people: People;
  beforeAll(async () => {
    people = await openPeople(database);
  });
  afterAll(() => people.test.drop());

  const make = (email: string, org = 'club') =>
    makeFirstOfficer(people.service, { org, email, name: 'Somebody' });

  it('is nobody who acts for a recipient', async () => {
    await people.grant({ email: 'toys@acme.example', role: 'recipient', party: 'acme-toys' });
    expect(await make('toys@acme.example')).toMatchObject({ code: 'wrong-state' });
  });

  it('is made where there is none, even if two are asked for at once, and sets a password by the link', async () => {
    const made = await Promise.all([make('ada@club.example'), make('bea@club.example')]);
    expect(made.map((answer) => (answer.kind === 'done' ? 'done' : answer.code)).sort()).toEqual([
      'already-done',
      'done',
    ]);
    const first = made.find((answer) => answer.kind === 'done');
    expect(
      (await setPassword(people.browser(), first?.value.link ?? '', 'four words that do not fit')).status,
    ).toBe(303);
    expect(await make('cyd@club.example')).toMatchObject({ code: 'already-done' });
  });

  it('is made for an organisation that is there', async () => {
    expect(await make('ada@club.example', 'nowhere')).toMatchObject({ code: 'not-found' });
  });
});
