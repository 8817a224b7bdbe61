/** Every ledger there is, for tests of what all of them must do: each with logs of its own, and a way to lose them. */
import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { createLogKey, readLogKey } from '../documents/log-key.ts';
import type { LogContent } from '../log/entry.ts';
import type { Ledger, LedgerPlace } from './ledger.ts';
import { databases, type TestDatabase } from './postgres/databases.fixture.ts';
import { postgresLedger } from './postgres/ledger.ts';
import { ledgerTables } from './postgres/migrations/002-ledger.ts';
import { openState } from './postgres/open-state.ts';
import type { State } from './postgres/state.ts';
import { type Published, publishLog } from './publish-log.ts';
import { sqliteLedger } from './sqlite/place.ts';

export type TestLog = {
  readonly root: string;
  readonly org: string;
  readonly place: LedgerPlace;
  /** The same as another server has it; null where one process has it at a time. */
  readonly elsewhere: LedgerPlace | null;
  /** Null of a file. */
  readonly state: State | null;
  /** Copies what there is; what it gives puts that back, in place of all that is there by then. */
  backup(): Promise<() => Promise<void>>;
  lose(): Promise<void>;
};
export type TestLedgers = {
  /** A log that was never begun, of the workspace at `at`; of one with nothing but the log's key where it is left out. */
  log(at?: string): Promise<TestLog>;
  /** From now on the service's login may take away what it else may not: as damage would. */
  letDamage(): Promise<void>;
  drop(): Promise<void>;
};

export const ledgers: readonly { readonly name: string; start(): Promise<TestLedgers> }[] = [
  { name: 'SQLite', start: async () => onFiles() },
  ...databases.map((database) => ({ name: database.name, start: () => onDatabase(database) })),
];

/** A workspace with nothing but the key of its log. */
async function workspace(org: string): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), 'astold-ledger-'));
  await createLogKey(root, `astold.example/${org}`);
  return root;
}

function onFiles(): TestLedgers {
  const roots: string[] = [];
  return {
    async log(at) {
      const root = at ?? (await workspace('club'));
      roots.push(root);
      const vault = join(root, 'vault');
      return {
        root,
        org: 'club',
        place: sqliteLedger(root),
        elsewhere: null,
        state: null,
        async backup() {
          const copy = mkdtempSync(join(tmpdir(), 'astold-ledger-'));
          roots.push(copy);
          cpSync(vault, copy, { recursive: true });
          return async () => {
            rmSync(vault, { recursive: true, force: true });
            cpSync(copy, vault, { recursive: true });
          };
        },
        lose: async () => rmSync(vault, { recursive: true, force: true }),
      };
    },
    letDamage: async () => {},
    async drop() {
      for (const root of roots) rmSync(root, { recursive: true, force: true });
    },
  };
}

async function onDatabase(database: TestDatabase): Promise<TestLedgers> {
  const made = await database.create();
  // PGlite is one process's; a server has many.
  const other = made.state.kind === 'pglite' ? made.state : await openState(made.options);
  const roots: string[] = [];
  return {
    async log(at) {
      const { state } = made;
      const org = `club-${randomBytes(4).toString('hex')}`;
      const root = at ?? (await workspace(org));
      roots.push(root);
      await state.as(org, (tx) =>
        tx.insertInto('organisation').values({ org, name: org, created_at: new Date() }).execute(),
      );
      const lose = (): Promise<void> => made.asOwner((client) => emptied(client, org));
      return {
        root,
        org,
        place: postgresLedger({ state, org, root }),
        elsewhere: postgresLedger({ state: other, org, root }),
        state,
        lose,
        async backup() {
          const rows = await rowsOf(state, org);
          return async () => {
            await lose();
            await putBack(state, org, rows);
          };
        },
      };
    },
    letDamage: () =>
      made.asOwner(async (owner) => {
        await owner.query('GRANT DELETE ON astold.entry, astold.opening, astold.preference TO astold_login');
      }),
    async drop() {
      if (other !== made.state) await other.close();
      await made.drop();
      for (const root of roots) rmSync(root, { recursive: true, force: true });
    },
  };
}

type Rows = readonly { readonly table: string; readonly row: Readonly<Record<string, unknown>> }[];
const tables = [
  'log_head',
  'entry',
  'opening',
  'node',
] as const satisfies readonly (typeof ledgerTables)[number][];

/** As `app.org`, past the state: what the ledger itself does not do. */
async function inName<T>(state: State, org: string, work: (run: Run) => Promise<T>): Promise<T> {
  const client = await state.pool.connect();
  try {
    await client.query('BEGIN');
    await client.query("SELECT set_config('app.org', $1, true)", [org]);
    const result = await work(async (sql, values) => (await client.query(sql, values)).rows);
    await client.query('COMMIT');
    return result;
  } finally {
    client.release();
  }
}
type Run = (sql: string, values: unknown[]) => Promise<readonly Record<string, unknown>[]>;

const rowsOf = (state: State, org: string): Promise<Rows> =>
  inName(state, org, async (run) => {
    const found: Rows[number][] = [];
    for (const table of tables)
      for (const row of await run(`SELECT * FROM ${table}`, [])) found.push({ table, row });
    return found;
  });

/** No login of the service could. */
async function emptied(owner: pg.ClientBase, org: string): Promise<void> {
  await owner.query("SELECT set_config('app.org', $1, false)", [org]);
  for (const table of [...ledgerTables].reverse()) await owner.query(`DELETE FROM astold.${table}`);
  await owner.query("SELECT set_config('app.org', '', false)");
}

const putBack = (state: State, org: string, rows: Rows): Promise<void> =>
  inName(state, org, async (run) => {
    for (const { table, row } of rows) {
      const names = Object.keys(row);
      const places = names.map((_, i) => `$${i + 1}`).join(', ');
      await run(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${places})`, Object.values(row));
    }
  });

export const content = (n: number): LogContent => ({ kind: 'preference', at: '2026-01-01T00:00:00Z', n });
export const contents = (from: number, count: number): LogContent[] =>
  Array.from({ length: count }, (_, i) => content(from + i));

/** The code of what it throws; null where it does not. */
export const refusal = (work: Promise<unknown>): Promise<string | null> =>
  work.then(
    () => null,
    (error) => (error instanceof Error && 'code' in error ? String(error.code) : String(error)),
  );

/** With no witness. */
export const publish = async (ledger: Ledger): Promise<Published> =>
  publishLog(
    ledger,
    await readLogKey(ledger.root),
    () => true,
    async (signed) => signed,
  );
