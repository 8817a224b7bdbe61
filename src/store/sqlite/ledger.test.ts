/** What a ledger in a file promises besides what every ledger does. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLogKey } from '../../documents/log-key.ts';
import type { LogContent } from '../../log/entry.ts';
import type { Ledger } from '../ledger.ts';
import { sqliteLedger } from './place.ts';

let root: string;
let open: Ledger[] = [];
const openHere = async (): Promise<Ledger> => {
  const ledger = await sqliteLedger(root).open({ waitMs: 0 });
  open.push(ledger);
  return ledger;
};
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'astold-ledger-'));
  await createLogKey(root, 'astold.example/club');
});
afterEach(async () => {
  for (const ledger of open) await ledger.close();
  open = [];
  rmSync(root, { recursive: true, force: true });
});

const content = (n: number, more: string): LogContent => ({
  kind: 'preference',
  at: '2026-01-01T00:00:00Z',
  n,
  more,
});

test('it is held by one process at a time', async () => {
  const ledger = await openHere();
  await expect(openHere()).rejects.toMatchObject({ code: 'ledger-held' });
  await ledger.close();
  expect((await (await openHere()).head()).size).toBe(0n);
});

test('it waits for another to let go, as long as it is told to', async () => {
  const ledger = await openHere();
  const waiting = sqliteLedger(root).open({ waitMs: 5000 });
  setTimeout(ledger.close, 100);
  open.push(await waiting);
  expect((await open.at(-1)?.head())?.size).toBe(0n);
});

test("another module's tables are made once, and refused where they were made otherwise", async () => {
  const ledger = await openHere();
  const step = 'CREATE TABLE events_seen (id TEXT) STRICT';
  await ledger.migrate('events', [step]);
  await ledger.migrate('events', [step, 'ALTER TABLE events_seen ADD COLUMN at TEXT']);
  for (const steps of [[], [step], ['CREATE TABLE events_other (id TEXT)', 'SELECT 1']])
    await expect(ledger.migrate('events', steps)).rejects.toMatchObject({ code: 'ledger-version' });
});

test('what is no ledger is refused, and one that was lost is not begun anew', async () => {
  await (await openHere()).close();
  const file = join(root, 'vault/ledger.sqlite');
  writeFileSync(file, 'x'.repeat(5000));
  await expect(openHere()).rejects.toMatchObject({ code: 'ledger-unreadable' });
  rmSync(join(root, 'vault'), { recursive: true });
  await expect(openHere()).rejects.toMatchObject({ code: 'ledger-missing' });
  expect(existsSync(file)).toBe(false);
});

test('an opening that is destroyed is gone from every file of the vault, whatever else was written', async () => {
  const ledger = await openHere();
  const secret = (n: number): string => `secret-${n}-${'abcdefgh'.repeat(1 + ((n * 37) % 900))}`;
  const all = Array.from({ length: 400 }, (_, n) => content(n, secret(n)));
  const salts: string[] = [];
  for (let at = 0; at < all.length; at += 50)
    salts.push(...(await ledger.append(all.slice(at, at + 50))).map(({ opening }) => opening.salt));
  const gone = all.map((_, n) => n).filter((n) => n % 3 === 0);
  await ledger.destroyOpenings(gone.map(BigInt));
  const files = readdirSync(join(root, 'vault')).map((name) => readFileSync(join(root, 'vault', name)));
  const holds = (needle: string | Buffer): boolean => files.some((bytes) => bytes.includes(needle));
  for (const n of gone) {
    expect(holds(`secret-${n}-`), `content ${n}`).toBe(false);
    expect(holds(Buffer.from(salts[n] ?? '', 'hex')), `salt ${n}`).toBe(false);
    expect(await ledger.opening(BigInt(n))).toBe('destroyed');
  }
  expect(holds('secret-1-')).toBe(true);
  expect(await ledger.opening(1n)).toEqual({ salt: salts[1], content: all[1] });
});
