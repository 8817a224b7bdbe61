import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SourceField } from '../../policy/model.ts';
import { type Bench, openBench, sampleHeader, sampleRow, sampleSource } from './source.fixture.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const members = (rows: readonly string[]): string => `${[sampleHeader, ...rows].join('\n')}\n`;
const rejects = (path: string | null): string[] =>
  path === null ? [] : readFileSync(path, 'utf8').trim().split('\n').slice(1);

describe('a source is ingested once', () => {
  test('and re-used until a file of it changes', async () => {
    const source = sampleSource(bench.write('once.csv', members([sampleRow('a'), sampleRow('b')])));
    const first = await bench.ingest(source);
    const again = await bench.ingest(source);
    expect([first.reused, first.records, again.reused, again.digest]).toEqual([false, 2, true, first.digest]);
    bench.write('once.csv', members([sampleRow('a'), sampleRow('c')]));
    const changed = await bench.ingest(source);
    expect([changed.reused, changed.records]).toEqual([false, 2]);
    expect(changed.digest).not.toBe(first.digest);
    expect(
      readdirSync(join(bench.dir, 'state', 'snapshots')).filter((name) => name.startsWith('.work')),
    ).toEqual([]);
  });

  test('as text trimmed, empty as nothing, dates and keys of history', async () => {
    const rows = [
      sampleRow('1', { surname: ' "O""Brien "', notice: 'web@1', joined: '2016-02-29', born: ' 1980-01-31' }),
      sampleRow('2', { joined: '2016-03-01' }),
      sampleRow('3'),
    ];
    const snapshot = await bench.ingest(sampleSource(bench.write('typed.csv', members(rows))));
    const records = await bench.read(snapshot, 'records', 'rid');
    expect(records.map((r) => [r.rid, r.f_surname, r.f_born, r.h_joined, r.on_joined, r.deceased])).toEqual([
      ['1', 'O"Brien', '1980-01-31', 'v:web@1^own', '2016-02-29', false],
      ['2', null, null, 'd:web:2016-03-01^own', '2016-03-01', false],
      ['3', null, null, '?^own', null, false],
    ]);
    expect(records.map((r) => r.row).toSorted()).toEqual([0, 1, 2]);
  });

  test('from Parquet as from CSV', async () => {
    const path = join(bench.dir, 'members.parquet');
    await bench.engine.copy(
      `SELECT 'p1' AS id, ' Ng' AS surname, NULL AS address, 'M1 1AA' AS postcode, '' AS email, 7700900123 AS phone, DATE '1980-02-01' AS born, TIMESTAMP '2016-02-03 10:00:00' AS joined, 'web@1' AS notice`,
      path,
      'parquet',
    );
    const snapshot = await bench.ingest(
      sampleSource({ path, format: 'parquet', encoding: null, delimiter: null, dateFormat: 'DD/MM/YYYY' }),
    );
    expect(await bench.read(snapshot, 'records')).toMatchObject([
      {
        rid: 'p1',
        f_surname: 'Ng',
        f_email: null,
        f_phone: '7700900123',
        f_born: '1980-02-01',
        on_joined: '2016-02-03',
      },
    ]);
  });
});

describe('a row that cannot be read is rejected with its line and cause', () => {
  test.each([
    ['31 February', '1980-02-31'],
    ['the year 0000', '0000-01-01'],
    ['before 1900', '1899-12-31'],
    ['after 2100', '2101-01-01'],
    ['another order', '31/01/1980'],
    ['one digit', '1980-1-31'],
    ['more behind', '1980-01-31x'],
    ['a time nobody declared', '1980-01-31 10:00'],
    ['words', 'unknown'],
  ])('a date that is not one: %s', async (_, born) => {
    const rows = [sampleRow('1', { born: '1980-01-31' }), sampleRow('2', { born }), sampleRow('3')];
    const snapshot = await bench.ingest(sampleSource(bench.write('bad-date.csv', members(rows))));
    expect([snapshot.records, snapshot.rejected]).toEqual([2, 1]);
    expect(rejects(snapshot.rejectsFile).map((line) => line.split(',').slice(0, 3))).toEqual([
      ['3', 'born', born],
    ]);
    expect((await bench.read(snapshot, 'records', 'rid')).map((r) => [r.rid, r.row])).toEqual([
      ['1', 0],
      ['3', 1],
    ]);
  });

  test('dates as declared, and a time behind them only if declared', async () => {
    const file = bench.write(
      'declared.csv',
      members([
        sampleRow('1', { born: '31/01/1980' }),
        sampleRow('2', { born: '31/01/1980 10:30' }),
        sampleRow('3', { born: '1980-01-31' }),
      ]),
      { dateFormat: 'DD/MM/YYYY' },
    );
    expect((await bench.ingest(sampleSource(file))).rejected).toBe(2);
    expect(
      (await bench.ingest(sampleSource({ ...file, dateFormat: 'DD/MM/YYYY HH:mm' }, { digest: 'with-time' })))
        .rejected,
    ).toBe(1);
  });

  test('numbers, yes and no, and a record without an id', async () => {
    const file = bench.write('types.csv', 'id,score,active\n1,12,Y\n2,1.5,n\n3,x,TRUE\n4,-7,maybe\n,5,0\n');
    const of = (name: string, type: 'integer' | 'boolean') => ({
      name,
      column: name,
      type,
      data: { term: 'pd:Name', of: 'person' as const },
      collection: 'joined',
    });
    const source = sampleSource(file, {
      fields: [of('score', 'integer'), of('active', 'boolean')],
      roles: {
        ...sampleSource(file).roles,
        surname: null,
        addressLine: null,
        postcode: null,
        email: null,
        phone: null,
        birthDate: null,
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
    });
    const snapshot = await bench.ingest(source);
    expect([snapshot.records, snapshot.rejected]).toEqual([1, 4]);
    expect(rejects(snapshot.rejectsFile).map((line) => line.split(',').slice(0, 2))).toEqual([
      ['3', 'score'],
      ['4', 'score'],
      ['5', 'active'],
      ['6', 'id'],
    ]);
    expect(await bench.read(snapshot, 'records')).toMatchObject([
      { rid: '1', f_score: 12, f_active: true, h_joined: '?^' },
    ]);
  });

  test('lines of a broken file are named as they stand in it, and none is lost', async () => {
    const lines = [
      sampleHeader,
      sampleRow('1', { surname: '"two\nlines"' }),
      '',
      sampleRow('2', { born: 'bad' }),
      `${sampleRow('3')},more`,
      '4,"x"y',
      sampleRow('5'),
      '6',
      sampleRow('7', { surname: '"never closed' }),
      sampleRow('8'),
    ];
    const snapshot = await bench.ingest(sampleSource(bench.write('broken.csv', lines.join('\r\n'))));
    expect([snapshot.records, snapshot.rejected]).toEqual([3, 5]);
    expect((await bench.read(snapshot, 'records', 'rid')).map((r) => r.rid)).toEqual(['1', '5', '6']);
    expect(rejects(snapshot.rejectsFile).map((line) => line.split(',')[0])).toEqual([
      '5',
      '6',
      '7',
      '10',
      '11',
    ]);
  });

  test('a file of a hundred thousand lines names the line of a fault near its end', async () => {
    const rows = Array.from({ length: 100_000 }, (_, i) =>
      sampleRow(`m${i}`, { born: i === 99_998 ? 'x' : '1980-01-01' }),
    );
    const snapshot = await bench.ingest(sampleSource(bench.write('long.csv', members(rows))));
    expect([snapshot.records, rejects(snapshot.rejectsFile)[0]?.split(',')[0]]).toEqual([99_999, '100000']);
  });
});

describe('a file that cannot be trusted is refused', () => {
  const code = async (content: string | Buffer, spec = {}): Promise<unknown> =>
    bench.ingest(sampleSource(bench.write('refused.csv', content, spec))).then(
      () => null,
      (error: unknown) => error,
    );

  test('a record id that occurs twice, by name and line, even where one row is rejected', async () => {
    const twice = members([sampleRow('a'), sampleRow('b'), sampleRow('a', { born: 'bad' })]);
    expect(await code(twice)).toMatchObject({ code: 'duplicate-record-id', line: 4 });
    expect(await code(members([sampleRow('a'), sampleRow('a')]))).toMatchObject({
      code: 'duplicate-record-id',
      line: 3,
      message: expect.stringContaining('"a"'),
    });
  });

  test('a mapped column that is not there', async () => {
    expect(await code('id,surname\n1,Ng\n')).toMatchObject({
      code: 'column-missing',
      message: expect.stringContaining('"address"'),
    });
  });

  test('bytes that are not UTF-8 and not declared, by line and byte', async () => {
    const latin = Buffer.from(members([sampleRow('1'), sampleRow('2', { surname: 'Siân' })]), 'latin1');
    expect(await code(latin)).toMatchObject({ code: 'E_ENCODING', line: 3, column: 5 });
    expect(await code(Buffer.from('id\0'))).toMatchObject({ code: 'E_ENCODING' });
    const windows = Buffer.from(members([sampleRow('1', { surname: 'O\x92Brien' })]), 'latin1');
    expect(await code(windows, { encoding: 'latin-1' })).toMatchObject({
      code: 'E_ENCODING',
      line: 2,
    });
  });

  test('a file that is not there', async () => {
    const source = sampleSource({
      path: join(bench.dir, 'nowhere.csv'),
      format: 'csv',
      encoding: null,
      delimiter: null,
      dateFormat: 'YYYY-MM-DD',
    });
    await expect(bench.ingest(source)).rejects.toMatchObject({ code: 'file-missing' });
    await expect(
      bench.ingest({ ...source, file: { ...source.file, format: 'parquet' } }),
    ).rejects.toMatchObject({ code: 'file-missing' });
    expect(existsSync(join(bench.dir, 'nowhere.csv'))).toBe(false);
  });
});

describe('encodings that are declared are read', () => {
  test.each([
    [
      'windows-1252',
      Buffer.from(members([sampleRow('1', { surname: 'O\x92Br\xeden \x80' })]), 'latin1'),
      'O’Bríen €',
    ],
    ['latin-1', Buffer.from(members([sampleRow('1', { surname: 'Br\xeden' })]), 'latin1'), 'Bríen'],
    ['utf-16le', Buffer.from(members([sampleRow('1', { surname: 'Bríen’' })]), 'utf16le'), 'Bríen’'],
    ['utf-16be', Buffer.from(members([sampleRow('1', { surname: 'Bríen’' })]), 'utf16le').swap16(), 'Bríen’'],
    [null, Buffer.from(`\ufeff${members([sampleRow('1', { surname: 'Bríen’' })])}`), 'Bríen’'],
    [null, Buffer.from(`\ufeff${members([sampleRow('1', { surname: 'Bríen’' })])}`, 'utf16le'), 'Bríen’'],
  ] as const)('%s', async (encoding, bytes, surname) => {
    const snapshot = await bench.ingest(sampleSource(bench.write('encoded.csv', bytes, { encoding })));
    expect((await bench.read(snapshot, 'records'))[0]?.f_surname).toBe(surname);
  });

  test('white space of every sort is trimmed', async () => {
    const snapshot = await bench.ingest(
      sampleSource(
        bench.write('spaces.csv', members([sampleRow('1\t', { surname: '\u00a0Ng\u2003', address: '  ' })])),
      ),
    );
    expect(await bench.read(snapshot, 'records')).toMatchObject([
      { rid: '1', f_surname: 'Ng', f_address: null },
    ]);
  });
});

test('an area is known by the postcode alone, and by one area alone', async () => {
  const areas = bench.write('areas.csv', 'pc,seat\nM1 1AA,one\nm11ab,two\nM1 1AB,three\nM1 1AC,\n');
  const rows = ['m1 1aa', 'M11AB', 'M1 1AC', 'M1 1AD', ''].map((postcode, i) =>
    sampleRow(`${i}`, { postcode }),
  );
  const snapshot = await bench.ingest(
    sampleSource(bench.write('areas-members.csv', members(rows)), {
      areas: { file: areas, postcode: 'pc', area: 'seat' },
    }),
  );
  expect((await bench.read(snapshot, 'records', 'rid')).map((r) => r.f_area)).toEqual([
    'one',
    null,
    null,
    null,
    null,
  ]);
  expect(snapshot.areasConflicting).toBe(1);
});

test.each([
  ['cut into lines', 'M1 1AA,one\nM1 1AB,two\n'],
  ['with a short row', 'M1 1AA,one\nM1 1AC\nM1 1AB,two\n'],
  ['with a blank line', 'M1 1AA,one\n\nM1 1AB,two\n'],
  ['with a cell of two lines', 'M1 1AA,one\nM1 1AB,two\nM1 1AC,"th\nree"\n'],
  ['with a quote that is not closed', 'M1 1AA,one\nM1 1AB,two\nM1 1AC,"three\n'],
  ['with lines that end in two ways', 'M1 1AA,one\r\nM1 1AB,two\nM1 1AC,three\n'],
  ['with a line twice', 'M1 1AA,one\nM1 1AB,two\nM1 1AA,one\n'],
])('areas %s are those of the records, whether or not these are', async (_, lines) => {
  const areas = bench.write('some-areas.csv', `pc,seat\n${lines}`);
  const good = ['M1 1AA', 'M1 1AB', 'M1 1AD'].map((postcode, i) => sampleRow(`${i}`, { postcode }));
  const files = { good, 'put-aside': [...good, sampleRow('9', { born: '?' })], short: [...good, '9,Short'] };
  for (const [name, rows] of Object.entries(files)) {
    const file = bench.write(`${name}-of-areas.csv`, members(rows));
    const snapshot = await bench.ingest(
      sampleSource(file, { areas: { file: areas, postcode: 'pc', area: 'seat' } }),
    );
    const read = (await bench.read(snapshot, 'records', 'rid')).map((r) => r.f_area).slice(0, 3);
    expect([name, ...read, snapshot.areasConflicting]).toEqual([name, 'one', 'two', null, 0]);
  }
});

describe('children: only an explicit no, or nothing, is alive; of a person nothing is not known', () => {
  const of = (name: string, type: SourceField['type']): SourceField => ({
    name,
    column: name,
    type,
    data: { term: 'pd:BirthDate', of: 'child' },
    collection: 'joined',
  });
  const said = async (type: SourceField['type'], words: readonly string[]) => {
    const rows = words.map((word, i) => `${i},2015-01-01,${word},`);
    const file = bench.write('children.csv', `id,born,died,name\n${rows.join('\n')}\n8,,,Jo\n9,,,\n`);
    const { collections, roles } = sampleSource(file);
    const source = sampleSource(file, {
      fields: [of('born', 'date'), of('died', type), of('name', 'text')],
      children: [{ birthDate: 'born', died: 'died', name: 'name' }],
      roles: {
        ...roles,
        ...{ surname: null, addressLine: null, postcode: null, email: null, phone: null, birthDate: null },
        deceased: 'died',
        goneAway: 'died',
      },
      collections: collections.map((c) => ({
        ...c,
        ...{ notice: null, collectedBy: null, date: null, origin: null },
      })),
    });
    const records = await bench.read(await bench.ingest(source), 'records', 'rid');
    return {
      children: records.map((r) => r.ch_0_state),
      deceased: records.map((r) => r.deceased),
      goneAway: records.map((r) => r.gone_away),
    };
  };
  test.each<[SourceField['type'], readonly string[], readonly string[], readonly (boolean | null)[]]>([
    ['text', ['', 'no', 'Yes', '?'], ['living', 'living', 'died', 'unknown'], [null, false, true, null]],
    ['text', ['N', 'Y', '0', '1'], ['living', 'died', 'living', 'died'], [false, true, false, true]],
    ['boolean', ['', 'no', 'Yes'], ['living', 'living', 'died'], [null, false, true]],
    ['date', ['', '2016-05-01'], ['living', 'died'], [null, true]],
    ['integer', ['', '0', '1', '7'], ['living', 'living', 'died', 'unknown'], [null, false, true, null]],
  ])('told as %s: %j', async (type, words, states, flags) => {
    const last = [null, null];
    expect(await said(type, words)).toEqual({
      children: [...states, 'living', null],
      deceased: [...flags, ...last],
      goneAway: [...flags, ...last],
    });
  });
});
