/** The databases of tests: `describe.each(databases)('on $name', ...)`. Each copy is fresh, migrated and empty. */
import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { serverConnection, withClient } from './connection.ts';
import type { Templates } from './databases-setup.fixture.ts';
import { ownSchemas } from './migrate.ts';
import { nativeUrl } from './native.fixture.ts';
import { type OpenStateOptions, openState } from './open-state.ts';
import { openPglite } from './pglite.ts';
import type { State } from './state.ts';

export type TestDatabase = { readonly name: keyof Templates; create(): Promise<TestState> };

export type TestState = {
  /** The one that was opened last. */
  readonly state: State;
  /** The same for another process, or a second State. */
  readonly options: OpenStateOptions;
  readonly url: string | null;
  readonly ownerUrl: string | null;
  /** A data folder of its own; under PGlite its database is in there. */
  readonly data: string;
  reopen(): Promise<State>;
  /** As who owns the tables. Nobody else may ask anything meanwhile: PGlite's one session is then the owner's. */
  asOwner<T>(work: (client: pg.ClientBase) => Promise<T>): Promise<T>;
  /** Leaves a database in which nothing was ever made; `state` is closed. */
  empty(): Promise<void>;
  /** Closes it, and removes all of it. */
  drop(): Promise<void>;
};

export const embedded: TestDatabase = { name: 'PGlite', create: createPglite };
const server: TestDatabase = { name: 'Postgres', create: createNative };

/** For what the database itself has a part in: how it is opened, locked, left by a killed process, put back. */
export const databases: readonly TestDatabase[] = [embedded, server];
/**
 * For what stands above the state, and is told the same by either: the server, which costs a third of the work; with
 * `ASTOLD_DATABASES=all` both.
 */
export const oneDatabase: readonly TestDatabase[] =
  process.env.ASTOLD_DATABASES === 'all' ? databases : [server];

async function createPglite(): Promise<TestState> {
  const { folder } = await ask('PGlite');
  const data = newFolder();
  cpSync(folder, data, { recursive: true });
  return opened({ url: null, ownerUrl: null, data }, async () => {});
}

async function createNative(): Promise<TestState> {
  const native = await ask('Postgres');
  const name = `test_${randomBytes(6).toString('hex')}`;
  const asAdmin = async (statement: string): Promise<void> => {
    const client = new pg.Client(nativeUrl(native, 'postgres', 'postgres'));
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  await asAdmin(`CREATE DATABASE ${name} TEMPLATE ${native.template} OWNER astold_owner`);
  return opened(
    {
      url: nativeUrl(native, 'astold_login', name),
      ownerUrl: nativeUrl(native, 'astold_owner', name),
      data: newFolder(),
    },
    () => asAdmin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  );
}

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'astold-data-'));

async function opened(options: OpenStateOptions, remove: () => Promise<void>): Promise<TestState> {
  let state = await openState(options);
  return {
    get state() {
      return state;
    },
    options,
    url: options.url,
    ownerUrl: options.ownerUrl,
    data: options.data,
    async reopen() {
      await state.close();
      state = await openState(options);
      return state;
    },
    asOwner: (work) => asOwner(state, options.ownerUrl, work),
    async empty() {
      await state.close();
      if (options.ownerUrl !== null) return withClient(serverConnection(options.ownerUrl), dropSchemas);
      const { address, close: closeServer } = await openPglite(options.data);
      await withClient({ ...address, user: 'postgres' }, dropSchemas).finally(closeServer);
    },
    async drop() {
      await state.close();
      await remove();
      rmSync(options.data, { recursive: true, force: true });
    },
  };
}

async function asOwner<T>(
  state: State,
  ownerUrl: string | null,
  work: (client: pg.ClientBase) => Promise<T>,
): Promise<T> {
  if (ownerUrl !== null) return withClient(serverConnection(ownerUrl), work);
  const client = await state.pool.connect();
  try {
    await client.query('RESET ROLE');
    return await work(client);
  } finally {
    await client.query('SET ROLE astold_login');
    client.release();
  }
}

async function dropSchemas(client: pg.ClientBase): Promise<void> {
  for (const schema of [...ownSchemas, 'pgboss'])
    await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
}

function ask<Name extends keyof Templates>(name: Name): Promise<Templates[Name]> {
  return new Promise((resolve, reject) => {
    const socket = connect(process.env.ASTOLD_TEST_DATABASES ?? '');
    let said = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    socket.on('error', reject);
    socket.on('connect', () => socket.write(name));
    socket.on('end', () => {
      const answer = JSON.parse(said) as { found: Templates[Name] } | { fault: string };
      if ('found' in answer) resolve(answer.found);
      else reject(new Error(`the ${name} of the tests cannot be made: ${answer.fault}`));
    });
  });
}
