/**
 * Documents changed together: the whole set as it would be is checked first, outside any transaction; then they become
 * current, if nothing else changed meanwhile. Versions are kept for ever, by their digest.
 */
import { faultLine } from '../../documents/fault.ts';
import type { Workspace } from '../../documents/workspace.ts';
import type { Notice } from '../../policy/model.ts';
import type { Tx } from '../../store/postgres/state.ts';
import { agreedAndChanged, askedIn } from './agreed-words.ts';
import { checkDocuments } from './check-documents.ts';
import {
  type DocumentSet,
  documentSet,
  documentTexts,
  type Files,
  lockDocuments,
  withState,
} from './current-documents.ts';
import { textDigest } from './document-view.ts';
import { neededAndGone, sourcesAt } from './kept-sources.ts';
import { type Answer, type Refused, refused, type Service } from './service.ts';
import { noticesAt, shownAndChanged } from './shown-notices.ts';

/** Text by path; null: removed. */
export type Changes = ReadonlyMap<string, string | null>;

/** How often the check is made again because somebody else changed a document meanwhile. */
const attempts = 3;

/** In the transaction in which they become current, by `apply`; `workspace` is as it will be, of a copy that is gone. */
export type ChangeWork<T> = (tx: Tx, apply: () => Promise<void>, workspace: Workspace) => Promise<Answer<T>>;

/**
 * Refuses `documents-faulty`, `changed-meanwhile`, what `work` refuses, and `wrong-state`: of a notice that people were shown, of a
 * consent that somebody answered, of a source that is needed. Then nothing of it is done.
 */
export async function changeDocuments<T>(
  service: Service,
  org: string,
  by: string,
  changes: Changes,
  work: ChangeWork<T>,
): Promise<Answer<T>> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const { set, files, ...before } = await service.state.as(org, (tx) => asChanged(tx, org, changes));
    const checked = await checkDocuments(service, org, files);
    if (checked.kind === 'faulty') {
      const [first] = checked.faults;
      const more = checked.faults.length > 1 ? `, and ${checked.faults.length - 1} more` : '';
      const message = `nothing was changed: ${first === undefined ? 'the documents do not fit' : faultLine(first)}${more}`;
      return { ...refused('documents-faulty', message), faults: checked.faults };
    }
    const answer = await commit(service, org, async (tx) => {
      await lockDocuments(tx, org);
      if ((await documentSet(tx, org)).whole !== set.whole) return null;
      const kept = await keptAsItWas(tx, org, before, checked.workspace, service.now());
      if (kept !== null) return kept;
      const apply = async (): Promise<void> => {
        for (const [path, text] of changes) await change(tx, { org, path, text, by, now: service.now() });
      };
      return work(tx, apply, checked.workspace);
    });
    if (answer !== null) return answer;
  }
  return refused('changed-meanwhile', 'somebody else is changing documents; try again');
}

type Before = {
  readonly set: DocumentSet;
  /** As they will be. */
  readonly files: Files;
  /** Of those that are changed, as they are. */
  readonly notices: readonly Notice[];
  readonly sources: readonly string[];
};

async function asChanged(tx: Tx, org: string, changes: Changes): Promise<Before> {
  const set = await documentSet(tx, org);
  const given = new Map(await documentTexts(tx, org, set));
  const notices = noticesAt(given, changes.keys());
  const sources = sourcesAt(given, changes.keys());
  for (const [path, text] of changes) {
    if (text === null) given.delete(path);
    else given.set(path, text);
  }
  return { set, files: await withState(tx, org, given), notices, sources };
}

/** The refusal of what may not be changed any more; else null. */
const keptAsItWas = async (
  tx: Tx,
  org: string,
  { notices, sources }: Pick<Before, 'notices' | 'sources'>,
  after: Workspace,
  now: Date,
): Promise<Refused | null> =>
  (await agreedAndChanged(tx, askedIn(notices), after)) ??
  (await shownAndChanged(tx, org, notices, after, now.getTime())) ??
  (await neededAndGone(tx, org, sources, after));

/** Thrown to undo a transaction whose work refused. */
class Undone<T> extends Error {
  readonly answer: Answer<T>;
  constructor(answer: Answer<T>) {
    super('undone');
    this.answer = answer;
  }
}

/** Commits where `work` is done, and undoes all of it where it refuses. */
export async function commit<T>(
  { state }: Pick<Service, 'state'>,
  org: string,
  work: (tx: Tx) => Promise<Answer<T> | null>,
): Promise<Answer<T> | null> {
  try {
    return await state.as(org, async (tx) => {
      const answer = await work(tx);
      if (answer?.kind === 'refused') throw new Undone(answer);
      return answer;
    });
  } catch (error) {
    if (error instanceof Undone) return error.answer;
    throw error;
  }
}

type Change = {
  readonly org: string;
  readonly path: string;
  readonly text: string | null;
  readonly by: string;
  readonly now: Date;
};

async function change(tx: Tx, { org, path, text, by, now }: Change): Promise<void> {
  if (text === null) {
    await tx.deleteFrom('document_current').where('org', '=', org).where('path', '=', path).execute();
    return;
  }
  const digest = textDigest(text);
  await tx
    .insertInto('document')
    .values({ org, path, digest, text, made_by: by, made_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await tx
    .insertInto('document_current')
    .values({ org, path, digest, version: 1, changed_by: by, changed_at: now })
    .onConflict((conflict) =>
      conflict.columns(['org', 'path']).doUpdateSet(({ eb, ref }) => ({
        digest,
        version: eb(ref('document_current.version'), '+', 1),
        changed_by: by,
        changed_at: now,
      })),
    )
    .execute();
}
