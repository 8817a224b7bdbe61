import { hash } from 'node:crypto';
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ingestSource } from './ingest-source.ts';
import { readKeptEvents, readKeptRecords } from './kept.ts';
import { publishFolder } from './publish.ts';
import { screenList } from './screen-list.ts';
import {
  type Bench,
  openBench,
  sampleHeader,
  sampleList,
  sampleRow,
  sampleSource,
} from './source.fixture.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

/** What a full disk, a crash or a hand may do to a file. */
const harm: Readonly<Record<string, (path: string) => void>> = {
  'is gone': (path) => rmSync(path),
  'is empty': (path) => truncateSync(path, 0),
  'is cut short': (path) => truncateSync(path, readFileSync(path).length - 3),
  'is a folder': (path) => {
    rmSync(path);
    mkdirSync(path);
  },
  'is something else': (path) => writeFileSync(path, '{"no":"snapshot"'),
};
const sample = () =>
  sampleSource(
    bench.write('members.csv', `${sampleHeader}\n${sampleRow('a', { surname: 'Ng', postcode: 'M1 1AA' })}\n`),
    {
      preferences: {
        file: bench.write('preferences.csv', 'event,record,kind,received\ne1,a,objection,2017-03-01\n'),
        postKeyedTo: null,
      },
    },
  );

describe.each(Object.entries(harm))('what is kept and %s is made again', (_, hurt) => {
  test.each([
    ...['records.parquet', 'rejected.parquet', 'snapshot.json'].map((name) => ['dir', name] as const),
    ...['stops.parquet', 'later.parquet', 'permissions.parquet', 'snapshot.json'].map(
      (name) => ['eventsDir', name] as const,
    ),
  ])('%s %s', async (folder, name) => {
    const first = await bench.ingest(sample());
    hurt(join(first[folder], name));
    const again = await bench.ingest(sample());
    expect([again.eventsDir, again.reused]).toEqual([first.eventsDir, false]);
    expect(await bench.read(again, 'stops')).toHaveLength(1);
    expect((await bench.ingest(sample())).reused).toBe(true);
    expect(readdirSync(join(first.dir, '..')).filter((each) => each.startsWith('.'))).toEqual([]);
  });

  test('the matches of a list, and their summary', async () => {
    const list = sampleList(bench.write('own.csv', 'surname,postcode\nNg,M11AA\n'));
    const snapshot = await bench.ingest(sample());
    const matches = async () => {
      const ingested = await screenList(bench.engine, { list, source: sample(), snapshot });
      const from = bench.engine.dialect.parquet(ingested.path);
      return { ingested, rows: await bench.engine.rows(`SELECT "row", match FROM ${from}`) };
    };
    const first = await matches();
    const { path } = first.ingested;
    for (const broken of [path, path.replace(/parquet$/, 'json')]) {
      // A folder in the way of one file is for a person to remove.
      if (hurt !== harm['is a folder']) hurt(broken);
      const again = await matches();
      expect(again.rows).toEqual([{ row: 0, match: 'exact' }]);
      expect([again.ingested.readable, again.ingested.entries]).toEqual([true, 1]);
    }
  });
});

test.each(['dir', 'eventsDir'] as const)(
  'what another version of ingest kept is made again: %s',
  async (folder) => {
    const first = await bench.ingest(sample());
    const said = join(first[folder], 'snapshot.json');
    const kept: object = JSON.parse(readFileSync(said, 'utf8'));
    const read = folder === 'dir' ? readKeptRecords : readKeptEvents;
    expect(read(first[folder])).toEqual(kept);
    writeFileSync(said, JSON.stringify({ ...kept, version: 1 }));
    expect(read(first[folder])).toBeNull();
    expect(await bench.ingest(sample())).toMatchObject({ reused: false });
    expect(JSON.parse(readFileSync(said, 'utf8'))).toEqual(kept);
  },
);

test('what is whole stays where another run made it, and what is broken gives way', async () => {
  const rows = Array.from({ length: 2000 }, (_, i) => sampleRow(`m${i}`));
  const source = sampleSource(bench.write('many.csv', `${[sampleHeader, ...rows].join('\n')}\n`));
  const made = join(bench.dir, 'made');
  const first = await bench.ingest(source);
  const before = readdirSync(first.dir).join();
  mkdirSync(made);
  for (const name of readdirSync(first.dir).filter((each) => !each.startsWith('events-')))
    copyFileSync(join(first.dir, name), join(made, name));
  writeFileSync(join(made, 'another'), '');
  await publishFolder(made, first.dir, () => true, bench.dir);
  expect([readdirSync(first.dir).join(), readdirSync(made)]).toEqual([
    before,
    expect.arrayContaining(['another']),
  ]);
  await publishFolder(made, first.dir, () => false, bench.dir);
  expect(readdirSync(first.dir)).toContain('another');
});

test('of several that read the same at once, each has the whole of it', async () => {
  const rows = Array.from({ length: 2000 }, (_, i) => sampleRow(`n${i}`));
  const source = sampleSource(bench.write('shared.csv', `${[sampleHeader, ...rows].join('\n')}\n`));
  const others = await Promise.all([openBench(), openBench(), openBench()]);
  const made = await Promise.all(
    others.map(({ engine }) =>
      ingestSource(engine, {
        source,
        recorded: null,
        dir: join(bench.dir, 'together'),
        onProgress: () => {},
      }),
    ),
  );
  for (const [i, snapshot] of made.entries()) {
    expect(snapshot.dir).toBe(made[0]?.dir);
    expect(await others[i]?.read(snapshot, 'records')).toHaveLength(2000);
  }
  expect(readdirSync(join(bench.dir, 'together/snapshots'))).toHaveLength(1);
  for (const other of others) other.close();
});

test('a preference event more is read alone: the records, and what rests on them, stay', async () => {
  const events = (text: string) => bench.write('more.csv', `event,record,kind,received\n${text}`);
  const source = (file: ReturnType<typeof events>) =>
    sampleSource(bench.write('few.csv', `${sampleHeader}\n${sampleRow('a')}\n${sampleRow('b')}\n`), {
      preferences: { file, postKeyedTo: null },
    });
  const first = await bench.ingest(source(events('e1,a,objection,2017-03-01\n')));
  const before = statSync(join(first.dir, 'records.parquet'), { bigint: true }).mtimeNs;
  const again = await bench.ingest(source(events('e1,a,objection,2017-03-01\ne2,b,objection,2017-03-02\n')));
  expect([again.dir, again.digest, again.reused]).toEqual([first.dir, first.digest, false]);
  expect(again.whole).not.toBe(first.whole);
  expect(statSync(join(again.dir, 'records.parquet'), { bigint: true }).mtimeNs).toBe(before);
  expect([(await bench.read(first, 'stops')).length, (await bench.read(again, 'stops')).length]).toEqual([
    1, 2,
  ]);
});

test('what was recorded here is read beside the source’s own file, an erased person by a hash alone', async () => {
  const suppressionKey = 'k'.repeat(32);
  const erased = hash('sha256', `${suppressionKey}b`).slice(0, 32);
  const header = 'event,record,kind,received\n';
  const source = sampleSource(
    bench.write('three.csv', `${[sampleHeader, ...['a', 'b', 'c'].map((id) => sampleRow(id))].join('\n')}\n`),
    {
      preferences: {
        file: bench.write('own.csv', `${header}e1,a,objection,2017-03-01\n`),
        postKeyedTo: null,
      },
    },
  );
  const files = [
    bench.write('recorded.csv', `${header}r1,key:${erased},erasure,2017-03-02\nr2,c,objection,2017-03-03\n`),
    bench.write('batch.csv', `${header}b1,a,restriction,2017-03-04\n`),
  ];
  const ingest = (recorded: { files: typeof files; suppressionKey: string } | null) =>
    ingestSource(bench.engine, { source, recorded, dir: join(bench.dir, 'state'), onProgress: () => {} });
  const snapshot = await ingest({ files, suppressionKey });
  const stops = await bench.read(snapshot, 'stops', 'event');
  const rows = new Map((await bench.read(snapshot, 'records')).map((row) => [row.row, row.rid]));
  expect(stops.map((stop) => `${stop.event} ${rows.get(stop.row ?? null)}`)).toEqual([
    'b1 a',
    'e1 a',
    'r1 b',
    'r2 c',
  ]);
  expect([snapshot.events, snapshot.eventsUnmatched, snapshot.files.length]).toEqual([4, 0, 4]);
  // Under another key that person is nobody: the stop reaches none, and says so.
  expect((await ingest({ files, suppressionKey: 'o'.repeat(32) })).eventsUnmatched).toBe(1);
  expect((await ingest(null)).events).toBe(1);
});
