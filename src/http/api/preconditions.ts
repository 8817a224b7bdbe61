/** Versions: `ETag` says which one was seen, `If-Match` which one is meant, `If-None-Match` which one is known. */
import { createHash } from 'node:crypto';
import type { Place } from '../places.ts';
import { HttpProblem } from '../problems.ts';

/** Of an answer with a version, the version and a digest of what was said: the version alone is compared when it is changed. */
export function etagOf(body: string, value: unknown): string {
  const digest = createHash('sha256').update(body).digest('base64url').slice(0, 16);
  const version =
    typeof value === 'object' && value !== null && 'version' in value && typeof value.version === 'number'
      ? `${value.version}.`
      : '';
  return `"${version}${digest}"`;
}

/** The field `version` that the headers say; nothing where the place knows none. Throws HttpProblem. */
export function versionOf(request: Request, place: Place): { readonly version?: number } {
  if (place.version === undefined) return {};
  const match = request.headers.get('If-Match');
  const none = request.headers.get('If-None-Match');
  if (match !== null && none !== null) throw malformed('If-Match or If-None-Match, not both');
  if (none !== null) {
    if (place.version !== 'if-match-or-none' || none.trim() !== '*') throw malformed('If-Match: "<ETag>"');
    return { version: 0 };
  }
  if (match === null)
    throw new HttpProblem({
      code: 'precondition-missing',
      detail:
        place.version === 'if-match'
          ? 'expected If-Match with the ETag that was seen'
          : 'expected If-Match with the ETag that was seen, or If-None-Match: * for a new one',
    });
  const [, version] = /^"(\d{1,9})(?:\.[A-Za-z0-9_-]{1,64})?"$/.exec(match.trim()) ?? [];
  if (version === undefined) throw malformed('If-Match with one ETag of this API');
  return { version: Number(version) };
}

/** Whether who asks knows this answer already. */
export function isKnown(request: Request, etag: string): boolean {
  const known = request.headers.get('If-None-Match');
  return (known ?? '').split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}

const malformed = (expected: string): HttpProblem =>
  new HttpProblem({ code: 'precondition-malformed', detail: `expected ${expected}` });
