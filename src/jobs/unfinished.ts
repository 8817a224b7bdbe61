/** The rows of jobs that have not ended and that nobody works on: of a server that was killed, or of a queue that was lost. */
import { sql } from 'kysely';
import type { Job, RunTable } from '../app/flow/run-row.ts';
import type { JobName, Service } from '../app/flow/service.ts';
import { leaseName } from '../app/flow/workspace-of.ts';

const tables: Readonly<Record<JobName, RunTable>> = {
  ingest: 'ingest',
  check: 'check_run',
  release: 'release_run',
};

export type Unfinished = { readonly name: JobName; readonly job: Job };

/** While somebody has an organisation's workspace, one of its rows is being worked on: they are looked for later. */
export async function unfinished({ state }: Pick<Service, 'state'>): Promise<readonly Unfinished[]> {
  const found: Unfinished[] = [];
  for (const { org } of await state.organisations()) {
    const rows = await state.as(org, async (tx) => {
      const held = await tx
        .selectFrom('lease')
        .select('owner')
        .where('org', '=', org)
        .where('name', '=', leaseName)
        .where('expires_at', '>', sql<Date>`clock_timestamp()`)
        .executeTakeFirst();
      if (held !== undefined) return [];
      const lists: Unfinished[] = [];
      for (const [name, table] of Object.entries(tables) as [JobName, RunTable][]) {
        const { rows: ids } = await sql<{ id: string }>`
          SELECT id FROM ${sql.table(table)} WHERE org = ${org} AND state IN ('queued', 'running')
          ORDER BY asked_at, id`.execute(tx);
        lists.push(...ids.map(({ id }) => ({ name, job: { org, id } })));
      }
      return lists;
    });
    found.push(...rows);
  }
  return found;
}
