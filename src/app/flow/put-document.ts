/**
 * A document written or replaced: the whole workspace is checked with it, and with any fault nothing changes. A steward puts
 * any; an officer what a second person signs, and nothing else.
 */
import { z } from 'zod';
import { changeDocuments } from './change-documents.ts';
import { pathKind } from './document-paths.ts';
import { type DocumentView, toDocumentView } from './document-view.ts';
import { mayPut, notTheirs } from './second-person.ts';
import { type Actor, type Answer, done, refused, type Service } from './service.ts';

/** As the loader takes them. */
const longest = 1024 * 1024;
export const putDocumentInput = z.strictObject({
  path: z.string().max(300),
  text: z.string().max(longest),
  version: z.number().int().min(0).meta({ description: '0: it must not be there yet' }),
});

/**
 * Refuses `path-unknown`, `not-allowed`, `two-people`, `documents-faulty` with each fault, `changed-meanwhile`; `wrong-state` of a
 * notice that people were shown, and of a consent that somebody answered.
 */
export async function putDocument(
  service: Service,
  actor: Actor,
  { path, text, version }: z.output<typeof putDocumentInput>,
): Promise<Answer<DocumentView>> {
  const { org, id } = actor;
  const kind = pathKind(path);
  if (kind.kind === 'refused') return refused('path-unknown', kind.why);
  if (kind.folder === 'requests')
    return refused('path-unknown', 'a request is written and changed by asking for the release');
  const { folder } = kind;
  if (!mayPut(actor, folder))
    return refused('not-allowed', 'an officer puts sign-offs and assessments; the rest is the steward’s');
  if (!text.isWellFormed()) return refused('input-invalid', 'the text is not Unicode throughout');
  return changeDocuments(service, org, id, new Map([[path, text]]), async (tx, apply, workspace) => {
    const theirs = await notTheirs(tx, actor, { path, folder, text, workspace, now: service.now() });
    if (theirs !== null) return theirs;
    await apply();
    const row = await tx
      .selectFrom('document_current')
      .selectAll()
      .where('org', '=', org)
      .where('path', '=', path)
      .executeTakeFirstOrThrow();
    // A document that was removed begins again at 1.
    if (row.version !== version + 1)
      return refused('changed-meanwhile', `"${path}" was changed since you saw it; look at it again`);
    return done(toDocumentView(row));
  });
}
