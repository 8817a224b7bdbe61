import { describe, expect, test } from 'vitest';
import type { CaseView } from '../../app/window/case-row.ts';
import { english } from '../../words/words.ts';
import { clockText, stateTag } from './cases.ts';

const words = english.cases;
const one: CaseView = {
  ...{ case: 'c1', number: 1, kind: 'complaint', state: 'open', by: 'phone', signed: null },
  ...{ received: '2026-06-27', opened: '2026-06-30T23:30:00.000Z', acknowledged: null, extended: false },
  ...{ waitingSince: null, ended: null, event: null, version: 1 },
  due: { what: 'acknowledge', on: '2026-07-27', overdue: true },
};

describe('a clock that ran out', () => {
  test('of a complaint is one for saying that it came, not for the answer', () => {
    const text = clockText(words, one);
    expect(text).toContain('We should have told you by 27 July 2026 that we have it.');
    expect(text).not.toContain('answered');
  });

  test('of anything else is one for the answer', () => {
    const due = { what: 'answer', on: '2026-07-27', overdue: true } as const;
    expect(clockText(words, { ...one, kind: 'access', due })).toContain(
      'We should have answered by 27 July 2026.',
    );
  });
});

describe('an objection', () => {
  const due = { what: 'answer', on: '2026-06-27', overdue: true } as const;
  const objection: CaseView = { ...one, kind: 'objection', event: 'pe-0000000000000001', due };

  test('has stopped on the day in London that it was recorded, and is not late', async () => {
    expect(clockText(words, objection)).toBe('Stopped on 1 July 2026.');
    expect(String(await stateTag(words, objection))).not.toContain('bad');
  });

  test('that came with no stop is late like any other', async () => {
    const bare = { ...objection, event: null };
    expect(clockText(words, bare)).toContain('We should have answered by 27 June 2026.');
    expect(String(await stateTag(words, bare))).toContain('bad');
  });

  test('that was answered has ended', () => {
    const ended: CaseView = {
      ...{ ...objection, state: 'done', ended: '2026-07-02T09:00:00.000Z' },
      due: { what: 'nothing', on: null, overdue: false },
    };
    expect(clockText(words, ended)).toBe('It has ended.');
  });
});
