/** The figures of a server for Prometheus. */
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
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
  const jobs = new Gauge({
    name: 'astold_jobs',
    help: 'Jobs that are queued or running',
    labelNames: ['kind', 'state'],
    registers,
  });
  const unsent = new Gauge({
    name: 'astold_unsent',
    help: 'Mail and webhooks that are due or waiting for another try',
    labelNames: ['kind'],
    registers,
  });
  const givenUp = new Gauge({
    name: 'astold_given_up',
    help: 'Mail and webhooks that were tried until it was too late, and are not forgotten yet',
    labelNames: ['kind'],
    registers,
  });
  if (worker !== undefined) workerGauges(worker, registers);
  const ask = async (): Promise<void> => {
    jobs.reset();
    unsent.reset();
    givenUp.reset();
    const counted = await waiting().catch(() => null);
    if (counted === null) return;
    for (const { kind, state, count } of counted.jobs) jobs.set({ kind, state }, count);
    unsent.set({ kind: 'mail' }, counted.mail);
    unsent.set({ kind: 'webhook' }, counted.webhooks);
    givenUp.set({ kind: 'mail' }, counted.givenUp.mail);
    givenUp.set({ kind: 'webhook' }, counted.givenUp.webhooks);
  };
  return {
    contentType: registry.contentType,
    answered: (method, route, status, seconds) => durations.observe({ method, route, status }, seconds),
    async text() {
      await ask();
      return registry.metrics();
    },
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
