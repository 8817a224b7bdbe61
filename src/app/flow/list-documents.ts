/** The current documents of an organisation, in order of path. */
import type { z } from 'zod';
import { type Page, pageInput, pageOf, pageView, partsOf } from './cursor.ts';
import { type DocumentView, documentView, toDocumentView } from './document-view.ts';
import { type Actor, type Answer, done, refused, type Service } from './service.ts';

export const listDocumentsInput = pageInput;
export const documentsView = pageView(documentView);

export async function listDocuments(
  { state }: Service,
  { org }: Actor,
  { cursor, limit }: z.output<typeof listDocumentsInput>,
): Promise<Answer<Page<DocumentView>>> {
  const after = cursor === undefined ? [''] : partsOf(cursor, 1);
  if (after === null) return refused('input-invalid', 'the cursor is none of this list');
  const rows = await state.as(org, (tx) =>
    tx
      .selectFrom('document_current')
      .selectAll()
      .where('org', '=', org)
      .where('path', '>', after[0] ?? '')
      .orderBy('path')
      .limit(limit + 1)
      .execute(),
  );
  return done(pageOf(rows.map(toDocumentView), limit, ({ path }) => [path]));
}
