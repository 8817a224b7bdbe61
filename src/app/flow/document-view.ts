/** A document as it is shown: which version stands, and since when. */
import { createHash } from 'node:crypto';
import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { Tables } from '../../store/postgres/tables.ts';

export const documentView = z
  .object({
    path: z.string(),
    /** SHA-256 of its text. */
    digest: z.string(),
    version: z.number().int(),
    changedBy: z.string(),
    changedAt: z.iso.datetime(),
  })
  .meta({ id: 'Document' });
export type DocumentView = z.output<typeof documentView>;

export const textDigest = (text: string): string => createHash('sha256').update(text).digest('hex');

export const toDocumentView = (row: Selectable<Tables['document_current']>): DocumentView => ({
  path: row.path,
  digest: row.digest,
  version: row.version,
  changedBy: row.changed_by,
  changedAt: row.changed_at.toISOString(),
});
