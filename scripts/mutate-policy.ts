/**
 * Changes the files that decide, one operator, condition or text at a time, and lists the changes that no test of the
 * policy notices: `npm run mutate:policy`, or with the names of files of src/policy. A quarter of an hour for all.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const deciding = [
  'agreement-rules',
  'coverage',
  'decide',
  'judge',
  'list-rules',
  'promises',
  'request-rules',
  'rules',
  'telling',
  'told',
];
const root = fileURLToPath(new URL('..', import.meta.url));
const stryker = fileURLToPath(
  new URL('mutation/node_modules/@stryker-mutator/core/bin/stryker.js', import.meta.url),
);
const report = `${root}/coverage/mutation.json`;

if (!existsSync(stryker)) {
  console.error('The mutation tester is not installed. Run: npm ci --prefix scripts/mutation');
  process.exit(2);
}
const files = process.argv.length > 2 ? process.argv.slice(2) : deciding;
const mutate = files.map((file) => `src/policy/${file.replace(/\.ts$/, '')}.ts`);
const absent = mutate.filter((path) => !existsSync(`${root}/${path}`));
if (absent.length > 0) {
  console.error(`There is no ${absent.join(', ')}. Name files of src/policy, such as coverage.`);
  process.exit(2);
}
const run = spawnSync(
  process.execPath,
  [stryker, 'run', 'scripts/mutation/stryker.config.json', '--mutate', mutate.join(',')],
  { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
);
if (run.status !== 0) process.exit(run.status ?? 1);

const place = z.object({ line: z.number(), column: z.number() });
const found = z
  .object({
    files: z.record(
      z.string(),
      z.object({
        source: z.string(),
        mutants: z.array(
          z.object({
            mutatorName: z.string(),
            replacement: z.string().optional(),
            status: z.string(),
            location: z.object({ start: place, end: place }),
          }),
        ),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(report, 'utf8')));

let all = 0;
let left = 0;
for (const [path, { source, mutants }] of Object.entries(found.files)) {
  const lines = source.split('\n');
  for (const { mutatorName, replacement, status, location } of mutants) {
    all += 1;
    if (status !== 'Survived' && status !== 'NoCoverage') continue;
    const { start, end } = location;
    const line = lines[start.line - 1] ?? '';
    const original = line.slice(start.column - 1, start.line === end.line ? end.column - 1 : undefined);
    // The words of an explanation may change without a test; what is decided by may not.
    if (mutatorName === 'StringLiteral' && /[ `]/.test(original)) continue;
    left += 1;
    console.log(`${path}:${start.line}:${start.column} ${original} -> ${replacement ?? ''}`);
  }
}
console.log(`${left} of ${all} changes went unnoticed, words of explanations aside.`);
