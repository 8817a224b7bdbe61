/** Asks for a check of a request; a job makes it. Their number is limited: nobody learns of one household by asking twice. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Tx } from '../../store/postgres/state.ts';
import type { RequestRow } from './change-request.ts';
import { type CheckRow, type CheckView, toCheckView, toPartyCheckView } from './check-view.ts';
import { ownParty } from './own-party.ts';
import { nextState } from './request-states.ts';
import { visibleRequest } from './request-view.ts';
import { type Actor, type Answer, done, refused, type Service } from './service.ts';

export const checkRequestInput = z.strictObject({ request: z.string().max(100) });

const day = 24 * 3600_000;

/** One that is under way already is the one. Refuses `not-found`, `wrong-state`, `too-many-checks`. */
export async function checkRequest(
  service: Service,
  actor: Actor,
  { request: id }: z.output<typeof checkRequestInput>,
): Promise<Answer<CheckView>> {
  const { org } = actor;
  const party = ownParty(actor);
  const shown = (row: CheckRow): CheckView =>
    party === null
      ? toCheckView(row)
      : toPartyCheckView(row, { approved: false, smallest: service.limits.smallest });
  return service.state.as(org, async (tx) => {
    const request = await visibleRequest(tx, actor, id);
    if (request === null) return refused('not-found', `there is no request "${id}"`);
    // Of two that ask at once the second sees the first, of the request as of the party.
    await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`checks ${org} ${request.recipient}`}, 0))`.execute(
      tx,
    );
    if (nextState(request.state, 'checked') === null)
      return refused(
        'wrong-state',
        request.state === 'AGREED'
          ? `request ${id} is approved: it is checked again once an officer has sent it back, or it was changed`
          : `request ${id} is ${request.state}: it is not checked any more`,
      );
    const running = await runningCheck(tx, org, id);
    if (running !== undefined) return done(shown(running));
    const now = service.now();
    const spent = await spentChecks(tx, request, new Date(now.getTime() - day));
    if (spent.ofRequest >= service.limits.checksOfRequest || spent.ofParty >= service.limits.checksOfParty)
      return refused(
        'too-many-checks',
        `${spent.ofRequest} checks of ${id}, and ${spent.ofParty} for ${request.recipient}, were asked for within a day; try again tomorrow`,
      );
    const row = await tx
      .insertInto('check_run')
      .values({
        ...{ org, id: randomUUID(), request: id, state: 'queued', asked_by: actor.id, asked_party: party },
        asked_at: now,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    await service.jobs.enqueue(tx, 'check', { org, id: row.id });
    return done(shown(row));
  });
}

const runningCheck = (tx: Tx, org: string, request: string): Promise<CheckRow | undefined> =>
  tx
    .selectFrom('check_run')
    .selectAll()
    .where('org', '=', org)
    .where('request', '=', request)
    .where('state', 'in', ['queued', 'running'])
    .executeTakeFirst();

/** Whoever asked for them, of the request; and of all requests whose list would go to the same party. */
async function spentChecks(
  tx: Tx,
  { org, id, recipient }: RequestRow,
  since: Date,
): Promise<{ readonly ofRequest: number; readonly ofParty: number }> {
  const { own, all } = await tx
    .selectFrom('check_run')
    .innerJoin('request', (join) =>
      join.onRef('request.org', '=', 'check_run.org').onRef('request.id', '=', 'check_run.request'),
    )
    .select(({ fn }) => [
      fn.countAll<bigint>().as('all'),
      fn.countAll<bigint>().filterWhere('request.id', '=', id).as('own'),
    ])
    .where('check_run.org', '=', org)
    .where('request.recipient', '=', recipient)
    .where('check_run.asked_at', '>', since)
    .executeTakeFirstOrThrow();
  return { ofRequest: Number(own), ofParty: Number(all) };
}
