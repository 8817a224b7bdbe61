/**
 * A source stays, under its id, once anybody said something of it, a list was released from it, or somebody's request is of
 * it: a stop names the source and the record, and under another id the same people would be without theirs.
 */
import { sql } from 'kysely';
import { parseSource } from '../../documents/source.ts';
import type { Workspace } from '../../documents/workspace.ts';
import type { Tx } from '../../store/postgres/state.ts';
import type { Files } from './current-documents.ts';
import { type Refused, refused } from './service.ts';

/** The ids of the sources among `files` that lie at one of `paths`; one that cannot be read is none. */
export function sourcesAt(files: Files, paths: Iterable<string>): readonly string[] {
  return [...paths].flatMap((path) => {
    const text = path.startsWith('sources/') ? files.get(path) : undefined;
    const id = text === undefined ? undefined : parseSource(path, text, '').document?.source;
    return id === undefined ? [] : [id];
  });
}

/** `wrong-state` where one of `before` is not there any more and is still needed; else null. In the transaction that changes the documents. */
export async function neededAndGone(
  tx: Tx,
  org: string,
  before: readonly string[],
  { sources }: Pick<Workspace, 'sources'>,
): Promise<Refused | null> {
  for (const source of before.filter((each) => sources.every(({ id }) => id !== each))) {
    const why = await whyNeeded(tx, org, source);
    if (why !== null)
      return refused(
        'wrong-state',
        `${why} the source ${source}: it stays, under this id; where it has no records any more, let its file have none`,
      );
  }
  return null;
}

async function whyNeeded(tx: Tx, org: string, source: string): Promise<string | null> {
  // Row-level security shows the organisation's own.
  const said = await sql`SELECT 1 FROM preference WHERE source = ${source}
    UNION ALL SELECT 1 FROM preference_batch WHERE source = ${source} LIMIT 1`.execute(tx);
  if (said.rows.length > 0) return 'somebody said something of';
  const released = await tx
    .selectFrom('release')
    .innerJoin('request', (join) =>
      join.onRef('request.org', '=', 'release.org').onRef('request.id', '=', 'release.request'),
    )
    .select('release.id')
    .where('release.org', '=', org)
    .where('request.source', '=', source)
    .limit(1)
    .executeTakeFirst();
  if (released !== undefined) return 'a list was released from';
  const asked = await tx
    .selectFrom('member_case')
    .select('id')
    .where('org', '=', org)
    .where('source', '=', source)
    .limit(1)
    .executeTakeFirst();
  return asked === undefined ? null : "somebody's request is of";
}
