import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { canonical, fileDigest, saltedDigest } from './manifest.ts';

test('canonical JSON does not depend on the order things were put in', () => {
  expect(canonical({ b: 1, a: [2, { d: null, c: 'é' }] })).toBe('{"a":[2,{"c":"é","d":null}],"b":1}');
});

test('the digest of the counts tells nothing without its salt', () => {
  expect(saltedDigest('x'.repeat(32), { n: 1 })).not.toBe(saltedDigest('y'.repeat(32), { n: 1 }));
  expect(saltedDigest('x'.repeat(32), { n: 1 })).toBe(
    createHash('sha256')
      .update(`${'x'.repeat(32)}{"n":1}`)
      .digest('hex'),
  );
});

test('a file is known by its bytes', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'astold-digest-'));
  await writeFile(join(dir, 'a'), 'abc');
  expect(await fileDigest(join(dir, 'a'))).toEqual({
    digest: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    bytes: 3,
  });
  await rm(dir, { recursive: true });
});
