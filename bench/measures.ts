/** What is measured, in which order, and which figures come of it. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Answer, BenchError, runChild, runNode } from './child.ts';
import { median, medianOf } from './median.ts';
import { clubOf, floorFolder, forget, logFolder, members, released, smallWorkspace } from './workspaces.ts';

export const figureNames = [
  'release_csv_s',
  'release_ingested_s',
  'floor_s',
  'gate_csv_s',
  'gate_ingested_s',
  'release_csv_over_floor',
  'release_ingested_over_floor',
  'release_csv_whole_over_floor',
  'release_csv_rss_mb',
  'floor_rss_mb',
  'evidence_over_release',
  'audit_s',
  'audit_over_release',
  'log_entries_per_s',
  'lookup_1000_ms',
  'import_million_s',
  'node_s',
  'node_over_release',
  'cedar_s',
  'cedar_over_release',
  'help_s',
  'small_check_s',
  'ten_times_s',
  'ten_times_growth',
  'rss_mb',
  'spill_512_s',
  'spill_512_rss_mb',
  'spill_512_finished',
  'service_minutes',
  'service_reads_per_s',
  'service_read_p99_ms',
  'service_stops_per_s',
  'service_stop_p99_ms',
  'service_cpu_ms_per_request',
  'service_rss_start_mb',
  'service_rss_end_mb',
  'service_rss_slope_mb',
] as const;
export type FigureName = (typeof figureNames)[number];
type Stages = Readonly<Record<string, number>>;
export type Figures = Partial<Record<FigureName, number>> & {
  /** Seconds of each stage, of the run in the middle. */
  stages?: Readonly<Record<'csv' | 'ingested' | 'floor' | 'audit', Stages>>;
};
export type Measure = {
  readonly name: string;
  readonly what: string;
  /** Left out of a quick run. */
  readonly large: boolean;
  readonly run: (
    figures: Figures,
    runs: number,
    say: (text: string) => void,
    minutes: number,
  ) => Promise<void>;
};

const seconds = (n: number): string => `${n.toFixed(2)} s`;
const mega = (bytes: number): number => Math.round(bytes / (1 << 20));
const stagesOf = (answer: Answer): Stages =>
  Object.fromEntries(
    Object.entries(answer.stages ?? {}).map(([name, stage]) => [name, round(stage.seconds)]),
  );
const round = (n: number): number => Math.round(n * 1000) / 1000;

/** Seconds of deciding and writing the list: what the floor does too. The rest makes it provable. */
const gate = (answer: Answer): number => answer.seconds - (answer.notes?.proving ?? 0);

/** Release, floor and audit in turn, so that what else the machine does meets all; bytes are compared each time. */
async function compareWithFloor(figures: Figures, runs: number, say: (text: string) => void): Promise<void> {
  const dir = await clubOf(1);
  const found: Record<'csv' | 'ingested' | 'floor' | 'audit', Answer>[] = [];
  for (let i = 0; i < runs; i++) {
    const out = floorFolder(dir);
    const floor = await runChild('floor.ts', [dir, out]);
    forget(dir, { ingested: false });
    const csv = await runChild('release.ts', [dir]);
    sameBytes(released(dir), out);
    forget(dir, { ingested: true });
    const ingested = await runChild('release.ts', [dir]);
    sameBytes(released(dir), out);
    const audit = await runChild('audit.ts', [dir]);
    found.push({ csv, ingested, floor, audit });
    say(
      `floor ${seconds(floor.seconds)}, release from CSV ${seconds(csv.seconds)} (gate ${seconds(gate(csv))}), from what was ingested ${seconds(ingested.seconds)} (gate ${seconds(gate(ingested))}), audit ${seconds(audit.seconds)}; ${csv.released} released, same bytes`,
    );
  }
  const ratio = (of: (run: (typeof found)[number]) => number): number => round(median(found.map(of)));
  figures.release_csv_s = ratio(({ csv }) => csv.seconds);
  figures.release_ingested_s = ratio(({ ingested }) => ingested.seconds);
  figures.floor_s = ratio(({ floor }) => floor.seconds);
  figures.gate_csv_s = ratio(({ csv }) => gate(csv));
  figures.gate_ingested_s = ratio(({ ingested }) => gate(ingested));
  figures.audit_s = ratio(({ audit }) => audit.seconds);
  // Medians of the ratios of each pair, which were run one after the other.
  figures.release_csv_over_floor = ratio(({ csv, floor }) => gate(csv) / floor.seconds);
  figures.release_ingested_over_floor = ratio(({ ingested, floor }) => gate(ingested) / floor.seconds);
  figures.release_csv_whole_over_floor = ratio(({ csv, floor }) => csv.seconds / floor.seconds);
  figures.evidence_over_release = ratio(({ ingested }) => ingested.seconds / gate(ingested) - 1);
  figures.audit_over_release = ratio(({ audit, ingested }) => audit.seconds / ingested.seconds);
  figures.release_csv_rss_mb = mega(median(found.map((run) => run.csv.rss)));
  figures.floor_rss_mb = mega(median(found.map((run) => run.floor.rss)));
  const middle = (kind: keyof (typeof found)[number]): Stages =>
    stagesOf(
      medianOf(
        found.map((run) => run[kind]),
        (answer) => answer.seconds,
      ),
    );
  figures.stages = {
    csv: middle('csv'),
    ingested: middle('ingested'),
    floor: middle('floor'),
    audit: middle('audit'),
  };
}

function sameBytes(release: string, floor: string): void {
  for (const name of ['decisions.parquet', 'list.csv']) {
    if (readFileSync(join(release, name)).equals(readFileSync(join(floor, name)))) continue;
    throw new BenchError(
      'bytes-differ',
      `${name} of the release and of the floor differ: one of them is wrong`,
    );
  }
}

/** The release that others are compared with: measured before, or now. */
async function releaseSeconds(figures: Figures): Promise<{ dir: string; count: number | undefined }> {
  const dir = await clubOf(1);
  forget(dir, { ingested: false });
  const answer = await runChild('release.ts', [dir]);
  figures.release_csv_s ??= round(answer.seconds);
  figures.gate_csv_s ??= round(gate(answer));
  return { dir, count: answer.released };
}

async function compareWithNode(figures: Figures, _runs: number, say: (text: string) => void): Promise<void> {
  const { dir, count } = await releaseSeconds(figures);
  const node = await runChild('node-stream.ts', [dir]);
  if (node.released !== count) {
    throw new BenchError('count-differs', `the Node stream finds ${node.released}, the release ${count}`);
  }
  figures.node_s = round(node.seconds);
  figures.node_over_release = round(node.seconds / (figures.gate_csv_s ?? Number.NaN));
  say(`${seconds(node.seconds)}, the same ${count}; one run`);
}

async function compareWithCedar(figures: Figures, _runs: number, say: (text: string) => void): Promise<void> {
  const { dir } = await releaseSeconds(figures);
  const { notes } = await runChild('cedar.ts', [released(dir), '20000']);
  const [calls = Number.NaN, spent = Number.NaN] = [notes?.calls, notes?.callsSeconds];
  figures.cedar_s = round((spent / calls) * members);
  figures.cedar_over_release = round(figures.cedar_s / (figures.gate_csv_s ?? Number.NaN));
  say(`${seconds(spent)} for a sample of ${calls}, all decided alike; times ${members / calls} for all`);
}

async function logEntries(figures: Figures, _runs: number, say: (text: string) => void): Promise<void> {
  const { notes } = await runChild('log.ts', [logFolder()]);
  figures.log_entries_per_s = notes?.log_entries_per_s ?? Number.NaN;
  say(
    `${figures.log_entries_per_s} entries a second on the disk, in batches of a thousand; ${notes?.log_entries_published_per_s} with publishing`,
  );
}

async function importMillion(figures: Figures, _runs: number, say: (text: string) => void): Promise<void> {
  const dir = await clubOf(1);
  forget(dir, { ingested: false });
  const { notes, rss } = await runChild('import.ts', [dir]);
  figures.import_million_s = round(notes?.seconds ?? Number.NaN);
  say(
    `${notes?.rows} events as one batch: ${seconds(figures.import_million_s)}, ${mega(rss)} MB resident; one run`,
  );
  // What was imported would count in every release after it.
  forget(dir, { ingested: false });
}

async function lookup(figures: Figures, _runs: number, say: (text: string) => void): Promise<void> {
  const { notes } = await runChild('lookup.ts', []);
  if (notes?.evicted !== 1)
    throw new BenchError(
      'child-failed',
      'this user cannot drop files from the page cache: nothing cold is measured',
    );
  figures.lookup_1000_ms = notes.lookup_1000_ms ?? Number.NaN;
  say(
    `one person in 1,000 rosters of 100,000: ${figures.lookup_1000_ms} ms cold (worst ${notes?.lookup_1000_worst_ms}), ${notes?.lookup_1000_warm_ms} ms warm`,
  );
}

const commandLine = resolve(import.meta.dirname, '../src/cli/main.js');

async function commands(figures: Figures, runs: number, say: (text: string) => void): Promise<void> {
  const dir = await smallWorkspace();
  const [help, check]: [number[], number[]] = [[], []];
  for (let i = 0; i < Math.max(runs, 5); i++) {
    help.push((await command(['--help'], [0])).seconds);
    forget(dir, { ingested: false });
    check.push((await command(['--workspace', dir, 'check', 'toy-offer'], [0, 3])).seconds);
  }
  figures.help_s = round(median(help));
  figures.small_check_s = round(median(check));
  say(
    `help ${seconds(median(help))}, check of a hundred records, nothing ingested before, ${seconds(median(check))}`,
  );
}

async function command(args: readonly string[], expected: readonly number[]): Promise<{ seconds: number }> {
  const done = await runNode([commandLine, ...args]);
  if (done.status === null || !expected.includes(done.status)) {
    throw new BenchError(
      'child-failed',
      `astold ${args.join(' ')} ended with ${done.status}:\n${done.errors}`,
    );
  }
  return done;
}

async function tenTimes(figures: Figures, _runs: number, say: (text: string) => void): Promise<void> {
  if (figures.release_csv_s === undefined) await releaseSeconds(figures);
  const dir = await clubOf(10);
  forget(dir, { ingested: false });
  const answer = await runChild('release.ts', [dir]);
  figures.ten_times_s = round(answer.seconds);
  figures.ten_times_growth = round(answer.seconds / (figures.release_csv_s ?? Number.NaN));
  figures.rss_mb = mega(answer.rss);
  say(`${seconds(answer.seconds)}, ${mega(answer.rss)} MB resident, ${answer.released} released; one run`);
}

async function spill(figures: Figures, _runs: number, say: (text: string) => void): Promise<void> {
  const dir = await clubOf(10);
  forget(dir, { ingested: false });
  figures.spill_512_finished = 0;
  const answer = await runChild('release.ts', [dir, '512MB']);
  figures.spill_512_finished = 1;
  figures.spill_512_s = round(answer.seconds);
  figures.spill_512_rss_mb = mega(answer.rss);
  say(`${seconds(answer.seconds)}, ${mega(answer.rss)} MB resident, ${answer.released} released; one run`);
}

const serviceNames = figureNames.filter((name) => name.startsWith('service_'));

/** A server under load, on a database of its own; `minutes` of it. */
async function service(figures: Figures, minutes: number, say: (text: string) => void): Promise<void> {
  const { notes } = await runChild('service.ts', [String(minutes)]);
  for (const name of serviceNames) figures[name] = round(notes?.[name] ?? Number.NaN);
  say(
    `${minutes} minutes: reads p99 ${figures.service_read_p99_ms} ms, ${figures.service_stops_per_s} stops a second (p99 ${figures.service_stop_p99_ms} ms), resident ${figures.service_rss_start_mb} to ${figures.service_rss_end_mb} MB`,
  );
}

export const measures: readonly Measure[] = [
  {
    name: 'floor',
    what: 'release of 1,065,200 records beside the floor',
    large: false,
    run: compareWithFloor,
  },
  { name: 'commands', what: 'the command line, whole processes', large: false, run: commands },
  { name: 'log', what: 'entries appended to the log', large: false, run: logEntries },
  {
    name: 'lookup',
    what: 'one person across a thousand rosters; makes them the first time',
    large: true,
    run: lookup,
  },
  { name: 'import', what: 'a million preference events imported', large: true, run: importMillion },
  { name: 'cedar', what: 'one Cedar call a record, sampled', large: false, run: compareWithCedar },
  { name: 'node', what: 'a plain Node stream, a function a record', large: false, run: compareWithNode },
  { name: 'ten', what: 'ten times the records and events', large: true, run: tenTimes },
  { name: 'spill', what: 'the same with the engine limited to 512 MB', large: true, run: spill },
  {
    name: 'service',
    what: 'a server read, told stops, and releasing, all at once',
    large: true,
    run: (figures, _runs, say, minutes) => service(figures, minutes, say),
  },
];
