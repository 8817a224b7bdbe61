/** A document as it stands now. */
import type { QueryCreator } from 'kysely';
import type { Tx } from '../../store/postgres/state.ts';
import type { Tables } from '../../store/postgres/tables.ts';

/** Null where there is none of that path, or none any more. */
export async function currentText(tx: Tx, org: string, path: string): Promise<string | null> {
  const [found] = await currentTexts(tx, org, path);
  return found?.text ?? null;
}

/** All whose path begins so, in order of path. */
export function currentTexts(
  tx: Tx,
  org: string,
  prefix: string,
): Promise<readonly { readonly path: string; readonly text: string }[]> {
  return current(tx, org)
    .where(({ fn, val, eb }) =>
      eb(fn<boolean>('starts_with', ['document_current.path', val(prefix)]), '=', true),
    )
    .orderBy('document.path')
    .execute();
}

/** The select of the document of one request. */
export const requestText = (db: QueryCreator<Tables>, org: string, request: string) =>
  current(db, org).where('document_current.path', 'in', (one) =>
    one.selectFrom('request').select('path').where('org', '=', org).where('id', '=', request),
  );

const current = (db: QueryCreator<Tables>, org: string) =>
  db
    .selectFrom('document_current')
    .innerJoin('document', (join) =>
      join
        .onRef('document.org', '=', 'document_current.org')
        .onRef('document.path', '=', 'document_current.path')
        .onRef('document.digest', '=', 'document_current.digest'),
    )
    .select(['document.path', 'document.text'])
    .where('document_current.org', '=', org);
