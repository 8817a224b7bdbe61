import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openDuckdb } from '../../bulk/engines/duckdb.ts';
import { treeOf } from '../../bulk/preference-batch-tree.ts';
import { record } from '../../cli/recording.fixture.ts';
import { readLogVerifier } from '../../documents/log-key.ts';
import { type BatchReceipt, checkBatchReceipt } from '../../evidence/batch-receipt.ts';
import { inclusionProof, leafHash, rootOf, verifyInclusion } from '../../log/merkle.ts';
import { eventColumns } from '../../policy/preference-event.ts';
import { sqliteLedger } from '../../store/sqlite/place.ts';
import { check } from '../gate/check.ts';
import { explain } from '../gate/explain.ts';
import { release } from '../gate/release.ts';
import { batchFolder } from './batch-file.ts';
import { batchReceiptOf } from './batch-receipt.ts';
import { erase } from './erase.ts';
import { type PreferFixture, preferFixture } from './prefer.fixture.ts';
import { importPreferences } from './prefer-batch.ts';
import { recordedPreferences } from './recorded.ts';

let club: PreferFixture;
let folder = '';
beforeEach(async () => {
  club = await preferFixture();
  folder = mkdtempSync(join(tmpdir(), 'astold-batch-'));
  return () => {
    for (const each of [club.root, folder]) rmSync(each, { recursive: true, force: true });
  };
});

const file = (name: string, lines: readonly string[]): string => {
  writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
  return join(folder, name);
};
const head = 'event;record;kind;purpose;received;email;surname;postcode';
const rows = [
  'a1;M002;objection;dpv:DirectMarketing;2026-03-01;;;',
  'a2;;objection;;2026-03-02;Rosa@people.example;;',
  'a3;M010;restriction;;2026-03-03T10:00:00Z;;"O""Hara \\ Co";ZZ1 1ZZ',
  'a4;M999;withdrawal;;2026-03-04;;;',
];
const importIt = async (path: string) => importPreferences(await club.load(), 'members', path, club.options);
async function imported(path: string) {
  const done = await importIt(path);
  if (done.kind === 'refused') throw new RangeError(done.message);
  return done;
}
async function opened(batch: string, row: number): Promise<BatchReceipt> {
  const made = await batchReceiptOf(await club.load(), batch, row, club.options);
  if (made.kind === 'refused') throw new RangeError(made.message);
  return made.receipt;
}

describe('a file of preference events', () => {
  test('is one entry of the log, and every row of it is obeyed', async () => {
    const before = await check(await club.load(), 'toy-offer', { ...club.options, asOf: null });
    const { batch, known } = await imported(file('a.csv', [head, ...rows]));
    expect([batch.rows, batch.index, known]).toEqual([4, 0n, 2]);
    const after = await check(await club.load(), 'toy-offer', { ...club.options, asOf: null });
    expect(after.released).toBe(before.released - 3);
    const kept = readdirSync(batchFolder(club.root)).filter((name) => name !== 'lock');
    expect(kept.sort()).toEqual([`${batch.digest}.csv`, `${batch.digest}.parquet`]);
    for (const name of kept) expect(statSync(join(batchFolder(club.root), name)).mode & 0o777).toBe(0o600);
    const [first] = readFileSync(join(batchFolder(club.root), `${batch.digest}.csv`), 'utf8').split('\n');
    expect(first).toBe(eventColumns.join(','));
  });

  test('gives each row a receipt of its own, which shows nothing of the others', async () => {
    const { batch } = await imported(file('a.csv', [head, ...rows]));
    const log = await readLogVerifier(club.root);
    const promised = await opened(batch.id, 3);
    expect(checkBatchReceipt(promised, log, Date.now())).toMatchObject({ index: null });
    await club.publish();
    const [first, third] = [await opened(batch.id, 1), await opened(batch.id, 3)];
    expect({ ...third, logged: null }).toEqual(promised);
    const checked = checkBatchReceipt(third, log, Date.now());
    expect(checked).toMatchObject({ index: batch.index, said: { event: 'a3', type: 'restriction' } });
    expect(third.row.values.surname).toBe('O"Hara \\ Co');
    expect(first.token).not.toBe(third.token);
    expect((await opened(batch.id, 2)).token).toBeNull();
    expect((await opened(batch.id, 4)).token).toBeNull();
    expect(JSON.stringify(first)).not.toMatch(/rosa|hara|M010/i);
    for (const [change, code] of [
      [{ row: { ...third.row, index: 0 } }, 'receipt-row-wrong'],
      [{ row: { ...third.row, salt: '0'.repeat(32) } }, 'receipt-row-wrong'],
      [{ row: { ...third.row, path: third.row.path.slice(1) } }, 'receipt-row-wrong'],
      [{ row: { ...third.row, values: { ...third.row.values, purpose: 'x' } } }, 'receipt-row-wrong'],
      [{ row: { ...third.row, values: { ...third.row.values, more: 'x' } } }, 'receipt-row-wrong'],
      [{ row: first.row }, 'receipt-other-person'],
      [{ token: first.token }, 'receipt-other-person'],
      [{ token: null }, 'receipt-other-person'],
      [{ content: { ...third.content, rows: 5 } }, 'opening-wrong'],
      [{ promise: first.promise.replace('pb-', 'pc-') }, 'receipt-promise-wrong'],
      [{ entry: '0'.repeat(64) }, 'opening-wrong'],
      [{ more: 1 }, 'receipt-malformed'],
    ] as const)
      expect(() => checkBatchReceipt({ ...third, ...change }, log, Date.now()), code).toThrow(
        expect.objectContaining({ code }),
      );
    for (const row of [0, 5, 1.5])
      expect(await batchReceiptOf(await club.load(), batch.id, row, club.options)).toMatchObject({
        code: 'row-unknown',
      });
  });

  test('stands beside the single events, after them, in what an ingest reads', async () => {
    await club.say();
    const { batch } = await imported(file('a.csv', [head, ...rows]));
    const ledger = await sqliteLedger(club.root).open({ waitMs: 5000 });
    const { files, size } = await recordedPreferences(ledger, club.root, 'members', folder);
    expect(files.map(({ path }) => path)).toEqual([
      join(folder, 'recorded-events.csv'),
      join(batchFolder(club.root), `${batch.digest}.csv`),
    ]);
    expect(size).toBe((await ledger.head()).size);
    rmSync(files[1]?.path ?? '');
    await expect(recordedPreferences(ledger, club.root, 'members', folder)).rejects.toMatchObject({
      code: 'batch-missing',
    });
    await ledger.close();
  });
});

describe('what the vault keeps of a file', () => {
  const ways: readonly (readonly [string, (text: string) => string])[] = [
    ['was cut short', (text) => text.trimEnd().split('\n').slice(0, -1).join('\n')],
    ['was changed by one letter', (text) => text.replace('objection', 'Objection')],
    ['is another file', (text) => text.split('\n').slice(0, 1).join('\n')],
  ];
  test.each(ways)('decides nothing, and gives no receipt, where it %s', async (_, change) => {
    const { batch } = await imported(file('a.csv', [head, ...rows]));
    const kept = join(batchFolder(club.root), `${batch.digest}.csv`);
    const whole = readFileSync(kept, 'utf8');
    await check(await club.load(), 'toy-offer', { ...club.options, asOf: null });
    writeFileSync(kept, change(whole));
    const workspace = await club.load();
    const broken = { code: 'batch-broken' };
    const gate = { ...club.options, asOf: null };
    await expect(check(workspace, 'toy-offer', gate)).rejects.toMatchObject(broken);
    await expect(explain(workspace, 'toy-offer', 'M002', gate)).rejects.toMatchObject(broken);
    await expect(release(workspace, 'toy-offer', gate)).rejects.toMatchObject(broken);
    await expect(batchReceiptOf(workspace, batch.id, 1, club.options)).rejects.toMatchObject(broken);
    const person = { source: 'members', person: 'M002', by: 'web', received: null } as const;
    await expect(erase(workspace, person, club.options, async () => {})).rejects.toMatchObject(broken);
    expect(existsSync(join(club.root, 'releases'))).toBe(false);
    // Nothing was recorded by what was refused.
    writeFileSync(kept, whole);
    expect((await check(workspace, 'toy-offer', gate)).released).toBe(5);
  });
});

describe('a file that is not fit is refused whole', () => {
  test('and nothing is recorded', async () => {
    const good = rows[0] ?? '';
    const cases: readonly (readonly [string, readonly string[], number | null])[] = [
      ['batch-empty', [head], null],
      ['batch-column-unknown', [`${head};remarks`, `${good};x`], 1],
      ['batch-unreadable', [head, `${good};x;y`], 2],
      ['batch-unreadable', [head, good, 'a2;M005;obj'], null],
      ['batch-cell-missing', [head, good, ';M005;objection;;2026-01-01;;;'], 3],
      ['batch-cell-missing', [head, 'a9;M005;;;2026-01-01;;;'], 2],
      ['batch-cell-missing', [head, 'a9;M005;objection;;;;;'], 2],
      ['batch-nameless', [head, good, 'a2;;objection;;2026-01-01;;Barlow;'], 3],
      ['batch-event-twice', [head, good, good], 2],
    ];
    for (const [code, lines, line] of cases)
      expect(await importIt(file(`${code}.csv`, lines)), code).toMatchObject({ kind: 'refused', code, line });
    await expect(importIt(file('x.csv', ['event;kind', 'a;objection']))).rejects.toMatchObject({
      code: 'column-missing',
    });
    await expect(importIt(file('x.csv', [`${head};contact_channel`, `${good};`]))).rejects.toMatchObject({
      code: 'column-unknown',
    });
    await expect(importIt(join(folder, 'none.csv'))).rejects.toMatchObject({ code: 'file-missing' });
    expect(readdirSync(batchFolder(club.root))).toEqual(['lock']);
    const ledger = await sqliteLedger(club.root).open({ waitMs: 5000 });
    expect(await ledger.all('SELECT * FROM preference_batch')).toEqual([]);
    await ledger.close();
  });

  test('and so is one that was imported before', async () => {
    const path = file('a.csv', [head, ...rows]);
    await imported(path);
    expect(await importIt(path)).toMatchObject({ code: 'batch-known' });
  });

  test('on the command line in one line', async () => {
    const path = file('a.csv', [head, rows[0] ?? '', rows[0] ?? '']);
    const words = ['prefer', '--source', 'members', '--import'];
    const refused = await record([...words, path], club.root);
    expect([refused.status, refused.out]).toEqual([2, '']);
    expect(refused.err).toMatch(/^error: line 2 of the file: [^\n]*\[batch-event-twice\]\n$/);
    const done = await record([...words, file('b.csv', [head, ...rows]), '--json'], club.root);
    const { id } = JSON.parse(done.out);
    const one = await record(['receipt', '--batch', id, '--row', '1', '--out', 'row.json'], club.root);
    expect([one.status, one.err]).toEqual([0, '']);
    const verified = await record(['verify', 'row.json'], club.root);
    expect([verified.status, verified.err]).toEqual([0, '']);
    expect(existsSync(join(club.root, 'row.json'))).toBe(true);
  });
});

describe('the tree over a batch', () => {
  const sizes = [1, 2, 3, 1000, 16_384, 16_385, 40_000];
  let work = '';
  beforeAll(() => {
    work = mkdtempSync(join(tmpdir(), 'astold-tree-'));
  });
  afterAll(() => rmSync(work, { recursive: true, force: true }));
  test.each(sizes)('of %i rows is that of RFC 6962, and so is every path', async (size) => {
    const engine = await openDuckdb({ tempDirectory: join(work, 'tmp') });
    try {
      const salts = join(work, `${size}.parquet`);
      const select = `SELECT range AS "row", sha256(CAST(range AS VARCHAR)) AS commitment FROM range(${size})`;
      await engine.copy(select, salts, 'parquet');
      const found = await engine.rows(`SELECT commitment FROM read_parquet('${salts}') ORDER BY "row"`);
      const leaves = found.map(({ commitment }) => leafHash(Buffer.from(String(commitment), 'hex')));
      const root = rootOf(leaves);
      for (const row of new Set([0, Math.floor(size / 2), Math.min(size - 1, 16_384), size - 1])) {
        const { path, ...tree } = await treeOf(engine, salts, work, row);
        expect(tree).toEqual({ size, root });
        expect(path).toEqual(inclusionProof(leaves, BigInt(row)).map((hash) => hash.toString('hex')));
        const proof = (path ?? []).map((hash) => Buffer.from(hash, 'hex'));
        const [leaf = root, index] = [leaves[row], BigInt(row)];
        expect(verifyInclusion({ index, size: BigInt(size), leaf, proof, root })).toBe(true);
      }
    } finally {
      engine.close();
    }
  });
});
