import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../engine.ts';
import { openDuckdb } from './duckdb.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openDuckdb({ threads: 1, tempDirectory: join(tmpdir(), 'astold-times') });
});
afterAll(() => engine.close());

/** The earliest and the latest instant of each text, by the width between them, and its day in London. */
async function spans(texts: readonly string[]) {
  const { dialect, intake } = engine;
  const values = texts.map((text, i) => `(${i}, ${dialect.literal(text)})`).join(',');
  const low = intake.instantLow('x', intake.readTime('x'));
  const rows = await engine.rows(
    `SELECT ${low} AS low, ${intake.instantHigh('x', intake.readTime('x'))} AS high, ${low} + ${intake.instantWidth('x')} AS wide,
       ${intake.londonDay('x', low)} AS day FROM (VALUES ${values}) t(i, x) ORDER BY i`,
  );
  return rows.map(({ low: from, high, wide, day }) => {
    expect(wide).toBe(high);
    return from === null ? null : [Number(from), Number(high), day];
  });
}
const hour = 3_600_000;
const at = (iso: string): number => Date.parse(iso);

test('a time with an offset is one instant, in each form it may be written in', async () => {
  const written = {
    '2017-03-01T10:00:00Z': '2017-03-01',
    '2017-03-01 10:00:00Z': '2017-03-01',
    '2017-03-01T10:00Z': '2017-03-01',
    '2017-03-01T10:00:00+00:00': '2017-03-01',
    '2017-03-01T11:00:00+0100': '2017-03-01',
    '2017-03-01T11:00+01': '2017-03-01',
    '2017-03-01T09:30:00.000-00:30': '2017-03-01',
    '2017-02-28 12:00-22': '2017-03-01',
  };
  const found = await spans(Object.keys(written));
  const instant = at('2017-03-01T10:00:00Z');
  expect(found).toEqual(Object.values(written).map((day) => [instant, instant, day]));
});

test('a time without an offset may be an hour earlier, and is of the day it says', async () => {
  const written = ['2017-07-01T00:30:00', '2017-07-01 00:30', '2017-07-01T00:30:00.000000000'];
  const high = at('2017-07-01T00:30:00Z');
  expect(await spans(written)).toEqual(written.map(() => [high - hour, high, '2017-07-01']));
});

test('the day of a time with an offset is that of London', async () => {
  const [found] = await spans(['2017-07-01T23:30:00Z']);
  expect(found?.[2]).toBe('2017-07-02');
});

test('a bare date lasts until the end of its day, wherever it is read', async () => {
  const from = at('2016-02-29T00:00:00Z');
  expect(await spans(['2016-02-29'])).toEqual([[from - hour, from + 24 * hour, '2016-02-29']]);
});

test('what is not written as a time is none', async () => {
  const none = [
    ...[
      '2015-02-29',
      '2016/02/29',
      '0999-12-31',
      '2016-02-2x',
      '2017-13-01T10:00:00Z',
      '2017-03-01T25:00:00',
    ],
    ...['2017-03-01T10', '2017-03-01T10:00:60', '2017-03-01T10:00:00+24:00', '2017-03-01T10:00:00+01:60'],
    ...['2017-03-01  10:00', '2017-03-01T10:00:00z', '2017-03-01T10:00:00 Z', '2017-03-01T1:00:00Z', 'soon'],
  ];
  expect(await spans(none)).toEqual(none.map(() => null));
});
