/**
 * A working copy of an example: its documents, its committed data where it has any, and keys of its own.
 * `node examples/copy.ts toy-offer my-toys` makes one by hand.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ignored } from '../src/app/workspace/scaffold/ignored.ts';
import { createKey } from '../src/documents/key.ts';
import { createLogKey, logOrigin } from '../src/documents/log-key.ts';

/** What a run leaves in a copy, and a copy keeps. */
const kept: ReadonlySet<string> = new Set(['keys', 'vault', 'log', 'releases', 'evidence', '.astold']);

/** Brings `to` in line with the example's documents; what runs left there (`data`, keys, releases) stays. */
export async function copyExample(from: string, to: string): Promise<void> {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (kept.has(entry.name) || /\.(ts|md)$/.test(entry.name)) continue;
    if (entry.name !== 'data') rmSync(join(to, entry.name), { recursive: true, force: true });
    cpSync(join(from, entry.name), join(to, entry.name), { recursive: true });
  }
  writeFileSync(join(to, '.gitignore'), ignored);
  await createKey(to);
  const organisation = /^organisation: *(\S+)/m.exec(readFileSync(join(to, 'astold.yaml'), 'utf8'))?.[1];
  if (organisation === undefined) throw new RangeError(`${from}/astold.yaml names no organisation`);
  await createLogKey(to, logOrigin(organisation));
}

if (import.meta.main) {
  const [example, to] = process.argv.slice(2);
  const from = resolve(import.meta.dirname, example ?? '');
  if (example === undefined || to === undefined || !existsSync(join(from, 'astold.yaml'))) {
    console.error(
      'usage: node examples/copy.ts EXAMPLE FOLDER, EXAMPLE being a folder of examples/ with an astold.yaml',
    );
    process.exitCode = 2;
  } else {
    await copyExample(from, resolve(to));
    console.log(`${resolve(to)}: a working copy of ${example}, with keys of its own`);
  }
}
