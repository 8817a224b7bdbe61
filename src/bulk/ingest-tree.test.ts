import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { leafHash, rootOf, verifyInclusion } from '../log/merkle.ts';
import type { Engine } from './engine.ts';
import { openDuckdb } from './engines/duckdb.ts';
import { ingestPaths, ingestTree } from './ingest-tree.ts';

let root: string;
let engine: Engine;
let vault: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'astold-tree-'));
  engine = await openDuckdb({ tempDirectory: join(root, 'tmp') });
});
afterAll(async () => {
  engine.close();
  await rm(root, { recursive: true, force: true });
});
let n = 0;
beforeEach(() => {
  vault = join(root, `vault-${n++}`);
  mkdirSync(vault);
});

const commitmentOf = (i: number, salt: string): string =>
  createHash('sha256').update(`${salt}${i}`).digest('hex');

/** A file of commitments; its rows are numbered with a gap, as where rows were rejected. */
async function commitments(count: number, salt: string): Promise<string> {
  const path = join(vault, `commitments-${salt}.parquet`);
  await engine.copy(
    `SELECT CAST(i * 2 AS INTEGER) AS "row", sha256(${engine.dialect.literal(salt)} || i) AS commitment FROM range(${count}) t(i) ORDER BY 1`,
    path,
    'parquet',
  );
  return path;
}

describe('the tree of an ingest', () => {
  test.each([1, 2, 3, 7, 16_384, 16_385, 40_000])(
    'of %i rows is that of RFC 6962, and so are its paths',
    async (count) => {
      const { root: found, rows } = await ingestTree(
        engine,
        await commitments(count, 's'),
        join(root, 'none'),
      );
      const leaves = Array.from({ length: count }, (_, i) =>
        leafHash(Buffer.from(commitmentOf(i, 's'), 'hex')),
      );
      expect([found, rows]).toEqual([rootOf(leaves).toString('hex'), count]);
      const asked = [0, count >> 1, count - 1];
      const paths = ingestPaths(vault, found, asked);
      for (const row of asked) {
        const leaf = leaves[row] ?? Buffer.alloc(0);
        const proof = (paths?.get(row) ?? []).map((hash) => Buffer.from(hash, 'hex'));
        const claim = {
          index: BigInt(row),
          size: BigInt(count),
          leaf,
          proof,
          root: Buffer.from(found, 'hex'),
        };
        expect(verifyInclusion(claim)).toBe(true);
      }
      expect(() => ingestPaths(vault, found, [count])).toThrow(RangeError);
    },
  );

  test('is worked out once, anew where the commitments are others, and for its owner alone', async () => {
    const path = await commitments(5, 's');
    const first = await ingestTree(engine, path, join(root, 'none'));
    const kept = readdirSync(vault);
    expect(await ingestTree(engine, path, join(root, 'none'))).toEqual(first);
    expect(readdirSync(vault)).toEqual(kept);
    for (const name of kept.filter((name) => !name.endsWith('.parquet')))
      expect(statSync(join(vault, name)).mode & 0o077, name).toBe(0);
    copyFileSync(await commitments(6, 't'), path);
    expect((await ingestTree(engine, path, join(root, 'none'))).rows).toBe(6);
  });

  test('keeps its leaves while evidence names its root, and no longer', async () => {
    const path = await commitments(5, 's');
    const evidence = join(root, `evidence-${n}`);
    const { root: named } = await ingestTree(engine, path, evidence);
    mkdirSync(join(evidence, 'r'), { recursive: true });
    const manifest = join(evidence, 'r/manifest.json');
    const state = (commitments: string): void =>
      writeFileSync(manifest, JSON.stringify({ source: { commitments } }));
    const change = async (count: number): Promise<string> => {
      copyFileSync(await commitments(count, 't'), path);
      return (await ingestTree(engine, path, evidence)).root;
    };
    const has = (of: string): boolean => existsSync(join(vault, `tree-${of}.leaves`));
    state(named);
    const second = await change(6);
    expect([has(named), has(second)]).toEqual([true, true]);
    writeFileSync(manifest, '{');
    await change(7);
    expect(has(named)).toBe(true);
    state('0'.repeat(64));
    await change(8);
    expect([has(named), has(second)]).toEqual([false, false]);
    expect(ingestPaths(vault, named, [0])).toBeNull();
  });

  test('whose leaves were changed gives no path', async () => {
    const { root: found } = await ingestTree(engine, await commitments(5, 's'), join(root, 'none'));
    const path = join(vault, `tree-${found}.leaves`);
    const bytes = readFileSync(path);
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    expect(() => ingestPaths(vault, found, [0])).toThrow(expect.objectContaining({ code: 'secrets-broken' }));
  });

  test('over what is no commitment is refused', async () => {
    const path = join(vault, 'commitments-x.parquet');
    await engine.copy(`SELECT 0 AS "row", 'abc' AS commitment`, path, 'parquet');
    await expect(ingestTree(engine, path, join(root, 'none'))).rejects.toMatchObject({
      code: 'secrets-broken',
    });
    expect(readdirSync(vault)).toEqual(['commitments-x.parquet']);
  });
});
