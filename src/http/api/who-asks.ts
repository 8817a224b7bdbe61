/** Who asks, and whether anything may be asked in that way. */
import type { Actor } from '../../app/flow/service.ts';
import { HttpProblem } from '../problems.ts';

export type ActorOf = (request: Request, org: string) => Promise<Actor | null>;

/** An organisation somebody has no role in looks to them as one that is not there. Throws HttpProblem. */
export async function whoAsks(actorOf: ActorOf, url: string, request: Request, org: string): Promise<Actor> {
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(org)) throw notFound();
  const actor = await actorOf(request, org);
  if (actor === null)
    throw new HttpProblem({ code: 'not-signed-in', detail: 'nobody, or more than one, is signed in' });
  if (actor.kind !== 'machine') requireSameSite(request, url);
  if (actor.kind !== 'member' && actor.roles.size === 0) throw notFound();
  return actor;
}

const notFound = (): HttpProblem =>
  new HttpProblem({ code: 'not-found', detail: 'no organisation of that name has given you a role' });

/** A browser says where a request that changes something comes from. One that does not say is none of ours. */
function requireSameSite(request: Request, url: string): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const site = request.headers.get('Sec-Fetch-Site');
  const same = site === null ? request.headers.get('Origin') === url : site === 'same-origin';
  if (!same)
    throw new HttpProblem({ code: 'cross-origin', detail: `expected a request of ${url} itself, or a key` });
}
