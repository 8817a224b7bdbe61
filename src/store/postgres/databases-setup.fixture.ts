/**
 * Before all tests: a small server that makes each kind of database when the first test asks for it, so that other tests
 * wait for none. After all tests everything is gone; what a killed run left goes at the start of the next.
 */
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type Native, nativeUrl, startNative, stopOrphan } from './native.fixture.ts';
import { openState } from './open-state.ts';

/** What a test is told of the databases it may copy: both have the schema and no row. */
export type Templates = {
  PGlite: { readonly folder: string };
  Postgres: { readonly port: number; readonly password: string; readonly template: string };
};

const prefix = 'astold-databases-';
const template = 'astold_template';

export default async function setup(): Promise<() => Promise<void>> {
  removeLeft(tmpdir());
  // What starts the native server ends this process with status 0 once nothing is left to do: a failed run would pass.
  process.prependOnceListener('beforeExit', () => process.exit());
  const folder = mkdtempSync(join(tmpdir(), prefix));
  // The database's server runs as another user where this one is root.
  chmodSync(folder, 0o711);
  writeFileSync(join(folder, 'pid'), String(process.pid));
  const made: {
    native?: Promise<Native>;
    Postgres?: Promise<Templates['Postgres']>;
    PGlite?: Promise<Templates['PGlite']>;
  } = {};

  const make = (name: string): Promise<Templates[keyof Templates]> => {
    if (name === 'PGlite') {
      made.PGlite ??= makePglite(join(folder, 'pglite'));
      return made.PGlite;
    }
    made.native ??= startNative(join(folder, 'postgres'));
    made.Postgres ??= made.native.then(makeTemplate);
    return made.Postgres;
  };
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', (asked) => {
      make(String(asked)).then(
        (found) => socket.end(JSON.stringify({ found })),
        (error: unknown) => socket.end(JSON.stringify({ fault: String(error) })),
      );
    });
  });
  const address = join(folder, 'socket');
  await new Promise<void>((listening) => server.listen(address, listening));
  process.env.ASTOLD_TEST_DATABASES = address;

  return async () => {
    server.close();
    await made.native?.then(({ stop }) => stop()).catch(() => {});
    rmSync(folder, { recursive: true, force: true });
  };
}

async function makePglite(data: string): Promise<Templates['PGlite']> {
  const state = await openState({ url: null, ownerUrl: null, data });
  await state.close();
  return { folder: data };
}

async function makeTemplate(native: Native): Promise<Templates['Postgres']> {
  const client = new pg.Client(nativeUrl(native, 'postgres', 'postgres'));
  await client.connect();
  await client.query(`CREATE DATABASE ${template} OWNER astold_owner`);
  await client.end();
  const state = await openState({
    url: nativeUrl(native, 'astold_login', template),
    ownerUrl: nativeUrl(native, 'astold_owner', template),
    data: '',
  });
  await state.close();
  return { port: native.port, password: native.password, template };
}

/** What killed runs left in a folder: their servers, and what those wrote. */
export function removeLeft(parent: string): void {
  for (const name of readdirSync(parent).filter((each) => each.startsWith(prefix))) {
    const folder = join(parent, name);
    if (isRunning(folder)) continue;
    stopOrphan(join(folder, 'postgres'));
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whether the process that wrote its number to `pid` in a folder still runs. */
export function isRunning(folder: string): boolean {
  try {
    process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), 0);
    return true;
  } catch (error) {
    // Another user's process is one.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
