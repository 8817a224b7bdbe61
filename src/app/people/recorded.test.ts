import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { preferencesIn, preferencesOf } from '../../store/preferences.ts';
import { sqliteLedger } from '../../store/sqlite/place.ts';
import { check } from '../gate/check.ts';
import { freeze } from '../gate/frozen.ts';
import { saidSince } from '../supply/stops-since.ts';
import { erase } from './erase.ts';
import { nothingSaid, type PreferFixture, preferFixture } from './prefer.fixture.ts';
import { importPreferences } from './prefer-batch.ts';

let club: PreferFixture;
let folder: string;
let stop: string;
const vault = (): string => join(club.root, 'vault');
const file = (): string => join(vault(), 'ledger.sqlite');

beforeAll(async () => {
  club = await preferFixture();
  folder = mkdtempSync(join(tmpdir(), 'astold-recorded-'));
  stop = (await club.say({ person: 'M001' })).content.event;
  await club.say({ person: 'M003', purpose: 'dpv:DirectMarketing' });
  await club.say({ person: 'M004' });
  await club.say({ person: null, details: { ...nothingSaid, email: 'rosa@people.example' } });
  writeFileSync(join(folder, 'a.csv'), 'event;record;kind;received\na1;M002;objection;2026-03-01\n');
  const batch = await importPreferences(await club.load(), 'members', join(folder, 'a.csv'), club.options);
  expect(batch.kind).toBe('imported');
  const gone = { source: 'members', person: 'M004', by: 'letter', received: null } as const;
  expect(await erase(await club.load(), gone, club.options, async () => {})).toMatchObject({
    kind: 'erased',
  });
  await club.publish();
  cpSync(vault(), join(folder, 'vault'), { recursive: true });
});
afterAll(() => {
  for (const each of [club.root, folder]) rmSync(each, { recursive: true, force: true });
});

async function decidedAfter(damage: string): Promise<string> {
  cpSync(join(folder, 'vault'), vault(), { recursive: true, force: true });
  const ledger = new DatabaseSync(file());
  ledger.exec(`PRAGMA foreign_keys = OFF; ${damage}`);
  await ledger.close();
  const out = join(folder, 'out');
  try {
    return `${(await freeze(club.options.ledger, 'members', out)).recorded?.files.length} files`;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  } finally {
    rmSync(out, { recursive: true, force: true });
    cpSync(join(folder, 'vault'), vault(), { recursive: true, force: true });
  }
}

const opened = "CAST(content AS TEXT) LIKE '%objection%'";
const damages: readonly (readonly [string, string])[] = [
  ['all the events are gone', 'DELETE FROM preference'],
  ['one event is gone', 'DELETE FROM preference WHERE idx = 0'],
  ['the event of who was erased is gone', "DELETE FROM preference WHERE type = 'erasure'"],
  ['events are taken for erased', 'UPDATE preference SET erased = 1'],
  ['the event of nobody known is taken for erased', 'UPDATE preference SET erased = 1 WHERE key IS NULL'],
  ['events are of another source', "UPDATE preference SET source = 'x'"],
  ['a stop is no stop', "UPDATE preference SET type = 'presented' WHERE idx = 0"],
  ['a stop is of less', "UPDATE preference SET purpose = 'dpv:PublicRelations' WHERE idx = 0"],
  ['a stop came later', "UPDATE preference SET received = '2999-01-01' WHERE idx = 0"],
  ['an event is of another entry', 'UPDATE preference SET idx = 999 WHERE idx = 0'],
  ['the batch is gone', 'DELETE FROM preference_batch'],
  ['the batch is of another source', "UPDATE preference_batch SET source = 'x'"],
  ['the batch is of another file', "UPDATE preference_batch SET digest = 'x'"],
  [
    'an opening says something else',
    `UPDATE opening SET content = CAST(replace(CAST(content AS TEXT), 'objection', 'presented') AS BLOB) WHERE ${opened}`,
  ],
  [
    'an opening is gone, and its event with it',
    'DELETE FROM opening WHERE idx = 0; DELETE FROM preference WHERE idx = 0',
  ],
  ['an opening was destroyed, and nobody erased', 'UPDATE opening SET destroyed = 1 WHERE idx = 0'],
];

describe('a decision is on every preference event that was logged', () => {
  test('and what an erasure leaves is whole', async () => {
    expect(await decidedAfter('')).toBe('2 files');
  });

  test.each(damages)('where %s, nothing is decided', async (_, damage) => {
    expect(await decidedAfter(damage)).toBe('ledger-damaged');
  });

  test('a ledger that lost a stop counts nobody as free to go', async () => {
    const ledger = new DatabaseSync(file());
    ledger.exec(`DELETE FROM preference WHERE event = '${stop}'`);
    await ledger.close();
    await expect(
      check(await club.load(), 'toy-offer', { ...club.options, asOf: null }),
    ).rejects.toMatchObject({
      code: 'ledger-damaged',
    });
    // Nor is a release handed over as if nobody had said anything since.
    await expect(saidSince(club.options.ledger, 'members', 0n)).rejects.toMatchObject({
      code: 'ledger-damaged',
    });
    cpSync(join(folder, 'vault'), vault(), { recursive: true, force: true });
  });

  test('an erasure cut short before anything that opens its events was destroyed is no damage', async () => {
    const ledger = await sqliteLedger(club.root).open({ waitMs: 5000 });
    const event = await preferencesIn(ledger).find(stop);
    await ledger.commit(async (tx) => {
      await preferencesOf(tx).beginErasure(stop);
      await preferencesOf(tx).blank(stop);
    });
    await ledger.close();
    expect(event?.key).not.toBeNull();
    const out = join(folder, 'out');
    expect((await freeze(club.options.ledger, 'members', out)).recorded?.files).toHaveLength(2);
  });
});
