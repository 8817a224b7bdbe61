/** Documents put past every check, as a state may hold them from before a notice that was shown had to stay as it is. */
import { sql } from 'kysely';
import { textDigest } from './document-view.ts';
import type { Service } from './service.ts';

export const putUnchecked = (
  { state, now }: Pick<Service, 'state' | 'now'>,
  org: string,
  texts: ReadonlyMap<string, string>,
): Promise<void> =>
  state.as(org, async (tx) => {
    for (const [path, text] of texts) {
      const digest = textDigest(text);
      await tx
        .insertInto('document')
        .values({ org, path, digest, text, made_by: 's.steward', made_at: now() })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      await tx
        .updateTable('document_current')
        .set({ digest, changed_at: now(), version: sql`version + 1` })
        .where('org', '=', org)
        .where('path', '=', path)
        .execute();
    }
  });
