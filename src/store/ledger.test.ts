import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLogKey, readLogKey, readLogVerifier } from '../documents/log-key.ts';
import { contentText, entryOf, type LogContent } from '../log/entry.ts';
import { leafHash, rootOf } from '../log/merkle.ts';
import { checkLogProof } from '../log/proof.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { publishLog } from './publish-log.ts';
import { readLog } from './published-log.ts';

let root: string;
let open: Ledger[] = [];
const openHere = async (folder: string): Promise<Ledger> => {
  const ledger = await openLedger(folder, { waitMs: 0 });
  open.push(ledger);
  return ledger;
};
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'astold-ledger-'));
  await createLogKey(root, 'astold.example/club');
});
afterEach(() => {
  for (const ledger of open) ledger.close();
  open = [];
  rmSync(root, { recursive: true, force: true });
});

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);
const content = (n: number, more = ''): LogContent => ({
  kind: 'preference',
  at: '2026-01-01T00:00:00Z',
  n,
  more,
});
const contents = (from: number, count: number): LogContent[] =>
  Array.from({ length: count }, (_, i) => content(from + i));
const publish = async (ledger: Ledger) =>
  publishLog(
    ledger,
    await readLogKey(root),
    () => true,
    async (signed) => signed,
  );
const refusal = (work: Promise<unknown>): Promise<string | null> => work.then(() => null, codeOf);

describe('the ledger', () => {
  test('keeps what it acknowledged, in order, across closing', async () => {
    const first = await openHere(root);
    const appended = await first.append(contents(0, 600));
    expect(appended.map(({ index }) => index)).toEqual(Array.from({ length: 600 }, (_, i) => BigInt(i)));
    const treeRoot = rootOf(appended.map(({ entry }) => leafHash(entry)));
    expect(first.treeRoot()).toEqual(treeRoot);
    first.close();
    const again = await openHere(root);
    expect([again.size(), again.treeRoot()]).toEqual([600n, treeRoot]);
    expect(again.opening(599n)).toEqual(appended[599]?.opening);
    expect(again.entry(599n)).toEqual(appended[599]?.entry);
    expect([again.opening(600n), again.entry(600n)]).toEqual([null, null]);
  });

  test('is held by one process at a time', async () => {
    const ledger = await openHere(root);
    expect(await refusal(openHere(root))).toBe('ledger-held');
    ledger.close();
    expect((await openHere(root)).size()).toBe(0n);
  });

  test('waits for another to let go, as long as it is told to', async () => {
    const ledger = await openHere(root);
    const waiting = openLedger(root, { waitMs: 5000 });
    setTimeout(ledger.close, 100);
    open.push(await waiting);
    expect(open.at(-1)?.size()).toBe(0n);
  });

  test('commits entries and the rows of another module together, or neither', async () => {
    const ledger = await openHere(root);
    ledger.migrate('events', ['CREATE TABLE events_seen (id TEXT PRIMARY KEY, idx INTEGER NOT NULL) STRICT']);
    const write = (id: string) =>
      ledger.commit((tx) => {
        const [appended] = tx.append([content(1)], null);
        tx.run('INSERT INTO events_seen VALUES (?, ?)', id, appended?.index ?? -1n);
        return appended?.index;
      });
    expect(write('a')).toBe(0n);
    // The same id again: the entry goes with the row.
    expect(() => write('a')).toThrow();
    expect(ledger.size()).toBe(1n);
    expect(write('b')).toBe(1n);
    expect(ledger.all('SELECT id, idx FROM events_seen ORDER BY idx')).toMatchObject([
      { id: 'a', idx: 0n },
      { id: 'b', idx: 1n },
    ]);
    expect(ledger.entry(2n)).toBeNull();
  });

  test('a transaction that waits, or holds another, is refused with nothing written', async () => {
    const ledger = await openHere(root);
    const code = (work: () => unknown): string | null => {
      try {
        work();
        return null;
      } catch (error) {
        return codeOf(error);
      }
    };
    expect(code(() => ledger.commit(async (tx) => tx.append([content(1)], null)))).toBe('ledger-misused');
    expect(code(() => ledger.commit(() => ledger.commit(() => null)))).toBe('ledger-misused');
    expect(code(() => ledger.commit((tx) => tx.append([content(1)], [])))).toBe('ledger-misused');
    expect(ledger.size()).toBe(0n);
  });

  test('calls of one turn share a transaction, and one that cannot be written fails alone', async () => {
    const ledger = await openHere(root);
    const bad = { kind: 'gossip', at: 'never' } as unknown as LogContent;
    const found = await Promise.allSettled([
      ledger.append([content(1)]),
      ledger.append([content(2), bad]),
      ledger.append([content(3)]),
    ]);
    expect(found.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(ledger.size()).toBe(2n);
  });

  test('takes the salts it is given', async () => {
    const ledger = await openHere(root);
    const salt = Buffer.alloc(16, 7);
    const [appended] = ledger.commit((tx) => tx.append([content(1)], [salt]));
    expect(appended?.entry).toEqual(entryOf(contentText(content(1)), salt));
  });

  test("another module's tables are made once, and refused where they were made otherwise", async () => {
    const ledger = await openHere(root);
    const step = 'CREATE TABLE events_seen (id TEXT) STRICT';
    ledger.migrate('events', [step]);
    ledger.migrate('events', [step, 'ALTER TABLE events_seen ADD COLUMN at TEXT']);
    for (const steps of [[], [step], ['CREATE TABLE events_other (id TEXT)', 'SELECT 1']])
      expect(() => ledger.migrate('events', steps)).toThrow(
        expect.objectContaining({ code: 'ledger-version' }),
      );
  });

  test('of another log, or no ledger at all, is refused', async () => {
    (await openHere(root)).close();
    const other = mkdtempSync(join(tmpdir(), 'astold-ledger-'));
    await createLogKey(other, 'astold.example/other');
    cpSync(join(root, 'vault'), join(other, 'vault'), { recursive: true });
    expect(await refusal(openHere(other))).toBe('ledger-other-log');
    writeFileSync(join(other, 'vault/ledger.sqlite'), 'x'.repeat(5000));
    expect(await refusal(openHere(other))).toBe('ledger-unreadable');
    rmSync(join(other, 'keys/log.pub'));
    expect(await refusal(openHere(other))).toBe('key-missing');
    rmSync(other, { recursive: true, force: true });
  });
});

describe('an opening that is destroyed', () => {
  test('is gone from every file of the vault, whatever else was written', async () => {
    const ledger = await openHere(root);
    const secret = (n: number): string => `secret-${n}-${'abcdefgh'.repeat(1 + ((n * 37) % 900))}`;
    const all = Array.from({ length: 400 }, (_, n) => content(n, secret(n)));
    for (let at = 0; at < all.length; at += 50) await ledger.append(all.slice(at, at + 50));
    const salts = Array.from({ length: 400 }, (_, n) => {
      const opening = ledger.opening(BigInt(n));
      return opening === null || opening === 'destroyed' ? '' : opening.salt;
    });
    const gone = all.map((_, n) => n).filter((n) => n % 3 === 0);
    const treeRoot = ledger.treeRoot();
    ledger.destroyOpenings(gone.map(BigInt));
    const files = readdirSync(join(root, 'vault')).map((name) => readFileSync(join(root, 'vault', name)));
    const holds = (needle: string | Buffer): boolean => files.some((bytes) => bytes.includes(needle));
    for (const n of gone) {
      expect(holds(`secret-${n}-`), `content ${n}`).toBe(false);
      expect(holds(Buffer.from(salts[n] ?? '', 'hex')), `salt ${n}`).toBe(false);
      expect(ledger.opening(BigInt(n))).toBe('destroyed');
    }
    // The rest can be opened, and the tree is what it was.
    expect(holds('secret-1-')).toBe(true);
    expect(ledger.opening(1n)).toEqual({ salt: salts[1], content: all[1] });
    ledger.close();
    const again = await openHere(root);
    expect(again.treeRoot()).toEqual(treeRoot);
    expect(again.opening(0n)).toBe('destroyed');
    again.destroyOpenings([0n]);
  });

  test('must be one of the log: otherwise none is', async () => {
    const ledger = await openHere(root);
    await ledger.append(contents(0, 2));
    expect(() => ledger.destroyOpenings([0n, 2n])).toThrow(
      expect.objectContaining({ code: 'opening-unknown' }),
    );
    expect(ledger.opening(0n)).not.toBe('destroyed');
  });
});

describe('publishing', () => {
  test('serves every tile of what was acknowledged, and a checkpoint that holds with the public key alone', async () => {
    const ledger = await openHere(root);
    for (const count of [1, 200, 100, 1000]) {
      await ledger.append(contents(Number(ledger.size()), count));
      expect((await publish(ledger)).kind).toBe('published');
      const log = await readLog(join(root, 'log'), await readLogVerifier(root));
      expect(log.checkpoint).toMatchObject({ size: ledger.size(), root: ledger.treeRoot() });
      expect((await log.checkAll()).entries).toBe(ledger.size());
      expect(await log.entry(ledger.size() - 1n)).toEqual(ledger.entry(ledger.size() - 1n));
    }
    expect(await publish(ledger)).toMatchObject({ kind: 'unchanged', tilesWritten: 0 });
    expect(readdirSync(join(root, 'log')).sort()).toEqual(['checkpoint', 'tile']);
  });

  test('an entry is proven by its opening, the checkpoint and the key', async () => {
    const ledger = await openHere(root);
    const [first] = await ledger.append(contents(0, 300));
    const { text } = await publish(ledger);
    const proof = await ledger.prove(0n, text);
    expect(proof && checkLogProof(proof, first?.opening ?? null, ledger.verifier).size).toBe(300n);
    await ledger.append(contents(300, 1));
    expect(await ledger.prove(300n, text)).toBeNull();
  });

  test('puts back tiles that are gone, and the whole log', async () => {
    const ledger = await openHere(root);
    await ledger.append(contents(0, 700));
    const { text } = await publish(ledger);
    rmSync(join(root, 'log/tile/0/000'));
    writeFileSync(join(root, 'log/tile/0/001'), 'short');
    expect(await publish(ledger)).toMatchObject({ kind: 'unchanged', tilesWritten: 2 });
    rmSync(join(root, 'log'), { recursive: true });
    expect(await publish(ledger)).toMatchObject({ kind: 'published', text });
    const log = await readLog(join(root, 'log'), await readLogVerifier(root));
    expect((await log.checkAll()).entries).toBe(700n);
  });

  test('where a witness is wanting, nothing is published and the checkpoint before stands', async () => {
    const ledger = await openHere(root);
    await ledger.append(contents(0, 10));
    const { text } = await publish(ledger);
    await ledger.append(contents(10, 10));
    const refused = publishLog(
      ledger,
      await readLogKey(root),
      () => true,
      async () => {
        throw new RangeError('no witness');
      },
    );
    await expect(refused).rejects.toThrow(RangeError);
    const log = await readLog(join(root, 'log'), await readLogVerifier(root));
    expect(log.text).toBe(text);
    expect((await log.checkAll()).entries).toBe(10n);
  });

  test('one at a time', async () => {
    const ledger = await openHere(root);
    await ledger.append(contents(0, 10));
    const both = await Promise.allSettled([publish(ledger), publish(ledger)]);
    const ended = both.map((each) => (each.status === 'rejected' ? codeOf(each.reason) : each.value.kind));
    expect(ended.toSorted()).toEqual(['ledger-misused', 'published']);
  });

  test('a published checkpoint that is not genuine stops the ledger', async () => {
    const ledger = await openHere(root);
    await ledger.append(contents(0, 10));
    await publish(ledger);
    ledger.close();
    const path = join(root, 'log/checkpoint');
    writeFileSync(path, readFileSync(path, 'utf8').replace('\n10\n', '\n11\n'));
    expect(await refusal(openHere(root))).toBe('signature-wrong');
    writeFileSync(path, '');
    expect(await refusal(openHere(root))).toBe('note-malformed');
  });

  test('an old copy of the ledger refuses to go on, and so does one of another past', async () => {
    const ledger = await openHere(root);
    await ledger.append(contents(0, 300));
    ledger.close();
    const copy = join(root, 'copy');
    cpSync(join(root, 'vault'), copy, { recursive: true });
    const later = await openHere(root);
    await later.append(contents(300, 5));
    await publish(later);
    later.close();
    rmSync(join(root, 'vault'), { recursive: true });
    cpSync(copy, join(root, 'vault'), { recursive: true });
    expect(await refusal(openHere(root))).toBe('ledger-behind');
    rmSync(join(root, 'vault'), { recursive: true });
    const checkpoint = join(root, 'log/checkpoint');
    const signed = readFileSync(checkpoint);
    rmSync(checkpoint);
    // Made elsewhere, and put here.
    rmSync(join(root, 'keys/log.begun'));
    const another = await openHere(root);
    await another.append(contents(0, 400));
    another.close();
    writeFileSync(checkpoint, signed);
    expect(await refusal(openHere(root))).toBe('ledger-forked');
  });
});

test('a ledger that was lost is not begun anew under the same key', async () => {
  const ledger = await openHere(root);
  await ledger.append(contents(0, 3));
  ledger.close();
  for (const name of ['vault', 'log']) rmSync(join(root, name), { recursive: true, force: true });
  expect(await refusal(openHere(root))).toBe('ledger-missing');
  expect(existsSync(join(root, 'vault/ledger.sqlite'))).toBe(false);
});
