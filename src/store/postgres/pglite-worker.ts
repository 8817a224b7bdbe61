/** PGlite in a thread of its own, where its work does not hold up the event loop of the service. */
import { existsSync, renameSync, rmSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import type { PglitePrograms } from './pglite-programs.ts';
import { servePglite } from './pglite-server.ts';

export type PgliteTask = {
  readonly folder: string;
  readonly socket: string | null;
  readonly idleTransactionMs: number;
  readonly programs: PglitePrograms;
};
export type PgliteSays = { readonly kind: 'up'; readonly port: number | null } | { readonly kind: 'down' };

const { folder, socket, idleTransactionMs, programs } = workerData as PgliteTask;
const say = (said: PgliteSays): void => parentPort?.postMessage(said);

if (!existsSync(folder)) await makeFolder();
const db = await PGlite.create({ dataDir: folder, ...programs });
const server = await servePglite(db, {
  socket,
  version: await versionOf(db),
  idleTransactionMs,
  failed: (error) =>
    // Out of any promise: the thread ends with it, and the service is told.
    setImmediate(() => {
      throw error;
    }),
});
parentPort?.once('message', () => void close());
say({ kind: 'up', port: server.port });

/** Made aside: a folder that stands under its name was once whole. */
async function makeFolder(): Promise<void> {
  const aside = `${folder}.new`;
  rmSync(aside, { recursive: true, force: true });
  await (await PGlite.create({ dataDir: aside, ...programs })).close();
  renameSync(aside, folder);
}

async function versionOf(db: PGlite): Promise<string> {
  const { rows } = await db.query<{ server_version: string }>('SHOW server_version');
  return rows[0]?.server_version ?? '';
}

async function close(): Promise<void> {
  await server.close();
  await db.close();
  say({ kind: 'down' });
}
