import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { DocumentError } from '../../documents/fault.ts';
import { loadCopyOn, loadWorkspace, type Workspace } from '../../documents/workspace.ts';
import { documentCopies, documentDigests } from '../../evidence/documents.ts';
import type { EvidenceContext } from '../../evidence/files.ts';
import { dayOf } from '../../policy/dates.ts';
import type { GateContext } from '../../policy/judgement.ts';
import { approvalOf, gateContext } from '../gate/context.ts';
import { init } from '../workspace/init.ts';
import { judgedDocuments } from './judged-documents.ts';

let root: string;
let club: string;
let dir: string;
const cutOff = Date.now();
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'astold-copies-'));
  club = join(root, 'club');
  dir = join(root, 'evidence');
  await init(club);
});
afterAll(() => rm(root, { recursive: true, force: true }));
beforeEach(() => rmSync(dir, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** The toy offer, with sets in files, beside a request and an approval that are another's. */
async function withSets(): Promise<Workspace> {
  const path = join(club, 'requests/toy-offer.yaml');
  const text = readFileSync(path, 'utf8');
  const outside = join(root, 'far.csv');
  write(outside, 'code\nAB\n"C, ""D"\n');
  write(join(club, 'sets/near.csv'), 'name,area,place\nRowan Ash,ab1,"X"\nSorrel Elm,cd2,Y\n');
  const sets = `sets:\n    near: { file: ../sets/near.csv, column: area }\n    places: { file: ../sets/near.csv, column: place }\n    far: { file: "${outside}", column: code }`;
  const where = 'where: (any child age < 5) and (surname in near or surname in places or surname in far)';
  if (!text.includes('near')) write(path, text.replace('where: any child age < 5', `${where}\n  ${sets}`));
  write(join(club, 'requests/other.yaml'), text.replace('request: toy-offer', 'request: other-offer'));
  const workspace = await loadWorkspace(club);
  for (const [name, request] of [
    ['a', 'toy-offer'],
    ['b', 'other-offer'],
  ] as const) {
    const digest = workspace.requests.find(({ id }) => id === request)?.digest;
    const by = `by: b.dpo\non: 2020-01-01\nlawful-because: "they asked for it"`;
    write(
      join(club, `approvals/${name}.yaml`),
      `approval: ${name}\nrequest: ${request}\nrequest-digest: "${digest}"\n${by}\n`,
    );
  }
  return loadWorkspace(club);
}

function contextOf(workspace: Workspace): GateContext {
  const request = workspace.requests.find(({ id }) => id === 'toy-offer');
  const [source] = workspace.sources;
  if (!request || !source) throw new RangeError('the scaffold has no toy offer');
  const listsReadable = workspace.lists.map(() => true);
  const at = { request, source, cutOff, day: dayOf(cutOff) };
  return gateContext(workspace, at, true, { preferencesReadable: true, listsReadable });
}

const stated = (workspace: Workspace, change: Partial<EvidenceContext> = {}): EvidenceContext => ({
  release: 'r',
  mark: null,
  cutOff: new Date(cutOff).toISOString(),
  day: dayOf(cutOff),
  preferencesReadable: true,
  expires: '2099-01-01',
  lists: workspace.lists.map(({ id }) => ({ list: id, readable: true, file: 'a'.repeat(64) })),
  postKeyedTo: null,
  logSize: '0',
  snapshot: 'a'.repeat(64),
  records: 'a'.repeat(64),
  keys: { release: 'a'.repeat(16), tokens: 'a'.repeat(16) },
  sleepers: null,
  versions: { astold: '1', engine: '1', rules: '1' },
  ...change,
});

async function copied(): Promise<{
  workspace: Workspace;
  context: GateContext;
  copies: ReadonlyMap<string, string>;
}> {
  const workspace = await withSets();
  const context = contextOf(workspace);
  const copies = documentCopies(workspace, context);
  for (const [file, text] of copies) write(join(dir, 'documents', file), text);
  return { workspace, context, copies };
}

test('the copies give the very documents again, with nothing of the workspace beside them', async () => {
  const { workspace, context } = await copied();
  expect(context.request.audience?.kind === 'where' && context.request.audience.sets).toHaveLength(3);
  rmSync(join(root, 'far.csv'));
  const again = await judgedDocuments(dir, stated(workspace));
  expect(documentDigests(again.context)).toEqual(documentDigests(context));
  expect(again.context.approval).toEqual({
    required: true,
    given: approvalOf(workspace.approvals, context.request),
  });
});

test('of a set only the values that are read are copied, and of others nothing', async () => {
  const { copies } = await copied();
  const all = [...copies].flat().join('\n');
  for (const word of ['Rowan', 'Sorrel', 'other-offer', root])
    expect(all.replaceAll(join(root, 'far.csv'), '')).not.toContain(word);
  expect(copies.get('sets/near.csv')).toBe('"area","place"\n"ab1","X"\n"cd2","Y"\n');
  const names = [...copies.keys()];
  expect(names.filter((name) => name.startsWith('outside/'))).toHaveLength(1);
  expect(names.filter((name) => /^(approvals|requests|built-in)\//.test(name)).sort()).toEqual([
    'approvals/a.yaml',
    'built-in/uk.yaml',
    'requests/toy-offer.yaml',
  ]);
  expect(names.filter((name) => /^(sleepers|contacts|data|keys|vault)/.test(name))).toEqual([]);
});

test('a copy reads nothing outside itself: neither a set nor a rule pack of the machine it is on', async () => {
  const { copies } = await copied();
  const outside = [...copies.keys()].find((name) => name.startsWith('outside/')) ?? '';
  rmSync(join(dir, 'documents', outside));
  await expect(loadCopyOn(join(dir, 'documents'), dayOf(cutOff))).rejects.toBeInstanceOf(DocumentError);
  await copied();
  rmSync(join(dir, 'documents/built-in'), { recursive: true });
  await expect(loadCopyOn(join(dir, 'documents'), dayOf(cutOff))).rejects.toBeInstanceOf(DocumentError);
});

test('documents that do not go with what is stated of them are not judged', async () => {
  const { workspace } = await copied();
  const refused = (change: Partial<EvidenceContext>) =>
    expect(judgedDocuments(dir, stated(workspace, change))).rejects.toMatchObject({
      code: 'evidence-malformed',
    });
  await refused({ mark: 'reconstruction' });
  await refused({ lists: [] });
  await refused({ day: '2019-12-31' });
  write(join(dir, 'documents/requests/second.yaml'), readFileSync(join(club, 'requests/other.yaml'), 'utf8'));
  await refused({});
  rmSync(join(dir, 'documents/requests'), { recursive: true });
  await refused({});
});
