import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dropEvents, eventsTable, readEvents } from './events.ts';
import { type Bench, fileOf, openBench, sampleHeader, sampleRow, sampleSource } from './source.fixture.ts';
import { openFile } from './table.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const head = 'event,record,kind,signed,received,lifts,email,surname,postcode,birth-date';
const files = [
  [
    'e1,a,objection,,2017-03-01T10:00:00Z,,x@x.example,,,',
    'e2,b,consent,2017-03-01,2017-03-02,,,,,',
    'e3,nobody,objection,,2017-03-01,,,Ng,SW1A 1AA,1970-01-01',
  ],
  ['e4,b,lift,2017-03-01,2017-03-02,e1,,,,', 'e5,a,presented,,2017-03-01T23:30:00-01:00,,,,,'],
];

test('events are the same whether they are held in memory, in a file, or named by one file after the other', async () => {
  const members = bench.write(
    'members.csv',
    `${[sampleHeader, sampleRow('a'), sampleRow('b')].join('\n')}\n`,
  );
  const snapshot = await bench.ingest(sampleSource(members));
  const found = [];
  for (const held of [
    { events: 3, records: 2 },
    { events: 2, records: 2 },
    { events: 0, records: 1 },
  ]) {
    const work = join(bench.dir, `work-${found.length}`);
    mkdirSync(work);
    const specs = files.map((rows, i) => bench.write(`events-${i}.csv`, `${[head, ...rows].join('\n')}\n`));
    const opened = await Promise.all(specs.map((spec, i) => openFile(spec, { dir: work, name: `${i}` })));
    const of = { path: fileOf(snapshot, 'records'), records: 2, suppressionKey: null, held };
    const read = await readEvents(bench.engine, opened, work, of);
    expect(read.map(({ events, unread }) => [events, unread])).toEqual([
      [3, 0],
      [2, 0],
    ]);
    const rows = await bench.engine.rows(`SELECT * FROM ${eventsTable} ORDER BY event`);
    // Each has a number of its own; which one of its file, nobody asks.
    expect(rows.map(({ n }) => n).toSorted()).toEqual([1, 2, 3, 4, 5]);
    found.push(rows.map(({ n, line, ...row }) => row));
    await dropEvents(bench.engine, files.length);
    expect(await bench.engine.rows("SELECT * FROM duckdb_tables() WHERE table_name LIKE 'ingest%'")).toEqual(
      [],
    );
  }
  expect(found[0]?.map(({ event, row, unknown_record }) => [event, row, unknown_record])).toEqual([
    ['e1', 0, null],
    ['e2', 1, null],
    ['e3', null, 'nobody'],
    ['e4', 1, null],
    ['e5', 0, null],
  ]);
  expect(found[1]).toEqual(found[0]);
  expect(found[2]).toEqual(found[0]);
});
