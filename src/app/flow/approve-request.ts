/** An officer approves a request on one check of it, and says why it is lawful: someone other than who prepared it (B8). */
import { z } from 'zod';
import type { Tx } from '../../store/postgres/state.ts';
import { commit } from './change-documents.ts';
import { changeState, type RequestRow } from './change-request.ts';
import type { CheckRow } from './check-view.ts';
import { checkedGround } from './checked-ground.ts';
import { documentSet } from './current-documents.ts';
import { deedInput } from './decide-request.ts';
import { type RequestView, toRequestView, visibleRequest } from './request-view.ts';
import { type Actor, type Answer, done, type Refused, refused, type Service } from './service.ts';
import { standingBar } from './standing-bars.ts';
import { tellChange } from './tell-change.ts';

export const approveRequestInput = deedInput.extend({ check: z.string().max(100) });

/**
 * Refuses `not-allowed` to a key, `two-people`, `check-outdated` where it is not the latest check, or anything was changed or sent back since, `frozen`, `duty-overdue`, `agreement-ended`,
 * `nothing-to-release`, `changed-meanwhile`, `wrong-state`.
 */
export async function approveRequest(
  service: Service,
  actor: Actor,
  input: z.output<typeof approveRequestInput>,
): Promise<Answer<RequestView>> {
  if (actor.kind !== 'staff') return refused('not-allowed', 'requests are approved by people, not by keys');
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
    // As it is locked: the row before may have been another's.
    const locked = changed.value;
    const bar =
      (await samePerson(tx, locked, check, by)) ??
      (await unfit(tx, locked, check, version)) ??
      (await standingBar(tx, locked, now));
    if (bar !== null) return bar;
    await tx
      .insertInto('approval')
      .values({
        ...{ org, request, check_run: check.id, digest: check.to_approve ?? '', words },
        ...{ approved_by: by, approved_at: now },
      })
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

/** Nothing was done with the request since the check, and no other document was changed. `version`: that was approved. */
async function unfit(tx: Tx, request: RequestRow, check: CheckRow, version: number): Promise<Refused | null> {
  if (check.state !== 'done' || check.to_approve === null)
    return refused('check-outdated', 'that check was not made to its end; check the request again');
  if (check.version !== version)
    return refused(
      'check-outdated',
      'the request was checked again, changed or sent back since that check; approve its latest check',
    );
  if (!checkedGround(check, request, await documentSet(tx, request.org)))
    return refused('check-outdated', 'documents were changed since that check; check the request again');
  if (check.released === 0n)
    return refused('nothing-to-release', 'nothing of it may go: there is nothing to approve');
  return null;
}
