import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LogContent } from '../../log/entry.ts';
import { type PreferenceEvent, preferencesOf, preparePreferences } from '../../store/preferences.ts';
import { sqliteLedger } from '../../store/sqlite/place.ts';
import { release } from '../gate/release.ts';
import { releaseTo } from '../gate/release-to.ts';
import { entry, nothingSaid, optionsAt } from '../people/prefer.fixture.ts';
import { prefer } from '../people/prefer.ts';
import { importPreferences } from '../people/prefer-batch.ts';
import type { PreferenceEntry } from '../people/prefer-check.ts';
import { delta } from './delta.ts';
import { seal } from './seal.ts';
import { supplyClub } from './supply.fixture.ts';

const options = () => optionsAt(club.root);
const given = () => ({ ...options(), asOf: null });
let club: Awaited<ReturnType<typeof supplyClub>>;
let id = '';
beforeEach(async () => {
  club = await supplyClub();
  await say({ person: 'M003' });
  const done = await release(await club.load(), 'toy-offer', given());
  if (done.kind !== 'released') throw new RangeError('nothing was released');
  ({ release: id } = done);
}, 60_000);
afterEach(() => rmSync(club.folder, { recursive: true, force: true }));

async function say(change: Partial<PreferenceEntry>): Promise<void> {
  const done = await prefer(await club.load(), entry(change), options());
  if (done.kind === 'refused') throw new RangeError(done.message);
}
const sealed = async () => seal(await club.load(), club.ledger, id, 'example-toys', 'whole');
const supply = (): string => join(club.root, 'supplies', id, 'whole-example-toys');

describe('a release that stands is handed over', () => {
  test('where what was said was said before it was decided', async () => {
    expect((await sealed()).kind).toBe('sealed');
  });
});

describe('a stop that came after the decision', () => {
  const within = async (ms: number) => seal(await club.load(), club.ledger, id, 'example-toys', 'whole', ms);
  test('does not stop the sealing of what was decided just now: it is passed on', async () => {
    await say({ person: 'M002' });
    expect(await within(60 * 60_000)).toMatchObject({ kind: 'sealed' });
  });
  test('stops it where the decision is older than that', async () => {
    await say({ person: 'M002' });
    expect(await within(0)).toMatchObject({ kind: 'refused', code: 'stops-since' });
  });
});

describe('a release that stands is not handed over, the same day or another,', () => {
  const since: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['where somebody on it said stop since', () => say({ person: 'M002' })],
    [
      'where somebody whose record nobody knows did',
      () => say({ person: null, details: { ...nothingSaid, email: 'x@people.example' } }),
    ],
    ['where a file of events was imported since', importOne],
    [
      'where the file of events of the source was changed since',
      () => appendFile(join(club.root, 'data/preferences.csv'), '\n'),
    ],
  ];
  async function importOne(): Promise<void> {
    const path = join(club.folder, 'a.csv');
    writeFileSync(path, 'event,record,kind,received\na,M002,objection,2026-01-01\n');
    const done = await importPreferences(await club.load(), 'members', path, options());
    expect(done.kind).toBe('imported');
  }
  test.each(since)('%s', async (_, happens) => {
    await happens();
    expect(await sealed()).toMatchObject({ kind: 'refused', code: 'stops-since' });
    const to = await releaseTo(await club.load(), 'toy-offer', 'example-toys', given());
    expect(to).toMatchObject({ sealed: { kind: 'refused', code: 'stops-since' } });
    expect(existsSync(supply())).toBe(false);
    // What it says to do instead can be done.
    expect(await delta(await club.load(), id, join(club.folder, 'd.csv'), given())).toMatchObject({
      kind: 'delta',
    });
  });

  test('where its approval was withdrawn', async () => {
    rmSync(join(club.root, 'approvals/a.yaml'));
    expect(await sealed()).toMatchObject({ code: 'not-approved' });
    const to = await releaseTo(await club.load(), 'toy-offer', 'example-toys', given());
    expect(to).toMatchObject({ sealed: { kind: 'refused', code: 'not-approved' } });
    expect(existsSync(supply())).toBe(false);
  });
});

test('a stop that comes while a supply is being sealed keeps it back', async () => {
  const sealing = sealed();
  const folder = join(club.root, 'supplies', id);
  // What is being sealed lies aside there: it was asked once by then.
  while (!existsSync(folder) || readdirSync(folder).length === 0) await nextTurn();
  const ledger = await sqliteLedger(club.root).open({ waitMs: 1000 });
  await preparePreferences(ledger);
  await ledger.commit(async (tx) => {
    const { logged: at, ...rest } = said;
    const content = {
      kind: 'preference',
      at,
      mark: null,
      organisation: 'example-club',
      person: null,
      ...rest,
    };
    const [one] = await tx.append([content as LogContent], null);
    if (one !== undefined)
      await preferencesOf(tx).add(said, { record: null, details: nothingSaid }, null, one.index);
  });
  await ledger.close();
  expect(await sealing).toMatchObject({ kind: 'refused', code: 'stops-since' });
  expect(readdirSync(folder)).toEqual([]);
});

const all = { purpose: 'all', organisation: 'all', contactChannel: 'all', field: 'all' };
const said: PreferenceEvent = {
  ...{ event: 'pe-1', source: 'members', type: 'objection', scope: all, receivedBy: 'web' },
  ...{ notice: null, consent: null, lifts: null, delivery: null },
  ...{ signed: '2026-01-01', received: '2026-01-01', logged: '2026-01-01T12:00:00.000Z' },
};
