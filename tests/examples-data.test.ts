import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { geographyAtHand, loadGeography } from '../examples/generate/geography.ts';
import { type GenerateOptions, generate } from '../examples/generate/parenting-club.ts';
import { smallExamples } from '../examples/generate/small.ts';

const examples = resolve(import.meta.dirname, '../examples');
const work = mkdtempSync(join(tmpdir(), 'astold-generated-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const ofClub = (dir: string): GenerateOptions => ({
  dir: join(work, dir),
  members: 30_000,
  events: 3_000,
  suppressions: 4_000,
  geography: 'synthetic',
  seed: 2017,
});
const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

describe('the generator', () => {
  it('makes the same bytes on every machine', () => {
    const { dir, files } = generate(ofClub('bytes'));
    const digest = createHash('sha256');
    for (const { name } of files) digest.update(`${name} ${sha256(join(dir, name))}\n`);
    expect(digest.digest('hex')).toBe('e0c627175ae93b006844a89aa9fd7be5b67083289ca1662ed15460ee43806956');
  });

  it('leaves alone what the same options have made, and makes anew what others have', () => {
    expect(generate(ofClub('again')).reused).toBe(false);
    expect(generate(ofClub('again')).reused).toBe(true);
    const before = sha256(join(work, 'again/data/members.csv'));
    expect(generate({ ...ofClub('again'), seed: 2018 }).reused).toBe(false);
    expect(sha256(join(work, 'again/data/members.csv'))).not.toBe(before);
  });

  it('writes as many members, events and list entries as it is asked for', () => {
    const { dir } = generate(ofClub('bytes'));
    const lines = (name: string): number => readFileSync(join(dir, name), 'utf8').split('\n').length - 1;
    expect(lines('members.csv') - 1).toBe(30_000);
    expect(lines('preferences.csv') - 1).toBe(3_000);
    // People without a postcode are left off the club's own list.
    expect(lines('own-stops.csv') - 1 + lines('mps.txt') + lines('baby-mps.txt')).toBeGreaterThan(3_980);
  });

  it('knows 632 areas, 106 of them seats, in either geography', () => {
    for (const name of new Set(['synthetic', geographyAtHand()] as const)) {
      const { areas, seats } = loadGeography(name);
      expect([areas.length, new Set(seats).size]).toEqual([632, 106]);
    }
  });
});

describe('what is committed', () => {
  it('is, in the small examples, just the data that the generator makes', () => {
    for (const [example, make] of smallExamples) {
      const made = join(work, example, 'data');
      make(made);
      const committed = join(examples, example, 'data');
      expect(readdirSync(committed).sort()).toEqual(readdirSync(made).sort());
      for (const file of readdirSync(made))
        expect([file, sha256(join(committed, file))]).toEqual([file, sha256(join(made, file))]);
    }
  });

  it('says of every notice that its text is not that of the real organisation', () => {
    const notices = join(examples, '2017-parenting-club/notices');
    for (const file of readdirSync(notices)) {
      const [, ...parts] = readFileSync(join(notices, file), 'utf8').split(/^---$/m);
      expect(parts[0]?.trim()).toMatch(/^# Written for this example; not the text of the real organisation/);
      expect(parts[1]?.trim()).toMatch(
        /^> This text was written for this example\. It is not the text of the real organisation\./,
      );
    }
  });
});
