/** The server on a socket. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer, type Http2Bindings, type HttpBindings } from '@hono/node-server';
import type { Hono } from 'hono';
import { answerMalformed } from './malformed.ts';
import type { Seen } from './seen.ts';

export type Listening = {
  /** With the port it was given, where any would do. */
  readonly port: number;
  /** No new requests; what is being answered has so long. */
  stop(seconds: number): Promise<void>;
};

export type ListenOptions = {
  readonly host: string;
  readonly port: number;
  /** Where the service is reached; left out, what is no request is told of pages of this very address. */
  readonly url?: string;
};

/** Rejects with what the system says where the address cannot be had. */
export function listen(app: Hono<Seen>, { host, port, url = '' }: ListenOptions): Promise<Listening> {
  const server = createAdaptorServer({
    fetch: closing(app),
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
  answerMalformed(server, url);
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

/** In bytes: the rest of so small a body is read and thrown away, and the connection goes on. */
const drained = 64 * 1024;

/**
 * Whatever is answered before its body was read to the end is the last on its connection, and says so: the rest of that body
 * may be more than anybody wants to read, and the next request would stand behind it.
 */
function closing(
  app: Hono<Seen>,
): (request: Request, env: HttpBindings | Http2Bindings) => Promise<Response> {
  return async (request, env) => {
    const response = await app.fetch(request, env);
    const { complete, headers } = env.incoming;
    const small = Number(headers['content-length'] ?? Number.NaN) <= drained;
    if (!complete && !small) response.headers.set('Connection', 'close');
    return response;
  };
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
