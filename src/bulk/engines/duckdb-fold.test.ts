import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { foldEmail, foldName, foldPhone, foldPostcode } from '../../policy/fold.ts';
import type { Engine } from '../engine.ts';
import { booleanOf } from '../ingest/cells.ts';
import { openDuckdb } from './duckdb.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openDuckdb({ threads: 1, tempDirectory: join(tmpdir(), 'astold-fold') });
});
afterAll(() => engine.close());

/** Assigned since Unicode 15: two libraries come to know them at different times. */
const recent = [
  [0x897, 0x897],
  [0x1acf, 0x1aeb],
  [0x1c89, 0x1c89],
  [0xa7cb, 0xa7dc],
] as const;

/** Every character of the first plane but surrogates and NUL, and the strings that names are made of. */
function texts(): string[] {
  const all: string[] = [];
  for (let code = 1; code <= 0xffff; code++) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    if (!recent.some(([from, to]) => code >= from && code <= to)) all.push(`A${String.fromCodePoint(code)}b`);
  }
  for (let code = 0x300; code <= 0x36f; code++)
    all.push(`ABC${String.fromCodePoint(code)}d`, `AB${String.fromCodePoint(code)}cd`);
  all.push(
    'O’Brien',
    "O'BRIEN",
    'O‘Brien',
    'Smith-Jones',
    'Smith Jones',
    'St. John',
    'Zoë',
    'Zoe\u0308',
    'Siân\t',
    ' Ng ',
    'ΣΊΣΥΦΟΣ',
    'İpek',
    'ISPARTA',
    'straße',
    'Ægir',
    '\u00a0van\u00a0der\u00a0Berg',
    'd’Arcy, Jr.',
    '...',
    '-',
    ' ',
    '',
    'Μαρία',
    'Łukasz',
    'sw1a 1aa',
    ' SW1A\u00a01AA',
    'Sw1a\t1aA',
    'ß1 1ss',
    'm1 1aé',
    ...'M52 1RD,M521RD,m 521 rd,M52  1RD,M5 21RD,M52 1R,SW1A 1AA , SW1A 1AA,SW1A1AA,SW1AA 1AA,M5 1RD,M 1RD'.split(
      ',',
    ),
    ...'M52-1RD,M52 1RÐ,ﬀ1 1aa,1,12,123,1 2 3,a b,1234,75 008,😀😀😀,1😀1aa,A1\u0301 1AA,M52\u00a01RD'.split(
      ',',
    ),
    'A@B.Example ',
    '\tÉmile@Example.com',
    'İ@x.example',
    ' ',
    '07700 900123',
    '+44 7700 900123',
    '0044 (0)7700-900123',
    '447700900123',
    '4407700900123',
    '44',
    '00440',
    '0044',
    '(01632) 960000',
    '٠١٦٣٢',
    'n/a',
  );
  return all;
}

/** A space before the last three characters: no two postcodes become one by it. */
const spaced = (folded: string): string => folded.replace(/...$/su, ' $&');

test('folding says the same in SQL and in memory, of every character; a postcode with its space', async () => {
  const all = texts();
  const { dialect, intake } = engine;
  const values = all.map((text, i) => `(${i}, ${dialect.literal(text)})`).join(',');
  const rows = await engine.rows(
    `SELECT i, ${intake.foldName('x')} AS name, ${intake.foldPostcode('x', true)} AS postcode, ${intake.foldEmail('x', true)} AS email,
     ${intake.foldThree('x')} AS three, ${intake.foldPhone('x')} AS phone, ${intake.trim('x', true)} AS trimmed FROM (VALUES ${values}) t(i, x) ORDER BY i`,
  );
  const orNull = (text: string): string | null => (text === '' ? null : text);
  const differing = all.flatMap((text, i) => {
    const own = {
      name: foldName(text),
      three: Array.from(foldName(text)).slice(0, 3).join(''),
      postcode: spaced(foldPostcode(text)),
      email: foldEmail(text),
      phone: foldPhone(text),
      trimmed: text.trim(),
    };
    return Object.entries(own).flatMap(([way, folded]) =>
      rows[i]?.[way] === orNull(folded)
        ? []
        : [
            `${way} of ${JSON.stringify(text)} U+${text.codePointAt(1)?.toString(16)}: ${JSON.stringify(rows[i]?.[way])}, not ${JSON.stringify(folded)}`,
          ],
    );
  });
  expect(rows).toHaveLength(all.length);
  expect(differing).toEqual([]);
});

test('what was trimmed, and has no white space but the plain one, is folded alike at less cost', async () => {
  const plain = texts()
    .map((text) => text.trim())
    .filter((text) => text !== '' && !/[^\S ]/.test(text));
  const { dialect, intake } = engine;
  const values = plain.map((text, i) => `(${i}, ${dialect.literal(text)})`).join(',');
  const rows = await engine.rows(
    `SELECT ${intake.foldPostcode('x', false)} AS postcode, ${intake.foldEmail('x', false)} AS email FROM (VALUES ${values}) t(i, x) ORDER BY i`,
  );
  expect(rows).toEqual(
    plain.map((text) => ({ postcode: spaced(foldPostcode(text)), email: foldEmail(text) })),
  );
});

test('a date is ten characters as they should be, whatever the engine makes of others', async () => {
  const written = ['2016-02-29', '1900-01-01', '2100-12-31'];
  const others = [
    ...[
      '2016/02/29',
      '2016-2-29',
      '2016-02-2',
      '2016-02-29 ',
      '2016-02-1 ',
      '2015-02-29',
      '20-6-01-11',
      '2-06-01-11',
    ],
    ...[
      '190199-02-01',
      '20160-1-01',
      '+016-01-01',
      '2016-01-1\t',
      '2016 01 01',
      '2016-13-01',
      '0999-01-01',
      'epoch',
    ],
  ];
  const { dialect, intake } = engine;
  const values = [...written, ...others].map((text) => `(${dialect.literal(text)})`).join(',');
  const rows = await engine.rows(
    `SELECT x FROM (VALUES ${values}) t(x) WHERE ${intake.date('x')} IS NOT NULL`,
  );
  expect(rows.map((row) => row.x)).toEqual(written);
});

/** Dates with one or two characters in the place of others, left out, or put before, between and behind. */
function likeDates(): string[] {
  const odd = ['0', '1', '3', '9', '-', '/', ' ', '.', '+', ':', '\t', '\\', 'T', 'x', 'é', '٣', '−'];
  const near = (text: string): string[] =>
    Array.from({ length: text.length + 1 }, (_, at) =>
      ['', ...odd].flatMap((put) => [0, 1, 2].map((gone) => text.slice(0, at) + put + text.slice(at + gone))),
    ).flat();
  const seeds = [
    '2016-02-29',
    '1999-12-31',
    '2016-2-1',
    '20160-1-01',
    '02016-1-01',
    '-999-10-10',
    '0999-11-30',
  ];
  const once = seeds.flatMap(near);
  const twice = near('2016-02-29').flatMap(near);
  return [...new Set([...once, ...twice, 'infinity', '-infinity', 'epoch', '2016-02-29 (BC)'])];
}

test('of all that looks like a date, one is what ten characters say of a day that there is', async () => {
  const { dialect, intake } = engine;
  const all = likeDates();
  expect(all.length).toBeGreaterThan(50_000);
  const values = all.map((text, i) => `(${i}, ${dialect.literal(text)})`).join(',');
  // A time is read of the same text, and where it is ten characters it is a date.
  const low = intake.instantLow('x', intake.readTime('x'));
  const rows = await engine.rows(
    `SELECT x, CAST(${intake.date('x')} AS VARCHAR) AS day, CASE WHEN strlen(x) = 10 THEN ${low} END AS low FROM (VALUES ${values}) t(i, x) ORDER BY i`,
  );
  const isDay = (text: string): boolean =>
    /^[1-9]\d{3}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text;
  const hour = 3_600_000;
  expect(rows).toEqual(
    all.map((x) => (isDay(x) ? { x, day: x, low: Date.parse(x) - hour } : { x, day: null, low: null })),
  );
});

test('yes and no are said in four ways each, in small letters and large', async () => {
  const cases = (text: string): string[] =>
    Array.from(text).reduce<string[]>(
      (all, letter) => all.flatMap((begun) => [begun + letter, begun + letter.toUpperCase()]),
      [''],
    );
  const yes = ['y', 'yes', 'true', '1'].flatMap(cases);
  const no = ['n', 'no', 'false', '0'].flatMap(cases);
  const neither = [
    '',
    ' ',
    'N ',
    ' Y',
    'ye',
    'not',
    't',
    'f',
    '00',
    '01',
    '2',
    '-1',
    'ja',
    'ｙ',
    'Ñ',
    'ÿ',
    'fal\u017fe',
  ];
  const rows = await engine.rows(
    `SELECT ${booleanOf('x')} AS said, ${booleanOf('x', ["'died'", "'living'"])} AS state
     FROM (VALUES ${[...yes, ...no, ...neither].map((text, i) => `(${i}, ${engine.dialect.literal(text)})`).join(',')}, (999, NULL)) t(i, x) ORDER BY i`,
  );
  expect(rows).toEqual([
    ...yes.map(() => ({ said: true, state: 'died' })),
    ...no.map(() => ({ said: false, state: 'living' })),
    ...[...neither, null].map(() => ({ said: null, state: null })),
  ]);
});
