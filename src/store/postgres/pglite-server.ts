/** Serves PGlite's one session to many clients of Postgres' protocol, on a socket. */
import { createServer, type Socket } from 'node:net';
import type { PGlite } from '@electric-sql/pglite';
import { type Turns, type TurnTaker, takeTurns } from './pglite-turns.ts';
import { noTls, readMessage, welcome } from './pglite-wire.ts';

export type PgliteServer = {
  /** Where it listens, where that was a port. */
  readonly port: number | null;
  close(): Promise<void>;
};
export type PgliteServerOptions = {
  /** The path of a Unix socket, or null for any free port of this machine. */
  readonly socket: string | null;
  /** As clients are told it. */
  readonly version: string;
  /** Who leaves a transaction idle so long is cut off. */
  readonly idleTransactionMs: number;
  /** Told when PGlite itself has broken down; everybody was cut off. */
  readonly failed: (error: unknown) => void;
};

export function servePglite(db: PGlite, options: PgliteServerOptions): Promise<PgliteServer> {
  const sockets = new Set<Socket>();
  const cutOffAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const turns = takeTurns(db, options.idleTransactionMs, (error) => {
    cutOffAll();
    options.failed(error);
  });
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serveClient(socket, turns, options.version);
  });
  const close = (): Promise<void> => {
    turns.close();
    return new Promise((closed) => {
      server.close(() => closed());
      cutOffAll();
    });
  };
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    const listening = (): void => {
      const address = server.address();
      resolve({ port: typeof address === 'string' ? null : (address?.port ?? null), close });
    };
    if (options.socket === null) server.listen(0, '127.0.0.1', listening);
    else server.listen(options.socket, listening);
  });
}

function serveClient(socket: Socket, turns: Turns, version: string): void {
  let unread: Buffer = Buffer.alloc(0);
  let started = false;
  let gone = false;
  let parts: Buffer[] = [];
  const taker: TurnTaker = {
    get gone() {
      return gone;
    },
    answer: (bytes) => void (socket.writable && socket.write(bytes)),
    cutOff: () => void socket.destroy(),
  };

  const obey = (found: NonNullable<ReturnType<typeof readMessage>>): void => {
    const { message } = found;
    if (message.kind === 'end') socket.end();
    else if (message.kind === 'tls') socket.write(noTls);
    else if (message.kind === 'startup') {
      started = true;
      socket.write(welcome(version));
    } else {
      parts.push(message.bytes);
      if (message.kind === 'part') return;
      turns.take({ taker, bytes: Buffer.concat(parts), whole: message.kind === 'turn' });
      parts = [];
    }
  };

  socket.setNoDelay(true);
  socket.on('data', (data) => {
    unread = unread.length === 0 ? data : Buffer.concat([unread, data]);
    for (let found = readMessage(unread, started); found !== null; found = readMessage(unread, started)) {
      unread = unread.subarray(found.size);
      obey(found);
    }
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    gone = true;
    turns.leave(taker);
  });
}
