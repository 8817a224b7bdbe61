/** Asks for the release of an approved request; a job makes it. One that was made and not sealed is taken up where it stands. */
import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { Tx } from '../../store/postgres/state.ts';
import type { Tables } from '../../store/postgres/tables.ts';
import type { RequestRow } from './change-request.ts';
import { approvedGroundBar } from './checked-ground.ts';
import { documentSet } from './current-documents.ts';
import { isSupplied } from './is-supplied.ts';
import { visibleRequest } from './request-view.ts';
import { type releaseRunView, toReleaseRunView } from './run-view.ts';
import { type Actor, type Answer, done, refused, type Service } from './service.ts';
import { standingBar } from './standing-bars.ts';

export const releaseRequestInput = z.strictObject({
  request: z.string().max(100),
  version: z.number().int().min(1),
});
type RunRow = Selectable<Tables['release_run']>;

/** One that is under way already is the one. Refuses `changed-meanwhile`, `wrong-state`, `already-done`, `check-outdated`, and what `standingBar` does. */
export async function releaseRequest(
  service: Service,
  actor: Actor,
  { request: id, version }: z.output<typeof releaseRequestInput>,
): Promise<Answer<z.output<typeof releaseRunView>>> {
  const { org } = actor;
  const now = service.now();
  return service.state.as(org, async (tx) => {
    const seen = await visibleRequest(tx, actor, id);
    if (seen === null) return refused('not-found', `there is no request "${id}"`);
    // Locked: of two that ask at once the second finds the first's run.
    const request = await lockRequest(tx, org, id);
    const running = await runningRelease(tx, org, id);
    if (running !== undefined) return done(toReleaseRunView(running));
    if (request.version !== version)
      return refused('changed-meanwhile', `request ${id} was changed since; look at it again`);
    if (await isSupplied(tx, org, id))
      return refused('already-done', `request ${id} was released and sealed`);
    if (request.state !== 'AGREED' && request.state !== 'FINALIZED')
      return refused('wrong-state', `request ${id} is ${request.state}: only what is approved is released`);
    const bar =
      (await approvedGroundBar(tx, request, await documentSet(tx, org))) ??
      (await standingBar(tx, request, now));
    if (bar !== null) return bar;
    const row = await tx
      .insertInto('release_run')
      .values({
        ...{ org, id: randomUUID(), request: id, version, state: 'queued' },
        ...{ asked_by: actor.id, asked_at: now },
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    await service.jobs.enqueue(tx, 'release', { org, id: row.id });
    return done(toReleaseRunView(row));
  });
}

const lockRequest = (tx: Tx, org: string, id: string): Promise<RequestRow> =>
  tx
    .selectFrom('request')
    .selectAll()
    .where('org', '=', org)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirstOrThrow();

const runningRelease = (tx: Tx, org: string, request: string): Promise<RunRow | undefined> =>
  tx
    .selectFrom('release_run')
    .selectAll()
    .where('org', '=', org)
    .where('request', '=', request)
    .where('state', 'in', ['queued', 'running'])
    .executeTakeFirst();
