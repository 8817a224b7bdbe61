import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { lookAside } from './look-aside.ts';
import { scanFile } from './scan.ts';

const dir = mkdtempSync(join(tmpdir(), 'astold-look-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
}
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

test('more files than there are threads are each digested and scanned as they are', async () => {
  // A character lies across the end of a part.
  const texts = Array.from({ length: 9 }, (_, i) => `a,b\n${'x'.repeat(i * ((1 << 20) - 1))}é\t${i}\n`);
  const looked = await Promise.all(
    texts.map((text, i) => lookAside({ path: write(`${i}.csv`, text), text: true })),
  );
  for (const [i, text] of texts.entries()) {
    const scan = scanFile(join(dir, `${i}.csv`));
    expect(looked[i]).toEqual({ digest: sha256(text), bytes: Buffer.byteLength(text), scan });
    expect([scan.lines, scan.exotic, scan.notUtf8]).toEqual([2, true, null]);
  }
});

test('what is no text is digested alone', async () => {
  const path = write('file.parquet', 'PAR1\0');
  expect(await lookAside({ path, text: false })).toEqual({ digest: sha256('PAR1\0'), bytes: 5, scan: null });
});

test('a file that is not there fails alone: those asked before and after it are read', async () => {
  const paths = ['1.csv', 'missing.csv', '2.csv', 'nothing.csv', '3.csv', '4.csv'].map((name) =>
    join(dir, name),
  );
  const looked = await Promise.allSettled(paths.map((path) => lookAside({ path, text: true })));
  expect(looked.map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
  ]);
});

test('a process that asks for no digest it began ends without it', () => {
  const path = join(dir, 'large.parquet');
  writeFileSync(path, '');
  truncateSync(path, 2 ** 32);
  // A file: a thread would take over the options of a script that is given as text, and end by them.
  const script = write(
    'begin.mjs',
    `import { beginDigest } from ${JSON.stringify(new URL('file-digest.ts', import.meta.url).href)};
     let noted = false;
     beginDigest({ path: ${JSON.stringify(path)}, format: 'parquet' },
       { recall: () => null, watch: () => () => { noted = true; }, save() {} });
     process.on('exit', () => process.stdout.write(String(noted)));`,
  );
  const said = execFileSync(process.execPath, ['--no-warnings', script]);
  expect(said.toString()).toBe('false');
});
