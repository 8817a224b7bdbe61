import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databases, type TestState } from '../../store/postgres/databases.fixture.ts';
import { newOrganisation, testService } from './duties.fixture.ts';
import { listDeeds } from './list-deeds.ts';
import { perform } from './perform.ts';
import { type Actor, done, refused, type Service } from './service.ts';

describe.each(databases)('on $name', (database) => {
  let made: TestState;
  let service: Service;
  beforeAll(async () => {
    made = await database.create();
    service = testService(made.state, made.data);
    await newOrganisation(made.state, 'club');
    await newOrganisation(made.state, 'choir');
  });
  afterAll(() => made.drop());

  const staff = (role: 'steward' | 'officer', org = 'club'): Actor => ({
    ...{ kind: 'staff', id: `the-${role}`, org, roles: new Set([role]), party: null, mayFreeze: false },
  });
  const deeds = async (org = 'club'): Promise<readonly string[]> => {
    const answer = await listDeeds(service, staff('officer', org), { limit: 200 });
    if (answer.kind === 'refused') throw new Error(answer.message);
    return answer.value.items.map(({ actor, useCase, subject, outcome }) =>
      [actor, useCase, subject, outcome].join(' '),
    );
  };

  test('what the table does not allow is not run, and written down', async () => {
    let ran = false;
    const answer = await perform(service, staff('steward'), 'approve-request', 'r-1', async () => {
      ran = true;
      return done(null);
    });
    expect([answer.kind, ran]).toEqual(['refused', false]);
    // Whoever reads it is told whom to ask, and no name of a program's.
    const said = answer.kind === 'refused' ? answer.message : '';
    expect(said).toContain('for a data protection officer');
    expect(said).not.toContain('approve-request');
    expect(await deeds()).toContain('staff:the-steward approve-request r-1 not-allowed');
  });

  test('what was done, refused or failed is written down as that', async () => {
    const officer = staff('officer');
    await perform(service, officer, 'approve-request', 'r-2', async () => done(null));
    await perform(service, officer, 'approve-request', 'r-3', async () => refused('two-people', ''));
    await expect(
      perform(service, officer, 'approve-request', 'r-4', async () => {
        throw new RangeError('of ours');
      }),
    ).rejects.toThrow(RangeError);
    expect((await deeds()).slice(0, 3)).toEqual([
      'staff:the-officer approve-request r-4 failed',
      'staff:the-officer approve-request r-3 two-people',
      'staff:the-officer approve-request r-2 done',
    ]);
  });

  test('what was made is written down under its id', async () => {
    const subject = (value: { id: string }): string => value.id;
    await perform(service, staff('officer'), 'freeze', subject, async () => done({ id: 'f-1' }));
    expect((await deeds())[0]).toBe('staff:the-officer freeze f-1 done');
  });

  test('a look leaves no deed, a look that was refused does', async () => {
    const before = (await deeds()).length;
    await perform(service, staff('steward'), 'list-requests', null, async () => done([]));
    expect(await deeds()).toHaveLength(before);
    await perform(service, staff('steward'), 'list-roles', null, async () => done([]));
    expect((await deeds())[0]).toBe('staff:the-steward list-roles  not-allowed');
  });

  test('the deeds of one organisation are not shown to another', async () => {
    await perform(service, staff('officer', 'choir'), 'refuse-request', 'of-the-choir', async () =>
      done(null),
    );
    expect((await deeds()).join()).not.toContain('of-the-choir');
    expect(await deeds('choir')).toEqual(['staff:the-officer refuse-request of-the-choir done']);
  });

  test('deeds are read a page at a time, the latest first, each once', async () => {
    const all = await deeds();
    const officer = staff('officer');
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const answer = await listDeeds(
        service,
        officer,
        cursor === undefined ? { limit: 2 } : { limit: 2, cursor },
      );
      if (answer.kind === 'refused') throw new Error(answer.message);
      seen.push(...answer.value.items.map(({ seq }) => String(seq)));
      cursor = answer.value.next ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toHaveLength(all.length);
    expect(seen.map(Number)).toEqual(seen.map(Number).toSorted((a, b) => b - a));
    expect(new Set(seen).size).toBe(seen.length);
  });

  test('a cursor of another list is refused', async () => {
    const answer = await listDeeds(service, staff('officer'), { limit: 2, cursor: 'WyJub25lIl0' });
    expect(answer).toMatchObject({ kind: 'refused', code: 'input-invalid' });
  });
});
