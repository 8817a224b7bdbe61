/** Who reads a page that says what went wrong: it leads them to what is theirs. */
import type { Reader } from '../pages/problem.ts';
import type { ApiParts } from './api/api.ts';
import { homeOf } from './pages/seat.ts';

/** Of the organisation that the path is below, where it is one of theirs. Nobody where it cannot be told, whatever the cause. */
export async function readerOf(
  { service, actorOf }: Pick<ApiParts, 'service' | 'actorOf'>,
  request: Request,
): Promise<Reader> {
  if (!request.headers.has('Cookie')) return nobody;
  try {
    const [, named] = /^\/organisations\/([^/]+)/.exec(new URL(request.url).pathname) ?? [];
    const known = (await service.state.organisations()).map(({ org }) => org);
    // A member is one of a single organisation; staff are known of any.
    for (const org of [...known].sort((a, b) => Number(b === named) - Number(a === named))) {
      const actor = await actorOf(request, org);
      if (actor?.kind === 'member') return { kind: 'member', home: homeOf(org) };
      if (actor?.kind === 'staff')
        return { kind: 'staff', home: org === named && actor.roles.size > 0 ? homeOf(org) : null };
    }
    return nobody;
  } catch {
    return nobody;
  }
}

const nobody: Reader = { kind: 'nobody' };
