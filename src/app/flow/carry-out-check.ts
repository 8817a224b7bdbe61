/** The job that checks a request: its report is attached, and the request is OFFERED. */
import { check } from '../gate/check.ts';
import { carryOut, type Ended, gateOptions } from './carry-out.ts';
import { changeState } from './change-request.ts';
import type { KeptOutcome } from './check-view.ts';
import { groundDigest } from './current-documents.ts';
import { failRun, type Job, progressOf } from './run-row.ts';
import type { Service } from './service.ts';
import { tellChange } from './tell-change.ts';

export function carryOutCheck(service: Service, job: Job): Promise<void> {
  const { org, id } = job;
  return carryOut(service, 'check_run', job, async (held): Promise<Ended> => {
    const run = await service.state.as(org, (tx) =>
      tx
        .selectFrom('check_run')
        .innerJoin('request', (join) =>
          join.onRef('request.org', '=', 'check_run.org').onRef('request.id', '=', 'check_run.request'),
        )
        .select(['check_run.request', 'check_run.asked_by', 'request.version', 'request.path'])
        .where('check_run.org', '=', org)
        .where('check_run.id', '=', id)
        .executeTakeFirstOrThrow(),
    );
    const progress = progressOf(service, 'check_run', job);
    const outcome = await check(
      held.workspace,
      run.request,
      gateOptions(service, held, progress.onProgress),
    ).finally(progress.settled);
    const kept: KeptOutcome = { documents: groundDigest(held.documents, run.path), outcome };
    return {
      kind: 'done',
      async write(tx) {
        const now = service.now();
        const change = { org, request: run.request, deed: 'checked', words: null, now } as const;
        // Another version is another request: what was checked is not what is asked now.
        const changed = await changeState(tx, { ...change, by: run.asked_by, version: run.version });
        if (changed.kind === 'refused')
          return failRun(tx, 'check_run', job, { code: changed.code, words: changed.message }, now);
        await tx
          .updateTable('check_run')
          .set({
            ...{ state: 'done', finished_at: now, to_approve: outcome.request.digest },
            ...{
              cut_off: new Date(outcome.cutOff),
              evaluated: outcome.evaluated,
              released: outcome.released,
            },
            outcome: JSON.stringify(kept),
            version: changed.value.version,
          })
          .where('org', '=', org)
          .where('id', '=', id)
          .where('state', '=', 'running')
          .execute();
        await tellChange(tx, changed.value, now);
      },
    };
  });
}
