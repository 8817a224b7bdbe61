import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type RawMember, rawZip } from './zip.fixture.ts';
import { readZip } from './zip-read.ts';
import { writeZip } from './zip-write.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'astold-zip-'));
  await mkdir(join(folder, 'out'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const limits = {
  members: new Map([
    ['a', 4 << 20],
    ['b', 100],
  ]),
  ratio: 100,
};
const a: RawMember = { name: 'a', data: Buffer.from('first') };
const b: RawMember = { name: 'b', data: Buffer.from('second') };
async function read(bytes: Buffer): Promise<void> {
  await writeFile(join(folder, 'zip'), bytes);
  await readZip(join(folder, 'zip'), join(folder, 'out'), limits);
}
const packed = (name: string, data: Buffer, more: Partial<RawMember>): RawMember => {
  const deflated = deflateRawSync(data);
  return { name, data: deflated, method: 8, size: data.length, crc: 0, ...more };
};

test('a zip of the members expected is taken apart', async () => {
  await read(rawZip([a, b]));
  expect(await readFile(join(folder, 'out', 'a'), 'utf8')).toBe('first');
  expect(await readFile(join(folder, 'out', 'b'), 'utf8')).toBe('second');
});

test('the same files give the same bytes', async () => {
  for (const name of ['a', 'b']) await writeFile(join(folder, name), `of ${name}`.repeat(50));
  await writeZip(folder, ['b', 'a'], new Set(['a']), join(folder, 'one.zip'));
  await writeZip(folder, ['b', 'a'], new Set(['a']), join(folder, 'two.zip'));
  expect(await readFile(join(folder, 'one.zip'))).toEqual(await readFile(join(folder, 'two.zip')));
  await readZip(join(folder, 'one.zip'), join(folder, 'out'), {
    ...limits,
    members: new Map([
      ['a', 1000],
      ['b', 1000],
    ]),
  });
  expect((await readdir(join(folder, 'out'))).sort()).toEqual(['a', 'b']);
});

describe('a zip is refused', () => {
  const bomb = Buffer.alloc(3 << 20);
  const cases: readonly (readonly [string, Buffer, string])[] = [
    ['that is none', Buffer.from('not a zip'), 'supply-unreadable'],
    ['that is empty', Buffer.alloc(0), 'supply-unreadable'],
    ['that is cut short', rawZip([a, b]).subarray(0, 60), 'supply-unreadable'],
    ['with more members than a supply has', rawZip([a, b, { ...b, name: 'c' }]), 'too-many-members'],
    ['with a member twice', rawZip([a, a]), 'member-duplicate'],
    ['with a member that no supply has', rawZip([a, { ...b, name: 'c' }]), 'member-unknown'],
    ['with a member that lacks', rawZip([a]), 'member-missing'],
    ['with an absolute path', rawZip([a, { ...b, name: '/etc/b' }]), 'path-absolute'],
    ['with an absolute path of Windows', rawZip([a, { ...b, name: 'C:\\b' }]), 'path-absolute'],
    ['with a path that climbs out', rawZip([a, { ...b, name: '../b' }]), 'path-climbs'],
    ['with a path that climbs out within', rawZip([a, { ...b, name: 'x/../../b' }]), 'path-climbs'],
    ['with a path that climbs out backwards', rawZip([a, { ...b, name: '..\\b' }]), 'path-climbs'],
    ['with a link', rawZip([a, { ...b, mode: 0o120777 }]), 'link-refused'],
    ['with a folder under the name of a member', rawZip([a, { ...b, mode: 0o040755 }]), 'link-refused'],
    [
      'with a member under a password',
      rawZip([a, { ...b, flags: 1, data: Buffer.alloc(20), size: 8 }]),
      'member-encrypted',
    ],
    ['with a member that is too large', rawZip([a, { ...b, data: Buffer.alloc(101) }]), 'member-too-large'],
    ['that is a bomb', rawZip([packed('a', bomb, {}), b]), 'zip-bomb'],
    ['that unpacks to more than it says', rawZip([packed('a', bomb, { size: 10 }), b]), 'supply-unreadable'],
    [
      'that unpacks to less than it says',
      rawZip([packed('a', Buffer.from('x'), { size: 10 }), b]),
      'supply-unreadable',
    ],
    ['with bytes other than those packed', rawZip([{ ...a, crc: 1 }, b]), 'crc-wrong'],
    ['packed in an unknown way', rawZip([{ ...a, method: 99 }, b]), 'supply-unreadable'],
  ];
  test.each(cases)('%s', async (_, bytes, code) => {
    await expect(read(bytes)).rejects.toMatchObject({ name: 'SupplyError', code });
    // Whatever was refused, nothing stands outside the folder given.
    expect((await readdir(folder)).sort()).toEqual(['out', 'zip']);
  });
});
