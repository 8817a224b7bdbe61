import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openDuckdb } from '../engines/duckdb.ts';
import { openFile, readTable } from './table.ts';

const dir = mkdtempSync(join(tmpdir(), 'astold-table-'));
const engine = await openDuckdb({ tempDirectory: join(dir, 'spill'), memoryLimit: '64MB' });
afterAll(() => {
  engine.close();
  rmSync(dir, { recursive: true, force: true });
});

const aside = { dir, name: 'file' };
const open = (name: string, text: string) => {
  const path = join(dir, name);
  writeFileSync(path, text);
  return openFile({ path, format: 'csv', encoding: null, delimiter: null, dateFormat: 'YYYY-MM-DD' }, aside);
};

test('an engine that runs out of memory is no fault of the file, which is not read again', async () => {
  const opened = await open('good.csv', 'a,b\n1,2\n');
  let reads = 0;
  const read = readTable(engine, opened, aside, async ({ sql }) => {
    reads++;
    await engine.rows(`SELECT list(repeat('x', 1000000) || i) AS n FROM range(1000) t(i), ${sql}`);
    return 1;
  });
  await expect(read).rejects.toThrow();
  expect(reads).toBe(1);
});

test('a line that the engine cannot cut is left to the careful reader', async () => {
  const opened = await open('short.csv', 'a,b\n1\n2,3\n');
  let reads = 0;
  const table = await readTable(engine, opened, aside, async ({ sql }) => {
    reads++;
    return Number((await engine.rows(`SELECT COUNT(*) AS n, COUNT(c1) AS m FROM ${sql}`))[0]?.n);
  });
  expect(reads).toBe(2);
  expect(table.short).toBe(1);
});

test('a cell is without the spaces at its ends, and empty is null, whichever cells have any', async () => {
  const files = {
    none: 'a,b,c\nx y,"",z\n',
    first: 'a,b,c\n x y,,z\n',
    last: 'a,b,c\nx y,,z \n',
    between: 'a,b,c\nx y ,"  ", z\n',
    quoted: 'a,b,c\n" x y",," z "\n',
    escaped: 'a,b,c\n"x y ","",z\n',
    exotic: 'a,b,c\nx y\t,,\u00a0z\n',
    returned: 'a,b,c\r\nx y ,,z \r\n',
    at: 'a;b;c\nx y ; ;z\n',
  };
  for (const [name, text] of Object.entries(files)) {
    const opened = await open(`${name}.csv`, text);
    let cells: unknown;
    await readTable(engine, opened, aside, async ({ sql, trimmed }) => {
      const rows = await engine.rows(
        `SELECT ${['a', 'b', 'c'].map((column) => `${trimmed(column)} AS ${column}`).join(', ')} FROM ${sql}`,
      );
      cells = rows;
      return rows.length;
    });
    expect([name, cells]).toEqual([name, [{ a: 'x y', b: null, c: 'z' }]]);
  }
});

test('a comma and a space within quotes are no end of a cell, and hide none', async () => {
  const pieces = [
    'x',
    ' x',
    'x ',
    '"x, y"',
    '"x ,y"',
    '"x;y" ',
    ' "x, y"',
    '" x, y"',
    '"x ""y"", z"',
    'x;y',
    '5" x',
  ];
  const apart = (text: string): string =>
    text
      .trim()
      .replace(/^"(.*)"$/s, '$1')
      .replaceAll('""', '"')
      .trim();
  for (const one of pieces) {
    for (const other of pieces) {
      const opened = await open('within.csv', `a,b\n"v, w",u\n${one},${other}\nt,"r, s"\n`);
      let cells: unknown;
      await readTable(engine, opened, aside, async ({ numbered, trimmed }) => {
        const rows = await engine.rows(
          `SELECT ${trimmed('a')} AS a, ${trimmed('b')} AS b FROM ${numbered} ORDER BY line`,
        );
        cells = rows.map(({ a, b }) => [a, b]);
        return rows.length;
      });
      const expected = [
        ['v, w', 'u'],
        [apart(one), apart(other)],
        ['t', 'r, s'],
      ];
      expect([one, other, cells]).toEqual([one, other, expected]);
    }
  }
});

test('a delimiter that nobody looked for leaves the ends of the cells to be looked at', async () => {
  const path = join(dir, 'odd.csv');
  writeFileSync(path, 'a:b\n x : y\n');
  const opened = await openFile(
    { path, format: 'csv', encoding: null, delimiter: ':', dateFormat: 'YYYY-MM-DD' },
    aside,
  );
  await readTable(engine, opened, aside, async ({ sql, trimmed }) => {
    const rows = await engine.rows(`SELECT ${trimmed('a')} AS a, ${trimmed('b')} AS b FROM ${sql}`);
    expect(rows).toEqual([{ a: 'x', b: 'y' }]);
    return rows.length;
  });
});
