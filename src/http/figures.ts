/** The figures of a server for Prometheus. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Waiting } from '../app/flow/count-waiting.ts';
import type { WorkerSeen } from './hire-worker.ts';

export type Figures = {
  readonly contentType: string;
  answered(method: string, route: string, status: number, seconds: number): void;
  text(): Promise<string>;
};

/** `waiting` is asked at each scrape; where it fails, its figures are left out. Without `worker` there is none to be seen. */
export function openFigures(waiting: () => Promise<Waiting>, worker?: () => WorkerSeen): Figures {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: 'astold_http_request_seconds',
    help: 'Time to answer, by the pattern of the route',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  });
  const show = waitingGauges(registers);
  if (worker !== undefined) workerGauges(worker, registers);
  return {
    contentType: registry.contentType,
    answered: (method, route, status, seconds) => durations.observe({ method, route, status }, seconds),
    async text() {
      show(await waiting().catch(() => null));
      return registry.metrics();
    },
  };
}

/** Shows what was counted; null, nothing of it. */
function waitingGauges(registers: Registry[]): (counted: Waiting | null) => void {
  const gauge = (name: string, help: string, labelNames: readonly string[]): Gauge =>
    new Gauge({ name, help, labelNames: [...labelNames], registers });
  const jobs = gauge('astold_jobs', 'Jobs that are queued or running', ['kind', 'state']);
  const unsent = gauge('astold_unsent', 'Mail and webhooks that are due or waiting for another try', [
    'kind',
  ]);
  const givenUp = gauge(
    'astold_given_up',
    'Mail and webhooks that were tried until it was too late, and are not forgotten yet',
    ['kind'],
  );
  const failed = new Counter({
    name: 'astold_runs_failed_total',
    help: 'Jobs that failed, by what stopped them, since the database was made',
    labelNames: ['kind', 'code'],
    registers,
  });
  const entries = gauge('astold_log_unpublished_entries', 'Entries of a log that are not published', ['org']);
  const seconds = gauge(
    'astold_log_unpublished_seconds',
    'Since the first entry was logged that is not published; 0 where there is none',
    ['org'],
  );
  const free = gauge('astold_data_free_bytes', 'Room on the disk with the data folder', []);
  const all = [jobs, unsent, givenUp, failed, entries, seconds, free];
  return (counted) => {
    for (const each of all) each.reset();
    free.remove();
    if (counted === null) return;
    for (const { kind, state, count } of counted.jobs) jobs.set({ kind, state }, count);
    unsent.set({ kind: 'mail' }, counted.mail);
    unsent.set({ kind: 'webhook' }, counted.webhooks);
    givenUp.set({ kind: 'mail' }, counted.givenUp.mail);
    givenUp.set({ kind: 'webhook' }, counted.givenUp.webhooks);
    for (const { kind, code, count } of counted.failed) failed.inc({ kind, code }, count);
    for (const each of counted.unpublished) {
      entries.set({ org: each.org }, Number(each.entries));
      seconds.set({ org: each.org }, each.seconds);
    }
    if (counted.freeBytes !== null) free.set(counted.freeBytes);
  };
}

/** Of a worker that is away, or has yet to say, there is no memory and no time. */
function workerGauges(seen: () => WorkerSeen, registers: Registry[]): void {
  const gauge = (name: string, help: string, value: () => number | null): Gauge =>
    new Gauge({
      ...{ name, help, registers },
      collect() {
        const found = value();
        if (found === null) this.remove();
        else this.set(found);
      },
    });
  gauge('astold_worker_up', 'Whether the process that does the jobs is there', () =>
    seen().standing === 'up' ? 1 : 0,
  );
  gauge('astold_worker_resident_memory_bytes', 'Its resident memory', () => seen().figures?.rssBytes ?? null);
  gauge(
    'astold_worker_cpu_seconds',
    'Its processor time since it started',
    () => seen().figures?.cpuSeconds ?? null,
  );
}
