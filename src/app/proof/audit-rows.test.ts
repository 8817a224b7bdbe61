import { copyFileSync, cpSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Engine } from '../../bulk/engine.ts';
import { openDuckdb } from '../../bulk/engines/duckdb.ts';
import { canonical, fileDigest } from '../../bulk/outputs/manifest.ts';
import { readLogKey } from '../../documents/log-key.ts';
import type { Difference } from '../../evidence/difference.ts';
import type { Signer } from '../../log/keys.ts';
import { cheatWithKey, releasedWorkspace } from '../gate/evidence.fixture.ts';
import { audit } from './audit.ts';

let root: string;
let id: string;
let engine: Engine;
let signer: Signer;
/** Copies that a test may change. */
let dir: string;
let packaged: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'astold-audit-rows-'));
  id = (await releasedWorkspace(join(root, 'club'))).id;
  signer = await readLogKey(join(root, 'club'));
  engine = await openDuckdb({ tempDirectory: join(root, 'tmp') });
  [dir, packaged] = [join(root, 'evidence'), join(root, 'package')];
});
afterAll(async () => {
  engine.close();
  await rm(root, { recursive: true, force: true });
});
beforeEach(() => {
  for (const [from, to] of [
    ['evidence', dir],
    ['releases', packaged],
  ] as const) {
    rmSync(to, { recursive: true, force: true });
    cpSync(join(root, 'club', from, id), to, { recursive: true });
  }
});

const parquet = (name: string): string => engine.dialect.parquet(join(dir, name));
/** Writes a Parquet file of the evidence again from what a query of it gives. */
async function rewrite(name: string, select: string): Promise<void> {
  const path = join(dir, name);
  await engine.copy(`SELECT * FROM (${select}) x ORDER BY pseudonym`, `${path}.new`, 'parquet');
  renameSync(`${path}.new`, path);
}
/** Makes all fit, the package and the log too, as whoever holds the log's key can, and gives what is found. */
async function found(): Promise<readonly Difference[]> {
  await cheatWithKey(engine, dir, signer);
  for (const name of ['manifest.json', 'log-proof.json', 'decisions.parquet'])
    copyFileSync(join(dir, name), join(packaged, name));
  const { differences } = await audit(dir, {
    package: packaged,
    log: null,
    logKey: signer.verifier,
    witnesses: { witnesses: [], needed: 0 },
    threads: 1,
    memoryLimit: null,
    onProgress: () => {},
  });
  return differences;
}
const codes = async (): Promise<readonly string[]> =>
  (await found()).map(({ code, where }) => `${code} ${where}`);

describe('the list of a package, committed to as it stands', () => {
  const list = (): string => join(packaged, 'list.csv');
  /** The digest of the list that lies in the package, into the manifest. */
  async function commit(file: string, columns?: readonly string[]): Promise<void> {
    const path = join(dir, 'manifest.json');
    const manifest = JSON.parse(readFileSync(path, 'utf8'));
    const digest = await fileDigest(join(packaged, file));
    manifest.list = { ...manifest.list, file, ...digest, ...(columns === undefined ? {} : { columns }) };
    writeFileSync(path, canonical(manifest));
  }
  const change = async (text: (lines: readonly string[]) => readonly string[]): Promise<void> => {
    const lines = readFileSync(list(), 'utf8').trimEnd().split('\n');
    writeFileSync(list(), `${text(lines).join('\n')}\n`);
    await commit('list.csv');
  };

  test('that is the one released differs in nothing', async () => {
    await commit('list.csv');
    expect(await codes()).toEqual([]);
  });

  test('has no more people and no fewer than were decided', async () => {
    await change((lines) => [...lines, (lines[1] ?? '').replace(/^[^,]*/, 'Mallory')]);
    const [first, ...rest] = await found();
    expect([first, rest]).toMatchObject([{ code: 'list-differs', where: 'package list.csv' }, []]);
    expect(JSON.stringify(first)).not.toContain('Mallory');
    await change((lines) => lines.slice(0, -2));
    expect(await codes()).toEqual(['list-differs package list.csv']);
  });

  test('has no column that its manifest does not name, nor cells beyond its columns', async () => {
    await change((lines) => lines.map((line, i) => `${line},${i === 0 ? 'email' : 'x@people.example'}`));
    expect(await codes()).toEqual(['list-differs package list.csv']);
    await change((lines) => lines.map((line, i) => (i === 0 ? line.replace(/,email$/, '') : line)));
    expect(await codes()).toEqual(['list-differs package list.csv']);
  });

  test('is counted and read in Parquet as well', async () => {
    const [header = '', ...rows] = readFileSync(list(), 'utf8').trimEnd().split('\n');
    const columns = header.split(',');
    const text = (cell: string): string => engine.dialect.literal(cell);
    const values = rows.map((row) => `(${row.split(',').map(text).join(', ')})`);
    rmSync(list());
    for (const [from, named, differs] of [
      [values, columns, false],
      [[...values, values[0]], columns, true],
      [values, columns.map((column) => `${column}_of_old`), true],
    ] as const) {
      const as = named.map((name) => engine.dialect.identifier(name)).join(', ');
      const path = join(packaged, 'list.parquet');
      await engine.copy(`SELECT * FROM (VALUES ${from.join(', ')}) p(${as})`, path, 'parquet');
      await commit('list.parquet');
      expect((await codes()).includes('list-differs package list.parquet'), named.join()).toBe(differs);
    }
  });
});

describe('rows of the evidence', () => {
  const released = (
    count: number,
  ) => `(SELECT MIN(pseudonym) FROM (SELECT pseudonym FROM ${parquet('predicates.parquet')}
    WHERE leaf IS NOT NULL ORDER BY pseudonym LIMIT 2 OFFSET ${count}) r)`;

  test('stand each under a pseudonym of its own: one decision is not stated for two records', async () => {
    await rewrite(
      'decisions.parquet',
      `SELECT * FROM ${parquet('decisions.parquet')} WHERE pseudonym <> ${released(1)}`,
    );
    await rewrite(
      'predicates.parquet',
      `SELECT * REPLACE (CASE WHEN pseudonym = ${released(1)} THEN ${released(0)} ELSE pseudonym END AS pseudonym)
       FROM ${parquet('predicates.parquet')}`,
    );
    expect(await codes()).toEqual(['row-repeated predicates.parquet']);
  });

  test('have no decision that is stated twice', async () => {
    const decisions = parquet('decisions.parquet');
    await rewrite(
      'decisions.parquet',
      `SELECT * FROM ${decisions} UNION ALL SELECT * FROM ${decisions} WHERE pseudonym = ${released(0)}`,
    );
    expect(await codes()).toContain('row-repeated decisions.parquet');
  });

  test.each([
    ['are 64 other letters', `repeat('z', 64)`],
    ['are in capitals', 'UPPER(row_commitment)'],
    ['are cut short', 'substr(row_commitment, 2)'],
    ['are not there', 'CAST(NULL AS VARCHAR)'],
  ])('are not committed to by commitments that %s', async (_, commitment) => {
    await rewrite(
      'predicates.parquet',
      `SELECT * REPLACE (CASE WHEN leaf IS NULL THEN ${commitment} ELSE row_commitment END AS row_commitment)
       FROM ${parquet('predicates.parquet')}`,
    );
    expect(await codes()).toContain('row-uncommitted predicates.parquet');
  });

  test('are not committed to by the raw values of another', async () => {
    await rewrite(
      'predicates.parquet',
      `SELECT * REPLACE (CASE WHEN pseudonym = ${released(1)} THEN (SELECT row_commitment FROM ${parquet('predicates.parquet')}
         WHERE pseudonym = ${released(0)}) ELSE row_commitment END AS row_commitment) FROM ${parquet('predicates.parquet')}`,
    );
    const [first, ...rest] = await found();
    expect([first, rest]).toMatchObject([{ code: 'commitment-repeated', where: 'predicates.parquet' }, []]);
    expect(first?.message).toContain('2 rows');
  });
});
