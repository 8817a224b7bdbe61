import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decisionsTable } from '../../bulk/compile.ts';
import { canonical, fileDigest } from '../../bulk/outputs/manifest.ts';
import { readKey, readKeys } from '../../documents/key.ts';
import { loadWorkspace, type Workspace } from '../../documents/workspace.ts';
import { sqliteLedger } from '../../store/sqlite/place.ts';
import { traceCode, traceKey } from '../../supply/trace-code.ts';
import { askedOf, type GateOptions, openGate, pseudonymKey, releaseId } from '../gate/context.ts';
import { decideAll } from '../gate/decide-all.ts';
import { init } from '../workspace/init.ts';
import { delta } from './delta.ts';
import { edit } from './supply.fixture.ts';

let root: string;
let options: GateOptions;
let release: string;
let released: readonly { readonly rid: string; readonly code: string }[];

beforeAll(async () => {
  root = join(await mkdtemp(join(tmpdir(), 'astold-delta-')), 'club');
  await init(root);
  options = {
    asOf: null,
    onProgress: () => {},
    threads: null,
    memoryLimit: null,
    ledger: sqliteLedger(root),
  };
  await decide(await loadWorkspace(root));
});
afterAll(() => rm(join(root, '..'), { recursive: true, force: true }));

/** Decides as a release would, and keeps what a delta reads of it. */
async function decide(workspace: Workspace): Promise<void> {
  const asked = askedOf(workspace, 'toy-offer', null);
  release = releaseId(asked);
  const dir = join(root, 'releases', release);
  await mkdir(dir, { recursive: true });
  const gate = await openGate(workspace, asked, false, options);
  try {
    const key = pseudonymKey(gate.key, asked);
    await decideAll(gate, key);
    const { dialect } = gate.engine;
    await gate.engine.copy(
      `SELECT pseudonym, reasons FROM ${decisionsTable} ORDER BY pseudonym`,
      join(dir, 'decisions.parquet'),
      'parquet',
    );
    const rows = await gate.engine.rows(
      `SELECT r.rid, d.pseudonym FROM ${dialect.parquet(gate.files.records)} r
       JOIN ${decisionsTable} d ON d."row" = r."row" WHERE d.reasons = 0`,
    );
    const codes = traceKey(await readKey(root), release);
    released = rows.map((row) => ({ rid: String(row.rid), code: traceCode(codes, String(row.pseudonym)) }));
  } finally {
    gate.close();
  }
  const [request] = workspace.requests;
  const manifest = {
    format: 'astold/manifest/2',
    release,
    mark: null,
    day: asked.day,
    cutOff: new Date().toISOString(),
    documents: [{ kind: 'request', id: request?.id, digest: request?.digest }],
    list: {
      file: 'list.csv',
      digest: '00'.repeat(32),
      bytes: 0,
      rows: released.length,
      columns: ['forename'],
    },
    decisions: { file: 'decisions.parquet', ...(await fileDigest(join(dir, 'decisions.parquet'))) },
    key: (await readKeys(root)).current.id,
    roster: { root: '00'.repeat(32), rows: released.length },
    source: { id: 'members', files: [] },
    sleepers: null,
    logSize: '0',
  };
  await writeFile(join(dir, 'manifest.json'), canonical(manifest));
}

const out = (): string => join(root, '..', 'delta.csv');
async function stopped(): Promise<readonly string[]> {
  const done = await delta(await loadWorkspace(root), release, out(), options);
  if (done.kind !== 'delta') throw new RangeError(done.message);
  const [header, ...codes] = (await readFile(out(), 'utf8')).trimEnd().split('\n');
  expect(header).toBe('trace_code');
  expect(done).toMatchObject({ released: released.length, stopped: codes.length });
  await rm(out());
  return codes;
}

/** Adds an objection received a minute ago to the preferences. */
async function objection(cells: Readonly<Record<string, string>>): Promise<void> {
  const values = { kind: 'objection', received: new Date(Date.now() - 60_000).toISOString(), ...cells };
  const given: ReadonlyMap<string, string> = new Map(Object.entries(values));
  await edit(join(root, 'data/preferences.csv'), (text) => {
    const [header = ''] = text.split('\n');
    const line = header.split(',').map((name) => given.get(name) ?? '');
    return `${text.trimEnd()}\n${line.join(',')}\n`;
  });
}

test('a delta holds just the codes of those who stopped since, and of records that are gone', async () => {
  expect(released.length).toBeGreaterThan(2);
  expect(await stopped()).toEqual([]);
  const [first, second] = released;
  await objection({ event: 'E-new', record: first?.rid ?? '' });
  expect(await stopped()).toEqual([first?.code]);
  await edit(join(root, 'data/members.csv'), (text) =>
    text
      .split('\n')
      .filter((line) => !line.startsWith(`${second?.rid},`))
      .join('\n'),
  );
  expect(await stopped()).toEqual([first?.code, second?.code].sort());
});

test('a delta is refused, and nothing written, where it could not be true', async () => {
  const workspace = await loadWorkspace(root);
  const code = async (id: string): Promise<string | null> => {
    const done = await delta(await loadWorkspace(root), id, out(), options);
    return done.kind === 'refused' ? done.code : null;
  };
  expect(await code('2020-01-01-other')).toBe('release-unknown');
  expect(await code('../releases')).toBe('release-unknown');
  const request = join(root, 'requests/toy-offer.yaml');
  await edit(request, (text) => text.replace('title: Toy offer', 'title: Toys'));
  expect(await code(release)).toBe('documents-changed');
  await edit(request, (text) => text.replace('title: Toys', 'title: Toy offer'));
  const preferences = join(root, 'data/preferences.csv');
  const kept = await readFile(preferences);
  // A stop that names nobody: whose it is nobody knows.
  await objection({ event: 'E-nobody' });
  expect(await code(release)).toBe('stops-unreadable');
  await writeFile(preferences, kept);
  const key = join(root, 'keys/organisation.key');
  const before = await readFile(key);
  await writeFile(key, `${'ab'.repeat(32)}\n`);
  await expect(code(release)).rejects.toMatchObject({ code: 'key-unknown' });
  await writeFile(key, before);
  await writeFile(out(), 'mine');
  await expect(code(release)).rejects.toMatchObject({ code: 'out-exists' });
  expect(await readFile(out(), 'utf8')).toBe('mine');
  await rm(out());
  await edit(join(root, 'releases', release, 'decisions.parquet'), (text) => `${text} `);
  await expect(delta(workspace, release, out(), options)).rejects.toMatchObject({ code: 'release-damaged' });
  expect(existsSync(out())).toBe(false);
  expect(await readdir(join(root, '..'))).toEqual(['club']);
});
