/** A document taken out of the current ones; its versions stay. */
import { z } from 'zod';
import type { Tx } from '../../store/postgres/state.ts';
import { changeDocuments } from './change-documents.ts';
import { pathKind } from './document-paths.ts';
import { type DocumentView, toDocumentView } from './document-view.ts';
import { isSupplied } from './is-supplied.ts';
import { type Actor, type Answer, done, type Refused, refused, type Service } from './service.ts';

export const removeDocumentInput = z.strictObject({
  path: z.string().max(300),
  version: z.number().int().min(1),
});

/**
 * Refuses `path-unknown`, `not-found`, `changed-meanwhile`, `wrong-state`: of a request that is not at its end or whose
 * release somebody holds, and of a notice that people were shown; `documents-faulty`: where others cannot do without it.
 */
export async function removeDocument(
  service: Service,
  { org, id }: Actor,
  { path, version }: z.output<typeof removeDocumentInput>,
): Promise<Answer<DocumentView>> {
  const kind = pathKind(path);
  if (kind.kind === 'refused') return refused('path-unknown', kind.why);
  return changeDocuments(service, org, id, new Map([[path, null]]), async (tx, apply) => {
    const row = await tx
      .selectFrom('document_current')
      .selectAll()
      .where('org', '=', org)
      .where('path', '=', path)
      .executeTakeFirst();
    if (row === undefined) return refused('not-found', `there is no document "${path}"`);
    if (row.version !== version)
      return refused('changed-meanwhile', `"${path}" was changed since you saw it; look at it again`);
    const needed = await neededRequest(tx, org, path);
    if (needed !== null) return needed;
    await apply();
    return done(toDocumentView(row));
  });
}

/**
 * Of a request that has ended only the versions matter. A release is sealed after its document, and for as long as somebody
 * holds it, what they may not use any more is decided by it (`makeDelta`).
 */
async function neededRequest(tx: Tx, org: string, path: string): Promise<Refused | null> {
  const request = await tx
    .selectFrom('request')
    .select(['id', 'state'])
    .where('org', '=', org)
    .where('path', '=', path)
    .executeTakeFirst();
  if (request === undefined || request.state === 'TERMINATED') return null;
  if (request.state !== 'FINALIZED')
    return refused('wrong-state', `request ${request.id} is running: withdraw it instead`);
  if (!(await isSupplied(tx, org, request.id)))
    return refused(
      'wrong-state',
      `the release of ${request.id} is not sealed yet: its document is still needed`,
    );
  const holder = await holderOf(tx, org, request.id);
  return holder === null
    ? null
    : refused('wrong-state', `${holder} holds the release of ${request.id}: its delta needs the document`);
}

/** One who has not claimed that its list of a release is deleted; null of none. */
async function holderOf(tx: Tx, org: string, request: string): Promise<string | null> {
  const row = await tx
    .selectFrom('duty')
    .innerJoin('release', (join) =>
      join.onRef('release.org', '=', 'duty.org').onRef('release.id', '=', 'duty.release'),
    )
    .select('duty.party')
    .where('duty.org', '=', org)
    .where('release.request', '=', request)
    .where('duty.kind', '=', 'delete')
    .where('duty.claimed_at', 'is', null)
    .orderBy('duty.party')
    .limit(1)
    .executeTakeFirst();
  return row?.party ?? null;
}
