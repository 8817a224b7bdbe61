/**
 * A form that is sent again - a page loaded anew, a button pressed twice - says nothing twice. The page that holds it draws a
 * value for it, under which what came of it is kept as an answer to an idempotency key is.
 */
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import canonicalize from 'canonicalize';
import { type Asked, type Claim, claimAnswer, forgetClaim, keepAnswer } from '../../app/flow/answered.ts';
import type { Asker, Service } from '../../app/flow/service.ts';
import { changedNothing } from '../problem-of-error.ts';
import { HttpProblem } from '../problems.ts';
import { fieldsOf, type Seat } from './seat.ts';

export const newOnce = (): string => randomUUID();

type Fields = Readonly<Record<string, string>>;
/** `kept`: what to say again; null where nothing was done, and the form may be sent anew. */
export type DoneNow<T> = { readonly kept: string | null; readonly given: T };

/** What is held of a form is held under a key that only the form has. */
function askedOf(asker: Asker, route: string, once: string, fields: Fields): Asked {
  const digest = createHmac('sha256', once)
    .update(canonicalize(fields) ?? '')
    .digest('hex');
  const key = `form:${createHash('sha256').update(once).digest('base64url')}`;
  return { org: asker.org, actor: `${asker.kind}:${asker.id}`, key, route, digest, longestMs: 120_000 };
}

/**
 * `again` says what was kept, to who sends the same within the hours that keys are remembered. A form without a value of
 * its own is of none of our pages, and is done as often as it is sent. Throws HttpProblem `idempotency-in-progress`,
 * `input-invalid`.
 */
export async function doneOnce<T>(
  service: Pick<Service, 'state' | 'now' | 'log'>,
  asker: Asker,
  route: string,
  { once = '', ...fields }: Fields,
  work: () => Promise<DoneNow<T>>,
  again: (kept: string) => Promise<T>,
): Promise<T> {
  if (!/^[0-9a-f-]{36}$/.test(once)) return (await work()).given;
  const asked = askedOf(asker, route, once, fields);
  const claim = await claimedOf(service, asked);
  if (claim.kind === 'again') return again(claim.kept.body ?? '');
  const forget = (): Promise<void> =>
    forgetClaim(service.state, asked, claim.mark).catch(() =>
      service.log.warn('a form is held until its time is over'),
    );
  let done: DoneNow<T>;
  try {
    done = await work();
  } catch (error) {
    if (changedNothing(error)) await forget();
    throw error;
  }
  if (done.kept === null) await forget();
  else
    await keepAnswer(service.state, asked, claim.mark, {
      ...{ status: 303, type: null, location: null, etag: null, body: done.kept },
    }).catch(() => service.log.error('what a form said was not kept'));
  return done.given;
}

/** Of a button that was pressed twice the second answer is what is seen: it waits for the first. */
async function claimedOf(
  { state, now }: Pick<Service, 'state' | 'now'>,
  asked: Asked,
): Promise<Extract<Claim, { kind: 'first' | 'again' }>> {
  for (let tries = 0; tries < 40; tries++) {
    const claim = await claimAnswer(state, asked, now());
    if (claim.kind === 'first' || claim.kind === 'again') return claim;
    if (claim.kind === 'reused')
      throw new HttpProblem({
        code: 'input-invalid',
        detail: 'the form was changed since it was sent first; begin it anew',
      });
    await pause(250);
  }
  throw new HttpProblem({
    code: 'idempotency-in-progress',
    detail: 'it was sent before, and is not answered yet; look whether it is recorded',
  });
}

/** Of a form at the desk: what was recorded is a page that it leads to, and leads to again. */
export async function sentOnce(seat: Seat, work: (typed: Fields) => Promise<Response>): Promise<Response> {
  const { service, actor, c } = seat;
  const typed = await fieldsOf(c);
  if (typed.step !== 'record') return work(typed);
  const now = async (): Promise<DoneNow<Response>> => {
    const given = await work(typed);
    return { given, kept: given.status === 303 ? given.headers.get('Location') : null };
  };
  return doneOnce(service, actor, c.req.path, typed, now, async (to) => c.redirect(to, 303));
}
