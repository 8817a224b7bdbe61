/** What a release was judged on, made again from the copies of the documents that lie with its evidence (E2). */
import { join } from 'node:path';
import { DocumentError } from '../../documents/fault.ts';
import { loadCopyOn, type Workspace } from '../../documents/workspace.ts';
import { documentsFolder } from '../../evidence/documents.ts';
import { EvidenceError } from '../../evidence/evidence-error.ts';
import type { EvidenceContext } from '../../evidence/files.ts';
import { dayOf } from '../../policy/dates.ts';
import type { GateContext } from '../../policy/judgement.ts';
import type { CivilDate } from '../../policy/model.ts';
import { gateContext } from '../gate/context.ts';

export type JudgedDocuments = { readonly workspace: Workspace; readonly context: GateContext };

/**
 * Loads the copies in the evidence at `dir` as the gate loads a workspace, which checks quotes, sign-offs and shapes, and
 * asks for the approval whatever anybody says (B8). Needs no data. The digests are for the caller to hold against the
 * manifest. Throws EvidenceError `evidence-malformed`.
 */
export async function judgedDocuments(dir: string, stated: EvidenceContext): Promise<JudgedDocuments> {
  // A live release happens on its own day, and nothing it rests on was signed later; of a reconstruction nobody knows it.
  const today = stated.mark === 'reconstruction' ? dayOf(Date.now()) : stated.day;
  const workspace = await load(join(dir, documentsFolder), today);
  const { config, requests, sources } = workspace;
  const [request, ...more] = requests;
  const source = sources.find(({ id }) => id === request?.source);
  if (request === undefined || source === undefined || more.length > 0 || sources.length > 1)
    throw malformed('they are not those of one request and one source');
  const cutOff = Date.parse(stated.cutOff);
  if (config.kind !== (stated.mark ?? 'live') || (config.clock !== null && config.clock !== cutOff))
    throw malformed('astold.yaml is of another kind, or has another clock, than context.json says');
  const lists = workspace.lists.map(({ id }) => id);
  if (lists.join('\n') !== stated.lists.map(({ list }) => list).join('\n'))
    throw malformed('the suppression lists are not those that context.json speaks of');
  const context = gateContext(workspace, { request, source, cutOff, day: stated.day }, true, {
    preferencesReadable: stated.preferencesReadable,
    listsReadable: stated.lists.map(({ readable }) => readable),
  });
  return { workspace, context };
}

async function load(dir: string, today: CivilDate): Promise<Workspace> {
  try {
    return await loadCopyOn(dir, today);
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    throw malformed(`${documentsFolder}/${error.message}`);
  }
}

const malformed = (what: string): EvidenceError =>
  new EvidenceError('evidence-malformed', `the documents cannot be judged: ${what}`);
