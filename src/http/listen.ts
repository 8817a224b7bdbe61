/** The server on a socket. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import type { Seen } from './seen.ts';

export type Listening = {
  /** With the port it was given, where any would do. */
  readonly port: number;
  /** No new requests; what is being answered has so long. */
  stop(seconds: number): Promise<void>;
};

/** Rejects with what the system says where the address cannot be had. */
export function listen(
  app: Hono<Seen>,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Listening> {
  const server = createAdaptorServer({
    fetch: app.fetch,
    serverOptions: {
      headersTimeout: 10_000,
      // Of an upload on a slow line; smaller bodies have a limit of their own.
      requestTimeout: 3_600_000,
      keepAliveTimeout: 5_000,
      maxHeaderSize: 16 * 1024,
    },
  }) as Server;
  // Of a line on which nothing comes and nothing goes.
  server.timeout = 120_000;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve({
        port: (server.address() as AddressInfo).port,
        stop: (seconds) => stopServer(server, seconds),
      });
    });
  });
}

function stopServer(server: Server, seconds: number): Promise<void> {
  return new Promise((resolve) => {
    // A browser keeps its connection after an answer: it is closed as soon as it has one.
    const idle = setInterval(() => server.closeIdleConnections(), 100);
    const late = setTimeout(() => server.closeAllConnections(), seconds * 1000);
    server.close(() => {
      clearInterval(idle);
      clearTimeout(late);
      resolve();
    });
  });
}
