/** From a stop to a sealed supply and an erasure, wherever the ledger is: in the workspace, or in the service's database. */
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readLogVerifier } from '../../documents/log-key.ts';
import { checkReceipt } from '../../evidence/receipt.ts';
import { ledgers, type TestLedgers, type TestLog } from '../../store/ledgers.fixture.ts';
import { publishWorkspaceLog } from '../log/log-publish.ts';
import { nothingAsked } from '../log/own-log.ts';
import { erase } from '../people/erase.ts';
import { entry, optionsAt } from '../people/prefer.fixture.ts';
import { type EventLogged, prefer } from '../people/prefer.ts';
import { importPreferences } from '../people/prefer-batch.ts';
import { receiptOf } from '../people/receipt.ts';
import { recordedOf } from '../people/recorded-of.ts';
import { acceptCountersignature } from '../supply/countersign.ts';
import { countersignatureFile, receive } from '../supply/receive.ts';
import { seal } from '../supply/seal.ts';
import { supplyClub } from '../supply/supply.fixture.ts';
import { check } from './check.ts';
import { release } from './release.ts';
import type { ReleaseLogged } from './release-log.ts';

describe.each(ledgers)('a workspace with its ledger on $name', ({ start }) => {
  let all: TestLedgers;
  let log: TestLog;
  let club: Awaited<ReturnType<typeof supplyClub>>;
  const options = () => ({ ...optionsAt(club.root), asOf: null, ledger: log.place });
  const released = async () => (await check(await club.load(), 'toy-offer', options())).released;
  const kinds = async (): Promise<readonly string[]> => {
    const ledger = await log.place.open({ waitMs: 5_000 });
    const rows = await ledger.all('SELECT content FROM opening WHERE destroyed = 0 ORDER BY idx');
    await ledger.close();
    return rows.map(({ content }) => JSON.parse(Buffer.from(content as Uint8Array).toString()).kind);
  };
  beforeAll(async () => {
    all = await start();
    club = await supplyClub();
    log = await all.log(club.root);
  }, 60_000);
  afterAll(async () => {
    rmSync(club.folder, { recursive: true, force: true });
    await all.drop();
  });

  test('is checked without a ledger while nothing was logged', async () => {
    expect(await released()).toBeGreaterThan(0);
    expect(await log.place.begun()).toBe(false);
  });

  test('records what people say, with what is written alongside, and obeys it at once', async () => {
    const before = await released();
    const seen: EventLogged[] = [];
    const alongside = async (_: unknown, logged: EventLogged) => void seen.push(logged);
    const said = await prefer(await club.load(), entry({ person: 'M002' }), { ...options(), alongside });
    if (said.kind === 'refused') throw new RangeError(said.message);
    checkReceipt(said.receipt, await readLogVerifier(club.root), Date.now());
    expect(seen).toMatchObject([{ index: said.index, event: { event: said.receipt.content.event } }]);
    expect(await released()).toBe(before - 1);
    const path = join(club.folder, 'events.csv');
    writeFileSync(path, 'event,record,kind,received\na,M017,objection,2026-01-01\n');
    const load = async () => importPreferences(await club.load(), 'members', path, options());
    expect(await load()).toMatchObject({ kind: 'imported', known: 1 });
    expect(await load()).toMatchObject({ kind: 'refused', code: 'batch-known' });
    expect(await released()).toBe(before - 2);
    const refused = prefer(await club.load(), entry({ person: 'M002' }), {
      ...options(),
      alongside: async () => {
        throw new RangeError('no');
      },
    });
    await expect(refused).rejects.toThrow('no');
    expect((await recordedOf(await club.load(), 'members', 'M002', options())).events).toHaveLength(1);
  }, 60_000);

  test('releases once, though the run is cut short between its entry and its appearing', async () => {
    const logged: ReleaseLogged[] = [];
    const key = join(club.root, 'keys/log.key');
    const copy = join(club.folder, 'log.key');
    cpSync(key, copy);
    const run = async (then: () => void) =>
      release(await club.load(), 'toy-offer', {
        ...options(),
        alongside: async (_, each) => {
          logged.push(each);
          then();
        },
      });
    const refused = run(() => {
      throw new RangeError('no');
    });
    await expect(refused).rejects.toThrow('no');
    expect(await kinds()).not.toContain('release');
    // What signs the checkpoint is gone once the entry is there.
    await expect(run(() => rmSync(key))).rejects.toMatchObject({ code: 'key-missing' });
    expect((await kinds()).filter((kind) => kind === 'release')).toHaveLength(1);
    cpSync(copy, key);
    const id = logged[0]?.release ?? '';
    expect(existsSync(join(club.root, 'releases', id))).toBe(false);
    const done = await run(() => {});
    if (done.kind !== 'released') throw new RangeError(done.kind);
    const own = logged.at(-1);
    expect(own).toEqual({
      release: done.release,
      request: 'toy-offer',
      index: BigInt(done.logged.index),
      cutOff: done.manifest.cutOff,
      manifest: own?.manifest,
      rows: done.manifest.list.rows,
    });
    expect(done.manifest.list.rows).toBeGreaterThan(0);
    expect(await run(() => {})).toMatchObject({ kind: 'refused', code: 'release-exists' });
  }, 90_000);

  test('hands over what nobody spoke against, and countersigns it once', async () => {
    const workspace = await club.load();
    const [id = ''] = readdirSync(join(club.root, 'releases'));
    const sealed = await seal(workspace, log.place, id, 'example-toys', 'whole');
    if (sealed.kind === 'refused') throw new RangeError(sealed.message);
    const out = join(club.folder, 'opened');
    await receive(sealed.file, {
      keyFile: join(club.keys, 'age.key'),
      logKey: club.logKey,
      unverified: false,
      witnesses: nothingAsked,
      root: null,
      signKey: join(club.keys, 'sign.key'),
      out,
    });
    const note = readFileSync(join(out, countersignatureFile), 'utf8');
    const accepted: bigint[] = [];
    const accept = () =>
      acceptCountersignature(workspace, log.place, note, async (_, { index }) => void accepted.push(index));
    expect(await accept()).toMatchObject({ release: id, recipient: 'example-toys' });
    await expect(accept()).rejects.toMatchObject({ code: 'receipt-exists' });
    expect(accepted).toHaveLength(1);
    await prefer(workspace, entry({ person: 'M005' }), options());
    expect(await seal(workspace, log.place, id, 'example-mailing', 'mailing')).toMatchObject({
      code: 'stops-since',
    });
  }, 60_000);

  test('erases somebody, whose stop is obeyed, and whose receipt has its place in the log', async () => {
    const before = await released();
    const person = { source: 'members', person: 'M002', by: 'letter', received: null } as const;
    let given = '';
    const gone = await erase(await club.load(), person, options(), async (receipt) => {
      given = receipt.content.event;
    });
    expect(gone).toMatchObject({ kind: 'erased', events: 1 });
    expect(await released()).toBe(before);
    await publishWorkspaceLog(await club.load(), log.place, 5_000);
    expect(await receiptOf(await club.load(), given, options())).toMatchObject({ kind: 'place' });
    expect(await erase(await club.load(), person, options(), async () => {})).toMatchObject({
      kind: 'refused',
      code: 'already-erased',
    });
  }, 60_000);
});
