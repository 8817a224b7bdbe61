/** The job that reads a source: what cannot be read is known before anybody asks for a list. */
import { ingest, sourceOf, withEngine } from '../gate/ingest.ts';
import { carryOut, type Ended, gateOptions } from './carry-out.ts';
import { compareContacts, writeContacts } from './contact-changes.ts';
import type { Job } from './run-row.ts';
import type { Service } from './service.ts';

export function carryOutIngest(service: Service, job: Job): Promise<void> {
  const { org, id } = job;
  return carryOut(service, 'ingest', job, async (held): Promise<Ended> => {
    const { source } = await service.state.as(org, (tx) =>
      tx
        .selectFrom('ingest')
        .select('source')
        .where('org', '=', org)
        .where('id', '=', id)
        .executeTakeFirstOrThrow(),
    );
    const options = gateOptions(service, held, () => {});
    const { sources } = await ingest(held.workspace, source, options);
    const [ingested] = sources;
    if (ingested === undefined) throw new TypeError('a source was ingested and is not there');
    const { digest, records } = ingested.snapshot;
    const { root } = held.workspace;
    const ofSource = sourceOf(held.workspace, source);
    const compared = await withEngine(held.workspace, options, (engine) =>
      compareContacts(service, engine, { org, root, source: ofSource, read: ingested.snapshot }),
    );
    return {
      kind: 'done',
      async write(tx) {
        await writeContacts(tx, { org, source, digest, now: service.now() }, compared);
        await tx
          .updateTable('ingest')
          .set({ state: 'done', finished_at: service.now(), snapshot: digest, records })
          .where('org', '=', org)
          .where('id', '=', id)
          .where('state', '=', 'running')
          .execute();
      },
    };
  });
}
