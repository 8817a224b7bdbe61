/** An organisation with duties, for tests: its service, its log, its register, and people who act on it. */
import { generateKeyPairSync, hash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { stringify } from 'yaml';
import { createLogKey, logOrigin } from '../../documents/log-key.ts';
import { type Signer, signerOf } from '../../log/keys.ts';
import { postgresLedger } from '../../store/postgres/ledger.ts';
import type { State } from '../../store/postgres/state.ts';
import type { StaffRole } from '../../store/postgres/tables.ts';
import { coverOf } from './cover.ts';
import type { Actor, Service } from './service.ts';

export type TestService = Service & {
  /** Moves the clock, in milliseconds. */
  pass(ms: number): void;
};

export const start = new Date('2026-11-02T09:00:00.000Z');
export const day = 24 * 3_600_000;

export function testService(state: State, data: string, url = 'https://club.example'): TestService {
  let at = start.getTime();
  return {
    ...{ state, data, url },
    jobs: { enqueue: async () => {} },
    limits: {
      ...{ checksOfRequest: 5, checksOfParty: 20, smallest: 100, downloadMinutes: 30, uploadBytes: 1 << 20 },
      remindDays: [14, 7, 1, 0, -1, -7],
    },
    cover: coverOf('what the tests keep is covered by this'),
    now: () => new Date(at),
    log: pino({ level: 'silent' }),
    pass(ms) {
      at += ms;
    },
  };
}

export async function newOrganisation(state: State, org: string, name = 'The Example Club'): Promise<void> {
  await state.as(org, (tx) =>
    tx.insertInto('organisation').values({ org, name, created_at: start }).execute(),
  );
}

/** With a log that is begun. */
export async function beginOrganisation(state: State, data: string, org: string): Promise<void> {
  await newOrganisation(state, org);
  const root = join(data, org);
  await mkdir(root, { recursive: true });
  await createLogKey(root, logOrigin(org));
  const ledger = await postgresLedger({ state, org, root }).open({ waitMs: 5_000 });
  await ledger.close();
}

/** Those of the parties that sign. */
export const signers: Readonly<Record<'toys' | 'broker', Signer>> = {
  toys: signerOf('log', 'toys', generateKeyPairSync('ed25519').privateKey),
  broker: signerOf('log', 'broker', generateKeyPairSync('ed25519').privateKey),
};

const entry = (id: string, group: string | null, key: string | null) => ({
  ...{ id, 'legal-name': id, group, categories: ['consumer-goods/baby'], from: '2000-01-01' },
  'signing-key': key,
});
/** `toy-shop` is of the group of `toys`; `mailer` has no key. */
export const register = {
  'organisations.yaml': stringify({
    organisations: [
      entry('club', null, null),
      entry('toys', 'toy-group', signers.toys.verifier.vkey),
      entry('toy-shop', 'toy-group', null),
      entry('broker', null, signers.broker.verifier.vkey),
      entry('mailer', null, null),
    ],
  }),
};

/** The current documents, by path. */
export async function putTexts(
  state: State,
  org: string,
  texts: Readonly<Record<string, string>>,
): Promise<void> {
  await state.as(org, async (tx) => {
    for (const [path, text] of Object.entries(texts)) {
      const digest = hash('sha256', text, 'hex');
      const by = { made_by: 'steward-1', made_at: start };
      await tx
        .insertInto('document')
        .values({ org, path, digest, text, ...by })
        .execute();
      const current = { digest, version: 1, changed_by: 'steward-1', changed_at: start };
      await tx
        .insertInto('document_current')
        .values({ org, path, ...current })
        .execute();
    }
  });
}

export function staff(
  org: string,
  role: StaffRole,
  {
    id = `${role}-1`,
    party = null,
    mayFreeze = false,
  }: { id?: string; party?: string | null; mayFreeze?: boolean } = {},
): Actor {
  return { kind: 'staff', id, org, roles: new Set([role]), party, mayFreeze };
}
