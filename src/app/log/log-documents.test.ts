import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadWorkspace, type Workspace } from '../../documents/workspace.ts';
import type { Ledger } from '../../store/ledger.ts';
import { sqliteLedger } from '../../store/sqlite/place.ts';
import { init } from '../workspace/init.ts';
import { logDocuments } from './log-documents.ts';

let root: string;
let workspace: Workspace;
let ledger: Ledger;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'astold-log-documents-'));
  await init(root);
  workspace = await loadWorkspace(root);
  ledger = await sqliteLedger(root).open({ waitMs: 0 });
});
afterAll(async () => {
  await ledger.close();
  rmSync(root, { recursive: true, force: true });
});
const size = async (): Promise<bigint> => (await ledger.head()).size;
const kinds = async (): Promise<string[]> => {
  const found: string[] = [];
  for (let index = 0n; index < (await size()); index++) {
    const opening = await ledger.opening(index);
    found.push(opening === null || opening === 'destroyed' ? 'none' : opening.content.kind);
  }
  return found;
};

test('what the documents say has happened is logged once each, and what happens later beside it', async () => {
  const documents = workspace.notices.length + workspace.agreements.length;
  expect(await logDocuments(ledger, { ...workspace, duties: [], freezes: [] })).toBe(documents);
  expect(await logDocuments(ledger, { ...workspace, duties: [], freezes: [] })).toBe(0);
  expect(new Set(await kinds())).toEqual(new Set(['notice-published', 'agreement-signed']));
  const owed = { party: 'example-toys', what: 'delete the list', due: '2026-01-31', done: null };
  const freeze = {
    party: 'example-toys',
    purpose: null,
    from: '2026-01-01',
    until: null,
    why: 'a complaint',
  };
  // A duty that is not discharged has not happened.
  expect(await logDocuments(ledger, { ...workspace, duties: [owed], freezes: [freeze] })).toBe(1);
  expect(
    await logDocuments(ledger, { ...workspace, duties: [{ ...owed, done: '2026-01-30' }], freezes: [] }),
  ).toBe(1);
  expect((await kinds()).slice(documents)).toEqual(['freeze', 'duty-discharged']);
});

test('a notice whose words were changed is another entry', async () => {
  const before = await size();
  const [first, ...others] = workspace.notices;
  if (!first) throw new RangeError('the scaffold has a notice');
  await logDocuments(ledger, { ...workspace, notices: [{ ...first, digest: 'f'.repeat(64) }, ...others] });
  expect(await size()).toBe(before + 1n);
});
