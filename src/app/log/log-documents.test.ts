import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadWorkspace, type Workspace } from '../../documents/workspace.ts';
import { type Ledger, openLedger } from '../../store/ledger.ts';
import { init } from '../workspace/init.ts';
import { logDocuments } from './log-documents.ts';

let root: string;
let workspace: Workspace;
let ledger: Ledger;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'astold-log-documents-'));
  await init(root);
  workspace = await loadWorkspace(root);
  ledger = await openLedger(root, { waitMs: 0 });
});
afterAll(() => {
  ledger.close();
  rmSync(root, { recursive: true, force: true });
});
const kinds = (): string[] =>
  Array.from({ length: Number(ledger.size()) }, (_, i) => {
    const opening = ledger.opening(BigInt(i));
    return opening === null || opening === 'destroyed' ? 'none' : opening.content.kind;
  });

test('what the documents say has happened is logged once each, and what happens later beside it', () => {
  const documents = workspace.notices.length + workspace.agreements.length;
  expect(logDocuments(ledger, { ...workspace, duties: [], freezes: [] })).toBe(documents);
  expect(logDocuments(ledger, { ...workspace, duties: [], freezes: [] })).toBe(0);
  expect(new Set(kinds())).toEqual(new Set(['notice-published', 'agreement-signed']));
  const owed = { party: 'example-toys', what: 'delete the list', due: '2026-01-31', done: null };
  const freeze = {
    party: 'example-toys',
    purpose: null,
    from: '2026-01-01',
    until: null,
    why: 'a complaint',
  };
  // A duty that is not discharged has not happened.
  expect(logDocuments(ledger, { ...workspace, duties: [owed], freezes: [freeze] })).toBe(1);
  expect(logDocuments(ledger, { ...workspace, duties: [{ ...owed, done: '2026-01-30' }], freezes: [] })).toBe(
    1,
  );
  expect(kinds().slice(documents)).toEqual(['freeze', 'duty-discharged']);
});

test('a notice whose words were changed is another entry', () => {
  const before = ledger.size();
  const [first, ...others] = workspace.notices;
  if (!first) throw new RangeError('the scaffold has a notice');
  logDocuments(ledger, { ...workspace, notices: [{ ...first, digest: 'f'.repeat(64) }, ...others] });
  expect(ledger.size()).toBe(before + 1n);
});
