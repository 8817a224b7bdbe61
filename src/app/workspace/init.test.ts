import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { readKey } from '../../documents/key.ts';
import { readLogKey } from '../../documents/log-key.ts';
import { loadWorkspace } from '../../documents/workspace.ts';
import { init } from './init.ts';
import { ignored } from './scaffold/ignored.ts';

const made: string[] = [];
async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'astold-init-'));
  made.push(dir);
  return dir;
}
afterEach(async () => {
  await Promise.all(made.splice(0).map((dir) => rm(dir, { recursive: true, force: true })));
});

test('a new workspace passes its own check', async () => {
  const { root, key } = await init(join(await folder(), 'new'));
  const workspace = await loadWorkspace(root);
  expect(key).toBe('made');
  expect(workspace.config.kind).toBe('live');
  expect(
    [workspace.requests, workspace.agreements, workspace.notices, workspace.sources, workspace.lists].map(
      (l) => l.length,
    ),
  ).toEqual([1, 1, 1, 1, 3]);
  expect([workspace.duties, workspace.freezes]).toEqual([[], []]);
});

test('its source is said to be synthetic and has twenty members', async () => {
  const { root } = await init(await folder());
  const { sources } = await loadWorkspace(root);
  expect(sources[0]?.synthetic).toBe(true);
  const csv = await readFile(sources[0]?.file.path ?? '', 'utf8');
  expect(csv.trim().split('\n')).toHaveLength(21);
});

test('the key is 32 bytes, for its owner alone, and another in each workspace', async () => {
  const [a, b] = [await init(await folder()), await init(await folder())];
  expect((await readKey(a.root)).length).toBe(32);
  expect((await stat(join(a.root, 'keys/organisation.key'))).mode & 0o777).toBe(0o600);
  expect((await readKey(a.root)).equals(await readKey(b.root))).toBe(false);
});

test("the log's key is of the organisation, its secret half for its owner alone", async () => {
  const { root, written } = await init(await folder());
  const { verifier } = await readLogKey(root);
  expect(verifier.name).toBe('astold.example/example-club');
  expect((await stat(join(root, 'keys/log.key'))).mode & 0o777).toBe(0o600);
  expect(written).toEqual(expect.arrayContaining(['keys/log.key', 'keys/log.pub']));
});

test('a second init changes nothing, and least of all the key', async () => {
  const { root } = await init(await folder());
  const key = await readKey(root);
  const again = await init(root);
  expect([again.key, again.written]).toEqual(['kept', []]);
  expect((await readKey(root)).equals(key)).toBe(true);
});

test('a file in the way refuses before anything is written', async () => {
  const dir = await folder();
  await writeFile(join(dir, 'duties.yaml'), 'mine');
  await expect(init(dir)).rejects.toMatchObject({ code: 'init-refused', files: ['duties.yaml'] });
  await expect(stat(join(dir, 'keys'))).rejects.toMatchObject({ code: 'ENOENT' });
  expect(await readFile(join(dir, 'duties.yaml'), 'utf8')).toBe('mine');
});

test('a .gitignore that is there keeps its lines and gains those that keep the key out', async () => {
  const dir = await folder();
  await writeFile(join(dir, '.gitignore'), 'node_modules/\nreleases/');
  await init(dir);
  expect(await readFile(join(dir, '.gitignore'), 'utf8')).toBe(
    `node_modules/\nreleases/\n${ignored.replace('releases/\n', '')}`,
  );
});

test.each(['', '  '])('an empty name is no folder (%j)', async (name) => {
  await expect(init(name)).rejects.toMatchObject({ code: 'init-refused' });
});

test('a file where a folder should be is in the way, and nothing is written', async () => {
  const dir = await folder();
  const file = join(dir, 'file');
  await writeFile(file, '');
  await expect(init(file)).rejects.toMatchObject({ code: 'init-refused' });
  await writeFile(join(dir, 'notices'), '');
  await expect(init(dir)).rejects.toMatchObject({ code: 'init-refused' });
  expect((await readdir(dir)).sort()).toEqual(['file', 'notices']);
  await rm(join(dir, 'notices'));
  await mkdir(join(dir, '.gitignore'));
  await expect(init(dir)).rejects.toMatchObject({ code: 'init-refused', files: ['.gitignore'] });
});
