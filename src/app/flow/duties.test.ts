import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { oneDatabase, type TestState } from '../../store/postgres/databases.fixture.ts';
import { attestDuty } from './attest-duty.ts';
import { day, staff, start } from './duties.fixture.ts';
import { type DutiesClub, dutiesClub, must, request } from './duties-club.fixture.ts';
import { overdueDuty } from './gate-duties.ts';
import { listDuties } from './list-duties.ts';
import { openDuties } from './open-duties.ts';
import { settleCountersign } from './settle-countersign.ts';

describe.each(oneDatabase)('on $name', (database) => {
  let made: TestState;
  let club: DutiesClub;
  let count = 0;
  beforeAll(async () => {
    made = await database.create();
  });
  afterAll(() => made.drop());
  beforeEach(async () => {
    count += 1;
    club = await dutiesClub(made.state, made.data, `club-${count}`);
  });

  describe('a release', () => {
    test('opens the duties of each of its chain once, however often it is taken up', async () => {
      expect((await club.open()).length).toBe(9);
      expect(await club.open()).toEqual([]);
      const duties = await club.list(club.actor('officer'));
      expect(duties.map(({ party: of, kind, due }) => [of, kind, due]).sort()).toEqual([
        ['broker', 'countersign', '2026-11-09'],
        ['broker', 'delete', '2026-12-31'],
        ['broker', 'inform', '2026-11-20'],
        ['broker', 'obey-stops', '2026-12-31'],
        ['broker', 'stop-using', '2026-12-20'],
        ['toys', 'delete', '2026-12-31'],
        ['toys', 'inform', '2026-11-20'],
        ['toys', 'obey-stops', '2026-12-31'],
        ['toys', 'stop-using', '2026-12-20'],
      ]);
    });

    test('that is rolled back opens none', async () => {
      const work = made.state.as(club.org, async (tx) => {
        await openDuties(tx, {
          org: club.org,
          release: 'r-1',
          request,
          recipient: 'broker',
          supplier: 'club',
          releasedAt: start,
        });
        throw new RangeError('killed');
      });
      await expect(work).rejects.toThrow('killed');
      expect(await club.list(club.actor('officer'))).toEqual([]);
    });
  });

  describe('the list of duties', () => {
    test('begins with what is overdue, and ends with what is claimed', async () => {
      await club.open();
      club.service.pass(20 * day);
      const duties = await club.list(club.actor('auditor'));
      expect(duties.slice(0, 3).map(({ kind, state }) => [kind, state])).toEqual([
        ['countersign', 'overdue'],
        ['inform', 'overdue'],
        ['inform', 'overdue'],
      ]);
      expect(duties.slice(3).every(({ state }) => state === 'open')).toBe(true);
      expect(await club.list(club.actor('auditor'), { state: 'overdue' })).toHaveLength(3);
    });

    test('is of its own party to a recipient, whichever it asks for', async () => {
      await club.open();
      const own = await club.list(club.actor('recipient', 'toys'));
      expect(own.map((duty) => duty.party)).toEqual(['toys', 'toys', 'toys', 'toys']);
      expect(await club.list(club.actor('recipient', 'toys'), { party: 'broker' })).toEqual([]);
      expect(await club.list(club.actor('recipient'))).toEqual([]);
      expect(await club.list(staff('club-0', 'officer'))).toEqual([]);
    });

    test('goes on from page to page, each duty once', async () => {
      await club.open();
      await club.open('r-2');
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = must(await listDuties(club.service, club.actor('officer'), { limit: 4, cursor }));
        seen.push(...page.items.map(({ duty }) => duty));
        cursor = page.next ?? undefined;
      } while (cursor !== undefined);
      expect(seen).toHaveLength(18);
      expect(seen).toEqual((await club.list(club.actor('officer'))).map(({ duty }) => duty));
    });
  });

  test('a countersignature settles the duty to countersign, of that release and party alone', async () => {
    await club.open();
    await club.open('r-2');
    const signed = {
      org: club.org,
      release: 'r-1',
      party: 'broker',
      by: 'anna',
      at: club.service.now(),
      logIndex: 7n,
    };
    await made.state.as(club.org, (tx) => settleCountersign(tx, signed));
    expect(await club.dutyOf('broker', 'countersign')).toMatchObject({ state: 'claimed', entry: 7 });
    expect(await club.dutyOf('broker', 'countersign', 'r-2')).toMatchObject({ state: 'open' });
  });

  describe('an overdue duty', () => {
    const overdue = (on: string, ...parties: string[]) =>
      made.state.as(club.org, (tx) => overdueDuty(tx, club.org, { parties, day: on }));

    test('is overdue from the day after, for its party and those of its group', async () => {
      await club.open();
      expect(await overdue('2026-11-20', 'toys')).toBeNull();
      expect(await overdue('2026-11-21', 'toys')).toMatchObject({ party: 'toys', kind: 'inform' });
      expect(await overdue('2026-11-21', 'toy-shop')).toMatchObject({ party: 'toys' });
      expect(await overdue('2026-11-21', 'mailer')).toBeNull();
    });

    test('is none once it is claimed', async () => {
      await club.open();
      const duty = await club.dutyOf('toys', 'inform');
      must(
        await attestDuty(club.service, club.actor('recipient', 'toys'), {
          duty: duty.duty,
          note: club.noteOn(duty),
        }),
      );
      expect(await overdue('2026-12-01', 'toys')).toBeNull();
    });

    test('of a party that is in the register no more is everybody’s', async () => {
      await club.open('r-9', ['gone']);
      expect(await overdue('2026-12-01', 'mailer')).toMatchObject({ party: 'gone' });
    });
  });
});
