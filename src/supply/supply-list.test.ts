import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../bulk/engine.ts';
import { openDuckdb } from '../bulk/engines/duckdb.ts';
import type { Sleeper } from '../documents/sleeper.ts';
import { cellText, rawCell, rawCells, recordsOf } from './csv-records.ts';
import { sleeperSeen } from './sightings.ts';
import { commitSleepers, type SleeperRow, sleeperRows } from './sleeper-rows.ts';
import { type ListInput, supplyList } from './supply-list.ts';
import { traceKey } from './trace-code.ts';

let dir: string;
let engine: Engine;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'astold-list-'));
  engine = await openDuckdb({ tempDirectory: dir });
});
afterAll(async () => {
  engine.close();
  await rm(dir, { recursive: true, force: true });
});

const key = Buffer.alloc(32, 3);
const cell = fc.string({ unit: fc.constantFrom('a', 'B', ' ', ',', '"', '\n', "'", '#', 'é', '1') });

/** A text in pieces of a few bytes, as a stream may bring it. */
async function* pieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
async function all(records: AsyncIterable<readonly string[]>): Promise<readonly string[]> {
  const out: string[] = [];
  for await (const batch of records) out.push(...batch);
  return out;
}

describe('CSV', () => {
  test('is cut into the same records and cells however the bytes arrive', async () => {
    const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 7 }), async (table, size) => {
        const text = table.map((row) => `${row.map(rawCell).join(',')}\n`).join('');
        const records = await all(recordsOf(pieces(text, size)));
        expect(records.map((record) => rawCells(record).map(cellText))).toEqual(table);
        expect(records.map((record) => `${record}\n`).join('')).toBe(text);
      }),
    );
  });

  test('that ends in the middle of a line, or of a quote, is no list', async () => {
    for (const text of ['a,b\nc', 'a,"b\n', 'a,"b\nc\n'])
      await expect(all(recordsOf(pieces(text, 3)))).rejects.toMatchObject({ code: 'list-malformed' });
    expect(() => rawCells('a,"b')).toThrow(expect.objectContaining({ code: 'list-malformed' }));
  });

  test('of a sleeper looks as the engine writes it', async () => {
    const texts = [
      'plain',
      '9 Weir Street, Flat 2',
      'the "Mill"',
      "O'Hara",
      ' led by a space',
      'Müller',
      '#1',
      'Flat #1',
      '+44 1632 960001',
      'null',
      'a;b',
    ];
    const path = join(dir, 'cells.csv');
    const rows = texts.map((text, i) => `SELECT ${i} AS n, ${engine.dialect.literal(text)} AS cell`);
    await engine.copy(`SELECT cell FROM (${rows.join(' UNION ALL ')}) r ORDER BY n`, path, 'csv');
    expect((await readFile(path, 'utf8')).trimEnd().split('\n').slice(1)).toEqual(texts.map(rawCell));
  });
});

const sleeper: Sleeper = {
  id: 'rowan',
  requests: ['toy-offer'],
  fields: { surname: 'Ashdown', address: '9 Weir Street', town: 'Upper Weir' },
  variants: [{ surname: 'Ashdowne' }, { surname: 'Ashedown' }, { address: '9a Weir Street' }],
  digest: '',
};

describe('sleepers', () => {
  test('are the same in the same release, and differ between releases', () => {
    const of = (release: string): readonly SleeperRow[] => sleeperRows([sleeper], key, release, 'toy-offer');
    expect(of('r-1')).toEqual(of('r-1'));
    const variants = new Set(Array.from({ length: 60 }, (_, i) => of(`r-${i}`)[0]?.variant));
    expect(variants).toEqual(new Set([0, 1, 2]));
    expect(sleeperRows([sleeper], key, 'r-1', 'another-request')).toEqual([]);
  });

  test('are committed to by count and salt: another row, release or key is another commitment', () => {
    const rows = sleeperRows([sleeper], key, 'r-1', 'toy-offer');
    const { count, commitment } = commitSleepers(rows, key, 'r-1');
    expect(count).toBe(1);
    const others = [
      commitSleepers([], key, 'r-1'),
      commitSleepers(rows, key, 'r-2'),
      commitSleepers(rows, Buffer.alloc(32, 4), 'r-1'),
      commitSleepers(
        rows.map((row) => ({ ...row, cells: {} })),
        key,
        'r-1',
      ),
    ];
    for (const other of others) expect(other.commitment).not.toBe(commitment);
  });

  test('are seen in a letter: as the row of one release, as any of them, or not at all', () => {
    const row: SleeperRow = {
      sleeper: 'rowan',
      variant: 0,
      pseudonym: '',
      cells: { ...sleeper.fields, surname: 'Ashdowne' },
    };
    expect(sleeperSeen('Mr ASHDOWNE\n9 Weir Street', row, ['surname'])).toBe('variant');
    expect(sleeperSeen('Mr Ashdoun\n9 Weir Street, Upper Weir', row, ['surname'])).toBe('some');
    expect(sleeperSeen('The occupier\n9 Weir Street', row, ['surname'])).toBeNull();
    expect(sleeperSeen('Mr Ashdowne, somewhere else', row, ['surname'])).toBeNull();
    expect(sleeperSeen('', row, ['surname'])).toBeNull();
  });
});

describe('a supplied list', () => {
  const columns = ['surname', 'address', 'town'];
  const list = 'surname,address,town\nHale,"1 Mill Lane, Flat 2",Upper\nGrey,2 Mill Lane,Lower\n';
  const codes = 'pseudonym,code\n10,AAAA-AAAA-AAAAA\n90,BBBB-BBBB-BBBBB\n';
  const asleep = (pseudonym: string): SleeperRow => ({
    sleeper: 's',
    variant: 0,
    pseudonym,
    cells: { ...sleeper.fields },
  });
  async function made(
    change: Partial<ListInput> & { readonly text?: string; readonly codesText?: string },
  ): Promise<string> {
    const [listPath, codesPath] = [join(dir, 'list.csv'), join(dir, 'codes.csv')];
    await writeFile(listPath, change.text ?? list);
    await writeFile(codesPath, change.codesText ?? codes);
    const input = {
      list: listPath,
      codes: codesPath,
      columns,
      rows: 2,
      sleepers: [],
      traceKey: traceKey(key, 'r'),
      only: null,
    };
    const out: Uint8Array[] = [];
    for await (const piece of supplyList({ ...input, ...change })) out.push(piece);
    return Buffer.concat(out).toString('utf8');
  }

  test('has a code on each row, and keeps the bytes of the rest', async () => {
    expect(await made({})).toBe(
      'surname,address,town,trace_code\nHale,"1 Mill Lane, Flat 2",Upper,AAAA-AAAA-AAAAA\nGrey,2 Mill Lane,Lower,BBBB-BBBB-BBBBB\n',
    );
  });

  test.each([
    ['0f', 1],
    ['50', 2],
    ['f0', 3],
  ])(
    'has the sleeper of pseudonym %s as row %i, where a record of it would stand',
    async (pseudonym, place) => {
      const lines = (await made({ sleepers: [asleep(pseudonym)] })).trimEnd().split('\n');
      expect(lines).toHaveLength(4);
      expect(lines[place]).toMatch(/^Ashdown,9 Weir Street,Upper Weir,[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5}$/);
    },
  );

  test('of some columns has those, in the order asked, and a code', async () => {
    const lines = (await made({ only: ['town', 'address'], sleepers: [asleep('50')] })).trimEnd().split('\n');
    expect(lines[0]).toBe('town,address,trace_code');
    expect(lines[1]).toBe('Upper,"1 Mill Lane, Flat 2",AAAA-AAAA-AAAAA');
    expect(lines[2]).toMatch(/^Upper Weir,9 Weir Street,/);
  });

  test.each<readonly [string, Parameters<typeof made>[0]]>([
    ['fewer codes than rows', { codesText: 'pseudonym,code\n10,AAAA-AAAA-AAAAA\n' }],
    ['more codes than rows', { codesText: `${codes}95,CCCC-CCCC-CCCCC\n` }],
    ['other columns than its manifest', { columns: ['a', 'b', 'c'] }],
    ['another count than its manifest', { rows: 3 }],
    ['a row that is cut', { text: 'surname,address,town\nHale\nGrey,2 Mill Lane,Lower\n', only: ['town'] }],
    [
      'a sleeper without a cell for a column',
      { sleepers: [{ ...asleep('50'), cells: { surname: 'Ashdown' } }] },
    ],
    ['a column that it has not', { only: ['postcode'] }],
  ])('with %s is not supplied', async (_, change) => {
    await expect(made(change)).rejects.toMatchObject({ code: 'release-damaged' });
  });
});
