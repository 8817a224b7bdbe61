import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RequestedField, Source } from '../../policy/model.ts';
import { keepAll } from '../compile/writer.ts';
import type { Engine } from '../engine.ts';
import { openDuckdb } from '../engines/duckdb.ts';
import { cellSql, inert } from './cells.ts';

let dir: string;
let engine: Engine;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'astold-cells-'));
  engine = await openDuckdb({ tempDirectory: dir });
});
afterAll(async () => {
  engine.close();
  await rm(dir, { recursive: true, force: true });
});

const writer = () => ({ dialect: engine.dialect, keep: keepAll });
async function value(expression: string, columns = 'SELECT 1 AS one'): Promise<unknown> {
  const [row] = await engine.rows(`SELECT ${expression} AS cell FROM (${columns}) r`);
  return row?.cell;
}

test.each([
  ['=1+1', "'=1+1"],
  ['+cmd|x', "'+cmd|x"],
  ['-2+3', "'-2+3"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['\r=1', "'\r=1"],
  ['-', "'-"],
  ['-.', "'-."],
  ['+1.2.3', "'+1.2.3"],
  ['+447700900123', '+447700900123'],
  ['-12.5', '-12.5'],
  ['plain', 'plain'],
  ["O'Brien", "O'Brien"],
])('a spreadsheet does not run the cell %j', async (text, expected) => {
  expect(await value(inert(writer(), engine.dialect.literal(text)))).toBe(expected);
});

const source: Source = {
  id: 's',
  organisation: 'o',
  synthetic: true,
  record: 'id',
  file: { path: '/s.csv', format: 'csv', encoding: null, delimiter: null, dateFormat: 'YYYY-MM-DD' },
  collections: [],
  fields: [
    {
      name: 'born',
      column: 'born',
      type: 'date',
      data: { term: 'pd:BirthDate', of: 'person' },
      collection: 'c',
    },
    {
      name: 'postcode',
      column: 'postcode',
      type: 'text',
      data: { term: 'pd:PostalCode', of: 'person' },
      collection: 'c',
    },
  ],
  roles: {
    forename: null,
    surname: null,
    addressLine: null,
    postcode: 'postcode',
    email: null,
    phone: null,
    birthDate: 'born',
    deceased: null,
    goneAway: null,
    lastAct: null,
    membershipEnd: null,
  },
  children: [{ birthDate: 'born', died: null, name: null }],
  implies: [],
  consents: [],
  presented: [],
  preferences: null,
  areas: null,
  digest: 's',
};
async function coarse(field: string, as: RequestedField['as'], columns: string): Promise<unknown> {
  return value(
    cellSql(writer(), { field, as, name: 'x' }, { records: 'r', source, day: '2025-02-28' }),
    `SELECT ${columns}`,
  );
}

test('a birth date is delivered as its year, or as a band of ages that turns on the birthday', async () => {
  const born = (date: string): string => `CAST('${date}' AS DATE) AS f_born`;
  expect(await coarse('born', { kind: 'year' }, born('1987-05-06'))).toBe(1987);
  expect(await coarse('born', { kind: 'age-band', width: 5 }, born('2000-02-28'))).toBe('25-29');
  expect(await coarse('born', { kind: 'age-band', width: 5 }, born('2000-03-01'))).toBe('20-24');
  // Someone born on a 29 February is a year older on the 28th of other years.
  expect(await coarse('born', { kind: 'age-band', width: 5 }, born('2000-02-29'))).toBe('25-29');
  expect(await coarse('born', { kind: 'age-band', width: 5 }, born('2025-03-01'))).toBeNull();
  expect(await coarse('born', { kind: 'age-band', width: 5 }, 'CAST(NULL AS DATE) AS f_born')).toBeNull();
});

test('a postcode is delivered as its district, and what is no postcode not at all', async () => {
  expect(await coarse('postcode', { kind: 'postcode-district' }, "'sw1a 1aa' AS f_postcode")).toBe('SW1A');
  expect(await coarse('postcode', { kind: 'postcode-district' }, "'M1 1AA' AS f_postcode")).toBe('M1');
  expect(
    await coarse('postcode', { kind: 'postcode-district' }, "'12 Some Long Street' AS f_postcode"),
  ).toBeNull();
});

test('children are delivered as whether there is one under an age; one of unknown state leaves it open', async () => {
  const child = (born: string, state: string): string =>
    `CAST('${born}' AS DATE) AS f_born, '${state}' AS ch_0_state`;
  const under5 = { kind: 'child-under', years: 5 } as const;
  expect(await coarse('children', under5, child('2020-03-01', 'living'))).toBe(true);
  expect(await coarse('children', under5, child('2020-02-28', 'living'))).toBe(false);
  expect(await coarse('children', under5, child('2020-03-01', 'died'))).toBe(false);
  expect(await coarse('children', under5, child('2020-03-01', 'unknown'))).toBeNull();
});
