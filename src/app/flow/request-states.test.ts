import { describe, expect, test } from 'vitest';
import type { RequestDeed, RequestState } from '../../store/postgres/tables.ts';
import { nextState, withdrawsApproval } from './request-states.ts';

const from: readonly (RequestState | 'open')[] = [
  'open',
  'REQUESTED',
  'OFFERED',
  'AGREED',
  'FINALIZED',
  'TERMINATED',
];
const deeds: readonly RequestDeed[] = [
  'requested',
  'changed',
  'checked',
  'approved',
  'sent-back',
  'refused',
  'released',
  'terminated',
];
/** A row a deed: what it leads to from each state of `from`. */
const expected: Readonly<Record<RequestDeed, string>> = {
  requested: 'REQUESTED - - - - -',
  changed: '- REQUESTED REQUESTED REQUESTED - -',
  checked: '- OFFERED OFFERED - - -',
  approved: '- - AGREED - - -',
  'sent-back': '- - REQUESTED REQUESTED - -',
  refused: '- TERMINATED TERMINATED TERMINATED - -',
  released: '- - - FINALIZED - -',
  terminated: '- TERMINATED TERMINATED TERMINATED - -',
};

describe('the states of a request', () => {
  test.each(deeds.flatMap((deed) => from.map((state, i) => ({ deed, state, i }))))(
    '$deed, from $state',
    ({ deed, state, i }) => {
      expect(nextState(state, deed) ?? '-').toBe(expected[deed].split(' ')[i]);
    },
  );

  test('nothing leads out of a release, or of an end', () => {
    for (const state of ['FINALIZED', 'TERMINATED'] as const)
      expect(deeds.filter((deed) => nextState(state, deed) !== null)).toEqual([]);
  });

  test('only an approval leads to AGREED, and only a release from there to FINALIZED', () => {
    const leading = (to: RequestState): readonly string[] =>
      from.flatMap((state) => deeds.filter((deed) => nextState(state, deed) === to));
    expect(leading('AGREED')).toEqual(['approved']);
    expect(leading('FINALIZED')).toEqual(['released']);
  });

  test('an approval does not outlive a change, or being sent back', () => {
    for (const state of from)
      for (const deed of deeds)
        if (state === 'AGREED' && ['REQUESTED', 'TERMINATED'].includes(nextState(state, deed) ?? ''))
          expect(withdrawsApproval(deed)).toBe(true);
  });
});
