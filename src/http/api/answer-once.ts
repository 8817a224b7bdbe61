/** An idempotency key: who asks the same again is told the same, and nothing is done twice. */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { type Asked, claimAnswer, forgetClaim, type Kept, keepAnswer } from '../../app/flow/answered.ts';
import type { Actor } from '../../app/flow/service.ts';
import type { Place } from '../places.ts';
import { changedNothing } from '../problem-of-error.ts';
import { HttpProblem, type Problem } from '../problems.ts';
import type { ApiService } from '../route.ts';

/** Throws HttpProblem where it is missing or no such key. */
export function idempotencyKeyOf(request: Request): string {
  const key = request.headers.get('Idempotency-Key') ?? '';
  if (!/^[\x21-\x7e]{1,200}$/.test(key))
    throw new HttpProblem({
      code: 'idempotency-key-missing',
      detail: 'expected Idempotency-Key: 1 to 200 characters, a new one for each thing that is to be done',
    });
  return key;
}

export function askedOf(actor: Actor, key: string, route: string, raw: unknown, longestMs: number): Asked {
  const digest = createHash('sha256')
    .update(canonicalize(raw) ?? '')
    .digest('hex');
  // A person and each of their machines draw keys of their own.
  const who =
    'key' in actor && actor.key !== undefined ? `${actor.kind}:${actor.key}` : `${actor.kind}:${actor.id}`;
  return { org: actor.org, actor: who, key, route, digest, longestMs };
}

/**
 * Runs `work` unless it was done under this key. A refusal leaves the key free, as does an error that surely changed nothing.
 * After any other error it may have been done: the key stays taken for as long as the work may have lasted.
 */
export async function answerOnce(
  { state, now, log }: ApiService,
  asked: Asked,
  keeps: Place['keeps'],
  work: () => Promise<Response>,
): Promise<Response> {
  const claim = await claimAnswer(state, asked, now());
  if (claim.kind === 'again') return replayed(claim.kept);
  if (claim.kind !== 'first') throw new HttpProblem(refusals[claim.kind]);
  const forget = (): Promise<void> =>
    forgetClaim(state, asked, claim.mark).catch(() =>
      log.warn('an idempotency key is held until its time is over'),
    );
  let response: Response;
  try {
    response = await work();
  } catch (error) {
    if (changedNothing(error)) await forget();
    throw error;
  }
  const body = await response.text();
  const kept = keptOf(response, body, keeps);
  // It is done: that a replay will not find the answer is no reason to say otherwise.
  await keepAnswer(state, asked, claim.mark, kept).catch(() => log.error('an answer was not kept'));
  return new Response(body, response);
}

const refusals = {
  'in-progress': { code: 'idempotency-in-progress', detail: 'the first request has not been answered yet' },
  reused: { code: 'idempotency-reused', detail: 'it was used with another request; take a new one' },
} as const satisfies Readonly<Record<string, Problem>>;

/** An ETag is of the whole body. */
function keptOf({ status, headers }: Response, said: string, keeps: Place['keeps']): Kept {
  const header = (name: string): string | null => headers.get(name);
  const etag = keeps === undefined ? header('ETag') : null;
  const body = keeps === undefined ? said : fieldsOf(said, keeps);
  return { status, type: header('Content-Type'), location: header('Location'), etag, body };
}

function fieldsOf(said: string, names: readonly string[]): string | null {
  if (names.length === 0) return null;
  const fields = Object.entries(JSON.parse(said) as object);
  return JSON.stringify(Object.fromEntries(fields.filter(([name]) => names.includes(name))));
}

function replayed({ status, type, location, etag, body }: Kept): Response {
  if (body === null)
    throw new HttpProblem({
      code: 'answer-shown-once',
      detail: 'what it said cannot be shown again; make another',
    });
  const headers = new Headers({ 'Cache-Control': 'no-store', 'Idempotency-Replayed': 'true' });
  for (const [name, value] of [
    ['Content-Type', type],
    ['Location', location],
    ['ETag', etag],
  ] as const)
    if (value !== null) headers.set(name, value);
  return new Response(body, { status, headers });
}
