/** A document taken out of the current ones; its versions stay. */
import { z } from 'zod';
import { changeDocuments } from './change-documents.ts';
import { pathKind } from './document-paths.ts';
import { type DocumentView, toDocumentView } from './document-view.ts';
import { type Actor, type Answer, done, refused, type Service } from './service.ts';

export const removeDocumentInput = z.strictObject({
  path: z.string().max(300),
  version: z.number().int().min(1),
});

/** Refuses `path-unknown`, `not-found`, `changed-meanwhile`, `documents-faulty`: where others cannot do without it. */
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
    const request = await tx
      .selectFrom('request')
      .select(['id', 'state'])
      .where('org', '=', org)
      .where('path', '=', path)
      .executeTakeFirst();
    // Of a request that has ended only the versions matter.
    if (request !== undefined && request.state !== 'FINALIZED' && request.state !== 'TERMINATED')
      return refused('wrong-state', `request ${request.id} is running: withdraw it instead`);
    await apply();
    return done(toDocumentView(row));
  });
}
