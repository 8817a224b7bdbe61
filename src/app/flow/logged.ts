/** Entries of the log for what the state says of documents: duties, freezes, agreements that ended. */
import { join } from 'node:path';
import { sql } from 'kysely';
import type { LogContent } from '../../log/entry.ts';
import { appendEntries } from '../../store/postgres/append.ts';
import type { Tx } from '../../store/postgres/state.ts';
import type { Service } from './service.ts';

/** `digest`: of the duty or freeze as the gate reads it, or of what else happened. */
export type DocumentContent = LogContent & { readonly digest: string };

/**
 * Appends them in the transaction of the changes they are of, as entries of documents: publishing does not say the same
 * again, and no release is decided at another size of the log for them. Gives their indices. It holds the log until the
 * transaction ends: nothing slow comes after it. Throws LedgerError.
 */
export async function logged(
  { data }: Pick<Service, 'data'>,
  tx: Tx,
  org: string,
  contents: readonly DocumentContent[],
): Promise<readonly bigint[]> {
  const appended = await appendEntries(tx, { org, root: join(data, org) }, contents, null);
  for (const [i, { kind, digest }] of contents.entries())
    await sql`INSERT INTO document_entry (org, kind, digest, idx) VALUES (${org}, ${kind}, ${digest}, ${appended[i]?.index})
      ON CONFLICT DO NOTHING`.execute(tx);
  return appended.map(({ index }) => index);
}
