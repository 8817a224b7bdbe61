/** How much waits to be done, what failed, and what was given up in the last month, over all organisations. */
import { statfs } from 'node:fs/promises';
import { sql } from 'kysely';
import type { Tx } from '../../store/postgres/state.ts';
import type { JobName, Service } from './service.ts';
import { type Unpublished, unpublishedOf } from './unpublished.ts';

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
  /** Runs that failed, ever. */
  readonly failed: readonly { readonly kind: JobName; readonly code: string; readonly count: number }[];
  /** Of each log; one whose folder cannot be read is left out. */
  readonly unpublished: readonly ({ readonly org: string } & Unpublished)[];
  /** Of the disk with the data folder; null where the system does not say. */
  readonly freeBytes: number | null;
};

const runs = { ingest: 'ingest', check: 'check_run', release: 'release_run' } as const satisfies Record<
  JobName,
  string
>;
const kinds = Object.keys(runs) as readonly JobName[];

export async function countWaiting(service: Service): Promise<Waiting> {
  const { state } = service;
  const failed = new Map<string, Waiting['failed'][number]>();
  const unpublished: Waiting['unpublished'][number][] = [];
  const counts = new Map<string, number>();
  const add = (what: string, count: number): void => {
    counts.set(what, (counts.get(what) ?? 0) + count);
  };
  for (const { org } of await state.organisations()) {
    await state.as(org, async (tx) => {
      await countOf(tx, org, add);
      await countFailed(tx, org, failed);
    });
    const found = await unpublishedOf(service, org).catch(() => null);
    if (found !== null) unpublished.push({ org, ...found });
  }
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
    failed: [...failed.values()],
    unpublished,
    freeBytes: await freeBytes(service.data),
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

async function countFailed(
  tx: Tx,
  org: string,
  failed: Map<string, Waiting['failed'][number]>,
): Promise<void> {
  for (const kind of kinds) {
    const rows = await tx
      .selectFrom(runs[kind])
      .where('org', '=', org)
      .where('state', '=', 'failed')
      .groupBy('fault_code')
      .select(['fault_code', (count) => count.fn.countAll<bigint>().as('rows')])
      .execute();
    for (const { fault_code, rows: count } of rows) {
      const code = fault_code ?? 'unknown';
      const before = failed.get(`${kind} ${code}`)?.count ?? 0;
      failed.set(`${kind} ${code}`, { kind, code, count: before + Number(count) });
    }
  }
}

const freeBytes = (folder: string): Promise<number | null> =>
  statfs(folder).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => null,
  );

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
