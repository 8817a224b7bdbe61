/** The documents of an organisation as they stand, and those that are made from its state when a workspace is written. */
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { parseDocument, stringify } from 'yaml';
import { parseAgreement } from '../../documents/agreement.ts';
import { parseConfig } from '../../documents/config.ts';
import { workspaceFile } from '../../documents/read-files.ts';
import { dayOf, startOf } from '../../policy/dates.ts';
import type { CivilDate } from '../../policy/model.ts';
import type { State, Tx } from '../../store/postgres/state.ts';
import { approvalsFolder, dutiesFile, freezesFile } from './document-paths.ts';
import { gateFreezes } from './frozen.ts';
import { gateDuties } from './gate-duties.ts';

/** Text by path. */
export type Files = ReadonlyMap<string, string>;
export type DocumentSet = {
  /** Digest by path, in order of path. */
  readonly digests: ReadonlyMap<string, string>;
  /** Of all of them: another where any is changed, added or removed. */
  readonly whole: string;
};

/** What is current, but for the requests that have ended: nothing is decided on them any more, nor do their faults matter. */
export async function documentSet(tx: Tx, org: string): Promise<DocumentSet> {
  const rows = await current(tx, org).select(['path', 'digest']).orderBy('path').execute();
  const digests = new Map(rows.map(({ path, digest }) => [path, digest]));
  return { digests, whole: digestOfAll(digests) };
}

/** `whole` of the document set alone: as `digestOfAll`, by the database. */
export async function wholeDigest(state: Pick<State, 'look'>, org: string): Promise<string> {
  const lines = sql`coalesce(string_agg(path || chr(10) || digest || chr(10), '' ORDER BY path), '')`;
  const whole = sql<string>`encode(sha256(convert_to(${lines}, 'UTF8')), 'hex')`.as('whole');
  const [[found]] = await state.look(org, (db) => [current(db, org).select(whole)]);
  if (found === undefined) throw new TypeError('a sum over documents has no row');
  return found.whole;
}

const current = (db: Pick<Tx, 'selectFrom'>, org: string) =>
  db
    .selectFrom('document_current')
    .where('document_current.org', '=', org)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('request')
            .select(sql`1`.as('one'))
            .where('request.org', '=', org)
            .where('request.state', '=', 'TERMINATED')
            .whereRef('request.path', '=', 'document_current.path'),
        ),
      ),
    );

/** Of what a request is judged on: every document but the other requests, which are no concern of it. */
export const groundDigest = ({ digests }: DocumentSet, path: string): string =>
  digestOfAll(new Map([...digests].filter(([each]) => each === path || !each.startsWith('requests/'))));

function digestOfAll(digests: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256');
  for (const [path, digest] of digests) hash.update(`${path}\n${digest}\n`);
  return hash.digest('hex');
}

/** Their texts. */
export async function documentTexts(tx: Tx, org: string, { digests }: DocumentSet): Promise<Files> {
  if (digests.size === 0) return new Map();
  const rows = await tx
    .selectFrom('document')
    .select(['path', 'digest', 'text'])
    .where('org', '=', org)
    .where('digest', 'in', [...new Set(digests.values())])
    .execute();
  const texts = new Map(rows.map(({ path, digest, text }) => [`${path}\n${digest}`, text]));
  return new Map([...digests].map(([path, digest]) => [path, texts.get(`${path}\n${digest}`) ?? '']));
}

/** Held while documents change: of two changes that fit only one by one, the second sees the first. Until `tx` ends. */
export async function lockDocuments(tx: Tx, org: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`documents ${org}`}, 0))`.execute(tx);
}

/** `given` as the gate is to read it: an agreement that was ended is in force no longer, and what the state says stands beside. */
export async function withState(tx: Tx, org: string, given: Files): Promise<Files> {
  const day = gateDay(given.get(workspaceFile) ?? '');
  const files = new Map(given);
  for (const [path, text] of await endedAgreements(tx, org, given)) {
    if (text === null) files.delete(path);
    else files.set(path, text);
  }
  files.set(dutiesFile, stringify({ duties: await gateDuties(tx, org) }));
  files.set(freezesFile, stringify({ freezes: await gateFreezes(tx, org, day) }));
  for (const [path, text] of await approvals(tx, org, given)) files.set(path, text);
  return files;
}

/** The day the gate decides on: of a reconstruction that of its fixed clock (B6). */
function gateDay(text: string): CivilDate {
  const { config } = parseConfig(workspaceFile, text);
  return dayOf(config?.clock ?? Date.now());
}

/** Null where it was ended before it began. An agreement is in force to the end of its last day: that is the one before. */
async function endedAgreements(
  tx: Tx,
  org: string,
  given: Files,
): Promise<readonly (readonly [string, string | null])[]> {
  const ended = await tx.selectFrom('agreement_end').selectAll().where('org', '=', org).execute();
  if (ended.length === 0) return [];
  return [...given].flatMap(([path, text]): (readonly [string, string | null])[] => {
    if (!path.startsWith('agreements/')) return [];
    // One with faults stays as it is: whoever loads it says what is wrong, and nothing is decided on it.
    const { agreement: value } = parseAgreement(path, text);
    const end = ended.find(({ agreement }) => agreement === value?.id);
    if (value === null || end === undefined) return [];
    const last = dayOf(startOf(dayOf(end.ended_at.getTime())) - 1);
    if (last < value.inForce.from) return [[path, null]];
    const document = parseDocument(text);
    if (value.inForce.until === null || last < value.inForce.until)
      document.setIn(['in-force', 'until'], last);
    return [[path, document.toString()]];
  });
}

/** Of the requests that are here and that nobody took an approval back from. */
async function approvals(tx: Tx, org: string, given: Files): Promise<readonly (readonly [string, string])[]> {
  const rows = await tx
    .selectFrom('approval')
    .innerJoin('request', (join) =>
      join.onRef('request.org', '=', 'approval.org').onRef('request.id', '=', 'approval.request'),
    )
    .selectAll('approval')
    .select('request.path')
    .where('approval.org', '=', org)
    .where('approval.withdrawn_at', 'is', null)
    .where('request.state', 'in', ['AGREED', 'FINALIZED'])
    .orderBy('approval.request')
    .execute();
  return rows
    .filter(({ path }) => given.has(path))
    .map((row) => [
      `${approvalsFolder}/${row.check_run}.yaml`,
      stringify({
        approval: row.check_run,
        request: row.request,
        'request-digest': row.digest,
        by: row.approved_by,
        on: dayOf(row.approved_at.getTime()),
        'lawful-because': row.words,
      }),
    ]);
}
