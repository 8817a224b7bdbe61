/** How the service connects to Postgres, and how it knows that a connection was lost. */
import pg from 'pg';
import { StateError } from './state-error.ts';

/** Plain: what any client of `pg` can be given. */
export type Connection = pg.PoolConfig & { readonly connectionString?: string };

const int8 = 20;
const date = 1082;

/** Numbers of 8 bytes come as bigint, days as text, times as Date; for these connections alone. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === int8 && format !== 'binary') return BigInt;
    if (oid === date && format !== 'binary') return (text: string) => text;
    return pg.types.getTypeParser(oid, format as 'text');
  }) as typeof pg.types.getTypeParser,
};

const sessionOptions = '-c search_path=astold -c datestyle=ISO';

/** What every connection to a server has: our schema first, and an end to what takes too long. Throws StateError `database-address`. */
export function serverConnection(url: string): Connection {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !['postgres:', 'postgresql:'].includes(parsed.protocol)) {
    throw new StateError(
      'database-address',
      'the database address is not a URL like postgres://user:password@host:5432/name',
    );
  }
  const options = parsed.searchParams.get('options');
  parsed.searchParams.set('options', [options, sessionOptions].filter((each) => each !== null).join(' '));
  return {
    connectionString: parsed.href,
    ...limits,
    statement_timeout: 60_000,
    idle_in_transaction_session_timeout: 300_000,
  };
}

export const limits = {
  application_name: 'astold',
  max: 10,
  connectionTimeoutMillis: 10_000,
  keepAlive: true,
} as const satisfies pg.PoolConfig;

export function openPool(connection: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({ ...connection, types });
  // A connection that is lost while nobody asks anything of it is no news: the pool makes another, and whoever had it is told.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/** One connection, closed after. Throws StateError `database-address`, `database-unreachable`. */
export async function withClient<T>(
  connection: pg.PoolConfig,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ ...connection, types });
  client.on('error', () => {});
  try {
    await client.connect();
    return await work(client);
  } catch (error) {
    throw asStateError(error);
  } finally {
    await client.end().catch(() => {});
  }
}

const lost = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH']);
const notFound = new Set(['ENOENT', 'ENOTFOUND', 'EAI_AGAIN', 'EACCES']);
/** Shut down, crashed, starting; too many connections. */
const awayStates = new Set(['57P01', '57P02', '57P03', '53300']);
const addressStates = new Set(['28000', '28P01', '3D000']);
const refusedRights = '42501';
/** What `pg` says without a code. */
const lostWords =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** Whether the database was away, so that what was asked did not happen or is not known to have. */
export function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = codeOf(error);
  if (code === null) return lostWords.test(error.message);
  if (lost.has(code)) return true;
  if (notFound.has(code))
    return 'syscall' in error && (error.syscall === 'connect' || error.syscall === 'getaddrinfo');
  return awayStates.has(code) || /^08...$/.test(code);
}

/** Errors of a connection by their codes; everything else as it is. */
export function asStateError(error: unknown): unknown {
  const code = error instanceof Error ? codeOf(error) : null;
  if (isAway(error)) {
    return new StateError('database-unreachable', 'the database is away; nothing was done; try again', {
      cause: error,
    });
  }
  if (code !== null && addressStates.has(code)) {
    return new StateError('database-address', `the database lets nobody in under this address (${code})`, {
      cause: error,
    });
  }
  if (code === refusedRights) {
    return new StateError('database-rights', "the database's login may not do what is needed there", {
      cause: error,
    });
  }
  return error;
}

function codeOf(error: Error): string | null {
  return 'code' in error && typeof error.code === 'string' ? error.code : null;
}
