import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { foldEmail, foldName, foldPhone, foldPostcode } from '../../policy/fold.ts';
import type { Engine } from '../engine.ts';
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

test('folding says the same in SQL and in memory, of every character', async () => {
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
      postcode: foldPostcode(text),
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
  expect(rows).toEqual(plain.map((text) => ({ postcode: foldPostcode(text), email: foldEmail(text) })));
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
