/** Who signs for another's work: whoever puts the sign-off or the assessment, not whom its text names (A4, A6, A7). */
import { readYaml } from '../../documents/parse-yaml.ts';
import { parseSignoff, type Signoff } from '../../documents/signoff.ts';
import type { Workspace } from '../../documents/workspace.ts';
import { dayOf } from '../../policy/dates.ts';
import type { Tx } from '../../store/postgres/state.ts';
import { type Actor, type Refused, refused } from './service.ts';

const signedFolders: ReadonlySet<string> = new Set(['signoffs', 'assessments']);

/** A steward any document; an officer what is signed for another's work, and nothing else. */
export function mayPut(actor: Actor, folder: string | null): boolean {
  if (actor.kind === 'member') return false;
  if (actor.roles.has('steward')) return true;
  return actor.roles.has('officer') && folder !== null && signedFolders.has(folder);
}

export type Signed = {
  readonly path: string;
  readonly folder: string | null;
  readonly text: string;
  /** With it. */
  readonly workspace: Workspace;
  readonly now: Date;
};

/** Null where the document may be put by `actor`; else `two-people`. In the transaction that puts it, the documents held. */
export async function notTheirs(tx: Tx, actor: Actor, signed: Signed): Promise<Refused | null> {
  const { path, folder, text, now } = signed;
  if (folder === null || !signedFolders.has(folder)) return null;
  const signoff = folder === 'signoffs' ? parseSignoff(path, text, dayOf(now.getTime())).signoff : null;
  if (folder === 'signoffs' && signoff === null) return refused('two-people', 'it is no sign-off');
  if (byIn(path, text) !== actor.id)
    return refused('two-people', `its "by" must be you, who put it: "${actor.id}"`);
  return signoff === null ? null : wroteIt(tx, actor, signoff, signed.workspace);
}

function byIn(path: string, text: string): unknown {
  const { raw } = readYaml(path, text, 1);
  return typeof raw === 'object' && raw !== null && 'by' in raw ? raw.by : null;
}

/** Whoever put any version of what is signed for cannot be its second person. */
async function wroteIt(
  tx: Tx,
  { org, id }: Actor,
  signed: Signoff,
  workspace: Workspace,
): Promise<Refused | null> {
  const of =
    signed.kind === 'mapping' ? `notice:${signed.signoff.notice}` : `source:${signed.signoff.source}`;
  const path = workspace.files.get(of);
  if (path === undefined) return refused('two-people', `no document is the ${of}, which it signs for`);
  const current = await tx
    .selectFrom('document_current')
    .select(['digest', 'changed_by'])
    .where('org', '=', org)
    .where('path', '=', path)
    .executeTakeFirstOrThrow();
  const wrote = await tx
    .selectFrom('document')
    .select('path')
    .where('org', '=', org)
    .where('made_by', '=', id)
    // The same text under another path is the same work.
    .where(({ eb, or }) => or([eb('path', '=', path), eb('digest', '=', current.digest)]))
    .executeTakeFirst();
  if (wrote === undefined && current.changed_by !== id) return null;
  return refused('two-people', `you put a version of ${path}: a second person signs for it`);
}
