import { describe, expect, test } from 'vitest';
import type { ReceiptSeen } from './breach.ts';
import { findBreach, type ReleaseSeen } from './breach.ts';
import type { Said } from './receipt.ts';

const at = '2026-11-10T10:00:00.000Z';
const all = { purpose: 'all', organisation: 'all', contactChannel: 'all', field: 'all' };
const said: Said = {
  at,
  id: 'pe-1',
  event: 'pe-1',
  mark: null,
  organisation: 'club',
  source: 'members',
  person: '0'.repeat(64),
  type: 'objection',
  scope: all,
  notice: null,
  consent: null,
  lifts: null,
  signed: at,
  received: at,
  receivedBy: 'web',
};
const receipt = (
  change: Partial<Said> = {},
  index: bigint | null = 5n,
  seenBy: string | null = null,
): ReceiptSeen => ({
  said: { ...said, ...change },
  master: 'ab'.repeat(16),
  index,
  note: null,
  seen: seenBy === null ? null : Date.parse(seenBy),
  checked: [],
  unchecked: [],
});
const seen = (change: Partial<ReleaseSeen> = {}): ReleaseSeen => ({
  release: '2026-11-11-toy-offer',
  mark: null,
  source: 'members',
  cutOff: Date.parse('2026-11-11T10:00:00Z'),
  logSize: 6n,
  index: 6n,
  postKeyedTo: '2026-11-09',
  holds: true,
  context: null,
  ...change,
});
const breach = (before: string, answer: string | null = null) => ({
  kind: 'apparent-breach',
  before,
  answer,
});
const unsettled = (code: string) => ({ kind: 'unsettled', code });
const letter = { receivedBy: 'letter', signed: '2026-11-01', received: '2026-11-09' } as const;
const after = { at: '2026-11-12T10:00:00.000Z' };

describe('a stop came before a release', () => {
  test.each<readonly [string, Partial<Said>, bigint | null, Partial<ReleaseSeen>, unknown]>([
    ['that honoured a log it stands in', {}, 5n, {}, breach('log')],
    ['that states too small a log, by its own clock', {}, 5n, { logSize: 0n }, breach('clock')],
    ['by the clock of its promise, where there is no proof yet', {}, null, {}, breach('clock')],
    ['by the post, which was said to have been keyed', { ...letter, ...after }, 6n, {}, breach('post')],
    [
      'not, where the post of that day was not',
      { ...letter, ...after, received: '2026-11-10' },
      6n,
      {},
      { kind: 'no-breach', code: 'received-later' },
    ],
    [
      'not, where nobody says up to when the post was keyed',
      { ...letter, ...after },
      6n,
      { postKeyedTo: null },
      { kind: 'no-breach', code: 'received-later' },
    ],
    [
      'not by an old date alone, where it came otherwise than by post',
      { ...letter, ...after, receivedBy: 'email' },
      6n,
      {},
      { kind: 'no-breach', code: 'received-later' },
    ],
    ['not, where it was logged after', after, 6n, {}, { kind: 'no-breach', code: 'received-later' }],
    [
      'perhaps by the post, where nobody says how it came',
      { ...letter, ...after, receivedBy: null },
      6n,
      {},
      unsettled('way-unknown'),
    ],
    [
      'not, where nobody says how it came and it is dated later',
      { ...after, receivedBy: null, received: '2026-11-10' },
      6n,
      {},
      { kind: 'no-breach', code: 'received-later' },
    ],
  ])('%s', (_, change, index, release, expected) => {
    expect(findBreach(receipt(change, index), seen(release), null)).toEqual(expected);
  });
});

describe('a release that states an earlier cut-off and a smaller log than it had', () => {
  // Its own entry is the ninth: what is before it was in the log before it was.
  const backdated = seen({ cutOff: Date.parse('2026-11-01T10:00:00Z'), logSize: 0n, index: 8n });
  test('settles nothing of a stop that was logged before it was', () => {
    for (const index of [0n, 7n])
      expect(findBreach(receipt({}, index), backdated, null)).toEqual(unsettled('logged-before-release'));
    for (const index of [9n, 10n])
      expect(findBreach(receipt({}, index), backdated, null)).toMatchObject({ code: 'received-later' });
  });

  test('settles nothing of a promise alone, at its very cut-off or later', () => {
    const atCutOff = seen({ cutOff: Date.parse(at) });
    for (const release of [atCutOff, backdated])
      expect(findBreach(receipt({}, null), release, null)).toEqual(unsettled('no-proof'));
  });

  test('and nothing in a reconstruction, whose clock stands still', () => {
    const mark = 'reconstruction' as const;
    const release = seen({ mark, cutOff: Date.parse(at), logSize: 3n, index: 8n });
    expect(findBreach(receipt({ mark }), release, null)).toEqual(unsettled('logged-before-release'));
  });
});

describe('witnesses had seen the stop in the log', () => {
  // A log that gives a stop a later time than it had.
  const late = { at: '2026-11-11T10:30:00.000Z' };
  test.each<readonly [string, string, unknown]>([
    ['before the cut-off that the release states', '2026-11-11T09:54:59Z', breach('witnesses')],
    [
      'about then, where clocks may differ',
      '2026-11-11T09:55:00Z',
      { kind: 'no-breach', code: 'received-later' },
    ],
  ])('%s', (_, seenBy, expected) => {
    expect(findBreach(receipt(late, 7n, seenBy), seen(), null)).toEqual(expected);
  });
});

describe('a reconstruction', () => {
  const mark = 'reconstruction' as const;
  test('has a clock that stands still: its log alone says what came before', () => {
    const release = seen({ mark, cutOff: Date.parse(at) });
    expect(findBreach(receipt({ mark }), release, null)).toEqual(breach('log'));
    expect(findBreach(receipt({ mark }, 6n), release, null)).toMatchObject({ code: 'received-later' });
    expect(findBreach(receipt({ mark }, null), release, null)).toEqual({
      kind: 'unsettled',
      code: 'no-proof',
    });
  });

  test('says nothing of a live release, nor of another source, that does not hold the person', () => {
    for (const change of [{ mark }, { source: 'other' }])
      expect(findBreach(receipt(change), seen({ holds: false }), null)).toMatchObject({
        code: 'other-source',
      });
    expect(findBreach(receipt({ mark }), seen({ holds: null }), null)).toEqual(unsettled('no-token'));
  });
});

describe('a release that says it is of another source than the token that its roster holds', () => {
  const mark = 'reconstruction' as const;
  const lies = [{ source: 'other' }, { mark }] as const;
  test.each(lies)('is not cleared of a stop that stands in the log it honoured: %o', (lie) => {
    expect(findBreach(receipt(), seen(lie), null)).toEqual(breach('log'));
  });

  test.each(lies)('is cleared by nothing that it says of itself: %o', (lie) => {
    const cleared = unsettled('source-contradicts');
    expect(findBreach(receipt(after, 9n), seen(lie), null)).toEqual(cleared);
    const lift = {
      type: 'lift',
      lifts: 'pe-1',
      signed: '2026-11-11T08:00:00Z',
      received: '2026-11-11T08:00:00Z',
    } as const;
    expect(findBreach(receipt(), seen(lie), receipt({ event: 'pe-9', ...lift }, 5n))).toEqual(cleared);
  });

  test('is not judged by a clock that stands still', () => {
    expect(findBreach(receipt({ mark }, 9n), seen(), null)).toEqual(unsettled('source-contradicts'));
    expect(findBreach(receipt({ mark }, 5n), seen({ logSize: 0n }), null)).toEqual(
      unsettled('logged-before-release'),
    );
  });
});

describe('an answer', () => {
  const lift = {
    type: 'lift',
    lifts: 'pe-1',
    signed: '2026-11-11T08:00:00Z',
    received: '2026-11-11T08:00:00Z',
  } as const;
  test.each<readonly [string, Partial<Said>, bigint | null, string | null]>([
    ['that showed the stop lifts it', lift, 5n, null],
    ['to another stop does not', { ...lift, lifts: 'pe-2' }, 5n, 'answer-other-scope'],
    ['of another person does not', { ...lift, person: '1'.repeat(64) }, 5n, 'answer-other-person'],
    ['of nobody known does not', { ...lift, person: null }, 5n, 'answer-other-person'],
    ['of another source does not', { ...lift, source: 'other' }, 5n, 'answer-other-person'],
    ['without its place in the log does not', lift, null, 'answer-unproven'],
    ['signed at the very time of the stop does not', { ...lift, signed: at }, 5n, 'answer-not-later'],
    [
      'signed on the bare day of the stop does not',
      { ...lift, signed: '2026-11-10' },
      5n,
      'answer-not-later',
    ],
    ['without a day of signing does not', { ...lift, signed: null }, 5n, 'answer-not-later'],
    [
      'that came at the cut-off does not',
      { ...lift, received: '2026-11-11T10:00:00Z' },
      5n,
      'answer-too-late',
    ],
    ['logged after the release does not', lift, 6n, 'answer-too-late'],
    ['signed after it came does not', { ...lift, signed: '2026-11-11T09:00:00Z' }, 5n, 'answer-too-late'],
    ['that is a stop does not', { ...lift, type: 'objection' }, 5n, 'answer-no-permission'],
    ['by consent to everything does not', { ...lift, type: 'consent' }, 5n, 'answer-other-scope'],
  ])('%s', (_, change, index, fault) => {
    const found = findBreach(receipt(), seen(), receipt({ event: 'pe-9', ...change }, index));
    expect(found).toEqual(fault === null ? { kind: 'no-breach', code: 'answered' } : breach('log', fault));
  });
});
