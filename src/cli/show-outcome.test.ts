import { expect, test } from 'vitest';
import type { Outcome } from '../app/gate/outcome.ts';
import { refusedOutcome, releasedOutcome } from '../pages/outcome.fixture.ts';
import { showOutcome } from './show-outcome.ts';
import { plainStyle, styleFor } from './terminal.ts';

const shown = (outcome: Outcome, width = 100) => showOutcome(outcome, plainStyle, width);

test('the answer comes before the reasons, and the reasons before the words', () => {
  const text = shown(refusedOutcome);
  const at = [
    'Nothing may go: 0 of 1,065,200',
    'were not told of this purpose',
    'Closest words people were told',
    'at most 212,480',
    '312 rows could not be read',
  ].map((words) => text.indexOf(words));
  expect(at).toEqual([...at].sort((a, b) => a - b));
  expect(at).not.toContain(-1);
});

test('numbers of reasons end in one column', () => {
  const lines = shown(refusedOutcome, 200)
    .split('\n')
    .filter((line) => /^ {2} *[\d,]+ {2}\S/.test(line));
  expect(lines).toHaveLength(refusedOutcome.reasons.length);
  expect(new Set(lines.map((line) => /^( *[\d,]+)/.exec(line)?.[1]?.length)).size).toBe(1);
});

test.each([60, 80, 100, 160])('no line is wider than a terminal of %i columns', (width) => {
  for (const outcome of [refusedOutcome, releasedOutcome]) {
    for (const line of shown(outcome, width).split('\n')) expect(line.length).toBeLessThanOrEqual(width);
  }
});

test('a release says that nothing in these rules refuses, and calls nothing lawful', () => {
  expect(shown(releasedOutcome)).toContain('48,213 of 1,065,200 may go: nothing in these rules refuses them');
  expect(shown(releasedOutcome) + shown(refusedOutcome)).not.toMatch(/lawful/i);
});

test('the mark of a reconstruction is on the first line', () => {
  expect(shown(refusedOutcome).split('\n')[0]).toContain('reconstruction');
});

test('text of a document cannot move the cursor or turn a line around', () => {
  const title = 'A\u001b[2J\u202eB\nC';
  const text = shown({ ...refusedOutcome, request: { ...refusedOutcome.request, title } });
  expect(text).toContain('A�[2J�B C');
});

test('colour is for terminals, and never where it is not wanted', () => {
  const painted = (outIsTty: boolean, env: Record<string, string>, wanted: boolean) =>
    showOutcome(refusedOutcome, styleFor({ outIsTty, env }, wanted), 100).includes('\u001b[');
  expect(painted(true, {}, true)).toBe(true);
  expect(painted(true, { NO_COLOR: '1' }, true)).toBe(false);
  expect(painted(true, {}, false)).toBe(false);
  expect(painted(false, {}, true)).toBe(false);
});

test('a list that cannot be read is not said to be screened against, but why it cannot', () => {
  const [list] = refusedOutcome.lists;
  if (!list) throw new RangeError('the fixture has a list');
  const cause = 'data/mps.txt:3: not an entry';
  const text = shown({ ...refusedOutcome, lists: [{ ...list, screened: false, matched: 0, cause }] }, 200);
  expect(text).not.toContain('Screened against');
  expect(text).toContain(`list mps cannot be read, and is not screened against: ${cause}`);
  expect(shown({ ...refusedOutcome, lists: [{ ...list, screened: false }] })).not.toContain('mps of');
});

test('why the preference events cannot be read is shown', () => {
  const source = { ...refusedOutcome.source, preferencesCause: 'line 3: a quote in the wrong place' };
  expect(shown({ ...refusedOutcome, source }, 200)).toContain('line 3: a quote in the wrong place');
});
