/** How much waits to be done, and what was given up in the last month, over all organisations. */
import { sql } from 'kysely';
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
  /** Tried until it was too late; forgotten after a month. */
  readonly givenUp: { readonly mail: number; readonly webhooks: number };
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
    givenUp: { mail: count('mail given up'), webhooks: count('webhooks given up') },
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
    .select(waitingAndGivenUp)
    .executeTakeFirstOrThrow();
  add('webhooks', Number(webhooks.waiting));
  add('webhooks given up', Number(webhooks.given_up));
}

async function countMail(tx: Tx, org: string, add: Add): Promise<void> {
  const mail = await tx
    .selectFrom('mail')
    .where('org', '=', org)
    .where('sent_at', 'is', null)
    .select(waitingAndGivenUp)
    .executeTakeFirstOrThrow();
  add('mail', Number(mail.waiting));
  add('mail given up', Number(mail.given_up));
}

const waitingAndGivenUp = [
  sql<bigint>`count(*) FILTER (WHERE given_up_at IS NULL)`.as('waiting'),
  sql<bigint>`count(*) FILTER (WHERE given_up_at IS NOT NULL)`.as('given_up'),
];
