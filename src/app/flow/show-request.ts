/** One request with its document and its history, its checks and its releases. */
import { z } from 'zod';
import type { Tx } from '../../store/postgres/state.ts';
import type { RequestRow } from './change-request.ts';
import { checkView, isApproved, toCheckView, toPartyCheckView } from './check-view.ts';
import { currentText } from './current-text.ts';
import { ownParty } from './own-party.ts';
import { requestState, requestView, toRequestView, visibleRequest } from './request-view.ts';
import { releaseRunView, toReleaseRunView } from './run-view.ts';
import { type Actor, type Answer, done, refused, type Service } from './service.ts';

export const showRequestInput = z.strictObject({ request: z.string().max(100) });
export const requestDetailView = requestView
  .extend({
    /** Its YAML, as it stands. */
    document: z.string(),
    events: z.array(
      z.object({
        deed: z.string(),
        state: requestState,
        by: z.string(),
        at: z.iso.datetime(),
        words: z.string().nullable(),
      }),
    ),
    /** The latest first. */
    checks: z.array(checkView),
    /** The check it was approved on. */
    approvedOn: z.string().nullable(),
    releases: z.array(releaseRunView),
  })
  .meta({ id: 'RequestDetail' });
type Detail = z.output<typeof requestDetailView>;

export async function showRequest(
  { state, limits }: Service,
  actor: Actor,
  { request: id }: z.output<typeof showRequestInput>,
): Promise<Answer<Detail>> {
  return state.as(actor.org, async (tx) => {
    const row = await visibleRequest(tx, actor, id);
    if (row === null) return refused('not-found', `there is no request "${id}"`);
    const wide = ownParty(actor) === null;
    const approvedOn = await approvedCheck(tx, row);
    const checks = await checksOf(tx, row);
    const toParty = (check: (typeof checks)[number]) =>
      toPartyCheckView(check, { approved: check.id === approvedOn, smallest: limits.smallest });
    return done({
      ...toRequestView(row),
      document: (await currentText(tx, row.org, row.path)) ?? '',
      events: await eventsOf(tx, row, wide),
      checks: checks.map(wide ? withoutOutcome : toParty),
      approvedOn,
      releases: wide ? await runsOf(tx, row) : [],
    });
  });
}

/** The report is as long as it is: it is shown by itself. */
const withoutOutcome = (check: Parameters<typeof toCheckView>[0]) => ({
  ...toCheckView(check),
  outcome: null,
});

async function approvedCheck(tx: Tx, { org, id, state }: RequestRow): Promise<string | null> {
  if (!isApproved(state)) return null;
  const row = await tx
    .selectFrom('approval')
    .select('check_run')
    .where('org', '=', org)
    .where('request', '=', id)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst();
  return row?.check_run ?? null;
}

const checksOf = (tx: Tx, { org, id }: RequestRow) =>
  tx
    .selectFrom('check_run')
    .selectAll()
    .where('org', '=', org)
    .where('request', '=', id)
    .orderBy('asked_at', 'desc')
    .orderBy('id')
    .execute();

/** Why it is lawful an officer says to their own organisation. */
async function eventsOf(tx: Tx, { org, id }: RequestRow, wide: boolean): Promise<Detail['events']> {
  const rows = await tx
    .selectFrom('request_event')
    .selectAll()
    .where('org', '=', org)
    .where('request', '=', id)
    .orderBy('seq')
    .execute();
  return rows.map(({ deed, state, by_whom, at, words }) => ({
    ...{ deed, state, by: by_whom, at: at.toISOString() },
    words: wide || deed !== 'approved' ? words : null,
  }));
}

async function runsOf(tx: Tx, { org, id }: RequestRow): Promise<Detail['releases']> {
  const rows = await tx
    .selectFrom('release_run')
    .selectAll()
    .where('org', '=', org)
    .where('request', '=', id)
    .orderBy('asked_at', 'desc')
    .orderBy('id')
    .execute();
  return rows.map(toReleaseRunView);
}
