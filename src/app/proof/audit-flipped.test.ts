/** No bit of the evidence or the package can be flipped unseen. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { cheat, flip } from '../gate/evidence.fixture.ts';
import { type AuditFixture, auditFixture, filesIn } from './audit.fixture.ts';
import { audit } from './audit.ts';

let made: AuditFixture;
beforeAll(async () => {
  made = await auditFixture();
});
afterAll(() => made.drop());
beforeEach(() => made.restore());

describe('one bit flipped', () => {
  const places = (folder: string, count: number, seed: number) =>
    filesIn(folder).flatMap((name) => {
      const size = statSync(join(folder, name)).size;
      const drawn = fc.tuple(fc.nat(size - 1), fc.nat(7));
      return fc.sample(drawn, { seed, numRuns: count }).map(([byte, bit]) => [name, byte, bit] as const);
    });

  test('anywhere in the evidence or the package is found, and its file named', async () => {
    const { dir, packaged, options } = made;
    let flips = 0;
    for (const [folder, prefix, each] of [
      [dir, '', 26],
      [packaged, 'package ', 12],
    ] as const) {
      for (const [name, byte, bit] of places(folder, each, 7)) {
        const at = join(folder, name);
        const before = readFileSync(at);
        flip(at, byte, bit);
        const { differences } = await audit(dir, options({ package: prefix === '' ? null : packaged }));
        expect(
          differences.map((d) => d.where),
          `${name} byte ${byte} bit ${bit}`,
        ).toContain(`${prefix}${name}`);
        writeFileSync(at, before);
        flips += 1;
      }
    }
    expect(flips).toBeGreaterThanOrEqual(500);
  }, 300_000);

  test('is found again after a cheat has made every digest, root and entry around it anew', async () => {
    const { dir, engine, options, restore } = made;
    const bytes = (): string =>
      filesIn(dir)
        .map((name) => readFileSync(join(dir, name)).toString('hex'))
        .join();
    const untouched = bytes();
    let found = 0;
    for (const [name, byte, bit] of places(dir, 6, 11)) {
      restore();
      flip(join(dir, name), byte, bit);
      try {
        await cheat(engine, dir);
      } catch {
        // Too broken to be made to fit: it stays broken.
      }
      const { kind, differences } = await audit(dir, options({}));
      // What the cheat makes anew may undo the flip.
      if (bytes() === untouched) continue;
      expect(kind, `${name} byte ${byte} bit ${bit}`).toBe('differs');
      expect(differences.length).toBeGreaterThan(0);
      found += 1;
    }
    expect(found).toBeGreaterThanOrEqual(100);
  }, 300_000);
});
