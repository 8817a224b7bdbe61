/** Which of the failures of a request are told in plain words, and as what: at the window, the desk and with a letter. */
import type { Context } from 'hono';
import { SayError } from '../app/window/said-in-part.ts';
import type { Html } from '../pages/frame.ts';
import { type Failed, type FailedState, failedPage } from '../pages/window/failed.ts';
import type { TypedFields } from '../pages/window/typed-rows.ts';
import { largestBody } from './api/read-body.ts';
import { wordsAsked } from './language.ts';
import { leftUndone } from './problem-of-error.ts';
import type { Problem, ProblemCode } from './problems.ts';
import { readTexts } from './read-form.ts';
import { readerByCookie } from './reader.ts';
import type { Seen } from './seen.ts';

/** Why it could not be done; what is not here is told as it comes. */
const whys: Readonly<Partial<Record<ProblemCode, Failed['why']>>> = {
  ...{ busy: 'soon', 'database-away': 'soon', 'rate-limited': 'much' },
  ...{ 'log-behind': 'held', 'supply-lost': 'held', 'storage-full': 'held', 'documents-faulty': 'held' },
  ...{ internal: 'failed', 'outcome-unknown': 'failed', 'idempotency-in-progress': 'failed' },
  ...{ 'preference-refused': 'refused', 'wrong-state': 'refused', 'already-done': 'refused' },
  ...{ 'changed-meanwhile': 'refused', 'too-many-look-ups': 'refused' },
};

const ofForms: ReadonlySet<Failed['why']> = new Set<Failed['why']>(['refused', 'much']);

/** Null of a page or a failure that is not among them. */
export async function windowFailed(c: Context<Seen>, error: unknown, problem: Problem): Promise<Html | null> {
  const why = whys[problem.code];
  const of = placeOf(c);
  const isForm = c.req.method === 'POST';
  if (why === undefined || of === null || (!isForm && ofForms.has(why))) return null;
  const recorded = error instanceof SayError ? error.recorded : [];
  const club = c.get('club') ?? null;
  // Before whose page it is was known, nobody had looked where the form came from.
  const typed = isForm && (problem.code !== 'rate-limited' || club !== null) ? await typedIn(c) : null;
  return failedPage(wordsAsked(c), {
    ...{ why, of, recorded, club, detail: problem.detail, request: c.get('requestId') ?? '' },
    state: isForm ? stateOf(c, error, problem.code) : 'unshown',
    // Sent without its fields it would say something else.
    action: typed === null || typed.size === 0 ? null : pathOf(c),
    typed: typed ?? new Map(),
  });
}

const pathOf = (c: Context<Seen>): string => new URL(c.req.url).pathname;

function placeOf(c: Context<Seen>): Failed['of'] | null {
  const path = pathOf(c);
  if (/^\/letter(?:\/|$)/.test(path)) return { kind: 'letter' };
  const [, home, part = ''] =
    /^(\/organisations\/[^/]+)(?:\/(say|cases|copy|details|answers|receipts|prove|desk)(?:\/.*)?)?$/.exec(
      path,
    ) ?? [];
  if (home === undefined) return null;
  if (part === 'desk') return { kind: 'desk', home };
  if (['say', 'details', 'prove'].includes(part)) return { kind: 'member', home };
  // What is a member's and staff's. By the cookie alone: who it is of may be what cannot be asked.
  const { kind } = readerByCookie(c.req.raw);
  return kind === 'member' || c.req.method === 'POST' ? { kind: 'member', home } : null;
}

/** What only looks records nothing. */
const looks = /^\/letter(?:\/notice)?$|\/desk\/find$/;

function stateOf(c: Context<Seen>, error: unknown, code: ProblemCode): FailedState {
  if (error instanceof SayError && error.code === 'said-untold') return 'whole';
  if (error instanceof SayError && error.code === 'cut-short') return 'unknown';
  const isUndone = (leftUndone(error) && code !== 'idempotency-in-progress') || looks.test(pathOf(c));
  if (error instanceof SayError) return isUndone ? 'partly' : 'partlyUnknown';
  return isUndone ? 'undone' : 'unknown';
}

/** Null of what cannot be read, is larger than a form is read, or does not say how large it is. */
async function typedIn(c: Context<Seen>): Promise<TypedFields | null> {
  const length = Number(c.req.header('Content-Length') ?? Number.NaN);
  if (!(length <= largestBody)) return null;
  try {
    return await readTexts(c);
  } catch {
    return null;
  }
}
