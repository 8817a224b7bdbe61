/**
 * `node bench/service.ts [MINUTES]`: a server on a Postgres of its own, with 1,065,200 members and 100 releases on file,
 * read and told stops at fixed rates while requests are checked and released one after the other.
 */
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openService } from '../src/app/flow/open-service.ts';
import type { Service } from '../src/app/flow/service.ts';
import { readLogVerifier } from '../src/documents/log-key.ts';
import { checkReceipt } from '../src/evidence/receipt.ts';
import { readConfig } from '../src/http/config.ts';
import { openLog } from '../src/http/log.ts';
import { serviceSettings } from '../src/http/service-settings.ts';
import { answer } from './child.ts';
import { bringOn, type Club, makeFolder, org } from './service/club.ts';
import { counted, type Load, load, percentile, type Sample } from './service/load.ts';
import { freePort, startPostgres } from './service/postgres.ts';
import { approve, base, fileReleases, newKey, release, request } from './service/releases.ts';
import { metricsToken, type Server, startServer, type Used } from './service/server.ts';
import { clubOf, members } from './workspaces.ts';

const minutes = Number(process.argv[2] ?? '10');
if (!(minutes > 0)) throw new RangeError('usage: service.ts [MINUTES]');
/** Of stops one more than is asked for: what comes at the end is still to be answered. */
const [readsPerSecond, stopsPerSecond, onFile] = [50, 201, 100];
const rssEvery = 5_000;
/** Before that nothing counts: a program that has just begun is compiled while it runs. Milliseconds. */
const warmUp = 20_000;
const kept: unknown[] = [];
const dir = resolve(import.meta.dirname, '../.bench/service');
const say = (text: string): void => console.error(`  ${text}`);

rmSync(dir, { recursive: true, force: true });
const database = await startPostgres(join(dir, 'postgres'));
try {
  const port = await freePort();
  const environment = {
    ASTOLD_DATA: join(dir, 'data'),
    ASTOLD_PORT: String(port),
    ASTOLD_DATABASE_URL: database.url,
    ASTOLD_DATABASE_OWNER_URL: database.ownerUrl,
    ASTOLD_METRICS_TOKEN: metricsToken,
    ASTOLD_MAIL: 'folder',
    ASTOLD_REQUESTS_PER_MINUTE: '1000000',
    ASTOLD_CHECKS_OF_PARTY: '10000',
    ASTOLD_LOG_LEVEL: process.env.BENCH_LOG_LEVEL ?? 'warn',
    ...(process.env.ASTOLD_ENGINE_THREADS
      ? { ASTOLD_ENGINE_THREADS: process.env.ASTOLD_ENGINE_THREADS }
      : {}),
  };
  const folder = join(dir, 'club');
  await makeFolder(folder, join(await clubOf(1), 'data/members.csv'), members);
  const club = await bringOn(readConfig(environment), folder);
  const server = await startServer(port, environment);
  try {
    const desk = await openService(
      await serviceSettings(readConfig(environment)),
      openLog('warn'),
      () => new Date(),
    );
    await measure(server, desk.service, club, environment).finally(desk.stop);
  } finally {
    await server.stop();
  }
} finally {
  await database.stop();
  rmSync(dir, { recursive: true, force: true });
}

async function measure(
  server: Server,
  desk: Service,
  club: Club,
  environment: { readonly ASTOLD_DATA: string },
): Promise<void> {
  const from = performance.now();
  await request(server, club, 'first');
  const check = await approve(server, desk, club, 'first');
  await release(server, club, 'first');
  const ids = Array.from({ length: onFile - 1 }, (_, i) => `on-file-${i + 1}`);
  await fileReleases(database.url, environment.ASTOLD_DATA, 'first', ids);
  say(
    `prepared in ${Math.round((performance.now() - from) / 1000)} s: one release made, ${ids.length} more of it on file as rows of the state alone`,
  );
  const end = { ms: minutes * 60_000, reached: false };
  const releases = releaseOn(server, desk, club, end);
  const memory = watchMemory(server, end);
  const [reads, stops] = await Promise.all([
    load(readsPerSecond, warmUp + end.ms, reader(server, club, check, ids)),
    load(stopsPerSecond, warmUp + end.ms, stopper(server, club)),
  ]);
  end.reached = true;
  const cold = reads.samples.filter(({ at }) => at < warmUp);
  say(`the first ${warmUp / 1000} s do not count: reads p99 ${Math.round(percentile(cold, 0.99))} ms`);
  const since = (await memory).filter(({ at }) => at * 60_000 >= warmUp);
  await report(warm(reads), warm(stops), since, await releases, environment.ASTOLD_DATA);
}

function warm({ samples, seconds }: Load): Load {
  return { samples: samples.filter(({ at }) => at >= warmUp), seconds: seconds - warmUp / 1000 };
}

/** Releases again and again; gives how long each release took, milliseconds. */
async function releaseOn(
  server: Server,
  desk: Service,
  club: Club,
  end: { reached: boolean },
): Promise<readonly number[]> {
  const took: number[] = [];
  for (let i = 1; !end.reached; i++) {
    await request(server, club, `under-load-${i}`);
    await approve(server, desk, club, `under-load-${i}`);
    const from = performance.now();
    await release(server, club, `under-load-${i}`);
    took.push(performance.now() - from);
  }
  return took;
}

/** After so many minutes: the memory of the server and its worker, together and the worker's, and their time. */
type Memory = { readonly at: number; readonly mb: number; readonly workerMb: number } & Pick<
  Used,
  'cpu' | 'workerCpu' | 'loopP99' | 'collected'
>;

async function watchMemory(server: Server, end: { reached: boolean }): Promise<readonly Memory[]> {
  const [from, found]: [number, Memory[]] = [performance.now(), []];
  while (!end.reached) {
    const { rss, workerRss, ...used } = await server.used();
    const [mb, workerMb] = [(rss + workerRss) / (1 << 20), workerRss / (1 << 20)];
    found.push({ at: (performance.now() - from) / 60_000, mb, workerMb, ...used });
    await pause(rssEvery);
  }
  return found;
}

function reader(server: Server, { steward }: Club, check: string, ids: readonly string[]) {
  const day = new Date().toISOString().slice(0, 10);
  const paths: readonly ((i: number) => readonly [string, string])[] = [
    () => ['list-requests', '/requests'],
    (i) => ['show-request', `/requests/${ids[i % ids.length]}`],
    () => ['list-releases', '/releases?limit=100'],
    (i) => ['show-release', `/releases/${day}-${ids[i % ids.length]}`],
    () => ['list-duties', '/duties'],
    () => ['show-check', `/checks/${check}`],
  ];
  return async (i: number): Promise<Pick<Sample, 'what' | 'outcome'>> => {
    const [what, path] = paths[i % paths.length]?.(Math.floor(i / paths.length)) ?? ['', ''];
    const { status, body } = await server.ask('GET', `${base}${path}`, { key: steward });
    return { what, outcome: status === 200 ? '200' : String(JSON.parse(body).code) };
  };
}

/** Stops of members picked at random; one receipt in a hundred is kept, to be verified. */
function stopper(server: Server, { steward }: Club) {
  return async (i: number): Promise<Pick<Sample, 'what' | 'outcome'>> => {
    const person = `M${String(1 + Math.floor(Math.random() * members)).padStart(8, '0')}`;
    const json = { source: 'members', person, kind: 'objection', purpose: 'dpv:DirectMarketing' };
    const asking = { key: steward, json, headers: { 'Idempotency-Key': newKey() } };
    const { status, body } = await server.ask('POST', `${base}/preferences`, asking);
    if (status !== 201) return { what: 'stop', outcome: String(JSON.parse(body).code) };
    if (i % 100 === 0) kept.push(JSON.parse(body).receipt);
    return { what: 'stop', outcome: '201' };
  };
}

async function report(
  reads: Load,
  stops: Load,
  memory: readonly Memory[],
  releases: readonly number[],
  data: string,
): Promise<void> {
  const log = await readLogVerifier(join(data, 'organisations', org));
  for (const receipt of kept) checkReceipt(receipt, log, Date.now());
  for (const [name, { samples, seconds }] of [
    ['reads', reads],
    ['stops', stops],
  ] as const) {
    const [p50, p95, p99, most] = [0.5, 0.95, 0.99, 1].map((share) => Math.round(percentile(samples, share)));
    say(
      `${name}: ${samples.length} in ${seconds.toFixed(0)} s, p50 ${p50}, p95 ${p95}, p99 ${p99}, at most ${most} ms; ${counted(samples, 'outcome')}`,
    );
  }
  for (const what of new Set(reads.samples.map((sample) => sample.what))) {
    const own = reads.samples.filter((sample) => sample.what === what);
    say(`  ${what}: p50 ${Math.round(percentile(own, 0.5))}, p99 ${Math.round(percentile(own, 0.99))} ms`);
  }
  const took = releases.map((ms) => `${(ms / 1000).toFixed(1)}`).join(', ');
  say(
    `${releases.length} releases made meanwhile, each checked before, in ${took} s; ${kept.length} receipts verified`,
  );
  const slope = slopeOf(memory.filter(({ at }) => at >= minutes / 5));
  const marks = memory.filter(({ at }, i) => Math.floor(at) > Math.floor(memory[i - 1]?.at ?? -1));
  const shown = marks.map(({ mb, workerMb }) => `${Math.round(mb)} (${Math.round(workerMb)})`);
  say(
    `resident at each minute, with the worker (the worker): ${shown.join(', ')} MB, at most ${Math.round(Math.max(...memory.map(({ mb }) => mb)))}; ${slope.toFixed(1)} MB a minute`,
  );
  const [one, other] = [memory[0], memory.at(-1)];
  const asked = reads.samples.length + stops.samples.length;
  const cpu = (other?.cpu ?? Number.NaN) - (one?.cpu ?? Number.NaN);
  const workerCpu = (other?.workerCpu ?? Number.NaN) - (one?.workerCpu ?? Number.NaN);
  say(
    `processor: ${cpu.toFixed(1)} s of the server, ${((cpu * 1000) / asked).toFixed(2)} ms a request; ${workerCpu.toFixed(1)} s of the worker`,
  );
  const collected = (other?.collected ?? Number.NaN) - (one?.collected ?? Number.NaN);
  const lag = memory.map(({ loopP99 }) => loopP99 * 1000).sort((a, b) => a - b);
  say(
    `what is ready waits for the server: p99 of each ${rssEvery / 1000} s ${lag[lag.length >> 1]?.toFixed(0)} ms in the middle, ${lag.at(-1)?.toFixed(0)} ms at most; garbage takes ${collected.toFixed(1)} s in all`,
  );
  const [start, last] = [
    memory.slice(0, Math.ceil(memory.length / 10)),
    memory.slice(-Math.ceil(memory.length / 10)),
  ];
  const good = ({ samples, seconds }: Load, outcome: string): number =>
    samples.filter((sample) => sample.outcome === outcome).length / seconds;
  answer({
    notes: {
      service_minutes: minutes,
      service_reads_per_s: good(reads, '200'),
      service_read_p99_ms: percentile(reads.samples, 0.99),
      service_stops_per_s: good(stops, '201'),
      service_stop_p99_ms: percentile(stops.samples, 0.99),
      service_cpu_ms_per_request: (cpu * 1000) / asked,
      service_rss_start_mb: middle(start),
      service_rss_end_mb: middle(last),
      service_rss_slope_mb: slope,
    },
  });
}

function middle(some: readonly Memory[]): number {
  return some.map(({ mb }) => mb).sort((a, b) => a - b)[some.length >> 1] ?? Number.NaN;
}

/** Megabytes a minute, by least squares. */
function slopeOf(memory: readonly Memory[]): number {
  const mean = (of: (each: Memory) => number): number =>
    memory.reduce((sum, each) => sum + of(each), 0) / memory.length;
  const [x, y] = [mean(({ at }) => at), mean(({ mb }) => mb)];
  const spread = memory.reduce((sum, { at }) => sum + (at - x) ** 2, 0);
  return memory.reduce((sum, { at, mb }) => sum + (at - x) * (mb - y), 0) / spread;
}
