/** What of a history reaches a verdict, and what does not (E2). */
import { expect, test } from 'vitest';
import { judge, judgeAgain } from '../../src/policy/judge.ts';
import { reasonsIn } from '../../src/policy/reasons.ts';
import { reduceFirst, reduceLater, standingFor } from '../../src/policy/reduced.ts';
import { context, day, notice } from './world.ts';

const elapsed = { day, waitingPeriod: { months: 0, days: 30 } };
const later = (key: string, change: Partial<typeof elapsed> = {}) =>
  reduceLater(key, [notice], { ...elapsed, ...change });
const first = (key: string) => reduceFirst(context, [notice], 'joined', key);

test('what a record says of its notice and origin is reduced to ids of documents', () => {
  expect(first(`v:${notice.id}^own`)).toEqual({
    collection: 'joined',
    origin: 'own',
    known: 'recorded',
    unknownNotice: false,
    candidates: [notice.id],
  });
  // Whatever else stands in the cells is nobody's business.
  expect(first('v:Ann Example, 1 High Street^bought from Mr X')).toEqual({
    collection: 'joined',
    origin: null,
    known: 'unknown',
    unknownNotice: true,
    candidates: [],
  });
});

test('no day of joining is left of a history that is derived from one', () => {
  const [one, other] = ['2025-06-01', '2025-06-02'].map((on) => first(`d:web:${on}^own`));
  expect(one).toMatchObject({ known: 'derived', candidates: [notice.id] });
  expect(one).toEqual(other);
});

test('one day of joining stands for those that lead to the same, and what is recorded for itself', () => {
  const keys = [
    ...[
      '?^own',
      'd:paper:2025-06-01^own',
      'd:web:2000-01-01^own',
      'd:web:2025-06-01^',
      'd:web:2025-06-01^own',
    ],
    ...['d:web:2025-06-02^own', 'p:X^own', 'p:Y^own', 'v:x@1^own', 'v:y@1^own'],
  ];
  const standing = standingFor(context, 'joined', keys);
  expect([...standing.keys()]).toEqual(keys);
  // No notice is known of the first three; of the fourth nobody knows where it came from.
  const [unknown, , , bought, own] = keys;
  expect([...standing.values()]).toEqual([unknown, unknown, unknown, bought, own, own, ...keys.slice(6)]);
});

test('of a day of presentation is left whether it is known, possible and long enough ago', () => {
  const when = (on: string) => later(`${notice.id}~${on}~sent`)[0]?.when;
  expect([when('?'), when('2000-01-01'), when('2026-11-01'), when('2026-10-01')]).toEqual([
    'unknown',
    'impossible',
    'recent',
    'past',
  ]);
  expect(later(`${notice.id}~2026-11-22~sent`)).toEqual([]);
});

test('what was shown on the day of the one before it is so marked, and one that is not on file has no name', () => {
  expect(later(`${notice.id}~2026-01-02~sent|x@1~2026-01-02~delivered|x@1~2026-01-03~sent`)).toEqual([
    { notice: notice.id, delivery: 'sent', when: 'past', sameDay: false },
    { notice: null, delivery: 'delivered', when: 'past', sameDay: true },
    { notice: null, delivery: 'sent', when: 'past', sameDay: false },
  ]);
});

test('a bounce undoes the deliveries of that notice up to it, and leaves nothing of itself', () => {
  const found = later(
    `${notice.id}~2026-01-02~delivered|${notice.id}~2026-01-03~bounced|${notice.id}~2026-01-04~delivered`,
  );
  expect(found.map((l) => l.delivery)).toEqual(['sent', 'delivered']);
});

test('a history judged again from what was kept of it has the same verdict', () => {
  const keys = [
    { collection: 'joined', base: `v:${notice.id}^own`, later: '' },
    { collection: 'joined', base: '?^', later: `${notice.id}~2026-01-02~sent|x@1~?~` },
    { collection: 'nowhere', base: '?', later: '' },
  ];
  const judged = judge(context, keys);
  const again = judgeAgain(context, JSON.parse(JSON.stringify(judged.histories)));
  expect(again.verdicts).toEqual(judged.verdicts);
  expect(again.assignments).toEqual([]);
});

test('a history that names a version which is not on file refuses, whatever else it names', () => {
  const [whole] = judge(context, [{ collection: 'joined', base: `v:${notice.id}^own`, later: '' }]).histories;
  if (!whole) throw new RangeError('nothing was judged');
  const lost = judgeAgain(context, [{ ...whole, candidates: [...whole.candidates, 'web@9'] }]);
  expect(reasonsIn(lost.verdicts[0]?.bits ?? 0n).map((reason) => reason.code)).toContain('notice-unknown');
  expect(lost.verdicts[0]?.known).toBe('unknown');
});
