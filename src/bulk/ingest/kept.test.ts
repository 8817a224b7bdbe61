import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ingestSource } from './ingest-source.ts';
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
  test.each(['records.parquet', 'stops.parquet', 'later.parquet', 'permissions.parquet', 'snapshot.json'])(
    '%s',
    async (name) => {
      const first = await bench.ingest(sample());
      hurt(join(first.dir, name));
      const again = await bench.ingest(sample());
      expect([again.dir, again.reused]).toEqual([first.dir, false]);
      expect(await bench.read(again, 'stops')).toHaveLength(1);
      expect((await bench.ingest(sample())).reused).toBe(true);
      expect(readdirSync(join(first.dir, '..')).filter((each) => each.startsWith('.'))).toEqual([]);
    },
  );

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

test('what is whole stays where another run made it, and what is broken gives way', async () => {
  const rows = Array.from({ length: 2000 }, (_, i) => sampleRow(`m${i}`));
  const source = sampleSource(bench.write('many.csv', `${[sampleHeader, ...rows].join('\n')}\n`));
  const made = join(bench.dir, 'made');
  const first = await bench.ingest(source);
  const before = readdirSync(first.dir).join();
  mkdirSync(made);
  for (const name of readdirSync(first.dir)) copyFileSync(join(first.dir, name), join(made, name));
  writeFileSync(join(made, 'another'), '');
  publishFolder(made, first.dir, () => true, bench.dir);
  expect([readdirSync(first.dir).join(), readdirSync(made)]).toEqual([
    before,
    expect.arrayContaining(['another']),
  ]);
  publishFolder(made, first.dir, () => false, bench.dir);
  expect(readdirSync(first.dir)).toContain('another');
});

test('of several that read the same at once, each has the whole of it', async () => {
  const rows = Array.from({ length: 2000 }, (_, i) => sampleRow(`n${i}`));
  const source = sampleSource(bench.write('shared.csv', `${[sampleHeader, ...rows].join('\n')}\n`));
  const others = await Promise.all([openBench(), openBench(), openBench()]);
  const made = await Promise.all(
    others.map(({ engine }) =>
      ingestSource(engine, { source, dir: join(bench.dir, 'together'), onProgress: () => {} }),
    ),
  );
  for (const [i, snapshot] of made.entries()) {
    expect(snapshot.dir).toBe(made[0]?.dir);
    expect(await others[i]?.read(snapshot, 'records')).toHaveLength(2000);
  }
  expect(readdirSync(join(bench.dir, 'together/snapshots'))).toHaveLength(1);
  for (const other of others) other.close();
});
