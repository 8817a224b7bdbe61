/** A witness over the network, and the log's client for it. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openWitness, type Witness } from '../app/log/witness.ts';
import { cosign } from '../app/log/witness-client.ts';
import { formatAddCheckpoint } from '../log/add-checkpoint.ts';
import { judgeCosignatures, signCheckpoint } from '../log/checkpoint.ts';
import { parseVkey, type Signer, signerOf, verifiedBy } from '../log/keys.ts';
import { consistencyProof, emptyRoot, leafHash, rootOf } from '../log/merkle.ts';
import { parseNote, parseSignature } from '../log/note.ts';
import { bundleOf, tileOf, tilePath } from '../log/tiles.ts';
import { openTree, type TreeReader } from '../log/tree-reader.ts';
import { type ListeningWitness, serveWitness } from './witness.ts';

const origin = 'astold.example/club';
const log = signerOf('log', origin, generateKeyPairSync('ed25519').privateKey);
const entry = (n: number, past: string): Buffer => Buffer.from(`${past} ${n}`);
const leaves = (size: number, past = 'a'): Buffer[] =>
  Array.from({ length: size }, (_, n) => leafHash(entry(n, past)));
const signed = (size: number, past = 'a', by: Signer = log): string =>
  signCheckpoint({ size: BigInt(size), root: rootOf(leaves(size, past)) }, by);
const proof = (from: number, to: number, past = 'a'): Buffer[] =>
  consistencyProof(leaves(to, past), BigInt(from));
/** Trees of fewer than 256 entries have two files. */
function treeOf(size: number, past = 'a'): TreeReader {
  const files = new Map([
    [tilePath(tileOf(0, 0n, BigInt(size))), Buffer.concat(leaves(size, past))],
    [tilePath(tileOf('entries', 0n, BigInt(size))), bundleOf(leaves(size, past))],
  ]);
  return openTree(BigInt(size), async (path) => files.get(path) ?? null);
}
const now = (): bigint => BigInt(Math.floor(Date.now() / 1000));

let dir: string;
let witness: Witness;
let serving: ListeningWitness;
async function start(name: string | null): Promise<void> {
  witness = await openWitness(dir, name, [log.verifier.vkey]);
  serving = await serveWitness(witness, { host: '127.0.0.1', port: 0 }, () => {});
}
async function stop(): Promise<void> {
  await serving.close();
  witness.close();
}
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'astold-witness-'));
  await start('witness.example/w');
});
afterEach(async () => {
  await stop();
  rmSync(dir, { recursive: true, force: true });
});

async function post(body: string | Buffer): Promise<{ status: number; type: string; text: string }> {
  const response = await fetch(`${serving.url}/add-checkpoint`, { method: 'POST', body });
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    text: await response.text(),
  };
}
const add = (old: number, size: number, past = 'a', hashes: readonly Buffer[] | null = null) =>
  post(
    formatAddCheckpoint(BigInt(old), hashes ?? (old === 0 ? [] : proof(old, size, past)), signed(size, past)),
  );

describe('a witness', () => {
  test('cosigns at first contact, and whatever grew from that', async () => {
    for (const [old, size] of [
      [0, 5],
      [5, 5],
      [5, 9],
      [9, 200],
    ] as const) {
      const { status, text } = await add(old, size);
      expect(status).toBe(200);
      const note = { text: parseNote(signed(size)).text, signatures: [parseSignature(text.slice(0, -1))] };
      const [found] = verifiedBy(note, [witness.verifier]);
      expect(Number(now() - (found?.seconds ?? 0n))).toBeLessThan(60);
    }
  });

  test('remembers across a restart, and refuses to go back', async () => {
    await add(0, 9);
    await stop();
    await start(null);
    expect(await add(0, 5)).toMatchObject({ status: 409, type: 'text/x.tlog.size', text: '9\n' });
    expect(await add(5, 9)).toMatchObject({ status: 409, text: '9\n' });
    expect(await add(0, 12)).toMatchObject({ status: 409, text: '9\n' });
    expect((await add(9, 12)).status).toBe(200);
  });

  test('refuses a fork: of the same size, and of a larger one', async () => {
    await add(0, 9);
    expect(await add(9, 9, 'b', [])).toMatchObject({ status: 409, text: '9\n' });
    expect((await add(9, 12, 'b')).status).toBe(422);
    expect((await add(9, 12, 'a', [])).status).toBe(422);
    expect((await add(9, 12, 'a', [...proof(9, 12), emptyRoot])).status).toBe(422);
    expect((await add(9, 9, 'a', [emptyRoot])).status).toBe(422);
    // None of it was remembered.
    expect((await add(9, 12)).status).toBe(200);
  });

  test('at first contact takes no proof, and no tree of nothing but the empty one', async () => {
    expect((await add(0, 5, 'a', [emptyRoot])).status).toBe(422);
    const nothing = signCheckpoint({ size: 0n, root: Buffer.alloc(32) }, log);
    expect((await post(formatAddCheckpoint(0n, [], nothing))).status).toBe(422);
    expect((await add(3, 5)).status).toBe(409);
    expect(
      (await post(formatAddCheckpoint(0n, [], signCheckpoint({ size: 0n, root: emptyRoot }, log)))).status,
    ).toBe(200);
    expect((await add(0, 5)).status).toBe(200);
  });

  test('knows only the logs and keys that it was told', async () => {
    const stranger = signerOf('log', 'astold.example/other', generateKeyPairSync('ed25519').privateKey);
    expect((await post(formatAddCheckpoint(0n, [], signed(5, 'a', stranger)))).status).toBe(404);
    const impostor = signerOf('log', origin, generateKeyPairSync('ed25519').privateKey);
    expect((await post(formatAddCheckpoint(0n, [], signed(5, 'a', impostor)))).status).toBe(403);
    const changed = signed(5).replace('\n5\n', '\n6\n');
    expect((await post(formatAddCheckpoint(0n, [], changed))).status).toBe(403);
    expect((await add(0, 5)).status).toBe(200);
  });

  test('answers 400 to what is no such request', async () => {
    const good = signed(5);
    for (const body of [
      '',
      good,
      `old 0\n${good}`,
      `old 00\n\n${good}`,
      `old -1\n\n${good}`,
      `old 9223372036854775808\n\n${good}`,
      `old 6\n\n${good}`,
      `old 0\nzz\n\n${good}`,
      `old 0\n\n`,
      `old 0\n\n${good.slice(0, -1)}`,
      formatAddCheckpoint(
        0n,
        Array.from({ length: 64 }, () => emptyRoot),
        good,
      ),
      Buffer.from([0xff, 0xfe]),
    ])
      expect((await post(body)).status, String(body)).toBe(400);
  });

  test('reads no endless body, and has no other door', async () => {
    expect((await post('x'.repeat(70_000))).status).toBe(413);
    expect((await fetch(`${serving.url}/add-checkpoint`)).status).toBe(405);
    expect((await fetch(`${serving.url}/`)).status).toBe(404);
    expect((await fetch(`${serving.url}/add-checkpoint?x`, { method: 'POST', body: '' })).status).toBe(404);
  });

  test('is not shut by whoever holds every place and sends half of something', async () => {
    const { port } = new URL(serving.url);
    const half = 'POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: 1000\r\n\r\nold 0\n';
    const crowd: Socket[] = [];
    for (let n = 0; n < 300; n++) {
      const socket = connect(Number(port), '127.0.0.1').on('error', () => {});
      crowd.push(socket);
      await new Promise<void>((done) => socket.once('connect', () => socket.write(half, () => done())));
    }
    for (const size of [5, 9]) expect((await add(size === 5 ? 0 : 5, size)).status).toBe(200);
    for (const socket of crowd) socket.destroy();
  });

  test('two on one folder, or one without a key, is refused', async () => {
    await expect(openWitness(dir, null, [])).rejects.toMatchObject({ code: 'ledger-held' });
    await expect(openWitness(dir, 'witness.example/other', [])).rejects.toMatchObject({
      code: 'key-malformed',
    });
    await expect(openWitness(join(dir, 'none'), null, [])).rejects.toMatchObject({ code: 'key-missing' });
    await expect(openWitness(dir, null, [witness.verifier.vkey])).rejects.toMatchObject({
      code: 'vkey-malformed',
    });
  });

  test('of two at once from the same size, one is cosigned', async () => {
    await add(0, 5);
    const found = await Promise.all([add(5, 7), add(5, 9), add(5, 8)]);
    expect(found.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
  });

  test('keeps its key for itself', async () => {
    const secret = readFileSync(join(dir, 'witness.key'), 'utf8').split('\n')[1] ?? 'none';
    const answers = [await add(0, 5), await add(0, 5), await post('')];
    for (const { text } of answers) expect(text).not.toContain(secret.slice(0, 16));
  });
});

describe("the log's client", () => {
  const witnesses = () => [{ name: 'witness.example/w', url: serving.url, key: witness.verifier.vkey }];
  const ask = (size: number, past: string, needed: number, guess: number) =>
    cosign(signed(size, past), treeOf(size, past), witnesses(), needed, BigInt(guess), now, 'anywhere');

  test('gets a cosignature, whatever it guessed of what the witness knows', async () => {
    for (const [size, guess] of [
      [5, 0],
      [5, 0],
      [9, 5],
      [12, 0],
      [20, 20],
      [20, 3],
    ] as const) {
      const { text, outcomes } = await ask(size, 'a', 1, guess);
      expect(outcomes).toMatchObject([{ kind: 'cosigned', name: 'witness.example/w' }]);
      const policy = { witnesses: [parseVkey(witness.verifier.vkey)], needed: 1 };
      expect(judgeCosignatures(parseNote(text), policy, now()).kind).toBe('witnessed');
    }
  });

  test('learns from a witness that its log is an old copy, or another past', async () => {
    await ask(9, 'a', 1, 0);
    await expect(ask(5, 'a', 0, 0)).rejects.toMatchObject({ code: 'witness-ahead' });
    await expect(ask(9, 'b', 0, 0)).rejects.toMatchObject({ code: 'witness-forked' });
    await expect(ask(12, 'b', 0, 0)).rejects.toMatchObject({ code: 'witness-forked' });
    await expect(ask(12, 'b', 0, 9)).rejects.toMatchObject({ code: 'witness-forked' });
  });

  test('where too few answer, says who was wanting; where none must, goes on without', async () => {
    const [here] = witnesses();
    const gone = { name: 'witness.example/w', url: 'http://127.0.0.1:9', key: here?.key ?? '' };
    const tree = treeOf(5);
    await expect(cosign(signed(5), tree, [gone], 1, 0n, now, 'anywhere')).rejects.toMatchObject({
      code: 'witnesses-too-few',
    });
    const { text, outcomes } = await cosign(signed(5), tree, [gone], 0, 0n, now, 'anywhere');
    expect([text, outcomes]).toMatchObject([signed(5), [{ kind: 'wanting' }]]);
  });

  test.each([
    ['http://127.0.0.1', 'internet'],
    ['https://127.0.0.1', 'internet'],
    ['https://127.0.0.1', 'internet-or-here'],
    ['https://localhost', 'internet'],
    ['https://[::ffff:127.0.0.1]', 'internet'],
    ['https://2130706433', 'internet'],
    ['http://169.254.169.254', 'internet-or-here'],
    ['https://10.0.0.1', 'internet-or-here'],
    ['http://localhost.example', 'internet-or-here'],
    ['file:///etc', 'internet'],
  ] as const)('of a server asks no witness at %s, by %s', async (address, reach) => {
    let asked = 0;
    const inside = createTcpServer((socket) => {
      asked += 1;
      socket.destroy();
    });
    await new Promise<void>((done) => inside.listen(0, '127.0.0.1', done));
    const { port } = inside.address() as AddressInfo;
    const [witness] = witnesses();
    if (witness === undefined) throw new RangeError('no witness');
    const at = [{ ...witness, url: `${address}:${port}` }];
    const { text, outcomes } = await cosign(signed(5), treeOf(5), at, 0, 0n, now, reach);
    const beyond = reach === 'internet' || !address.includes('127.0.0.1');
    expect([text, outcomes, asked]).toMatchObject([signed(5), [{ kind: 'wanting' }], beyond ? 0 : 1]);
    await new Promise((done) => inside.close(done));
  });

  test('of a server that is being tried out asks a witness on the same machine', async () => {
    const { outcomes } = await cosign(signed(5), treeOf(5), witnesses(), 1, 0n, now, 'internet-or-here');
    expect(outcomes).toMatchObject([{ kind: 'cosigned' }]);
  });

  test('takes no line that the witness did not sign', async () => {
    const answers = ['', 'nonsense\n', '\u2014 witness.example/w AAAA\n'];
    const other = signerOf('witness', 'witness.example/w', generateKeyPairSync('ed25519').privateKey);
    const forgery = createServer((_, response) => response.end(answers.shift() ?? ''));
    await new Promise<void>((done) => forgery.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(forgery.address() as AddressInfo).port}/`;
    for (let n = 0; n < 3; n++) {
      const { outcomes } = await cosign(
        signed(5),
        treeOf(5),
        [{ name: other.verifier.name, url, key: other.verifier.vkey }],
        0,
        0n,
        now,
        'anywhere',
      );
      expect(outcomes).toMatchObject([{ kind: 'wanting' }]);
    }
    forgery.closeAllConnections();
    await new Promise((done) => forgery.close(done));
  });
});
