import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type Scan, scanFile } from './scan.ts';

const dir = mkdtempSync(join(tmpdir(), 'astold-scan-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function scan(text: string): Scan {
  const path = join(dir, 'file.csv');
  writeFileSync(path, text);
  return scanFile(path);
}
const exotic = (text: string): boolean => scan(text).exotic;

describe('white space that is more than a plain space', () => {
  test('each that a cell may be trimmed of is seen, wherever a read of the file ends', () => {
    const spaces = '\t\v\f\u00a0\u1680\u2000\u2005\u200a\u2028\u2029\u202f\u205f\u3000\ufeff';
    for (const space of spaces) {
      expect([space, exotic(`a,b\n1,${space}2\n`)]).toEqual([space, true]);
      for (const before of [1, 2]) {
        const text = `${'a'.repeat((4 << 20) - before)}${space}b\n`;
        expect([space, before, exotic(text)]).toEqual([space, before, true]);
      }
    }
  });

  test('an apostrophe, a dash or an accent in a name is none', () => {
    expect(exotic('name,street\nO\u2019Brien \u2013 \u2018Bel\u2019,Rue de l\u2019\u00c9glise\n')).toBe(
      false,
    );
  });

  test('the mark a file begins with is none', () => {
    expect(exotic('\ufeffa,b\n1,2\n')).toBe(false);
    expect(exotic('\ufeffa,b\n1,\ufeff2\n')).toBe(true);
  });
});

/** Where two reads of a file meet. */
const chunk = 1 << 18;

test('lines are counted across the reads of a file, whatever they end with', () => {
  const row = `${'x'.repeat(97)},y`;
  expect(scan(`${row}\n`.repeat(9000))).toMatchObject({ lines: 9000, ends: 'lf' });
  for (const more of [0, 1, 2]) {
    const text = `${'x'.repeat(chunk - more)}\r\ny\r\n`;
    expect(scan(text)).toMatchObject({ lines: 2, ends: 'crlf', bytes: chunk - more + 5 });
    expect(scan(`${text}z\n`)).toMatchObject({ lines: 3, ends: 'mixed' });
  }
});

test('a space at an end of a cell is seen, wherever a read of the file ends', () => {
  for (const edge of [' ,', ', ', ' \n', '\n ', ' "', '" ', ' \r\n']) {
    for (const before of [0, 1, 2, 3]) {
      const text = `${'x'.repeat(chunk - before)}${edge}y\n`;
      expect([edge, before, scan(text).edges]).toEqual([edge, before, true]);
    }
  }
  expect(scan(' a,b\n').edges).toBe(true);
  expect(scan('a,b\nc,d ').edges).toBe(true);
  for (const before of [0, 1, 2, 3]) {
    const text = `a b,c d\n${'é'.repeat(chunk / 2 - 4)}${'x'.repeat(before)} y z\n`;
    expect([before, scan(text).edges]).toEqual([before, false]);
  }
});

test('a space after a comma within quotes is within a cell, wherever a read of the file ends', () => {
  const commaEdges = (text: string): boolean => scan(text).commaEdges;
  for (let before = 0; before < 12; before++) {
    const filled = `${'x'.repeat(chunk - before)},`;
    expect([before, commaEdges(`${filled}"a, b ,c",d\n"e, f"\n`)]).toEqual([before, false]);
    expect([before, commaEdges(`${filled}"a, b ,c", d\n"e, f"\n`)]).toEqual([before, true]);
    expect([before, commaEdges(`${filled}"a, b"c,"d"\n`)]).toEqual([before, true]);
    expect([before, commaEdges(`"${filled} a","b"\n, c\n`)]).toEqual([before, true]);
  }
  // What is cut by something else, or cut in the middle of a quote, is not known.
  expect(commaEdges('a;"b, c",d;e\n')).toBe(true);
  expect(commaEdges('5" pipe,"a, b",c\n')).toBe(true);
  expect(commaEdges('a,b ')).toBe(true);
  expect(commaEdges(' a,b\n')).toBe(true);
  expect(commaEdges('a b,"c, d"\n')).toBe(false);
});

test('what cuts the key of a history is seen', () => {
  for (const cut of '^|~') expect([cut, scan(`a,b\nc,d${cut}\n`).cuts]).toEqual([cut, true]);
  expect(scan('a,b\nc,"d"\n').cuts).toBe(false);
});
