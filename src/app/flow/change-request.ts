/** The one way a request changes its state: against the state and version it was seen in, with the event that says so. */

import type { Selectable } from 'kysely';
import type { Tx } from '../../store/postgres/state.ts';
import type { RequestDeed, RequestState, Tables } from '../../store/postgres/tables.ts';
import { nextState, withdrawsApproval } from './request-states.ts';
import { type Answer, done, refused } from './service.ts';

export type RequestRow = Selectable<Tables['request']>;
export type RequestChange = {
  readonly org: string;
  readonly request: string;
  readonly deed: RequestDeed;
  readonly by: string;
  readonly words: string | null;
  /** That it was seen in; null where whoever asks need not have seen it: a check that was made, an agreement that ends. */
  readonly version: number | null;
  readonly now: Date;
  /** What else changes of the row. */
  readonly also?: Partial<
    Pick<RequestRow, 'agreement' | 'recipient' | 'parties' | 'purposes' | 'source' | 'prepared_by'>
  >;
};

/** Of two at once, one wins: the row is locked. Refuses `not-found`, `changed-meanwhile`, `wrong-state`. */
export async function changeState(tx: Tx, change: RequestChange): Promise<Answer<RequestRow>> {
  const { org, request, deed, version, now } = change;
  const row = await tx
    .selectFrom('request')
    .selectAll()
    .where('org', '=', org)
    .where('id', '=', request)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) return refused('not-found', `there is no request "${request}"`);
  if (version !== null && version !== row.version)
    return refused('changed-meanwhile', `request ${request} was changed since; look at it again`);
  const state = nextState(row.state, deed);
  if (state === null) return refused('wrong-state', wrongState(request, row.state, deed));
  const changed = await tx
    .updateTable('request')
    .set({ ...change.also, state, version: row.version + 1, changed_at: now })
    .where('org', '=', org)
    .where('id', '=', request)
    .where('version', '=', row.version)
    .returningAll()
    .executeTakeFirstOrThrow();
  await addEvent(tx, change, state);
  if (withdrawsApproval(deed))
    await tx
      .updateTable('approval')
      .set({ withdrawn_at: now })
      .where('org', '=', org)
      .where('request', '=', request)
      .where('withdrawn_at', 'is', null)
      .execute();
  return done(changed);
}

/** The next event of a request, whose row is locked or new. */
export async function addEvent(
  tx: Tx,
  { org, request, deed, by, words, now }: Omit<RequestChange, 'version' | 'also'>,
  state: RequestState,
): Promise<void> {
  const { last } = await tx
    .selectFrom('request_event')
    .select(({ fn }) => fn.max('seq').as('last'))
    .where('org', '=', org)
    .where('request', '=', request)
    .executeTakeFirstOrThrow();
  await tx
    .insertInto('request_event')
    .values({ org, request, seq: (last ?? 0) + 1, deed, state, by_whom: by, at: now, words })
    .execute();
}

const inWords: Readonly<Record<RequestState, string>> = {
  REQUESTED: 'is requested, and not checked yet',
  OFFERED: 'is checked, and not approved yet',
  AGREED: 'is approved',
  FINALIZED: 'is released',
  TERMINATED: 'has ended',
};

function wrongState(request: string, state: RequestState, deed: RequestDeed): string {
  return `request ${request} ${inWords[state]}: it cannot be ${deed === 'sent-back' ? 'sent back' : deed}`;
}
