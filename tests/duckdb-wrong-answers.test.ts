/**
 * The engine answers wrongly, and says nothing, in the ways listed here. Each test goes the way that the gate goes,
 * and fails where that way falls in.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { screenList } from '../src/bulk/ingest/screen-list.ts';
import {
  type Bench,
  fileOf,
  openBench,
  sampleHeader,
  sampleList,
  sampleRow,
  sampleSource,
} from '../src/bulk/ingest/source.fixture.ts';
import { wholeScope } from '../src/policy/scope-word.ts';

const people = 150_000;
let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const members = (rows: readonly string[]): string => `${[sampleHeader, ...rows].join('\n')}\n`;
const events = (rows: readonly string[]): string =>
  `${['event,record,kind,received,signed,purpose', ...rows].join('\n')}\n`;

test('1. equality on keys in Parquet finds them: numbers and hex text, and no bloom filter', async () => {
  // Few distinct keys many times over: what makes the engine write a dictionary, and on some columns a filter.
  const rows = Array.from({ length: 50_000 }, (_, i) =>
    sampleRow(`b${i}`, { surname: `S${i % 90}`, postcode: `M${i % 99} 1AA` }),
  );
  const snapshot = await bench.ingest(
    sampleSource(bench.write('bloom.csv', `${[sampleHeader, ...rows].join('\n')}\n`)),
  );
  const path = join(snapshot.dir, 'records.parquet');
  const from = bench.engine.dialect.parquet(path);
  const [found] = await bench.engine.rows(
    `SELECT COUNT(*) AS n FROM ${from} WHERE m_near IN (SELECT DISTINCT m_near FROM ${from}) AND m_postcode IN (SELECT DISTINCT m_postcode FROM ${from})`,
  );
  const [one] = await bench.engine.rows(`SELECT m_near AS near, rid FROM ${from} WHERE rid = 'b7'`);
  const [same] = await bench.engine.rows(
    `SELECT COUNT(*) AS n FROM ${from} WHERE m_near = ${bench.engine.dialect.literal(one?.near ?? null)} AND rid = 'b7'`,
  );
  expect([found?.n, same?.n]).toEqual([50_000, 1]);
  for (const name of ['records', 'later', 'stops', 'permissions']) {
    const columns = await bench.engine.rows(
      `SELECT type, bloom_filter_offset AS bloom FROM parquet_metadata('${fileOf(snapshot, name)}')`,
    );
    expect(columns.filter((column) => column.bloom !== null)).toEqual([]);
  }
});

test('2. rows are paired by keys alone: after every join each record holds its own cells', async () => {
  const areas = bench.write(
    'areas.csv',
    `postcode,area\n${Array.from({ length: 5000 }, (_, i) => `P${i},A${i}`).join('\n')}\n`,
  );
  const rows = Array.from({ length: people }, (_, i) =>
    sampleRow(`m${i}`, {
      surname: `S${i}`,
      postcode: `P${(i * 7919) % 5000}`,
      phone: `0770${i}`,
      joined: '2016-01-01',
    }),
  );
  const preferences = bench.write(
    'paired-events.csv',
    events(Array.from({ length: 20_000 }, (_, i) => `e${i * 7},m${i * 7},objection,2017-01-01,,`)),
  );
  const snapshot = await bench.ingest(
    sampleSource(bench.write('paired.csv', members(rows)), {
      areas: { file: areas, postcode: 'postcode', area: 'area' },
      preferences: { file: preferences, postKeyedTo: null },
    }),
  );
  const file = (name: string): string => bench.engine.dialect.parquet(fileOf(snapshot, name));
  const [wrong] = await bench.engine.rows(
    `SELECT COUNT(*) AS n FROM ${file('records')} WHERE f_surname <> 'S' || substr(rid, 2) OR f_phone <> '0770' || substr(rid, 2) OR f_area IS NULL OR f_area <> 'A' || substr(f_postcode, 2)`,
  );
  const [stops] = await bench.engine.rows(
    `SELECT COUNT(*) AS n, COUNT(*) FILTER (WHERE r.rid = 'm' || substr(s.event, 2)) AS own FROM ${file('stops')} s JOIN ${file('records')} r ON r."row" = s."row"`,
  );
  const [row] = await bench.engine.rows(
    `SELECT COUNT(DISTINCT "row") AS n, MIN("row") AS first, MAX("row") AS last FROM ${file('records')}`,
  );
  expect([snapshot.records, wrong?.n, stops, row]).toEqual([
    people,
    0,
    { n: 20_000, own: 20_000 },
    { n: people, first: 0, last: people - 1 },
  ]);
  // A join by hashes and one by texts on from there.
  const list = sampleList(bench.write('paired-list.csv', 'surname,postcode\nS7,P433\nS8,P3352\nS9,P0\n'), {
    level: 'person',
    digest: 'paired',
  });
  const { path } = await screenList(bench.engine, { list, source: sampleSource({ ...list.file }), snapshot });
  const matched = await bench.engine.rows(
    `SELECT r.rid FROM ${bench.engine.dialect.parquet(path)} m JOIN ${file('records')} r ON r."row" = m."row" WHERE m.match = 'exact' ORDER BY 1`,
  );
  expect(matched.map((r) => r.rid)).toEqual(['m7', 'm8']);
});

test('2. and nothing of the program joins by position', () => {
  const sources = (dir: string): string[] =>
    readdirSync(dir).flatMap((name) =>
      statSync(join(dir, name)).isDirectory() ? sources(join(dir, name)) : [join(dir, name)],
    );
  const files = sources(resolve(import.meta.dirname, '../src/bulk')).filter((path) => path.endsWith('.ts'));
  expect(files.length).toBeGreaterThan(10);
  expect(files.filter((path) => /positional\s+join/i.test(readFileSync(path, 'utf8')))).toEqual([]);
});

describe('3. the header is read, and cells go by name', () => {
  const swap = (line: string): string => {
    const cells = line.split(',');
    return [...cells.slice(1), cells[0]].join(',');
  };
  test('columns in another order hold the same', async () => {
    const lines = [
      sampleHeader,
      sampleRow('1', { surname: 'Ng', email: 'a@x.example', born: '1980-01-01' }),
      sampleRow('2', { phone: '1' }),
    ];
    const straight = await bench.ingest(sampleSource(bench.write('straight.csv', lines.join('\n'))));
    const swapped = await bench.ingest(sampleSource(bench.write('swapped.csv', lines.map(swap).join('\n'))));
    expect(await bench.read(swapped, 'records', 'rid')).toEqual(await bench.read(straight, 'records', 'rid'));
  });
  test('a file without a header is refused, and does not lose its first person', async () => {
    const source = sampleSource(
      bench.write(
        'headless.csv',
        `${sampleRow('1', { surname: 'Ng', address: 'x', postcode: 'y', email: 'e', phone: 'p', born: 'b', joined: 'j', notice: 'n' })}\n`,
      ),
    );
    await expect(bench.ingest(source)).rejects.toMatchObject({ code: 'column-missing' });
  });
});

test('4. a row is rejected for any cell, whatever is later asked of it', async () => {
  const bad = ['born', 'joined'] as const;
  for (const column of bad) {
    const rows = [sampleRow('1', { [column]: '31/02/2016' }), sampleRow('2')];
    const snapshot = await bench.ingest(sampleSource(bench.write(`bad-${column}.csv`, members(rows))));
    const [counted] = await bench.engine.rows(
      `SELECT COUNT(*) AS n FROM ${bench.engine.dialect.parquet(join(snapshot.dir, 'records.parquet'))}`,
    );
    const [named] = await bench.engine.rows(
      `SELECT COUNT(rid) AS n FROM ${bench.engine.dialect.parquet(join(snapshot.dir, 'records.parquet'))}`,
    );
    expect([counted?.n, named?.n, snapshot.records, snapshot.rejected]).toEqual([1, 1, 1, 1]);
  }
});

test('5. a record id that occurs twice refuses the file, however far apart the two', async () => {
  const rows = Array.from({ length: people }, (_, i) => sampleRow(i === people - 1 ? 'm3' : `m${i}`));
  await expect(bench.ingest(sampleSource(bench.write('twice.csv', members(rows))))).rejects.toMatchObject({
    code: 'duplicate-record-id',
    line: people + 1,
  });
});

test('6. ties do not fall as the file happens to stand', async () => {
  const rows = ['a', 'b', 'c', 'd'].map((id) => sampleRow(id, { phone: '07700900001' }));
  const tied = [
    'e1,a,objection,2017-01-01T10:00:00Z,,x',
    'e2,b,objection,2017-01-01T10:00:00Z,,x',
    'e3,a,withdrawal,2017-01-01T10:00:00Z,,x',
    'e4,c,objection,2017-01-01T10:00:00Z,,x',
  ];
  const reach = async (order: readonly string[]): Promise<unknown> => {
    const preferences = bench.write('tied-events.csv', events(order));
    const snapshot = await bench.ingest(
      sampleSource(bench.write('tied.csv', members(rows)), {
        preferences: { file: preferences, postKeyedTo: null },
      }),
    );
    const { dialect } = bench.engine;
    return bench.engine.rows(
      `SELECT r.rid, s.relation, s.event FROM ${dialect.parquet(fileOf(snapshot, 'stops'))} s
       JOIN ${dialect.parquet(join(snapshot.dir, 'records.parquet'))} r ON r."row" = s."row" ORDER BY ALL`,
    );
  };
  expect(await reach(tied.toReversed())).toEqual(await reach(tied));
});

test('7. what is missing never reads as the answer that lets go', async () => {
  const file = bench.write('nulls.csv', 'id,died,seen\n1,,\n2,perhaps,\n3,no,\n');
  const died = {
    name: 'died',
    column: 'died',
    type: 'text' as const,
    data: { term: 'pd:Name', of: 'person' as const },
    collection: 'joined',
  };
  const none = sampleSource(file).roles;
  const source = sampleSource(file, {
    fields: [died],
    roles: {
      ...none,
      surname: null,
      addressLine: null,
      postcode: null,
      email: null,
      phone: null,
      birthDate: null,
      deceased: 'died',
    },
    collections: [
      {
        id: 'joined',
        notice: null,
        printCode: null,
        collectedBy: null,
        date: null,
        origin: null,
        upstream: null,
        reconstructions: [],
      },
    ],
    consents: [{ column: 'seen', consent: 'partners', notice: null, date: null, yes: ['Y'] }],
    preferences: {
      file: bench.write('null-events.csv', events(['e1,1,objection,,,', 'e2,1,,,,', 'e3,1,consent,,,'])),
      postKeyedTo: null,
    },
  });
  const snapshot = await bench.ingest(source);
  expect(
    (await bench.read(snapshot, 'records', 'rid')).map((r) => [r.deceased, r.k_0, r.k_0_at, r.h_joined]),
  ).toEqual([
    [null, false, null, '?^'],
    [null, false, null, '?^'],
    [false, false, null, '?^'],
  ]);
  expect(
    (await bench.read(snapshot, 'stops', 'event')).map((s) => [s.event, s.from_lo, s.received_hi, s.scope]),
  ).toEqual([
    ['e1', null, null, wholeScope],
    ['e2', null, null, wholeScope],
  ]);
});

test('and three more: line ends given make a file read as empty, a join loses the order of lines, a cast ignores an offset', async () => {
  const rows = Array.from({ length: people }, (_, i) =>
    sampleRow(`m${i}`, { postcode: 'P1', born: i % 30_000 === 29_999 ? 'x' : '' }),
  );
  const areas = bench.write('one-area.csv', 'postcode,area\r\nP1,A1\r\n');
  const crlf = `${[sampleHeader, ...rows].join('\r\n')}\r\n`;
  const snapshot = await bench.ingest(
    sampleSource(bench.write('crlf.csv', crlf), {
      areas: { file: areas, postcode: 'postcode', area: 'area' },
    }),
  );
  expect([snapshot.records, snapshot.rejected]).toEqual([people - 5, 5]);
  expect(
    readFileSync(snapshot.rejectsFile ?? '', 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',')[0]),
  ).toEqual(['30001', '60001', '90001', '120001', '150001']);
  const [time] = await bench.engine.rows(
    `SELECT ${bench.engine.intake.instantLow('x', bench.engine.intake.readTime('x'))} AS t FROM (SELECT '2017-03-10T10:00:00+01:00' AS x)`,
  );
  expect(time?.t).toBe(Date.parse('2017-03-10T09:00:00Z'));
});
