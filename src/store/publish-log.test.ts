/** Publishing a log, and what was once published, with every ledger. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readLogKey, readLogVerifier } from '../documents/log-key.ts';
import { signCheckpoint } from '../log/checkpoint.ts';
import { checkLogProof } from '../log/proof.ts';
import type { Ledger, LedgerPlace } from './ledger.ts';
import { contents, ledgers, publish, refusal, type TestLedgers, type TestLog } from './ledgers.fixture.ts';
import { publishLog } from './publish-log.ts';
import { readLog } from './published-log.ts';

describe.each(ledgers)('a log with its ledger on $name', ({ start }) => {
  let all: TestLedgers;
  let log: TestLog;
  const open = (place: LedgerPlace = log.place): Promise<Ledger> => place.open({ waitMs: 5_000 });
  beforeAll(async () => {
    all = await start();
  });
  beforeEach(async () => {
    log = await all.log();
  });
  afterAll(() => all.drop());

  describe('publishing', () => {
    test('serves every tile of what was acknowledged, and a checkpoint that holds with the public key alone', async () => {
      const ledger = await open();
      for (const count of [1, 200, 100, 1000]) {
        await ledger.append(contents(0, count));
        expect((await publish(ledger)).kind).toBe('published');
        const published = await readLog(join(log.root, 'log'), await readLogVerifier(log.root));
        const head = await ledger.head();
        expect(published.checkpoint).toMatchObject(head);
        expect((await published.checkAll()).entries).toBe(head.size);
        expect(await published.entry(head.size - 1n)).toEqual(await ledger.entry(head.size - 1n));
      }
      expect(await publish(ledger)).toMatchObject({ kind: 'unchanged', tilesWritten: 0 });
      expect(readdirSync(join(log.root, 'log')).sort()).toEqual(['checkpoint', 'tile']);
      await ledger.close();
    });

    test('lets an entry be proven by its opening, the checkpoint and the key', async () => {
      const ledger = await open();
      const [first] = await ledger.append(contents(0, 300));
      const { text } = await publish(ledger);
      const proof = await ledger.prove(0n, text);
      expect(proof && checkLogProof(proof, first?.opening ?? null, ledger.verifier).size).toBe(300n);
      await ledger.append(contents(300, 1));
      expect(await ledger.prove(300n, text)).toBeNull();
      await ledger.close();
    });

    test('puts back tiles that are gone, and the whole log', async () => {
      const ledger = await open();
      await ledger.append(contents(0, 700));
      const { text } = await publish(ledger);
      rmSync(join(log.root, 'log/tile/0/000'));
      writeFileSync(join(log.root, 'log/tile/0/001'), 'short');
      expect(await publish(ledger)).toMatchObject({ kind: 'unchanged', tilesWritten: 2 });
      rmSync(join(log.root, 'log'), { recursive: true });
      await ledger.append(contents(700, 1));
      expect((await publish(ledger)).text).not.toBe(text);
      const published = await readLog(join(log.root, 'log'), await readLogVerifier(log.root));
      expect((await published.checkAll()).entries).toBe(701n);
      await ledger.close();
    });

    test('publishes nothing where a witness is wanting, and the checkpoint before stands', async () => {
      const ledger = await open();
      await ledger.append(contents(0, 10));
      const { text } = await publish(ledger);
      await ledger.append(contents(10, 10));
      const refused = publishLog(
        ledger,
        await readLogKey(log.root),
        () => true,
        async () => {
          throw new RangeError('no witness');
        },
      );
      await expect(refused).rejects.toThrow(RangeError);
      const published = await readLog(join(log.root, 'log'), await readLogVerifier(log.root));
      expect(published.text).toBe(text);
      expect((await published.checkAll()).entries).toBe(10n);
      await ledger.close();
    });

    test('is done by one at a time, from wherever', async () => {
      const ledger = await open();
      const other = log.elsewhere === null ? ledger : await open(log.elsewhere);
      await ledger.append(contents(0, 10));
      let [inside, most] = [0, 0];
      const visit = (at: Ledger) =>
        at.alone(async () => {
          most = Math.max(most, ++inside);
          await at.append(contents(0, 1));
          await at.alone(async () => pause(5));
          await publish(at);
          inside -= 1;
        });
      await Promise.all([visit(ledger), visit(other), publish(other), visit(ledger), visit(other)]);
      expect(most).toBe(1);
      expect((await ledger.head()).size).toBe(14n);
      expect(await publish(ledger)).toMatchObject({ kind: 'unchanged' });
      expect(await refusal(ledger.commit(() => ledger.alone(async () => null)))).toBe('ledger-misused');
      await ledger.close();
    });
  });

  describe('that was published', () => {
    test('does not go on with a checkpoint that is not genuine', async () => {
      const ledger = await open();
      await ledger.append(contents(0, 10));
      await publish(ledger);
      await ledger.close();
      const path = join(log.root, 'log/checkpoint');
      writeFileSync(path, readFileSync(path, 'utf8').replace('\n10\n', '\n11\n'));
      expect(await refusal(open())).toBe('signature-wrong');
      writeFileSync(path, '');
      expect(await refusal(open())).toBe('note-malformed');
    });

    test('does not go on as an old copy, nor as one of another past', async () => {
      const ledger = await open();
      await ledger.append(contents(0, 300));
      await ledger.close();
      const restore = await log.backup();
      const later = await open();
      await later.append(contents(300, 5));
      await publish(later);
      await later.close();
      await restore();
      expect(await refusal(open())).toBe('ledger-behind');
      await log.lose();
      const checkpoint = join(log.root, 'log/checkpoint');
      const signed = readFileSync(checkpoint);
      // Made elsewhere, and put here.
      for (const name of ['log/checkpoint', 'keys/log.begun']) rmSync(join(log.root, name));
      const another = await open();
      await another.append(contents(0, 400));
      await another.close();
      writeFileSync(checkpoint, signed);
      expect(await refusal(open())).toBe('ledger-forked');
    });

    test('is not published by one that does not bear it out, though it was open before', async () => {
      const ledger = await open();
      await ledger.append(contents(0, 5));
      const path = join(log.root, 'log/checkpoint');
      mkdirSync(join(log.root, 'log'));
      const signer = await readLogKey(log.root);
      for (const [size, code] of [
        [9n, 'ledger-behind'],
        [5n, 'ledger-forked'],
        [3n, 'ledger-forked'],
      ] as const) {
        const ahead = signCheckpoint({ size, root: Buffer.alloc(32, 1) }, signer);
        writeFileSync(path, ahead);
        expect(await refusal(publish(ledger))).toBe(code);
        expect(readFileSync(path, 'utf8')).toBe(ahead);
      }
      await ledger.close();
    });

    test('is not put in the place of what somebody else published meanwhile', async () => {
      const ledger = await open();
      await ledger.append(contents(0, 5));
      const { text } = await publish(ledger);
      await ledger.append(contents(5, 5));
      const path = join(log.root, 'log/checkpoint');
      const signer = await readLogKey(log.root);
      const work = publishLog(
        ledger,
        signer,
        () => true,
        async (signed) => {
          writeFileSync(path, signed);
          return signed;
        },
      );
      expect(await refusal(work)).toBe('ledger-held');
      expect(readFileSync(path, 'utf8')).not.toBe(text);
      await ledger.close();
    });
  });
});
