/** A release that is killed at any instant leaves the whole package or none, its evidence with it, and can be run again. */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { init } from '../src/app/workspace/init.ts';
import { loadWorkspace } from '../src/documents/workspace.ts';

const main = resolve(import.meta.dirname, '../src/cli/main.js');
let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'astold-killed-'));
  await init(root);
  const config = await readFile(join(root, 'astold.yaml'), 'utf8');
  const clock = new Date(Math.floor(Date.now() / 1000) * 1000).toISOString();
  const fixed = config
    .replace('kind: live', 'kind: reconstruction')
    .replace('clock: null', `clock: ${clock}`);
  await writeFile(join(root, 'astold.yaml'), fixed);
  const request = (await loadWorkspace(root)).requests.find((r) => r.id === 'toy-offer');
  await mkdir(join(root, 'approvals'), { recursive: true });
  const approval = `approval: a\nrequest: toy-offer\nrequest-digest: "${request?.digest}"\nby: b.dpo\non: 2020-01-01\nlawful-because: "they asked for it"\n`;
  await writeFile(join(root, 'approvals', 'a.yaml'), approval);
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** Runs a release, killed after so many milliseconds; null lets it end. Gives its exit status, null if killed. */
function run(killAfter: number | null): Promise<number | null> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [main, '-w', root, '--quiet', 'release', 'toy-offer'], {
      stdio: 'ignore',
    });
    const timer = killAfter === null ? null : setTimeout(() => child.kill('SIGKILL'), killAfter);
    child.once('error', fail);
    child.once('exit', (status) => {
      if (timer) clearTimeout(timer);
      done(status);
    });
  });
}

/** Every file of every package that has its name, and of its evidence, with its bytes. */
async function packages(): Promise<readonly string[]> {
  const releases = join(root, 'releases');
  const names = await readdir(releases).catch(() => []);
  const found: string[] = [];
  for (const name of names.filter((n) => !n.startsWith('.')).sort()) {
    for (const folder of [join(releases, name), join(root, 'evidence', name)])
      for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
        const path = join(entry.parentPath, entry.name);
        if (entry.isFile()) found.push(`${path} ${(await readFile(path)).toString('hex')}`);
      }
  }
  return found.sort();
}

/** The vault and the log stay: what is in them is never made again. */
async function clear(): Promise<void> {
  for (const folder of ['releases', 'evidence', '.astold'])
    await rm(join(root, folder), { recursive: true, force: true });
}

test('killed at any instant, it leaves the whole package or none, and the next run makes it', async () => {
  const from = performance.now();
  expect(await run(null)).toBe(0);
  const took = performance.now() - from;
  const whole = await packages();
  expect(whole.filter((file) => !file.includes('/documents/'))).toHaveLength(15);
  for (let i = 0; i < 12; i++) {
    await clear();
    await run((took * (i + 3)) / 15);
    const left = await packages();
    if (left.length > 0) expect(left).toEqual(whole);
    expect(await run(null)).toBe(left.length > 0 ? 2 : 0);
    expect(await packages()).toEqual(whole);
    if (left.length > 0) continue;
    for (const folder of ['releases', 'evidence'])
      expect((await readdir(join(root, folder))).filter((name) => name.startsWith('.'))).toEqual([]);
  }
}, 120_000);
