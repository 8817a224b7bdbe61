/**
 * Asking for a release, and changing what was asked: a request is a document like any other, written by who asks and
 * checked with all the others.
 */
import { stringify } from 'yaml';
import { z } from 'zod';
import type { Workspace } from '../../documents/workspace.ts';
import type { Agreement, Request } from '../../policy/model.ts';
import type { Tx } from '../../store/postgres/state.ts';
import { changeDocuments } from './change-documents.ts';
import { addEvent, changeState, type RequestRow } from './change-request.ts';
import { endedAgreement, holdAgreement } from './ended-agreement.ts';
import { ownParty } from './own-party.ts';
import { readWorkspace } from './read-workspace.ts';
import { type RequestView, toRequestView, visibleRequest } from './request-view.ts';
import { type Actor, type Answer, done, type Refused, refused, type Service } from './service.ts';
import { tellChange } from './tell-change.ts';

const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,79}$/);
export const requestReleaseInput = z.strictObject({
  recipient: z
    .string()
    .min(1)
    .max(80)
    .meta({ description: 'for whom the supply is sealed: a party of the chain' }),
  document: z
    .looseObject({ request: id, agreement: z.string().max(80), source: z.string().max(80) })
    .meta({ description: 'as in requests/*.yaml, without prepared-by' }),
  version: z.number().int().min(0).meta({ description: '0: a new request' }),
});
type Input = z.output<typeof requestReleaseInput>;

/** Refuses `input-invalid`, `not-found`, `documents-faulty`, `agreement-ended`, `changed-meanwhile`, `wrong-state`. */
export async function requestRelease(
  service: Service,
  actor: Actor,
  input: Input,
): Promise<Answer<RequestView>> {
  const { document } = input;
  const unfit = unfitDocument(actor, input) ?? (await notTheirs(service, actor, input));
  if (unfit !== null) return unfit;
  const path = `requests/${document.request}.yaml`;
  const text = stringify({ ...document, 'prepared-by': actor.id });
  const answer = await changeDocuments<RequestView>(
    service,
    actor.org,
    actor.id,
    new Map([[path, text]]),
    async (tx, apply, workspace) => {
      const asked = await askedOf(tx, actor, input, workspace);
      if (asked.kind === 'refused') return asked;
      await apply();
      const row = await write(tx, actor, { ...asked.value, ...input, path, now: service.now() });
      if (row.kind === 'refused') return row;
      await tellChange(tx, row.value, service.now());
      return done(toRequestView(row.value));
    },
  );
  return answer.kind === 'refused' ? ofOwnDocument(actor, answer, path) : answer;
}

/** What is wrong with it before anybody looks at the other documents. */
function unfitDocument(actor: Actor, { document, recipient }: Input): Refused | null {
  if ('prepared-by' in document) return refused('input-invalid', 'prepared-by is whoever asks: leave it out');
  const party = ownParty(actor);
  if (party === null) return null;
  if (recipient !== party)
    return refused('input-invalid', `you act for ${party}: ask for a supply that is sealed for it`);
  return namesFile(document.audience)
    ? refused('input-invalid', "a set of the audience is a file of the supplier's: write its values out")
    : null;
}

/**
 * Before anything is looked at: a party learns of another's request neither by its id nor by what would not fit. What it
 * asks for anew is named after it, so that no answer depends on what others have asked for.
 */
async function notTheirs(
  service: Service,
  actor: Actor,
  { document, version }: Input,
): Promise<Refused | null> {
  const party = ownParty(actor);
  if (party === null) return null;
  const { org } = actor;
  if (version > 0) {
    const row = await service.state.as(org, (tx) => visibleRequest(tx, actor, document.request));
    return row === null ? unknownRequest(document.request) : null;
  }
  const { organisations } = await readWorkspace(service, org);
  // Of two whose names begin alike, the longer.
  const [named] = organisations
    .map(({ id }) => id)
    .filter((id) => document.request.startsWith(`${id}-`))
    .sort((a, b) => b.length - a.length);
  return named === party
    ? null
    : refused('input-invalid', `the id of a request of yours begins with ${party}-, as in ${party}-spring`);
}

const unknownRequest = (request: string): Refused => refused('not-found', `there is no request "${request}"`);

/** Whether a set is a column of a file. What is no set the parser refuses. */
function namesFile(audience: unknown): boolean {
  if (typeof audience !== 'object' || audience === null || !('sets' in audience)) return false;
  const { sets } = audience;
  return typeof sets === 'object' && sets !== null && Object.values(sets).some((set) => !Array.isArray(set));
}

type Asked = {
  readonly request: Request;
  readonly agreement: Agreement;
  /** Whose records they are. */
  readonly supplier: string;
};

async function askedOf(
  tx: Tx,
  actor: Actor,
  { document, recipient }: Input,
  workspace: Workspace,
): Promise<Answer<Asked>> {
  const request = workspace.requests.find((each) => each.id === document.request);
  if (request === undefined) return refused('input-invalid', 'the document is of another request');
  const agreement = workspace.agreements.find((each) => each.id === request.agreement);
  if (agreement === undefined)
    return (await endedAgreement(tx, actor.org, request.agreement)) === null
      ? refused('input-invalid', `there is no agreement "${request.agreement}"`)
      : refused('agreement-ended', `the agreement ${request.agreement} has ended`);
  const among = (parties: readonly { readonly organisation: string }[]): boolean =>
    parties.some(({ organisation }) => organisation === recipient);
  if (!among(request.chain))
    return refused('input-invalid', `${recipient} is not in the chain of the request`);
  // Whom the supplier asks for itself the gate judges; a party asks only under an agreement of its own.
  if (ownParty(actor) !== null && !among(agreement.parties))
    return refused('input-invalid', `${recipient} is no party of the agreement ${agreement.id}`);
  // An end under way is before this, and seen, or stops this request with the others.
  await holdAgreement(tx, actor.org, agreement.id);
  if ((await endedAgreement(tx, actor.org, agreement.id)) !== null)
    return refused('agreement-ended', `the agreement ${agreement.id} has ended`);
  const source = workspace.sources.find((each) => each.id === request.source);
  return source === undefined
    ? refused('input-invalid', `there is no source "${request.source}"`)
    : done({ request, agreement, supplier: source.organisation });
}

type Write = Asked & Input & { readonly path: string; readonly now: Date };

async function write(
  tx: Tx,
  actor: Actor,
  { request, supplier, recipient, version, path, now }: Write,
): Promise<Answer<RequestRow>> {
  const { org, id: by } = actor;
  const columns = {
    agreement: request.agreement,
    recipient,
    parties: [...new Set([recipient, supplier, ...request.chain.map(({ organisation }) => organisation)])],
    purposes: [...request.purposes],
    source: request.source,
    prepared_by: by,
  };
  if (version > 0) {
    if ((await visibleRequest(tx, actor, request.id)) === null) return unknownRequest(request.id);
    const change = { org, request: request.id, deed: 'changed', by, words: null, version, now } as const;
    return changeState(tx, { ...change, also: columns });
  }
  const row = await tx
    .insertInto('request')
    .values({
      org,
      id: request.id,
      state: 'REQUESTED',
      path,
      ...columns,
      requested_at: now,
      version: 1,
      changed_at: now,
    })
    .onConflict((conflict) => conflict.columns(['org', 'id']).doNothing())
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) return refused('changed-meanwhile', `there is a request "${request.id}" already`);
  await addEvent(tx, { org, request: request.id, deed: 'requested', by, words: null, now }, row.state);
  return done(row);
}

/** A party is told what is wrong with what it wrote, and nothing of the supplier's other documents. */
function ofOwnDocument(actor: Actor, answer: Refused, path: string): Refused {
  if (ownParty(actor) === null || answer.faults === undefined) return answer;
  const faults = answer.faults.filter(({ file }) => file === path);
  return { ...refused(answer.code, 'nothing was changed: the request does not fit'), faults };
}
