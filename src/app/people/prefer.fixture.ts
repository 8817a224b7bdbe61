/** A live workspace of invented people, approved and ready to release, and people who say things, for tests. */
import { mkdtempSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLogKey } from '../../documents/log-key.ts';
import { loadWorkspace, type Workspace } from '../../documents/workspace.ts';
import type { Receipt } from '../../evidence/receipt.ts';
import type { Details } from '../../store/preferences.ts';
import { sqliteLedger } from '../../store/sqlite/place.ts';
import { publishWorkspaceLog } from '../log/log-publish.ts';
import { init } from '../workspace/init.ts';
import { type PreferOptions, prefer } from './prefer.ts';
import type { PreferenceEntry } from './prefer-check.ts';
import { receiptOf } from './receipt.ts';

export const optionsAt = (root: string): PreferOptions => ({
  onProgress: () => {},
  threads: null,
  memoryLimit: null,
  ledger: sqliteLedger(root),
});
export const nothingSaid: Details = {
  email: null,
  phone: null,
  surname: null,
  addressLine: null,
  postcode: null,
  birthDate: null,
};
/** An objection by web, of everything. */
export const entry = (change: Partial<PreferenceEntry> = {}): PreferenceEntry => ({
  source: 'members',
  person: 'M002',
  details: nothingSaid,
  kind: 'objection',
  purpose: null,
  organisation: null,
  channel: null,
  field: null,
  notice: null,
  consent: null,
  lifts: null,
  delivery: null,
  by: 'web',
  signed: null,
  received: null,
  ...change,
});

export type PreferFixture = {
  readonly root: string;
  readonly options: PreferOptions;
  load(): Promise<Workspace>;
  /** Records an event that must not be refused. */
  say(change?: Partial<PreferenceEntry>): Promise<Receipt>;
  /** The receipt of an event written again. */
  again(event: string): Promise<Receipt>;
  publish(): Promise<void>;
  logKey(): Promise<string>;
};

/** The folder is the caller's to remove. */
export async function preferFixture(): Promise<PreferFixture> {
  const root = mkdtempSync(join(tmpdir(), 'astold-prefer-'));
  await init(root);
  const options = optionsAt(root);
  const load = (): Promise<Workspace> => loadWorkspace(root);
  const workspace = await load();
  const [request] = workspace.requests;
  await mkdir(join(root, 'approvals'));
  await writeFile(
    join(root, 'approvals/a.yaml'),
    `approval: a\nrequest: toy-offer\nrequest-digest: "${request?.digest}"\nby: b.dpo\non: 2020-01-01\nlawful-because: "they asked for it"\n`,
  );
  return {
    root,
    options,
    load,
    async say(change) {
      const done = await prefer(await load(), entry(change), options);
      if (done.kind === 'refused') throw new RangeError(`${done.code}: ${done.message}`);
      return done.receipt;
    },
    async again(event) {
      const written = await receiptOf(await load(), event, options);
      if (written.kind !== 'receipt') throw new RangeError(`no receipt of ${event}: ${written.kind}`);
      return written.receipt;
    },
    async publish() {
      await publishWorkspaceLog(await load(), options.ledger, 5000);
    },
    logKey: async () => (await readLogKey(root)).verifier.vkey,
  };
}
