/** An officer approves a request on one check of it, and says why it is lawful: someone other than who prepared it (B8). */
import { z } from 'zod';
import type { Tx } from '../../store/postgres/state.ts';
import { commit } from './change-documents.ts';
import { changeState, type RequestRow } from './change-request.ts';
import { type CheckRow, keptOutcome } from './check-view.ts';
import { documentSet, groundDigest } from './current-documents.ts';
import { deedInput } from './decide-request.ts';
import { type RequestView, toRequestView, visibleRequest } from './request-view.ts';
import { type Actor, type Answer, done, type Refused, refused, type Service } from './service.ts';
import { standingBar } from './standing-bars.ts';
import { tellChange } from './tell-change.ts';

export const approveRequestInput = deedInput.extend({ check: z.string().max(100) });

/**
 * Refuses `two-people`, `check-outdated` where a document was changed since, `frozen`, `duty-overdue`, `agreement-ended`,
 * `nothing-to-release`, `changed-meanwhile`, `wrong-state`.
 */
export async function approveRequest(
  service: Service,
  actor: Actor,
  input: z.output<typeof approveRequestInput>,
): Promise<Answer<RequestView>> {
  const { org, id: by } = actor;
  const { request, words, version } = input;
  const now = service.now();
  const unknown = refused('not-found', `there is no request "${request}"`);
  const answer = await commit<RequestView>(service, org, async (tx) => {
    const row = await visibleRequest(tx, actor, request);
    if (row === null) return unknown;
    const check = await checkOf(tx, row, input.check);
    if (check === undefined) return refused('not-found', `there is no such check of ${request}`);
    const changed = await changeState(tx, { org, request, deed: 'approved', by, words, version, now });
    if (changed.kind === 'refused') return changed;
    const bar =
      (await samePerson(tx, row, check, by)) ??
      (await unfit(tx, row, check)) ??
      (await standingBar(tx, row, now));
    if (bar !== null) return bar;
    await tx
      .insertInto('approval')
      .values({
        ...{ org, request, check_run: check.id, digest: check.to_approve ?? '', words },
        ...{ approved_by: by, approved_at: now },
      })
      .onConflict((conflict) =>
        conflict.columns(['org', 'request', 'check_run']).doUpdateSet({
          ...{ digest: check.to_approve ?? '', words, approved_by: by, approved_at: now, withdrawn_at: null },
        }),
      )
      .execute();
    await tellChange(tx, changed.value, now);
    return done(toRequestView(changed.value));
  });
  return answer ?? unknown;
}

const checkOf = (tx: Tx, { org, id }: RequestRow, check: string): Promise<CheckRow | undefined> =>
  tx
    .selectFrom('check_run')
    .selectAll()
    .where('org', '=', org)
    .where('id', '=', check)
    .where('request', '=', id)
    .executeTakeFirst();

/** Whoever wrote any of what is approved, or chose the check that speaks for it. */
async function samePerson(
  tx: Tx,
  { org, id, prepared_by }: RequestRow,
  check: CheckRow,
  by: string,
): Promise<Refused | null> {
  const wrote = await tx
    .selectFrom('request_event')
    .select('by_whom')
    .where('org', '=', org)
    .where('request', '=', id)
    .where('deed', 'in', ['requested', 'changed'])
    .where('by_whom', '=', by)
    .executeTakeFirst();
  if (prepared_by !== by && wrote === undefined && check.asked_by !== by) return null;
  return refused(
    'two-people',
    `who prepared ${id}, or asked for its check, cannot approve it: another officer must`,
  );
}

/** Nothing was changed since the check, of the request or of any other document. */
async function unfit(tx: Tx, { org, path }: RequestRow, check: CheckRow): Promise<Refused | null> {
  const kept = keptOutcome(check);
  if (check.state !== 'done' || kept === null || check.to_approve === null)
    return refused('check-outdated', 'that check was not made to its end; check the request again');
  if (groundDigest(await documentSet(tx, org), path) !== kept.documents)
    return refused('check-outdated', 'documents were changed since that check; check the request again');
  if (check.released === 0n)
    return refused('nothing-to-release', 'nothing of it may go: there is nothing to approve');
  return null;
}
