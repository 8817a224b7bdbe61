import { describe, expect, test } from 'vitest';
import type { Party, Role } from '../../policy/model.ts';
import { dutiesOf, dutiesOfEnd } from './duties-of.ts';

const party = (organisation: string, role: Role, keeps: boolean | null = role !== 'processor'): Party => ({
  ...{ organisation, role, keeps },
  ...{ basis: null, enriches: false, profits: false },
});
const use = { from: '2026-09-01', until: '2026-10-31' };
const release = {
  request: { chain: [party('toys', 'controller')], use, deleteBy: '2026-11-15' },
  recipient: 'toys',
  supplier: 'club',
  releasedOn: '2026-08-20',
};
const dues = (given: Parameters<typeof dutiesOf>[0], kind: string) =>
  dutiesOf(given)
    .filter((duty) => duty.kind === kind)
    .map((duty) => [duty.party, duty.due]);

test('a recipient that decides itself owes all five duties, each by its own day', () => {
  expect(dutiesOf(release)).toEqual([
    { party: 'toys', kind: 'countersign', due: '2026-08-27' },
    { party: 'toys', kind: 'inform', due: '2026-09-01' },
    { party: 'toys', kind: 'stop-using', due: '2026-10-31' },
    { party: 'toys', kind: 'delete', due: '2026-11-15' },
    { party: 'toys', kind: 'obey-stops', due: '2026-11-15' },
  ]);
});

describe('people are informed', () => {
  test.each([
    ['at the latest when the use begins', '2026-08-20', '2026-09-01', '2026-09-01'],
    ['within a month where the use begins later', '2026-08-20', '2026-12-01', '2026-09-20'],
    ['within a month where the use began before the release', '2026-08-20', '2026-08-01', '2026-09-20'],
    [
      'within a month where the use begins on the day of the release',
      '2026-08-20',
      '2026-08-20',
      '2026-09-20',
    ],
    ['by the last day of a shorter month', '2026-01-31', '2026-12-01', '2026-02-28'],
    ['by the last day of February in a leap year', '2028-01-30', '2028-12-01', '2028-02-29'],
    ['by the same day number after a leap day', '2028-02-29', '2028-12-01', '2028-03-29'],
    ['across the end of a year', '2026-12-31', '2027-06-01', '2027-01-31'],
  ])('%s', (_, releasedOn, from, due) => {
    const request = { ...release.request, use: { from, until: '2029-01-01' } };
    expect(dues({ ...release, request, releasedOn }, 'inform')).toEqual([['toys', due]]);
  });
});

describe('in a chain', () => {
  const chain = [
    party('broker', 'controller'),
    party('toys', 'joint-controller'),
    party('mailer', 'processor'),
  ];
  const long = { ...release, recipient: 'broker', request: { ...release.request, chain } };

  test('each controller has its own clock, and the first alone countersigns', () => {
    expect(dues(long, 'inform')).toEqual([
      ['broker', '2026-09-01'],
      ['toys', '2026-09-01'],
    ]);
    expect(dues(long, 'countersign')).toEqual([['broker', '2026-08-27']]);
  });

  test('a processor that keeps nothing owes nothing of its own', () => {
    expect(dutiesOf(long).some((duty) => duty.party === 'mailer')).toBe(false);
  });

  test.each([true, null])('a processor that keeps (%s) owes all that a controller owes', (keeps) => {
    const kept = [...chain.slice(0, 2), party('mailer', 'processor', keeps)];
    const owed = dutiesOf({ ...long, request: { ...long.request, chain: kept } });
    expect(owed.filter((duty) => duty.party === 'mailer').map((duty) => duty.kind)).toEqual([
      ...['inform', 'stop-using', 'delete', 'obey-stops'],
    ]);
  });

  test('a processor to which it is sealed countersigns, deletes and obeys stops, and informs nobody', () => {
    const owed = dutiesOf({ ...long, recipient: 'mailer' }).filter((duty) => duty.party === 'mailer');
    expect(owed.map((duty) => duty.kind)).toEqual(['countersign', 'delete', 'obey-stops']);
  });

  test('the supplier owes itself nothing', () => {
    const own = [party('club', 'controller'), ...chain];
    expect(dutiesOf({ ...long, request: { ...long.request, chain: own } })).toEqual(dutiesOf(long));
  });
});

describe('where an agreement ends, the data are deleted', () => {
  test.each([
    ['within a month', '2026-12-31', '2026-11-10', '2026-12-10'],
    ['by the day that was owed anyway, where that is sooner', '2026-11-20', '2026-11-10', '2026-11-20'],
    ['by the day that was owed, though it is past', '2026-11-01', '2026-11-10', '2026-11-01'],
    ['by the last day of a shorter month', '2028-12-31', '2028-01-31', '2028-02-29'],
  ])('%s', (_, due, endedOn, expected) => {
    expect(dutiesOfEnd([{ party: 'toys', due }], endedOn)).toEqual([
      { party: 'toys', kind: 'delete', due: expected },
    ]);
  });
});
