import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ArchiveContents } from './archive-form.ts';
import { openArchive } from './archive-read.ts';
import { writeArchive } from './archive-write.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'astold-archive-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
const place = (name: string): string => join(folder, name);
const contents: ArchiveContents = {
  ...{ version: 1, kind: 'state', backup: '3f1c1b0e-4a53-4c3e-9d7e-2f5e0c1d2a3b', program: '0.1.0' },
  ...{ made: '2026-11-22T12:00:00.000Z', organisations: [], migrations: [], members: [] },
};
const refusal = (name: string): Promise<unknown> =>
  openArchive(place(name), 'state').then(
    () => 'opened',
    (error: { code: unknown }) => error.code,
  );

test('what went in comes out, and the lines of a table are parted at line feeds alone', async () => {
  const archive = writeArchive(place('whole.zip'));
  const large = 'é'.repeat(100_000);
  const file = {
    kind: 'file' as const,
    ...(await archive.add('club/a', Readable.from([large, '\n', large]))),
  };
  const lines = ['"a\u2028b\u0085c"', '"d\re"', '', '"f"'];
  const added = await archive.add(
    'state/x.jsonl',
    Readable.from([`${lines[0]}\n${lines[1]?.slice(0, 2)}`, `${lines[1]?.slice(2)}\n\n"f"\n`]),
  );
  const table = { kind: 'table' as const, ...added, schema: 's', table: 'x', org: '*' };
  await archive.finish({ ...contents, members: [file, table] });
  expect(statSync(place('whole.zip')).mode & 0o777).toBe(0o600);
  const read = await openArchive(place('whole.zip'), 'state');
  expect(Buffer.concat(await (await read.bytes(file)).toArray()).toString()).toBe(`${large}\n${large}`);
  expect(await Readable.from(read.lines(table)).toArray()).toEqual(lines);
  read.close();
});

test('an archive that is given up, or of which a part cannot be read, leaves nothing', async () => {
  const archive = writeArchive(place('given-up.zip'));
  async function* broken(): AsyncGenerator<string> {
    yield 'a';
    throw new Error('no more');
  }
  await expect(archive.add('a', broken())).rejects.toThrow('no more');
  await archive.abandon();
  expect(readdirSync(folder).filter((name) => name.startsWith('given-up'))).toEqual([]);
});

test('a name that leads out of the folder is neither written nor read', async () => {
  const archive = writeArchive(place('names.zip'));
  for (const name of ['../a', '/a', 'a/../b', 'a//b', 'a\\b', 'C:a', './a'])
    await expect(archive.add(name, Readable.from([''])), name).rejects.toMatchObject({
      code: 'name-refused',
    });
  const member = { kind: 'file' as const, ...(await archive.add('plain', Readable.from(['x']))) };
  await archive.finish({ ...contents, members: [{ ...member, name: '../plain' }] });
  expect(await refusal('names.zip')).toBe('backup-unreadable');
});

test.each([
  ['has a member that its contents do not name', (members: unknown[]) => members.slice(1)],
  [
    'lacks one that they name',
    (members: unknown[]) => [...members, { ...(members[0] as object), name: 'c' }],
  ],
  [
    'has one with other bytes',
    (members: unknown[]) => [{ ...(members[0] as object), sha256: '0'.repeat(64) }, members[1]],
  ],
  ['names one twice', (members: unknown[]) => [members[0], members[0]]],
])('an archive that %s is refused', async (_, change) => {
  const path = `${Math.random()}.zip`;
  const archive = writeArchive(place(path));
  const members = [];
  for (const name of ['a', 'b'])
    members.push({ kind: 'file', ...(await archive.add(name, Readable.from([name]))) });
  await archive.finish({ ...contents, members: change(members) });
  expect(await refusal(path)).toBe('backup-unreadable');
});

test('an archive of a later form is said to be that, and one of no form to be none', async () => {
  for (const [name, given, code] of [
    ['later.zip', { ...contents, version: 2, more: true }, 'backup-newer'],
    ['odd.zip', { ...contents, more: true }, 'backup-unreadable'],
    ['none.zip', 'hello', 'backup-unreadable'],
  ] as const) {
    await writeArchive(place(name)).finish(given);
    expect(await refusal(name), name).toBe(code);
  }
  expect(readFileSync(place('later.zip')).length).toBeGreaterThan(0);
});
