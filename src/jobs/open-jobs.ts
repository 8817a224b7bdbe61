/**
 * The queue, in pg-boss on the database of the state. A job says only that somebody should look at a row; that nothing is
 * done twice, and nothing forgotten, rests on the row.
 */
import { type DatabaseOptions, fromKysely, PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import { carryOutCheck } from '../app/flow/carry-out-check.ts';
import { carryOutIngest } from '../app/flow/carry-out-ingest.ts';
import { carryOutRelease } from '../app/flow/carry-out-release.ts';
import { codedError } from '../app/flow/coded-error.ts';
import { isDiskFull } from '../app/flow/disk-full.ts';
import { FlowError } from '../app/flow/flow-error.ts';
import type { Job } from '../app/flow/run-row.ts';
import { saidOnce } from '../app/flow/said-once.ts';
import type { JobName, Jobs, Service } from '../app/flow/service.ts';
import type { State, Tx } from '../store/postgres/state.ts';
import { unfinished } from './unfinished.ts';

export type Queue = Jobs & {
  /** Begins to work; what a killed server left is taken up at once, and looked for from then on. */
  work(service: Service): Promise<void>;
  /** Jobs under way may end, for so long; then they are left to whoever starts next. */
  stop(options: { readonly waitMs: number }): Promise<void>;
};

const names: readonly JobName[] = ['ingest', 'check', 'release'];
const carryOut: Readonly<Record<JobName, (service: Service, job: Job) => Promise<void>>> = {
  ingest: carryOutIngest,
  check: carryOutCheck,
  release: carryOutRelease,
};
const poll = { pollingIntervalSeconds: 0.5 } as const;
/** How long a job is left alone whose workspace somebody else has. Seconds. */
const later = 1;
const sweepEvery = 5_000;
const noJob = '00000000-0000-0000-0000-000000000000';

/** Throws what pg-boss throws where the database is away. */
export async function openJobs(state: Pick<State, 'kind' | 'connection'>, log: Logger): Promise<Queue> {
  const boss = new PgBoss({
    ...(state.connection as DatabaseOptions),
    schema: 'pgboss',
    createSchema: false,
    max: 2,
    schedule: false,
    // Reindexing and the watch on vacuum are for those who run a database.
    reindex: false,
    monitorVacuum: false,
  });
  // Each its own: that one of them goes well says nothing of the other.
  const [ofBoss, ofSweep] = [saidOnce(() => performance.now()), saidOnce(() => performance.now())];
  boss.on('error', (error: unknown) => {
    const code = codeOf(error);
    if (ofBoss.failed(code)) log.warn({ code }, 'the queue: the database did not answer; it is asked again');
  });
  await boss.start();
  for (const name of names)
    await boss.createQueue(name, {
      // Of one row one job waits; another may be at work.
      policy: 'short',
      retryLimit: 3,
      retryDelay: 2,
      expireInSeconds: 12 * 3600,
      heartbeatSeconds: 10,
    });
  // Looked up at the first use, on a connection of its own: in a transaction of PGlite's that would wait for itself.
  for (const name of names) await boss.deleteJob(name, noJob);
  const enqueue = (tx: Tx, name: JobName, { org, id }: Job): Promise<void> =>
    boss.send(name, { org, id }, { singletonKey: id, db: fromKysely(tx) }).then(() => {});
  let timer: NodeJS.Timeout | null = null;
  let sweeping: Promise<void> | null = null;
  let stopped = false;

  const sweep = async (service: Service): Promise<void> => {
    for (const { name, job } of await unfinished(service))
      if (!stopped) await boss.send(name, { ...job }, { singletonKey: job.id });
  };
  return {
    enqueue,
    async work(service) {
      for (const name of names)
        await boss.work<Job>(name, poll, async ([given]) => {
          if (given !== undefined) await look(service, boss, name, given.data, log);
        });
      const again = (): void => {
        sweeping ??= sweep(service)
          .then(() => {
            if (ofSweep.well()) log.info('the queue: the database answers again');
          })
          .catch((error: unknown) => {
            const code = codeOf(error);
            if (ofSweep.failed(code))
              log.warn({ code }, 'the queue: what is left undone was not found; it is looked for again');
          })
          .finally(() => {
            sweeping = null;
          });
      };
      again();
      timer = setInterval(again, sweepEvery);
      timer.unref();
    },
    async stop({ waitMs }) {
      stopped = true;
      if (timer !== null) clearInterval(timer);
      await sweeping;
      await boss.stop({ graceful: waitMs > 0, timeout: waitMs });
    },
  };
}

async function look(
  service: Service,
  boss: PgBoss,
  name: JobName,
  { org, id }: Job,
  log: Logger,
): Promise<void> {
  try {
    await carryOut[name](service, { org, id });
  } catch (error) {
    const busy = error instanceof FlowError && error.code === 'workspace-busy';
    if (!busy) log.error({ org, job: name, run: id, code: codeOf(error), err: error }, 'a job was cut short');
    // Not a failure of the job: others have the workspace, or the database is away. It waits its turn again.
    await boss.send(name, { org, id }, { singletonKey: id, startAfter: later });
  }
}

/** pg-boss passes on what it met as an error, or as a plain copy of one. */
function codeOf(thrown: unknown): string {
  const error = asError(thrown);
  if (isDiskFull(error)) return 'disk-full';
  const coded = codedError(error);
  if (!(coded instanceof Error)) return 'unknown';
  return 'code' in coded ? String(coded.code) : coded.name;
}

function asError(thrown: unknown): unknown {
  if (thrown instanceof Error || typeof thrown !== 'object' || thrown === null) return thrown;
  const { message } = thrown as { readonly message?: unknown };
  return typeof message === 'string' ? Object.assign(new Error(message), { ...thrown }) : thrown;
}
