import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asyncProperty, assert as propertyHolds, stringMatching, uniqueArray } from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bitsFor, bucketOf } from './buckets.ts';
import { findAcross } from './find-across.ts';
import { commitRoster, proveLeaf } from './roster-file.ts';
import { verifyRosterProof } from './roster-proof.ts';

let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'astold-roster-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const pipe = (): string => {
  const path = join(mkdtempSync(join(dir, 'p')), 'pipe');
  execFileSync('mkfifo', [path]);
  return path;
};
const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
const leafAt = (i: number): string => sha(`leaf ${i}`).slice(0, 32);
const leaves = (count: number): string[] => Array.from({ length: count }, (_, i) => leafAt(i)).sort();
const linesOf = (all: readonly string[]): string => all.map((leaf) => `${leaf}\n`).join('');
let files = 0;
function written(content: string): string {
  const path = join(dir, `roster-${files++}.txt`);
  writeFileSync(path, content);
  return path;
}

/** The root as the definition says, with nothing of ours: only for a power of two of buckets. */
function rootByHand(all: readonly string[], bits: number): string {
  const bytes = (text: string) =>
    createHash('sha256')
      .update(Buffer.from([0]))
      .update(text)
      .digest();
  const inBucket = Map.groupBy(all, (leaf) => Number(BigInt(`0x${leaf}`) >> BigInt(128 - bits)));
  let level = Array.from({ length: 2 ** bits }, (_, i) => bytes(linesOf(inBucket.get(i) ?? [])));
  while (level.length > 1)
    level = level.flatMap((left, i) =>
      i % 2 === 1
        ? []
        : [
            createHash('sha256')
              .update(Buffer.concat([Buffer.from([1]), left, level[i + 1] ?? left]))
              .digest(),
          ],
    );
  return (level[0] ?? Buffer.alloc(0)).toString('hex');
}

describe('the commitment', () => {
  test.each([0, 1, 96, 97, 5000])('of %i leaves is what its definition says', async (count) => {
    const all = leaves(count);
    const committed = await commitRoster(written(linesOf(all)));
    expect(committed).toEqual({ root: rootByHand(all, committed.bits), rows: count, bits: bitsFor(count) });
  });

  test.each([
    [0, 0],
    [96, 0],
    [97, 1],
    [192, 1],
    [193, 2],
    [15_576, 8],
    [1_065_200, 14],
  ])('a roster of %i leaves is cut by %i bits', (rows, bits) => {
    expect(bitsFor(rows)).toBe(bits);
  });

  test('a leaf is in the bucket of its first bits, whatever their number', () => {
    for (let bits = 0; bits <= 24; bits++)
      for (let i = 0; i < 20; i++)
        expect(bucketOf(leafAt(i), bits)).toBe(Number(BigInt(`0x${leafAt(i)}`) >> BigInt(128 - bits)));
  });

  test('a roster longer than what is read at once is committed to as a whole', async () => {
    const all = leaves(80_000);
    const committed = await commitRoster(written(linesOf(all)));
    expect(committed.root).toBe(rootByHand(all, committed.bits));
  });
});

describe('a proof', () => {
  test('shows every leaf present, and everything else absent', async () => {
    const leaf = stringMatching(/^[0-9a-f]{32}$/);
    await propertyHolds(
      asyncProperty(uniqueArray(leaf, { maxLength: 300 }), leaf, async (some, other) => {
        const path = written(linesOf([...some].sort()));
        const committed = await commitRoster(path);
        for (const each of [...some.slice(0, 5), other]) {
          const proof = await proveLeaf(path, committed, each);
          expect(verifyRosterProof(proof, each, committed)).toBe(some.includes(each) ? 'present' : 'absent');
        }
      }),
      { numRuns: 30 },
    );
  });

  test('with anything of it changed shows nothing', async () => {
    const all = leaves(700);
    const path = written(linesOf(all));
    const committed = await commitRoster(path);
    const leaf = all[123] ?? '';
    const proof = await proveLeaf(path, committed, leaf);
    const { bucket, path: way } = proof;
    const without = bucket.filter((each) => each !== leaf);
    const changed = [
      [{ bucket: without, path: way }, leaf, committed, 'proof-path'],
      [{ bucket: [], path: way }, leaf, committed, 'proof-path'],
      [{ bucket: [...bucket].reverse(), path: way }, leaf, committed, 'proof-bucket'],
      [{ bucket: [leaf, ...bucket], path: way }, leaf, committed, 'proof-bucket'],
      [{ bucket, path: way.slice(1) }, leaf, committed, 'proof-path'],
      [{ bucket, path: [...way, ...way.slice(-1)] }, leaf, committed, 'proof-path'],
      [{ bucket, path: [...way].reverse() }, leaf, committed, 'proof-path'],
      [{ bucket, path: way.map((hash) => hash.toUpperCase()) }, leaf, committed, 'proof-path'],
      [proof, all.at(-1) ?? '', committed, 'proof-bucket'],
      [proof, leaf, { ...committed, root: sha('another') }, 'proof-path'],
      [proof, leaf, { ...committed, bits: committed.bits + 1 }, 'commitment-malformed'],
      [proof, leaf, { ...committed, rows: -1 }, 'commitment-malformed'],
      [proof, leaf.toUpperCase(), committed, 'proof-malformed'],
    ] as const;
    for (const [what, of, against, code] of changed)
      expect(() => verifyRosterProof(what, of, against)).toThrow(expect.objectContaining({ code }));
    expect(verifyRosterProof(proof, leaf, committed)).toBe('present');
  });

  test('is not made of another roster than the one committed to', async () => {
    const committed = await commitRoster(written(linesOf(leaves(200))));
    for (const other of [leaves(201), leaves(200).slice(1), []])
      await expect(proveLeaf(written(linesOf(other)), committed, leafAt(1))).rejects.toMatchObject({
        code: 'roster-other',
      });
  });
});

describe('a roster that is not as it must be is refused', () => {
  const all = leaves(100);
  const good = linesOf(all);
  test.each([
    ['cut short', good.slice(0, -7), 'roster-truncated'],
    ['without its last line feed', good.slice(0, -1), 'roster-truncated'],
    ['with lines that end as on Windows', good.replaceAll('\n', '\r\n'), 'roster-malformed'],
    ['in capital letters', good.toUpperCase(), 'roster-malformed'],
    ['with a blank line', `\n${good}`, 'roster-malformed'],
    ['with a byte that is no digit', `${good.slice(0, 40)}g${good.slice(41)}`, 'roster-malformed'],
    ['with a line feed too early', `${good.slice(0, 40)}\n${good.slice(41)}`, 'roster-malformed'],
    ['with spaces for line feeds', good.replaceAll('\n', ' '), 'roster-malformed'],
    ['out of order', linesOf([...all].reverse()), 'roster-unsorted'],
    ['with a leaf twice', linesOf([...all, all[50] ?? ''].sort()), 'roster-duplicate'],
  ])('%s', async (_, content, code) => {
    await expect(commitRoster(written(content))).rejects.toMatchObject({ code });
  });

  test('where there is none, or a folder, a pipe or a device', async () => {
    await expect(commitRoster(join(dir, 'nowhere'))).rejects.toMatchObject({ code: 'roster-missing' });
    for (const path of [dir, pipe(), '/dev/zero']) {
      await expect(commitRoster(path)).rejects.toMatchObject({ code: 'roster-missing' });
      const searching = findAcross([{ release: 'r', path }], () => leafAt(1));
      await expect(searching).rejects.toMatchObject({ code: 'roster-missing' });
    }
  });

  test('with one bit flipped anywhere: it is refused, or has another root', async () => {
    const { root } = await commitRoster(written(good));
    for (let at = 0; at < good.length; at += 17) {
      const bytes = Buffer.from(good);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
      const path = join(dir, 'flipped.txt');
      writeFileSync(path, bytes);
      expect(
        await commitRoster(path).then(
          (c) => c.root,
          () => 'refused',
        ),
      ).not.toBe(root);
    }
  });
});

describe('a search through many rosters', () => {
  test('finds a leaf where it is, and nowhere else', async () => {
    const sizes = [0, 1, 2, 495, 496, 497, 5000, 40_000];
    const rosters = sizes.map((size, i) => ({ release: `r${i}`, path: written(linesOf(leaves(size))) }));
    for (const i of [0, 1, 494, 496, 2500, 4999, 39_999, 50_000]) {
      const found = await findAcross(rosters, () => leafAt(i));
      expect(found).toEqual(sizes.map((size, at) => ({ release: `r${at}`, present: i < size })));
    }
  });

  test('finds leaves that are not spread evenly', async () => {
    const heap = Array.from({ length: 4000 }, (_, i) => `f${i.toString(16).padStart(31, '0')}`);
    const path = written(linesOf(heap));
    for (const leaf of [heap[0], heap[1999], heap[3999]])
      expect(await findAcross([{ release: 'r', path }], () => leaf ?? '')).toEqual([
        { release: 'r', present: true },
      ]);
    expect(await findAcross([{ release: 'r', path }], () => '0'.repeat(32))).toEqual([
      { release: 'r', present: false },
    ]);
  });

  test('refuses a file that cannot be a roster', async () => {
    const good = linesOf(leaves(50));
    for (const [content, code] of [
      [good.slice(0, -1), 'roster-truncated'],
      [good.replaceAll('\n', ' '), 'roster-malformed'],
    ] as const)
      await expect(
        findAcross([{ release: 'r', path: written(content) }], () => leafAt(1)),
      ).rejects.toMatchObject({ code });
    await expect(
      findAcross([{ release: 'r', path: join(dir, 'nowhere') }], () => leafAt(1)),
    ).rejects.toMatchObject({
      code: 'roster-missing',
    });
  });
});
