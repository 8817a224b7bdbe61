import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type PackageDirs, standingManifest, writePackage } from './package.ts';

let root: string;
let releases: string;
let evidence: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'astold-package-'));
  [releases, evidence] = [join(root, 'releases'), join(root, 'evidence')];
});
afterEach(() => rm(root, { recursive: true, force: true }));

type Part = (dirs: PackageDirs) => Promise<void>;
const part =
  (name: string, text: string): Part =>
  ({ release }) =>
    writeFile(join(release, name), text);
const grounds: Part = (dirs) => writeFile(join(dirs.evidence, 'evidence.json'), '{}');
const broken: Part = () => Promise.reject(new Error('the disk is full'));
const write = async (id: string, parts: readonly Part[]): Promise<string> => {
  const { folder } = await writePackage(root, id, async (dirs, appear) => {
    for (const each of parts) await each(dirs);
    await appear();
  });
  return folder;
};

test('a package has all its parts under its name, and nothing else stands beside it', async () => {
  const folder = await write('r', [part('list.csv', 'a\n'), part('manifest.json', '{"release":"r"}')]);
  expect(await readdir(releases)).toEqual(['r']);
  expect((await readdir(folder)).sort()).toEqual(['list.csv', 'manifest.json']);
  expect(await standingManifest(releases, 'r')).toEqual({ release: 'r' });
});

test('a part that fails leaves no package and no trace', async () => {
  await expect(write('r', [part('list.csv', 'a\n'), broken])).rejects.toThrow('the disk is full');
  expect(await readdir(releases)).toEqual([]);
  expect(await standingManifest(releases, 'r')).toBeNull();
});

test('a package that is there is not touched', async () => {
  await write('r', [part('list.csv', 'first\n')]);
  await expect(write('r', [part('list.csv', 'second\n')])).rejects.toMatchObject({
    code: 'release-exists',
  });
  expect(await readFile(join(releases, 'r', 'list.csv'), 'utf8')).toBe('first\n');
  expect(await readdir(releases)).toEqual(['r']);
});

test('what another running process is writing is left alone', async () => {
  const theirs = `.r.${process.ppid}.partial`;
  await mkdir(join(releases, theirs), { recursive: true });
  await expect(write('r', [part('list.csv', 'a\n')])).rejects.toMatchObject({
    code: 'release-running',
    message: expect.stringContaining(join(releases, theirs)),
  });
  await write('q', [part('list.csv', 'a\n')]);
  expect((await readdir(releases)).sort()).toEqual([theirs, 'q']);
});

test('what a run on another machine, or the first process of a container, has begun is for a person to remove', async () => {
  for (const who of [`another-host.${process.pid}.0123456789ab`, '1']) {
    const theirs = join(releases, `.r.${who}.partial`);
    await mkdir(theirs, { recursive: true });
    await expect(write('r', [part('list.csv', 'a\n')])).rejects.toMatchObject({
      code: 'release-running',
    });
    await rm(theirs, { recursive: true });
  }
});

test('of two that write the same release, one does and the other is told', async () => {
  const slow: Part = async ({ release }) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    await writeFile(join(release, 'list.csv'), 'a\n');
  };
  const ends = await Promise.allSettled([1, 2, 3].map(() => write('r', [slow])));
  expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await readdir(releases)).toEqual(['r']);
});

test('a release without a manifest that can be read is no release, and says so', async () => {
  await mkdir(join(releases, 'r'), { recursive: true });
  await expect(standingManifest(releases, 'r')).rejects.toMatchObject({ code: 'package-unreadable' });
  await writeFile(join(releases, 'r', 'manifest.json'), '{');
  await expect(standingManifest(releases, 'r')).rejects.toMatchObject({ code: 'package-unreadable' });
  await rm(releases, { recursive: true });
  await writeFile(releases, '');
  await expect(standingManifest(releases, 'r')).rejects.toMatchObject({
    code: 'package-unreadable',
    message: expect.stringMatching(/a part of its path is a file/),
  });
});

test('its evidence appears with it, and evidence of a release that was moved away keeps a name of its own', async () => {
  await write('r', [part('manifest.json', '{}'), grounds]);
  expect(await readdir(evidence)).toEqual(['r']);
  await rm(join(releases, 'r'), { recursive: true });
  await write('r', [part('manifest.json', '{}'), grounds]);
  expect((await readdir(evidence)).sort()).toEqual(['r', 'r.earlier-1']);
  await expect(write('r', [grounds])).rejects.toMatchObject({ code: 'release-exists' });
  expect((await readdir(evidence)).sort()).toEqual(['r', 'r.earlier-1']);
});

test('a part that fails leaves no evidence either', async () => {
  await expect(write('r', [grounds, broken])).rejects.toThrow('the disk is full');
  expect(await readdir(evidence)).toEqual([]);
});
