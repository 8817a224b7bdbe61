import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { scanFile } from './scan.ts';

const dir = mkdtempSync(join(tmpdir(), 'astold-scan-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function exotic(text: string): boolean {
  const path = join(dir, 'file.csv');
  writeFileSync(path, text);
  return scanFile(path).exotic;
}

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
