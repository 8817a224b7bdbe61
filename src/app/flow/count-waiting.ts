/** How much waits to be done, over all organisations. */
import type { Tx } from '../../store/postgres/state.ts';
import type { JobName, Service } from './service.ts';

export type Waiting = {
  readonly jobs: readonly {
    readonly kind: JobName;
    readonly state: 'queued' | 'running';
    readonly count: number;
  }[];
  readonly mail: number;
  readonly webhooks: number;
};

const runs = { ingest: 'ingest', check: 'check_run', release: 'release_run' } as const satisfies Record<
  JobName,
  string
>;
const kinds = Object.keys(runs) as readonly JobName[];

export async function countWaiting({ state }: Service): Promise<Waiting> {
  const counts = new Map<string, number>();
  const add = (what: string, count: number): void => {
    counts.set(what, (counts.get(what) ?? 0) + count);
  };
  for (const { org } of await state.organisations()) await state.as(org, (tx) => countOf(tx, org, add));
  // Mail of the service itself.
  await state.as('*', (tx) => countMail(tx, '*', add));
  const count = (what: string): number => counts.get(what) ?? 0;
  return {
    jobs: kinds.flatMap((kind) =>
      (['queued', 'running'] as const).map((at) => ({ kind, state: at, count: count(`${kind} ${at}`) })),
    ),
    mail: count('mail'),
    webhooks: count('webhooks'),
  };
}

type Add = (what: string, count: number) => void;

async function countOf(tx: Tx, org: string, add: Add): Promise<void> {
  for (const kind of kinds) {
    const rows = await tx
      .selectFrom(runs[kind])
      .where('org', '=', org)
      .where('state', 'in', ['queued', 'running'])
      .groupBy('state')
      .select(['state', (count) => count.fn.countAll<bigint>().as('rows')])
      .execute();
    for (const row of rows) add(`${kind} ${row.state}`, Number(row.rows));
  }
  await countMail(tx, org, add);
  const webhooks = await tx
    .selectFrom('webhook_delivery')
    .where('org', '=', org)
    .where('delivered_at', 'is', null)
    .where('given_up_at', 'is', null)
    .select((count) => count.fn.countAll<bigint>().as('rows'))
    .executeTakeFirstOrThrow();
  add('webhooks', Number(webhooks.rows));
}

async function countMail(tx: Tx, org: string, add: Add): Promise<void> {
  const mail = await tx
    .selectFrom('mail')
    .where('org', '=', org)
    .where('sent_at', 'is', null)
    .where('given_up_at', 'is', null)
    .select((count) => count.fn.countAll<bigint>().as('rows'))
    .executeTakeFirstOrThrow();
  add('mail', Number(mail.rows));
}
