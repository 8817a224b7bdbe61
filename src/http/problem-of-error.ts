/** What was thrown, as a problem: what is not known by its code is a fault of ours, of which nothing more is said. */
import { codedError } from '../app/flow/coded-error.ts';
import { SayError } from '../app/window/said-in-part.ts';
import { DocumentError } from '../documents/fault.ts';
import { faultProblem, HttpProblem, type Problem, type ProblemCode } from './problems.ts';

type Known = { readonly code: ProblemCode; readonly detail: string };
const away: Known = { code: 'database-away', detail: 'nothing was changed; ask again' };
const behind: Known = {
  code: 'log-behind',
  detail:
    'the log knows less than was published from it: nothing is added until the latest backup is put back (astold restore)',
};
/** There may be no later backup: then it goes on from what was published. */
const shortOfPublished: Known = {
  code: 'log-behind',
  detail:
    'the log knows less than was published from it: nothing is added until the latest backup is put back (astold restore) or, where there is none, the log is taken on from what was published (astold organisation resume --published LOG --accept-loss)',
};
const busy: Known = { code: 'busy', detail: 'nothing was changed; ask again' };
const full: Known = { code: 'storage-full', detail: 'nothing was changed' };

/** By the `code` of errors of ours, of the system and of Postgres. */
const known: Readonly<Record<string, Known>> = {
  'database-unreachable': away,
  'commit-unknown': {
    code: 'outcome-unknown',
    detail: 'the database went away while it was told; ask again under the same Idempotency-Key',
  },
  'ledger-behind': shortOfPublished,
  'ledger-forked': behind,
  'ledger-held-back': {
    code: 'log-behind',
    detail:
      'the log may know less than was published from it: nothing is added until who runs the service says what was (astold organisation resume)',
  },
  'ledger-missing': behind,
  'ledger-damaged': behind,
  'ledger-held': busy,
  'ledger-full': full,
  'workspace-busy': busy,
  'lease-lost': busy,
  'day-turned': busy,
  ENOSPC: full,
  EDQUOT: full,
  // A statement that was cancelled, a deadlock that was broken up, a full disk: as Postgres says them.
  '57014': busy,
  '40P01': busy,
  '40001': busy,
  '53100': full,
};

/** Of these alone it is sure; `outcome-unknown` and `internal` may have done what was asked. */
const undone: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  ...(['documents-faulty', 'database-away', 'log-behind', 'busy', 'storage-full'] as const),
]);

/** Whether what threw it surely left everything as it was; of SayError, everything but what is recorded. */
export const changedNothing = (error: unknown): boolean => !(error instanceof SayError) && leftUndone(error);

/** Whether the part that threw it surely left everything as it was. */
export const leftUndone = (error: unknown): boolean =>
  error instanceof SayError
    ? error.code !== 'cut-short' && leftUndone(error.cause)
    : error instanceof HttpProblem || undone.has(problemOfError(error).code);

const cutShort: Known = {
  code: 'outcome-unknown',
  detail:
    'part of it may be done, and what was begun holds; look how far it went, and ask again for the rest',
};
const inPart =
  'part of it is recorded, and holds; look at what is recorded, and ask for the rest under another Idempotency-Key';

export function problemOfError(error: unknown): Problem {
  if (error instanceof SayError && error.code === 'cut-short') return cutShort;
  if (error instanceof SayError) return { ...problemOfError(error.cause), detail: inPart };
  if (error instanceof HttpProblem) return error.problem;
  if (error instanceof DocumentError) return faultProblem(error);
  const code = codeOf(codedError(error));
  const found = Object.hasOwn(known, code) ? known[code] : undefined;
  return found ?? { code: 'internal', detail: 'say the number of the request to who runs the service' };
}

/** What may be logged of an error: messages can hold what somebody sent, or a row of the database. */
export function safeError(error: unknown): {
  readonly name: string;
  readonly code: string;
  readonly at: string;
} {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  const at = frames.slice(0, 6).map((line) => line.trim());
  return {
    name: error instanceof Error ? error.name : typeof error,
    code: codeOf(error),
    at: at.join(' | '),
  };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'failed';
}
