/** The witness on the network: `POST /add-checkpoint`, and nothing else. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Witness, WitnessAnswer } from '../app/log/witness.ts';

/** A checkpoint with 63 hashes and 16 signatures takes a few thousand bytes. */
const largestBody = 64 * 1024;
/** Whoever opens more at once, and sends nothing whole, makes room for others by it. */
const mostConnections = 256;

export type ListeningWitness = { readonly url: string; close(): Promise<void> };

/** Serves until it is closed. Rejects with what the system says where the address cannot be had. */
export function serveWitness(
  witness: Witness,
  address: { readonly host: string; readonly port: number },
  onAnswer: (status: number, method: string) => void,
): Promise<ListeningWitness> {
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000, maxHeaderSize: 8192 });
  server.on('connection', crowdOf(mostConnections));
  server.on('request', (request, response) => {
    response.on('finish', () => onAnswer(response.statusCode, request.method ?? ''));
    answer(witness, request, response).catch(() => {
      // The disk failed, or the sender went away: nothing is cosigned, and no more is said.
      if (!response.headersSent) say(response, 500, 'text/plain; charset=utf-8', 'the witness failed\n');
      else response.destroy();
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(address.port, address.host, () => {
      server.off('error', reject);
      resolve({ url: urlOf(server), close: () => closeServer(server) });
    });
  });
}

/** Lets everybody in; where that is more than `most`, whoever has been there longest goes. An answer takes no time. */
function crowdOf(most: number): (socket: Socket) => void {
  const crowd = new Set<Socket>();
  return (socket) => {
    // In the order they came: a set keeps it.
    const [longest] = crowd;
    if (longest !== undefined && crowd.size >= most) {
      crowd.delete(longest);
      longest.destroy();
    }
    crowd.add(socket);
    socket.once('close', () => crowd.delete(socket));
  };
}

function urlOf(server: Server): string {
  // A server that listens on a host and port has such an address.
  const { address, port, family } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function answer(witness: Witness, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url !== '/add-checkpoint') return say(response, 404, plain, 'there is only /add-checkpoint\n');
  if (request.method !== 'POST') {
    response.setHeader('Allow', 'POST');
    return say(response, 405, plain, 'a checkpoint is posted\n');
  }
  const body = await bodyOf(request);
  if (body === null) {
    response.setHeader('Connection', 'close');
    return say(response, 413, plain, `a body of at most ${largestBody} bytes is read\n`);
  }
  reply(response, witness.addCheckpoint(body, BigInt(Math.floor(Date.now() / 1000))));
}

const plain = 'text/plain; charset=utf-8';

function reply(response: ServerResponse, found: WitnessAnswer): void {
  if (found.kind === 'cosigned') say(response, 200, plain, found.line);
  else if (found.kind === 'conflict') say(response, 409, 'text/x.tlog.size', `${found.size}\n`);
  else say(response, found.status, plain, `${found.message}\n`);
}

function say(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { 'Content-Type': type, 'X-Content-Type-Options': 'nosniff' }).end(text);
}

/** The body; null where it is larger than any is. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > largestBody) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}
