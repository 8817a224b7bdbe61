import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { oneDatabase, type TestState } from '../../store/postgres/databases.fixture.ts';
import { deleteRows } from '../../store/postgres/delete-rows.fixture.ts';
import { day, newOrganisation, start, type TestService, testService } from './duties.fixture.ts';
import { openDuties } from './open-duties.ts';
import { remindOfDuties, stepReached } from './remind.ts';

describe('the step a duty has come to', () => {
  const steps = [14, 7, 1, 0, -1, -7];
  test.each([
    [20, null],
    [14, 14],
    [8, 14],
    [7, 7],
    [2, 7],
    [1, 1],
    [0, 0],
    [-1, -1],
    [-6, -1],
    [-7, -7],
    [-100, -7],
  ])('%d days before it is due is %s', (days, step) => expect(stepReached(days, steps)).toBe(step));

  test('is none where nothing is set', () => expect(stepReached(0, [])).toBeNull());
});

describe.each(oneDatabase)('on $name', (database) => {
  let made: TestState;
  let service: TestService;
  let org: string;
  let count = 0;
  beforeAll(async () => {
    made = await database.create();
  });
  afterAll(() => made.drop());
  beforeEach(async () => {
    // Each sees its own organisation alone: reminders go round all of them.
    for (const each of await made.state.organisations())
      await deleteRows(made, each.org, ['duty_reminder', 'duty']);
    count += 1;
    org = `club-${count}`;
    service = testService(made.state, made.data);
    await newOrganisation(made.state, org);
  });

  // One duty that matters here: delete by 1 December; the countersignature is claimed.
  const open = async () => {
    await made.state.as(org, (tx) =>
      openDuties(tx, {
        ...{ org, release: 'r-1', recipient: 'mailer', supplier: 'club', releasedAt: start },
        request: {
          agreement: 'supply-2026',
          chain: [
            {
              organisation: 'mailer',
              role: 'processor',
              basis: null,
              keeps: false,
              enriches: false,
              profits: false,
            },
          ],
          use: { from: '2026-11-02', until: '2026-11-30' },
          deleteBy: '2026-12-01',
        },
      }),
    );
    await deleteRows(made, org, ['duty'], "kind <> 'delete'");
  };
  const staffOf = async (_org: string, party: string | null): Promise<readonly string[]> => [
    `anna@${party}.example`,
    `ben@${party}.example`,
    `anna@${party}.example`,
  ];
  const mails = () =>
    made.state.as(org, (tx) =>
      tx
        .selectFrom('mail')
        .select(['recipient', 'subject', 'body'])
        .where('org', '=', org)
        .orderBy('made_at')
        .execute(),
    );
  const subjects = async () => (await mails()).map(({ subject }) => subject);

  test('nobody is reminded before the first of the set days', async () => {
    await open();
    expect(await remindOfDuties(service, staffOf)).toEqual({ reminded: 0, unreached: 0 });
  });

  test('on a set day each of the party’s staff is, once', async () => {
    await open();
    service.pass(15 * day);
    expect(await remindOfDuties(service, staffOf)).toEqual({ reminded: 1, unreached: 0 });
    expect(await remindOfDuties(service, staffOf)).toEqual({ reminded: 0, unreached: 0 });
    service.pass(3 * day);
    expect((await remindOfDuties(service, staffOf)).reminded).toBe(0);
    const sent = await mails();
    expect(sent.map(({ recipient }) => recipient).sort()).toEqual([
      'anna@mailer.example',
      'ben@mailer.example',
    ]);
    expect(sent[0]?.subject).toBe('Due on 1 December 2026: delete the data of release r-1');
    expect(sent[0]?.body).toContain('in 14 days');
  });

  test('once for each of the days, the day itself and those after it with them', async () => {
    await open();
    for (let days = 0; days < 60; days += 1) {
      await remindOfDuties(service, async () => ['anna@mailer.example']);
      service.pass(day);
    }
    expect(await subjects()).toEqual([
      'Due on 1 December 2026: delete the data of release r-1',
      'Due on 1 December 2026: delete the data of release r-1',
      'Due on 1 December 2026: delete the data of release r-1',
      'Due today: delete the data of release r-1',
      'Overdue: delete the data of release r-1',
      'Overdue: delete the data of release r-1',
    ]);
  });

  test('after a server was off for weeks only the latest is said', async () => {
    await open();
    service.pass(31 * day);
    expect((await remindOfDuties(service, async () => ['anna@mailer.example'])).reminded).toBe(1);
    expect(await remindOfDuties(service, staffOf)).toEqual({ reminded: 0, unreached: 0 });
    expect(await subjects()).toEqual(['Overdue: delete the data of release r-1']);
  });

  test('two servers at once remind once', async () => {
    await open();
    service.pass(15 * day);
    const one = async () => ['anna@mailer.example'];
    const counts = await Promise.all([remindOfDuties(service, one), remindOfDuties(service, one)]);
    expect(counts.reduce((sum, { reminded }) => sum + reminded, 0)).toBe(1);
    expect(await mails()).toHaveLength(1);
  });

  test('where nobody acts for the party, the officers are told, and of whom', async () => {
    await open();
    service.pass(15 * day);
    const officers = async (_org: string, party: string | null) => (party === null ? ['o@club.example'] : []);
    expect(await remindOfDuties(service, officers)).toEqual({ reminded: 1, unreached: 0 });
    expect(await remindOfDuties(service, officers)).toEqual({ reminded: 0, unreached: 0 });
    const [mail, ...more] = await mails();
    expect([mail?.recipient, more]).toEqual(['o@club.example', []]);
    expect(mail?.body).toContain('Nobody acts for mailer');
    service.pass(8 * day);
    await remindOfDuties(service, async () => ['anna@mailer.example']);
    expect((await mails()).at(-1)?.body).not.toContain('Nobody acts for');
  });

  test('where nobody is there to write to, they are reminded once somebody is', async () => {
    await open();
    service.pass(15 * day);
    expect(await remindOfDuties(service, async () => [])).toEqual({ reminded: 0, unreached: 1 });
    expect((await remindOfDuties(service, staffOf)).reminded).toBe(1);
  });

  test('of a duty that is claimed nobody is reminded', async () => {
    await open();
    await made.state.as(org, (tx) =>
      tx.updateTable('duty').set({ claimed_at: start }).where('org', '=', org).execute(),
    );
    service.pass(15 * day);
    expect(await remindOfDuties(service, staffOf)).toEqual({ reminded: 0, unreached: 0 });
  });
});
