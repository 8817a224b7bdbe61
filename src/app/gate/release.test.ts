import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLogKey, logOrigin } from '../../documents/log-key.ts';
import { loadWorkspace, type Workspace } from '../../documents/workspace.ts';
import { sqliteLedger } from '../../store/sqlite/place.ts';
import { init } from '../workspace/init.ts';
import { check } from './check.ts';
import type { GateOptions } from './context.ts';
import { explain } from './explain.ts';
import { release } from './release.ts';

let root: string;
let options: GateOptions;
let live: Workspace;
let workspace: Workspace;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'astold-release-'));
  await init(root);
  options = {
    asOf: null,
    onProgress: () => {},
    threads: null,
    memoryLimit: null,
    ledger: sqliteLedger(root),
  };
  live = await loadWorkspace(root);
  await createLogKey(root, logOrigin(live.config.organisation));
  const config = await readFile(join(root, 'astold.yaml'), 'utf8');
  const clock = new Date(Math.floor(Date.now() / 1000) * 1000).toISOString();
  await writeFile(
    join(root, 'astold.yaml'),
    config.replace('kind: live', 'kind: reconstruction').replace('clock: null', `clock: ${clock}`),
  );
  workspace = await loadWorkspace(root);
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function approved(): Promise<Workspace> {
  const [request] = workspace.requests;
  if (!request) throw new RangeError('the scaffold has no request');
  await mkdir(join(root, 'approvals'), { recursive: true });
  await writeFile(
    join(root, 'approvals', 'a.yaml'),
    `approval: a\nrequest: ${request.id}\nrequest-digest: "${request.digest}"\nby: b.dpo\non: 2020-01-01\nlawful-because: "they asked for it"\n`,
  );
  return loadWorkspace(root);
}

describe('a check', () => {
  test('says how many may go, and why the others may not, and writes no package', async () => {
    const outcome = await check(workspace, 'toy-offer', options);
    expect(outcome.evaluated).toBe(20);
    expect(outcome.released).toBeGreaterThan(0);
    const codes = outcome.reasons.map((r) => r.code);
    expect(codes).toEqual(
      expect.arrayContaining(['consent-missing', 'stopped', 'suppressed-own', 'suppressed-mps']),
    );
    expect(codes).not.toContain('not-approved');
    expect(outcome.waterfall.at(-1)?.left).toBe(outcome.released);
    expect(outcome.mark).toBe('reconstruction');
    await expect(readdir(join(root, 'releases'))).rejects.toThrow();
  });

  test('of an instant that is not past is refused', async () => {
    await expect(
      check(live, 'toy-offer', { ...options, asOf: Date.now() + 86_400_000 }),
    ).rejects.toMatchObject({ code: 'as-of-future' });
  });

  test('of a request nobody wrote names those there are', async () => {
    await expect(check(workspace, 'nothing-such', options)).rejects.toMatchObject({
      code: 'request-unknown',
    });
  });
});

describe('a release', () => {
  test('of a workspace without a key for its log is refused: no log, no release', async () => {
    const keys = join(root, 'keys');
    await rename(join(keys, 'log.key'), join(keys, 'kept.key'));
    for (const each of [live, workspace]) {
      expect(await release(each, 'toy-offer', options)).toMatchObject({
        kind: 'refused',
        code: 'release-needs-log',
      });
    }
    await rename(join(keys, 'kept.key'), join(keys, 'log.key'));
  });

  test('is never made as of the past', async () => {
    expect(await release(workspace, 'toy-offer', { ...options, asOf: 0 })).toMatchObject({
      kind: 'refused',
      code: 'release-refuses-as-of',
    });
  });

  test('of a source not declared synthetic is refused in a reconstruction', async () => {
    const real = {
      ...workspace,
      sources: workspace.sources.map((source) => ({ ...source, synthetic: false })),
    };
    expect(await release(real, 'toy-offer', options)).toMatchObject({
      kind: 'refused',
      code: 'source-not-synthetic',
    });
  });

  test('that nobody approved writes nothing', async () => {
    const result = await release(workspace, 'toy-offer', options);
    expect(result).toMatchObject({ kind: 'nothing', outcome: { released: 0 } });
    expect(result.kind === 'nothing' && result.outcome.reasons.map((r) => r.code)).toContain('not-approved');
    expect(await readdir(join(root, 'releases')).catch(() => [])).toEqual([]);
  });

  test('holds exactly those who may go, gives the same bytes again, and is never changed', async () => {
    const ready = await approved();
    const first = await release(ready, 'toy-offer', options);
    if (first.kind !== 'released') throw new RangeError(`not released: ${first.kind}`);
    const files = ['decisions.parquet', 'list.csv', 'log-proof.json', 'manifest.json', 'roster.txt'];
    expect((await readdir(first.folder)).sort()).toEqual(files);
    const bytes = await Promise.all(files.map((file) => readFile(join(first.folder, file))));
    await expect(readdir(join(root, 'evidence', first.release))).resolves.toHaveLength(11);
    const list = bytes[1]?.toString('utf8').trim().split('\n') ?? [];
    expect(list.length - 1).toBe(first.outcome.released);
    expect(first.manifest.list.rows).toBe(first.outcome.released);
    expect(first.manifest.mark).toBe('reconstruction');
    // What travels tells nobody how many were decided on: only the evidence does (D3).
    const told = [first.manifest.decisions, first.manifest.source, first.manifest.suppressions];
    expect(JSON.stringify(told)).not.toMatch(/rows|bytes|evaluated/);
    const ingested = await readFile(join(root, 'evidence', first.release, 'ingest-proof.json'), 'utf8');
    // By the fixed clock, as everything that a reconstruction makes (B6, E11).
    expect(JSON.parse(ingested).content).toMatchObject({ at: first.manifest.cutOff, rows: 20 });

    const again = await release(ready, 'toy-offer', options);
    expect(again).toMatchObject({
      kind: 'refused',
      code: 'release-exists',
      standing: { release: first.release },
    });

    await rm(join(root, 'releases'), { recursive: true });
    // What an interrupted run left is no release, and is cleared away.
    await mkdir(join(root, 'releases', `.${first.release}.999999999.partial`), { recursive: true });
    await release(ready, 'toy-offer', options);
    expect(await readdir(join(root, 'releases'))).toEqual([first.release]);
    expect(await Promise.all(files.map((file) => readFile(join(first.folder, file))))).toEqual(bytes);
    // Its evidence too, and that of the first is kept.
    const [again1, earlier] = (await readdir(join(root, 'evidence'))).sort();
    expect(earlier).toBe(`${again1}.earlier-1`);
    const made = await readdir(join(root, 'evidence', `${again1}`), { recursive: true, withFileTypes: true });
    const names = made
      .filter((entry) => entry.isFile())
      .map((entry) => relative(join(root, 'evidence', `${again1}`), join(entry.parentPath, entry.name)));
    expect(names).toContain('documents/requests/toy-offer.yaml');
    for (const file of names) {
      const [a, b] = [again1, earlier].map((name) => readFile(join(root, 'evidence', `${name}`, file)));
      expect(await a, file).toEqual(await b);
    }
  });
});

describe('an explanation', () => {
  test('of someone who said stop gives that reason, as the SQL does', async () => {
    const explained = await explain(workspace, 'toy-offer', 'M005', options);
    expect(explained.released).toBe(false);
    expect(explained.reasons.map((r) => r.code)).toContain('stopped');
    expect(explained.reasons.every((r) => r.label !== null && r.findings.length > 0)).toBe(true);
  });

  test('of someone who may go has no reason', async () => {
    expect(await explain(workspace, 'toy-offer', 'M001', options)).toMatchObject({
      released: true,
      reasons: [],
    });
  });

  test('of a record that is not there says so', async () => {
    await expect(explain(workspace, 'toy-offer', 'M999', options)).rejects.toMatchObject({
      code: 'record-unknown',
    });
  });
});
