/** One request with its document and its history, its checks and its releases. */
import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { Tables } from '../../store/postgres/tables.ts';
import { checkView, isApproved, toCheckView, toPartyCheckView } from './check-view.ts';
import { requestText } from './current-text.ts';
import { ownParty } from './own-party.ts';
import { ifVisible, requestOf, requestState, requestView, toRequestView } from './request-view.ts';
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
  const { org } = actor;
  const [[found], [document], [approval], checks, events, runs] = await state.look(org, (db) => [
    requestOf(db, org, id),
    requestText(db, org, id),
    db
      .selectFrom('approval')
      .select('check_run')
      .where('org', '=', org)
      .where('request', '=', id)
      .where('withdrawn_at', 'is', null),
    db
      .selectFrom('check_run')
      .selectAll()
      .where('org', '=', org)
      .where('request', '=', id)
      .orderBy('asked_at', 'desc')
      .orderBy('id'),
    db
      .selectFrom('request_event')
      .selectAll()
      .where('org', '=', org)
      .where('request', '=', id)
      .orderBy('seq'),
    db
      .selectFrom('release_run')
      .selectAll()
      .where('org', '=', org)
      .where('request', '=', id)
      .orderBy('asked_at', 'desc')
      .orderBy('id'),
  ]);
  const row = ifVisible(actor, found);
  if (row === null) return refused('not-found', `there is no request "${id}"`);
  const wide = ownParty(actor) === null;
  const approvedOn = isApproved(row.state) ? (approval?.check_run ?? null) : null;
  const toParty = (check: (typeof checks)[number]) =>
    toPartyCheckView(check, { approved: check.id === approvedOn, smallest: limits.smallest });
  return done({
    ...toRequestView(row),
    document: document?.text ?? '',
    events: events.map((event) => toEvent(event, wide)),
    checks: checks.map(wide ? withoutOutcome : toParty),
    approvedOn,
    releases: wide ? runs.map(toReleaseRunView) : [],
  });
}

/** The report is as long as it is: it is shown by itself. */
const withoutOutcome = (check: Parameters<typeof toCheckView>[0]) => ({
  ...toCheckView(check),
  outcome: null,
});

/** Why it is lawful an officer says to their own organisation. */
function toEvent(
  { deed, state, by_whom, at, words }: Selectable<Tables['request_event']>,
  wide: boolean,
): Detail['events'][number] {
  const said = wide || deed !== 'approved' ? words : null;
  return { deed, state, by: by_whom, at: at.toISOString(), words: said };
}
