import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type PackagePart, standingManifest, writePackage } from './package.ts';

let releases: string;
beforeEach(async () => {
  releases = join(await mkdtemp(join(tmpdir(), 'astold-package-')), 'releases');
});
afterEach(() => rm(join(releases, '..'), { recursive: true, force: true }));

const part = (name: string, text: string): PackagePart => ({
  name,
  write: (dir) => writeFile(join(dir, name), text),
});
const broken: PackagePart = { name: 'broken', write: () => Promise.reject(new Error('the disk is full')) };

test('a package has all its parts under its name, and nothing else stands beside it', async () => {
  const folder = await writePackage(releases, 'r', [
    part('list.csv', 'a\n'),
    part('manifest.json', '{"release":"r"}'),
  ]);
  expect(await readdir(releases)).toEqual(['r']);
  expect((await readdir(folder)).sort()).toEqual(['list.csv', 'manifest.json']);
  expect(await standingManifest(releases, 'r')).toEqual({ release: 'r' });
});

test('a part that fails leaves no package and no trace', async () => {
  await expect(writePackage(releases, 'r', [part('list.csv', 'a\n'), broken])).rejects.toThrow(
    'the disk is full',
  );
  expect(await readdir(releases)).toEqual([]);
  expect(await standingManifest(releases, 'r')).toBeNull();
});

test('a package that is there is not touched', async () => {
  await writePackage(releases, 'r', [part('list.csv', 'first\n')]);
  await expect(writePackage(releases, 'r', [part('list.csv', 'second\n')])).rejects.toMatchObject({
    code: 'release-exists',
  });
  expect(await readFile(join(releases, 'r', 'list.csv'), 'utf8')).toBe('first\n');
  expect(await readdir(releases)).toEqual(['r']);
});

test('what another running process is writing is left alone', async () => {
  const theirs = `.r.${process.ppid}.partial`;
  await mkdir(join(releases, theirs), { recursive: true });
  await expect(writePackage(releases, 'r', [part('list.csv', 'a\n')])).rejects.toMatchObject({
    code: 'release-running',
    message: expect.stringContaining(join(releases, theirs)),
  });
  await writePackage(releases, 'q', [part('list.csv', 'a\n')]);
  expect((await readdir(releases)).sort()).toEqual([theirs, 'q']);
});

test('what a run on another machine, or the first process of a container, has begun is for a person to remove', async () => {
  for (const who of [`another-host.${process.pid}.0123456789ab`, '1']) {
    const theirs = join(releases, `.r.${who}.partial`);
    await mkdir(theirs, { recursive: true });
    await expect(writePackage(releases, 'r', [part('list.csv', 'a\n')])).rejects.toMatchObject({
      code: 'release-running',
    });
    await rm(theirs, { recursive: true });
  }
});

test('of two that write the same release, one does and the other is told', async () => {
  const slow: PackagePart = {
    name: 'list.csv',
    write: async (dir) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      await writeFile(join(dir, 'list.csv'), 'a\n');
    },
  };
  const ends = await Promise.allSettled([1, 2, 3].map(() => writePackage(releases, 'r', [slow])));
  expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await readdir(releases)).toEqual(['r']);
});

test('a release without a manifest that can be read is no release, and says so', async () => {
  await mkdir(join(releases, 'r'), { recursive: true });
  await expect(standingManifest(releases, 'r')).rejects.toMatchObject({ code: 'package-unreadable' });
  await writeFile(join(releases, 'r', 'manifest.json'), '{');
  await expect(standingManifest(releases, 'r')).rejects.toMatchObject({ code: 'package-unreadable' });
});
