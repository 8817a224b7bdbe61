/** Opens the state: on the Postgres of an address, or on PGlite in the data folder. */
import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { type Connection, limits, serverConnection, withClient } from './connection.ts';
import { isMigrated, type Migration, migrate } from './migrate.ts';
import { migrations as allMigrations } from './migrations/all.ts';
import { openPglite } from './pglite.ts';
import type { State } from './state.ts';
import { StateError } from './state-error.ts';
import { stateOn } from './state-on.ts';

export type OpenStateOptions = {
  /** Of the login the service works as; null for PGlite. */
  readonly url: string | null;
  /** Of who owns the tables; null where the login itself migrates. */
  readonly ownerUrl: string | null;
  /** The data folder, absolute; made where missing. */
  readonly data: string;
  readonly migrations?: readonly Migration[];
};

/** Who the service is under PGlite. */
const pgliteLogin = 'astold_login';
const oldestVersion = 150_000;

/** Opens the state with its schema brought up to date. Throws StateError. */
export async function openState(options: OpenStateOptions): Promise<State> {
  const migrations = options.migrations ?? allMigrations;
  if (options.url === null) return openOnPglite(options.data, migrations);
  return openOnServer(options.url, options.ownerUrl, migrations);
}

async function openOnServer(
  url: string,
  ownerUrl: string | null,
  migrations: readonly Migration[],
): Promise<State> {
  const connection = serverConnection(url);
  const { login, left } = await withClient(connection, async (client) => ({
    login: await requireFit(client),
    left: ownerUrl !== null || !(await isMigrated(client, migrations)),
  })).catch(withoutOwner(ownerUrl));
  if (ownerUrl !== null) await requireSame(connection, serverConnection(ownerUrl));
  // With an owner always: the login may be another one than last time.
  if (left)
    await withClient(longRunning(ownerUrl ?? url), (owner) => migrate(owner, migrations, login)).catch(
      withoutOwner(ownerUrl),
    );
  return stateOn('postgres', connection, async () => {});
}

/** What a login may not do, its owner may: where none was given, that is what is wanted. */
const withoutOwner =
  (ownerUrl: string | null) =>
  (error: unknown): never => {
    if (ownerUrl !== null || !(error instanceof StateError) || error.code !== 'database-rights') throw error;
    throw new StateError(
      'database-owner-wanted',
      'the login may not use the database as it is, nor bring it to the form that this program wants: give the address of who owns the tables as well (ASTOLD_DATABASE_OWNER_URL), here or to astold migrate',
      { cause: error },
    );
  };

/** Nothing is written to a database that the service then does not use. A lock of one is no lock of another. */
function requireSame(connection: Connection, ofOwner: Connection): Promise<void> {
  const key = randomBytes(8).readBigInt64BE().toString();
  return withClient(connection, async (client) => {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [key]);
    const { rows } = await withClient(ofOwner, (owner) =>
      owner.query<{ free: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS free', [key]),
    );
    await client.query('ROLLBACK');
    if (rows[0]?.free !== false)
      throw new StateError(
        'database-of-other',
        "the owner's address leads to another database than the login's: give both the same host, port and name (ASTOLD_DATABASE_URL, ASTOLD_DATABASE_OWNER_URL)",
      );
  });
}

/** A migration may take as long as it takes. */
const longRunning = (url: string): Connection => ({ ...serverConnection(url), statement_timeout: 0 });

/**
 * PGlite's session is a superuser's. It migrates, then becomes a plain role, whom row-level security binds. Behind that
 * role it stays a superuser's: SQL that says RESET ROLE would be free of it, as nobody's login on a server is.
 */
async function openOnPglite(data: string, migrations: readonly Migration[]): Promise<State> {
  const { address, close } = await openPglite(data);
  const connection: Connection = { ...limits, ...address, user: pgliteLogin, database: 'postgres' };
  try {
    await withClient(connection, async (client) => {
      await makeLogin(client);
      await migrate(client, migrations, pgliteLogin);
      await client.query(`SET ROLE ${pgliteLogin}`);
      await client.query('SET search_path = astold');
      await requireFit(client);
    });
    return stateOn('pglite', connection, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function makeLogin(client: pg.ClientBase): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [pgliteLogin]);
  if (rowCount === 0) await client.query(`CREATE ROLE ${pgliteLogin} LOGIN`);
}

/** The login's name. */
async function requireFit(client: pg.ClientBase): Promise<string> {
  const { rows } = await client.query<{ login: string; version: number; encoding: string; strong: boolean }>(
    `SELECT current_user AS login, current_setting('server_version_num')::int AS version,
       current_setting('server_encoding') AS encoding,
       (SELECT bool_or(rolsuper OR rolbypassrls) FROM pg_roles WHERE pg_has_role(current_user, oid, 'MEMBER')) AS strong`,
  );
  const [found] = rows;
  if (found === undefined || found.version < oldestVersion) {
    throw new StateError(
      'database-version',
      `the database is Postgres ${Math.floor((found?.version ?? 0) / 10_000)}; AsTold wants 15 or newer`,
    );
  }
  if (found.encoding !== 'UTF8')
    throw new StateError('database-encoding', `the database is ${found.encoding}; make one that is UTF8`);
  if (found.strong !== false) {
    throw new StateError(
      'database-login-too-strong',
      `${found.login} is, or may become, a superuser or one that bypasses row-level security: give the service a plain login`,
    );
  }
  return found.login;
}
