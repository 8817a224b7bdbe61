import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openWitness } from '../app/log/witness.ts';
import { init } from '../app/workspace/init.ts';
import { serveWitness } from '../http/witness.ts';
import { sqliteLedger } from '../store/sqlite/place.ts';
import { record } from './recording.fixture.ts';

let root: string;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'astold-log-'));
  await init(root);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const vkey = (): string => readFileSync(join(root, 'keys/log.pub'), 'utf8').trim();
async function append(count: number): Promise<void> {
  const ledger = await sqliteLedger(root).open({ waitMs: 0 });
  await ledger.append(
    Array.from({ length: count }, (_, n) => ({ kind: 'freeze' as const, at: '2026-01-01T00:00:00Z', n })),
  );
  await ledger.close();
}

describe('the log on the command line', () => {
  test('is shown, published, shown again and checked from elsewhere with the key alone', async () => {
    await append(3);
    expect(JSON.parse((await record(['log', 'show', '--json'], root)).out)).toMatchObject({
      origin: 'astold.example/example-club',
      size: '3',
      pending: '3',
      published: null,
    });
    // With them go what the documents say: a notice published, an agreement signed.
    const published = await record(['log', 'publish'], root);
    expect([published.status, published.err]).toEqual([0, '']);
    expect(published.out).toContain('by our own clock');
    expect((await record(['log', 'show'], root)).out).toContain('5 entries, 0 of them not published yet');
    const elsewhere = mkdtempSync(join(tmpdir(), 'astold-elsewhere-'));
    const checked = await record(['log', 'check', join(root, 'log'), '--key', vkey(), '--json'], elsewhere);
    expect(JSON.parse(checked.out)).toMatchObject({ entries: '5', bundles: 1, tiles: 1, grownFrom: null });
    rmSync(elsewhere, { recursive: true });
    expect((await record(['log', 'check'], root)).status).toBe(0);
  });

  test('a log that has forgotten what it said before fails, in one line with its code', async () => {
    await append(300);
    await record(['log', 'publish'], root);
    const seen = join(root, 'seen');
    writeFileSync(seen, readFileSync(join(root, 'log/checkpoint')));
    await append(10);
    await record(['log', 'publish'], root);
    expect((await record(['log', 'check', '--since', seen], root)).status).toBe(0);
    rmSync(join(root, 'vault'), { recursive: true });
    rmSync(join(root, 'log'), { recursive: true });
    // Whoever takes away every trace of it begins another log.
    rmSync(join(root, 'keys/log.begun'));
    await append(300);
    await record(['log', 'publish'], root);
    const forked = await record(['log', 'check', '--since', seen], root);
    expect(forked.status).toBe(1);
    expect(forked.err).toMatch(/^error: [^\n]+ \[log-forked\]\n$/);
  });

  test("a check without the owner's key, of nothing, or under another key is refused", async () => {
    await append(1);
    expect((await record(['log', 'check', 'log'], root)).status).toBe(2);
    expect((await record(['log', 'check'], root)).err).toContain('[log-missing]');
    await record(['log', 'publish'], root);
    expect((await record(['log', 'check', '--key', `${vkey()}x`], root)).err).toContain('[vkey-malformed]');
    expect((await record(['log', 'check', '--needed', '1'], root)).status).toBe(2);
  });

  test('a workspace whose witnesses must cosign publishes nothing without them', async () => {
    await append(5);
    const dir = join(root, 'witness');
    const witness = await openWitness(dir, 'witness.example/w', [vkey()]);
    const serving = await serveWitness(witness, { host: '127.0.0.1', port: 0 }, () => {});
    const file = join(root, 'astold.yaml');
    const of = (url: string): string =>
      `witnesses:\n  - { name: witness.example/w, url: "${url}", key: "${witness.verifier.vkey}" }\n`;
    const config = readFileSync(file, 'utf8');
    writeFileSync(file, config + of('http://127.0.0.1:9'));
    const refused = await record(['log', 'publish'], root);
    expect([refused.status, refused.err]).toEqual([1, expect.stringContaining('[witnesses-too-few]')]);
    expect((await record(['log', 'check'], root)).err).toContain('[log-missing]');
    writeFileSync(file, config + of(serving.url));
    expect((await record(['log', 'publish'], root)).out).toContain('cosigned by witness.example/w');
    expect((await record(['log', 'check'], root)).out).toContain('cosigned by witness.example/w');
    await serving.close();
    witness.close();
  });

  test('a witness without a key is told how it gets one, and keys may be given as files', async () => {
    const words = ['witness', '--dir', 'none', '--listen', '127.0.0.1:0', '--log', 'keys/log.pub'];
    const none = await record([...words, '--json'], root);
    expect([none.status, JSON.parse(none.out).error]).toEqual([2, 'key-missing']);
    expect(JSON.parse(none.out).message).toContain('--name');
    await append(1);
    await record(['log', 'publish'], root);
    expect((await record(['log', 'check', 'log', '--key', 'keys/log.pub'], root)).status).toBe(0);
    for (const file of ['astold.yaml', 'nowhere', 'keys']) {
      const ran = await record(['log', 'check', 'log', '--key', file, '--json'], root);
      expect([ran.status, JSON.parse(ran.out).error], file).toEqual([1, 'vkey-malformed']);
    }
  });

  test('of which nothing is in it yet asks for no publication', async () => {
    const shown = await record(['log', 'show'], root);
    expect(shown.out).toContain('nothing is in it yet');
    expect(shown.out).not.toContain('not published yet');
  });

  test('a witness that is no witness is a fault of astold.yaml, with its place', async () => {
    const file = join(root, 'astold.yaml');
    const config = readFileSync(file, 'utf8');
    for (const more of [
      'witness-policy: 1\n',
      `witnesses:\n  - { name: w, url: "http://w.example", key: "${vkey()}" }\n`,
      'witnesses:\n  - { name: w, url: "ftp://w.example", key: k }\n',
      'witnesses:\n  - { name: w, url: "http://w.example", key: w+00000000+AAAA }\n',
    ]) {
      writeFileSync(file, config + more);
      const { status, err } = await record(['log', 'show'], root);
      expect([status, err], more).toEqual([2, expect.stringMatching(/^error: astold\.yaml:[5-9]:\d+\n/)]);
    }
  });

  test("the log's key is made where there is none, but not in place of one that is lost", async () => {
    rmSync(join(root, 'keys/log.key'));
    rmSync(join(root, 'keys/log.pub'));
    expect((await record(['log', 'show'], root)).err).toContain('astold log init');
    expect((await record(['log', 'init'], root)).status).toBe(0);
    await append(1);
    rmSync(join(root, 'keys/log.key'));
    rmSync(join(root, 'keys/log.pub'));
    expect(await record(['log', 'init'], root)).toMatchObject({ status: 2, out: '' });
  });
});
