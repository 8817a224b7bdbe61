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
 * Refuses `path-unknown`, `not-found`, `changed-meanwhile`, `wrong-state`: of a request that is not at its end,
 * and of a notice that somebody answered; `documents-faulty`: where others cannot do without it.
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

/** Of a request that has ended only the versions matter; a release is sealed after its document. */
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
  return (await isSupplied(tx, org, request.id))
    ? null
    : refused('wrong-state', `the release of ${request.id} is not sealed yet: its document is still needed`);
}
