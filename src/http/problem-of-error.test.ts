import { expect, test } from 'vitest';
import { refusalCodes } from '../app/flow/service.ts';
import { SayError } from '../app/window/said-in-part.ts';
import { LedgerError } from '../store/ledger-error.ts';
import { StateError } from '../store/postgres/state-error.ts';
import { changedNothing, leftUndone, problemOfError, safeError } from './problem-of-error.ts';
import { problemKinds, problemResponse } from './problems.ts';

const coded = (code: string): Error => Object.assign(new Error('of anna@member.example'), { code });

test.each([
  [new StateError('database-unreachable', ''), 'database-away', 503],
  [new StateError('commit-unknown', ''), 'outcome-unknown', 503],
  [new SayError('cut-short', [], { cause: coded('ENOSPC') }), 'outcome-unknown', 503],
  [new LedgerError('ledger-behind', ''), 'log-behind', 503],
  [new LedgerError('ledger-forked', ''), 'log-behind', 503],
  [new LedgerError('ledger-full', ''), 'storage-full', 507],
  [coded('ENOSPC'), 'storage-full', 507],
  [coded('workspace-busy'), 'busy', 503],
  [coded('__proto__'), 'internal', 500],
  [coded('23505'), 'internal', 500],
  [new TypeError('of anna@member.example'), 'internal', 500],
  ['anna@member.example', 'internal', 500],
] as const)('%s is answered as %s', async (error, code, status) => {
  const problem = problemOfError(error);
  const response = problemResponse(problem, 'http://club.example', 'r-1');
  expect([problem.code, response.status]).toEqual([code, status]);
  expect(await response.text()).not.toContain('anna');
});

test('what was cut short may have changed something, whatever came in between', () => {
  const cut = new SayError('cut-short', [], { cause: coded('ENOSPC') });
  for (const error of [cut, new SayError('said-in-part', ['pe-1'], { cause: cut })])
    expect([changedNothing(error), leftUndone(error)]).toEqual([false, false]);
});

test('of a log that is short of what was published it is said what there is to do', () => {
  const detail = (code: 'ledger-behind' | 'ledger-forked'): string =>
    problemOfError(new LedgerError(code, '')).detail;
  expect(detail('ledger-behind')).toContain('organisation resume --published LOG --accept-loss');
  // It has another past: what was published does not go on from it.
  expect(detail('ledger-forked')).not.toContain('--accept-loss');
});

test('a refusal that may end says when to ask again', () => {
  const header = (code: 'database-away' | 'rate-limited' | 'two-people'): string | null =>
    problemResponse({ code, detail: '' }, '', '').headers.get('Retry-After');
  expect([header('database-away'), header('rate-limited'), header('two-people')]).toEqual(['5', '60', null]);
});

test('every refusal of a use case has a status between 400 and 599', () => {
  for (const code of refusalCodes) {
    expect(problemKinds[code].status).toBeGreaterThanOrEqual(400);
    expect(problemKinds[code].status).toBeLessThan(600);
  }
});

test('of an error the log gets its name, code and place, and none of its words', () => {
  const logged = JSON.stringify(safeError(coded('23505')));
  expect(logged).toContain('23505');
  expect(logged).toContain('problem-of-error.test.ts');
  expect(logged).not.toContain('anna');
});
