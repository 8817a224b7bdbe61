/** The club of the flow's tests, with people's accounts: for tests of the members' window. */
import { createHash, randomBytes } from 'node:crypto';
import type { ClientBase } from 'pg';
import { accountsOf } from '../../http/auth/accounts.ts';
import { type Auths, openAuths } from '../../http/auth/auths.ts';
import type { TestDatabase } from '../../store/postgres/databases.fixture.ts';
import type { AccountsService } from '../flow/accounts.ts';
import { type FlowFixture, flowFixture } from '../flow/flow.fixture.ts';
import { isOnRecord } from '../flow/is-on-record.ts';
import type { Actor } from '../flow/service.ts';

export type WindowFixture = FlowFixture & {
  readonly service: AccountsService;
  readonly auths: Auths;
  /** Moves the clock, by whole days. */
  pass(days: number): void;
  member(email: string): Extract<Actor, { kind: 'member' }>;
  /** Every table of the state and of the accounts as text, by its name. */
  tables(): Promise<ReadonlyMap<string, string>>;
};

export async function windowFixture(database: TestDatabase): Promise<WindowFixture> {
  const flow = await flowFixture(database);
  let passed = 0;
  const now = (): Date => new Date(Date.now() + passed * 86_400_000);
  const plain = { ...flow.service, now };
  const { state, url, log } = plain;
  const auths = openAuths({
    ...{ state, url, log, now, secret: randomBytes(32).toString('base64url') },
    isOnRecord: (org, email) => isOnRecord(plain, org, email),
  });
  return {
    ...flow,
    ...{ service: { ...plain, accounts: accountsOf(auths) }, auths },
    pass(days) {
      passed += days;
    },
    member: (email) => ({ kind: 'member', id: idOf(email), org: flow.org, email }),
    tables: () => flow.made.asOwner((client) => tableTexts(client, flow.org)),
    // The club's own reads `made`, which is opened anew in some tests.
    get made() {
      return flow.made;
    },
  };
}

/** An account's: it says nothing of whose it is. */
const idOf = (email: string): string => createHash('sha256').update(email).digest('hex').slice(0, 16);

async function tableTexts(client: ClientBase, org: string): Promise<ReadonlyMap<string, string>> {
  await client.query(`SELECT set_config('app.org', $1, false)`, [org]);
  try {
    const { rows } = await client.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
       WHERE schemaname IN ('astold', 'staff_auth', 'member_auth') ORDER BY 1`,
    );
    const texts = new Map<string, string>();
    for (const { name } of rows) {
      const { rows: all } = await client.query<{ text: string }>(`SELECT t::text AS text FROM ${name} t`);
      texts.set(name, all.map(({ text }) => text).join('\n'));
    }
    return texts;
  } finally {
    await client.query(`SELECT set_config('app.org', '', false)`);
  }
}
