import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readLogKey } from '../../documents/log-key.ts';
import { checkReceipt } from '../../evidence/receipt.ts';
import { preferencesIn, preparePreferences } from '../../store/preferences.ts';
import { withEngine } from '../gate/ingest.ts';
import { erase } from './erase.ts';
import { entry, nothingSaid, type PreferFixture, preferFixture } from './prefer.fixture.ts';
import { prefer } from './prefer.ts';
import { resolve } from './resolve.ts';

let club: PreferFixture;
beforeAll(async () => {
  club = await preferFixture();
});
afterAll(() => rmSync(club.root, { recursive: true, force: true }));

type Person = { readonly rid: string; readonly surname: string; readonly postcode: string };

/** Whom a stop reaches, and until when a person said so. */
async function reach(event: string): Promise<string[]> {
  const workspace = await club.load();
  return withEngine(workspace, club.options, async (engine, snapshotOf) => {
    const [source] = workspace.sources;
    if (source === undefined) throw new RangeError('no source');
    const { dir, eventsDir } = await snapshotOf(source);
    const rows = await engine.rows(
      `SELECT r.rid, s.relation, s.resolved_hi IS NOT NULL AS resolved FROM ${engine.dialect.parquet(join(eventsDir, 'stops.parquet'))} s
       JOIN ${engine.dialect.parquet(join(dir, 'records.parquet'))} r ON r."row" = s."row" WHERE s.event = ${engine.dialect.literal(event)}`,
    );
    return rows.map((row) => `${row.rid} ${row.relation}${row.resolved ? ' resolved' : ''}`).toSorted();
  });
}

async function people(): Promise<readonly Person[]> {
  const workspace = await club.load();
  return withEngine(workspace, club.options, async (engine, snapshotOf) => {
    const [source] = workspace.sources;
    if (source === undefined) throw new RangeError('no source');
    const { dir } = await snapshotOf(source);
    const rows = await engine.rows(
      `SELECT rid, f_surname AS surname, f_postcode AS postcode FROM ${engine.dialect.parquet(join(dir, 'records.parquet'))}
       WHERE f_surname IS NOT NULL AND f_postcode IS NOT NULL ORDER BY rid`,
    );
    return rows.map((row) => ({
      ...{ rid: String(row.rid), surname: String(row.surname), postcode: String(row.postcode) },
    }));
  });
}

/** A letter of somebody whose name is like theirs. */
const letter = async ({ surname, postcode }: Person): Promise<string> => {
  const details = { ...nothingSaid, surname: `${surname.slice(0, 3)}zzz`, postcode };
  const times = { by: 'letter', signed: '2026-01-02', received: '2026-01-03' };
  return (await club.say({ person: null, details, ...times })).content.event;
};
const resolution = (event: string, records: readonly string[]) => ({
  ...{ source: 'members', event, records, by: 'web', signed: null, received: null },
});
const run = async (event: string, records: readonly string[]) =>
  resolve(await club.load(), resolution(event, records), club.options);
const code = (answer: { readonly kind: string }): unknown => ('code' in answer ? answer.code : answer.kind);

describe('a letter that may be of somebody', () => {
  test('is, once a person has looked, the stop of whoever it is of and of nobody else', async () => {
    const [one] = await people();
    if (one === undefined) throw new RangeError('nobody is there');
    const event = await letter(one);
    expect(await reach(event)).toContain(`${one.rid} plausible`);
    const done = await run(event, [one.rid]);
    if (done.kind === 'refused') throw new Error(done.message);
    expect((await reach(event)).every((line) => line.endsWith('plausible resolved'))).toBe(true);
    const [stop] = done.stops;
    expect(await reach(stop?.event.event ?? '')).toContain(`${one.rid} own`);
    expect(stop?.event).toMatchObject({
      ...{ type: 'objection', signed: '2026-01-02', received: '2026-01-03', receivedBy: 'letter' },
    });
    const { verifier } = await readLogKey(club.root);
    for (const receipt of [done.receipt, stop?.receipt])
      expect(checkReceipt(receipt, verifier, Date.now() + 1000).said.event).toBeDefined();
    expect(checkReceipt(stop?.receipt, verifier, Date.now() + 1000).master).not.toBeNull();
    expect(done.receipt.content).toMatchObject({ type: 'resolution', lifts: event, person: null });
  });

  test('is resolved once, and only where it was recorded of nobody known', async () => {
    const [, one] = await people();
    if (one === undefined) throw new RangeError('nobody is there');
    const event = await letter(one);
    expect(code(await run(event, ['no such record']).catch((error) => error))).toBe('record-unknown');
    expect(await reach(event)).toContain(`${one.rid} plausible`);
    const done = await run(event, []);
    expect(code(done)).toBe('resolved');
    expect(code(await run(event, [one.rid]))).toBe('already-resolved');
    const own = (await club.say({ person: one.rid })).content.event;
    const given = 'event' in done ? done.event : '';
    for (const none of [own, given, 'pe-0000000000000000', ''])
      expect(code(await run(none, []))).not.toBe('resolved');
    expect(await reach(own)).toContain(`${one.rid} own`);
  });

  test('is no permission, and nothing that anybody says of their own data', async () => {
    const refused = await prefer(
      await club.load(),
      entry({ kind: 'resolution', person: null, lifts: 'pe-1' }),
      club.options,
    );
    expect(code(refused)).toBe('option-unfitting');
  });

  test('goes with whoever it was found to be of, when they are erased', async () => {
    const [, , one] = await people();
    if (one === undefined) throw new RangeError('nobody is there');
    const event = await letter(one);
    expect(code(await run(event, [one.rid]))).toBe('resolved');
    const input = { source: 'members', person: one.rid, by: 'web', received: null } as const;
    const erased = await erase(await club.load(), input, club.options, async () => {});
    expect(erased.kind).toBe('erased');
    const ledger = await club.options.ledger.open({ waitMs: 5000 });
    try {
      await preparePreferences(ledger);
      expect(await preferencesIn(ledger).find(event)).toMatchObject({ erased: true, who: null });
    } finally {
      await ledger.close();
    }
    // Nothing of the ledger is at odds with what it logged.
    expect((await reach('none')).length).toBe(0);
  });
});
