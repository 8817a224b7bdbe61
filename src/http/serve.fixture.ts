/** A server as people start it, for tests. */
import { type ChildProcess, spawn } from 'node:child_process';
import { type AddressInfo, createServer } from 'node:net';
import { expect } from 'vitest';
import type { TestState } from '../store/postgres/databases.fixture.ts';

export const program = new URL('../cli/main.js', import.meta.url).pathname;

export type Started = {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  untilReady(): Promise<string>;
  stderr(): string;
};

/** `astold serve`, a process of its own. */
export function start(env: Record<string, string>): Started {
  const child = spawn(process.execPath, [program, 'serve'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => resolve(code));
  });
  return {
    child,
    ended,
    stderr: () => err,
    async untilReady() {
      const over = ended.then((code) => `it ended with ${code}: ${err}`);
      const ready = expect
        .poll(() => out, { timeout: 50_000, interval: 100 })
        .toContain('until it is stopped');
      const failed = await Promise.race([over, ready.then(() => null)]);
      if (failed !== null) throw new Error(failed);
      return out;
    },
  };
}

export async function environmentOf({ data, url, ownerUrl }: TestState): Promise<Record<string, string>> {
  return {
    PATH: process.env.PATH ?? '',
    ASTOLD_DATA: data,
    ASTOLD_PORT: String(await freePort()),
    ...(url === null ? {} : { ASTOLD_DATABASE_URL: url, ASTOLD_MAIL: 'folder' }),
    ...(ownerUrl === null ? {} : { ASTOLD_DATABASE_OWNER_URL: ownerUrl }),
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
