import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readLogKey, readLogVerifier } from '../../documents/log-key.ts';
import type { Workspace } from '../../documents/workspace.ts';
import type { Sample } from '../../evidence/sample.ts';
import { openCheckpoint, signCheckpoint } from '../../log/checkpoint.ts';
import type { Verifier } from '../../log/keys.ts';
import { sqliteLedger } from '../../store/sqlite/place.ts';
import { releasedWorkspace } from '../gate/evidence.fixture.ts';
import { publishWorkspaceLog } from '../log/log-publish.ts';
import { openSample } from './open.ts';
import { checkOpened, sampleRows } from './sample.ts';

let root: string;
let id: string;
let dir: string;
let log: Verifier;
let workspace: Workspace;
let early: string;
let later: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'astold-sample-'));
  ({ id, workspace } = await releasedWorkspace(root));
  dir = join(root, 'evidence', id);
  log = await readLogVerifier(root);
  early = join(root, 'early.txt');
  later = join(root, 'log/checkpoint');
  writeFileSync(early, readFileSync(later));
  const ledger = await sqliteLedger(root).open({ waitMs: 1000 });
  await ledger.append([{ kind: 'freeze', at: '2026-01-01T00:00:00Z', party: 'acme-toys' }]);
  await ledger.close();
  await publishWorkspaceLog(workspace, sqliteLedger(root), 1000);
});
afterAll(() => rm(root, { recursive: true, force: true }));

const draw = (count: number, nonce: string): Promise<Sample> =>
  sampleRows(dir, { count, checkpoint: later, nonce, log, published: join(root, 'log') });
const save = (name: string, value: unknown): string => {
  const path = join(root, name);
  writeFileSync(path, JSON.stringify(value));
  return path;
};

describe('a sample', () => {
  test('is picked by a later checkpoint and the nonce, and by nothing else', async () => {
    const first = await draw(5, 'the auditor said this');
    expect(first.rows).toHaveLength(5);
    expect(await draw(5, 'the auditor said this')).toEqual(first);
    expect((await draw(3, 'the auditor said this')).rows).toEqual(first.rows.slice(0, 3));
    expect((await draw(5, 'another')).rows).not.toEqual(first.rows);
  });

  test('of a checkpoint that whoever made the release could have known is refused', async () => {
    await expect(
      sampleRows(dir, { count: 5, checkpoint: early, nonce: 'n', log, published: null }),
    ).rejects.toMatchObject({
      code: 'sample-too-early',
    });
  });

  test('of a later checkpoint of a fork is refused where the published log is at hand', async () => {
    const signer = await readLogKey(root);
    const fork = join(root, 'fork.txt');
    writeFileSync(fork, signCheckpoint({ size: 4000n, root: Buffer.alloc(32, 7) }, signer));
    const given = { count: 2, checkpoint: fork, nonce: 'n', log };
    const sample = await sampleRows(dir, { ...given, published: null });
    await expect(sampleRows(dir, { ...given, published: join(root, 'log') })).rejects.toMatchObject({
      code: 'log-shrunk',
    });
    const out = join(root, 'never.json');
    await expect(openSample(root, id, save('fork-rows.json', sample), out)).rejects.toMatchObject({
      code: 'log-shrunk',
    });
    const own = openCheckpoint(readFileSync(later, 'utf8'), log);
    writeFileSync(fork, signCheckpoint({ size: own.size, root: Buffer.alloc(32, 7) }, signer));
    await expect(sampleRows(dir, { ...given, published: join(root, 'log') })).rejects.toMatchObject({
      code: 'log-forked',
    });
  });

  test('without a nonce, or of no rows, is refused', async () => {
    await expect(draw(5, ' ')).rejects.toMatchObject({ code: 'sample-malformed' });
    await expect(draw(0, 'n')).rejects.toMatchObject({ code: 'sample-malformed' });
  });
});

describe('opening', () => {
  test('gives just those rows, which hold what was committed to at ingest', async () => {
    const sample = await draw(4, 'open these');
    const rows = save('rows.json', sample);
    const out = join(root, 'opened.json');
    expect(await openSample(root, id, rows, out)).toMatchObject({ rows: 4, gone: 0 });
    expect(statSync(out).mode & 0o077).toBe(0);
    const opened = JSON.parse(readFileSync(out, 'utf8'));
    expect(opened.rows.map((row: { pseudonym: string }) => row.pseudonym).sort()).toEqual(
      [...sample.rows].sort(),
    );
    expect(opened.rows[0].values.rid).toMatch(/^M0/);
    expect(await checkOpened(dir, { opened: out, sample, log })).toMatchObject({
      differing: [],
      late: [],
      missing: [],
      held: { length: 4 },
    });
    await expect(openSample(root, id, rows, out)).rejects.toMatchObject({ code: 'out-exists' });
  });

  test('another value, another salt, or a row kept back is found', async () => {
    const sample = await draw(4, 'open these');
    const opened = JSON.parse(readFileSync(join(root, 'opened.json'), 'utf8'));
    const [first, second, ...rest] = opened.rows;
    const changed = save('changed.json', {
      ...opened,
      rows: [
        { ...first, values: { ...first.values, f_surname: 'Other' } },
        { ...second, salt: '0'.repeat(32) },
        ...rest.slice(1),
      ],
    });
    const found = await checkOpened(dir, { opened: changed, sample, log });
    expect(found.differing.toSorted()).toEqual([first.pseudonym, second.pseudonym].sort());
    expect(found.missing).toEqual([rest[0].pseudonym]);
  });

  test('shows of values that the release committed to and the ingest did not that they came late', async () => {
    const sample = await draw(4, 'open these');
    const opened = JSON.parse(readFileSync(join(root, 'opened.json'), 'utf8'));
    const [first, second, third, fourth] = opened.rows;
    const rows = [
      { ...first, path: [...first.path.slice(1), first.path[0]] },
      { ...second, index: third.index },
      { ...third, path: third.path.slice(1) },
      { ...fourth, index: 1_000_000 },
    ];
    const found = await checkOpened(dir, { opened: save('late.json', { ...opened, rows }), sample, log });
    expect(found.late.toSorted()).toEqual(sample.rows.toSorted());
    expect([found.held, found.differing]).toEqual([[], []]);
  });

  test('of no rows says nothing, and of rows whose sample is not given leaves open what was kept back', async () => {
    const opened = JSON.parse(readFileSync(join(root, 'opened.json'), 'utf8'));
    const none = save('none.json', { ...opened, rows: [] });
    await expect(checkOpened(dir, { opened: none, sample: null, log })).rejects.toMatchObject({
      code: 'opened-malformed',
    });
    expect(await checkOpened(dir, { opened: join(root, 'opened.json'), sample: null, log })).toMatchObject({
      missing: null,
    });
  });

  test('of other rows than the checkpoint and nonce pick opens nothing', async () => {
    const [one, other] = [await draw(2, 'one'), await draw(2, 'other')];
    const out = join(root, 'never.json');
    for (const rows of [
      { ...one, rows: other.rows },
      { ...one, release: 'r' },
      { ...one, rows: one.rows.toReversed() },
    ])
      await expect(openSample(root, id, save('wrong.json', rows), out)).rejects.toMatchObject({
        code: 'sample-other',
      });
    await expect(openSample(root, id, save('wrong.json', {}), out)).rejects.toMatchObject({
      code: 'sample-malformed',
    });
    expect(() => readFileSync(out)).toThrow();
  });

  test('of a release there is no evidence of is refused', async () => {
    await expect(openSample(root, '../r', 'rows.json', 'out.json')).rejects.toMatchObject({
      code: 'release-unknown',
    });
  });
});
