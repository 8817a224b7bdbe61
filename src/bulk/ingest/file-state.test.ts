import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { beginDigest } from './file-digest.ts';
import { screenList } from './screen-list.ts';
import {
  type Bench,
  openBench,
  sampleHeader,
  sampleList,
  sampleRow,
  sampleSource,
} from './source.fixture.ts';
import { openFile, readTable } from './table.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());
const failure = (work: Promise<unknown>): Promise<unknown> => work.then(() => null).catch((e: unknown) => e);

describe('what is no regular file is refused at once', () => {
  const spec = (path: string, format: 'csv' | 'parquet') =>
    ({ path, format, encoding: null, delimiter: null, dateFormat: 'YYYY-MM-DD' }) as const;
  const odd = (): Readonly<Record<string, string>> => {
    const paths = { folder: join(bench.dir, 'folder'), pipe: join(bench.dir, 'pipe'), device: '/dev/zero' };
    mkdirSync(paths.folder, { recursive: true });
    execFileSync('sh', ['-c', 'test -p "$0" || mkfifo "$0"', paths.pipe]);
    return paths;
  };
  test.each(['csv', 'parquet'] as const)('where a source should be (%s)', async (format) => {
    for (const path of Object.values(odd()))
      expect(await failure(bench.ingest(sampleSource(spec(path, format))))).toMatchObject({
        code: 'not-a-file',
      });
  });

  test('where a list should be: the list cannot be read', async () => {
    const people = bench.write('people.csv', `${sampleHeader}\n${sampleRow('a')}\n`);
    for (const path of Object.values(odd())) {
      const list = await screenList(bench.engine, {
        list: sampleList(spec(path, 'csv')),
        source: sampleSource(people),
        snapshot: await bench.ingest(sampleSource(people)),
      });
      expect([list.readable, list.cause]).toEqual([
        false,
        expect.stringContaining('a regular file is read here'),
      ]);
    }
  });
});

test('a file that is remembered, and changes in that very moment, is digested as it is', async () => {
  const spec = bench.write('remembered.csv', `${sampleHeader}\n${sampleRow('a')}\n`);
  beginDigest(spec, {
    recall: () => {
      appendFileSync(spec.path, `${sampleRow('b')}\n`);
      return { digest: 'a'.repeat(64), bytes: 1 };
    },
    watch: () => () => {},
    save: () => {},
  });
  const { file } = await openFile(spec, { dir: bench.dir, name: 'remembered' });
  expect(file).toEqual({
    path: spec.path,
    digest: hash('sha256', readFileSync(spec.path)),
    bytes: readFileSync(spec.path).length,
  });
});

test('an event that is written between the beginning of its file’s digest and the reading is read', async () => {
  const file = bench.write('since.csv', 'event,record,kind,received\n');
  const source = sampleSource(bench.write('since-members.csv', `${sampleHeader}\n${sampleRow('a')}\n`), {
    preferences: { file, postKeyedTo: null },
  });
  expect(await bench.ingest(source)).toMatchObject({ events: 0 });
  beginDigest(file, { recall: () => null, watch: () => () => {}, save: () => {} });
  appendFileSync(file.path, 'e1,a,objection,2017-03-01\n');
  expect(await bench.ingest(source)).toMatchObject({ events: 1 });
});

describe('a file that changes while it is read', () => {
  const text = `${sampleHeader}\n${sampleRow('a')}\n`;
  const changes: Readonly<Record<string, (path: string) => void>> = {
    'a row more': (path) => appendFileSync(path, `${sampleRow('b')}\n`),
    'as many bytes': (path) => writeFileSync(path, text.replace('\na,', '\nb,')),
    touched: (path) => utimesSync(path, 1, 1),
    cut: (path) => writeFileSync(path, sampleHeader),
  };
  test.each(Object.entries(changes))('is refused: %s', async (_, change) => {
    const spec = bench.write('changing.csv', text);
    const aside = { dir: bench.dir, name: 'changing' };
    const opened = await openFile(spec, aside);
    change(spec.path);
    const read = readTable(bench.engine, opened, aside, async ({ sql }) =>
      Number((await bench.engine.rows(`SELECT COUNT(*) AS n FROM ${sql}`))[0]?.n),
    );
    expect(await failure(read)).toMatchObject({ code: 'file-changed' });
  });
});
