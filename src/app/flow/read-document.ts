/** The text of a document: as it stands, or of any version it ever had. */
import { z } from 'zod';
import { documentView } from './document-view.ts';
import { type Actor, type Answer, done, refused, type Service } from './service.ts';

export const readDocumentInput = z.strictObject({
  path: z.string().max(300),
  digest: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional()
    .meta({ description: 'of an earlier version' }),
});
/** `version` 0: an earlier version, or one that was removed since. */
export const documentTextView = documentView.extend({ text: z.string() }).meta({ id: 'DocumentText' });

export async function readDocument(
  { state }: Service,
  { org }: Actor,
  { path, digest }: z.output<typeof readDocumentInput>,
): Promise<Answer<z.output<typeof documentTextView>>> {
  return state.as(org, async (tx) => {
    const current = await tx
      .selectFrom('document_current')
      .selectAll()
      .where('org', '=', org)
      .where('path', '=', path)
      .executeTakeFirst();
    const wanted = digest ?? current?.digest;
    const found =
      wanted === undefined
        ? undefined
        : await tx
            .selectFrom('document')
            .selectAll()
            .where('org', '=', org)
            .where('path', '=', path)
            .where('digest', '=', wanted)
            .executeTakeFirst();
    if (found === undefined) return refused('not-found', `there is no document "${path}"`);
    const stands = current?.digest === found.digest ? current : null;
    return done({
      path,
      digest: found.digest,
      version: stands?.version ?? 0,
      changedBy: stands?.changed_by ?? found.made_by,
      changedAt: (stands?.changed_at ?? found.made_at).toISOString(),
      text: found.text,
    });
  });
}
