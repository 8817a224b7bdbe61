import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createLogKey, readLogKey } from '../documents/log-key.ts';
import type { Checkpoint } from '../log/checkpoint.ts';
import type { LogContent } from '../log/entry.ts';
import type { Signer } from '../log/keys.ts';
import { LogError } from '../log/log-error.ts';
import { leafHash, rootOf } from '../log/merkle.ts';
import type { Ledger } from './ledger.ts';
import { publishLog } from './publish-log.ts';
import { readLog } from './published-log.ts';
import { sqliteLedger } from './sqlite/place.ts';

let made: string;
let log: string;
let signer: Signer;
let early: Checkpoint;
const codeOf = (error: unknown): string => (error instanceof LogError ? error.code : String(error));
const content = (n: number): LogContent => ({ kind: 'release', at: '2026-01-01T00:00:00Z', n });

async function grow(ledger: Ledger, count: number): Promise<Checkpoint> {
  await ledger.append(Array.from({ length: count }, (_, i) => content(i)));
  return (
    await publishLog(
      ledger,
      signer,
      () => true,
      async (signed) => signed,
    )
  ).checkpoint;
}

beforeAll(async () => {
  made = mkdtempSync(join(tmpdir(), 'astold-published-'));
  await createLogKey(made, 'astold.example/club');
  signer = await readLogKey(made);
  const ledger = await sqliteLedger(made).open({ waitMs: 0 });
  early = await grow(ledger, 300);
  await grow(ledger, 400);
  await ledger.close();
});
beforeEach(() => {
  log = join(made, 'copy');
  rmSync(log, { recursive: true, force: true });
  cpSync(join(made, 'log'), log, { recursive: true });
});
afterAll(() => rmSync(made, { recursive: true, force: true }));

const files = (): string[] =>
  readdirSync(log, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(log, name)).isFile(),
  );
const check = async (): Promise<string> => {
  try {
    const found = await readLog(log, signer.verifier);
    await found.requireGrownFrom(early);
    return `${(await found.checkAll()).entries} entries`;
  } catch (error) {
    return codeOf(error);
  }
};

describe('a published log, checked from outside', () => {
  test('is whole', async () => {
    expect(await check()).toBe('700 entries');
    const found = await readLog(log, signer.verifier);
    expect(await found.checkAll()).toEqual({ entries: 700n, bundles: 3, tiles: 4 });
  });

  test('one flipped bit in any file that the checkpoint needs is found', async () => {
    // Partial tiles of the earlier checkpoint that are not full yet are still served, and this checkpoint needs none.
    const needed = files().filter((name) => name === 'checkpoint' || !/\.p\/(44|1)$/.test(name));
    expect(needed.length).toBe(8);
    for (const name of needed) {
      const bytes = readFileSync(join(log, name));
      for (let n = 0; n < 24; n++) {
        const changed = Buffer.from(bytes);
        const at = (n * 7919) % bytes.length;
        changed[at] = (changed[at] ?? 0) ^ (1 << (n % 8));
        writeFileSync(join(log, name), changed);
        expect(await check(), `${name} byte ${at}`).toMatch(
          /^(tile-altered|note-malformed|checkpoint-malformed|signature-wrong|note-unsigned|checkpoint-other-log)$/,
        );
      }
      writeFileSync(join(log, name), bytes);
    }
    expect(await check()).toBe('700 entries');
  });

  test('a missing file is named, by what it was', async () => {
    for (const name of files().filter((each) => each.startsWith('tile') && !/\.p\/(44|1)$/.test(each))) {
      renameSync(join(log, name), join(log, 'away'));
      expect(await check(), name).toBe('tile-missing');
      renameSync(join(log, 'away'), join(log, name));
    }
    rmSync(join(log, 'checkpoint'));
    expect(await check()).toBe('log-missing');
  });

  test('a pipe, a device, a folder or an endless file in place of one of its own is neither waited for nor read', async () => {
    for (const name of ['checkpoint', 'tile/entries/000', 'tile/1/000.p/2']) {
      const path = join(log, name);
      const bytes = readFileSync(path);
      for (const put of [
        () => execFileSync('mkfifo', [path]),
        () => symlinkSync('/dev/zero', path),
        () => mkdirSync(path),
        () => {
          writeFileSync(path, bytes);
          truncateSync(path, 2 ** 40);
        },
      ]) {
        rmSync(path, { recursive: true });
        put();
        expect(await check(), name).toBe('log-unreadable');
      }
      rmSync(path);
      writeFileSync(path, bytes);
    }
    expect(await check()).toBe('700 entries');
  });

  test('entries that were changed together with every tile above them are found by the signature', async () => {
    const bundle = readFileSync(join(log, 'tile/entries/000'));
    bundle[2 + 5 * 34] = 0;
    const leaves = Array.from({ length: 256 }, (_, i) => leafHash(bundle.subarray(34 * i + 2, 34 * i + 34)));
    writeFileSync(join(log, 'tile/entries/000'), bundle);
    writeFileSync(join(log, 'tile/0/000'), Buffer.concat(leaves));
    const above = readFileSync(join(log, 'tile/1/000.p/2'));
    rootOf(leaves).copy(above);
    writeFileSync(join(log, 'tile/1/000.p/2'), above);
    expect(await check()).toBe('tile-altered');
    const found = await readLog(log, signer.verifier);
    expect(await found.checkAll().catch(codeOf)).toBe('tile-altered');
    expect(await found.entry(5n).catch(codeOf)).toBe('tile-altered');
    expect(await found.entry(700n).catch(codeOf)).toBe('entry-unknown');
  });

  test('a log that its owner has cut short, or begun anew, is found by whoever saw it before', async () => {
    const found = await readLog(log, signer.verifier);
    const grown = (size: bigint) => found.requireGrownFrom({ size, root: early.root }).catch(codeOf);
    expect(await grown(701n)).toBe('log-shrunk');
    expect(await grown(700n)).toBe('log-forked');
    expect(await grown(0n)).toBe('log-forked');
  });
});
