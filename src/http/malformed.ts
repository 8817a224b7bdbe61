/** What never became a request: Node's own parser or its patience ended it. A problem like any other, and the connection ends. */
import { randomUUID } from 'node:crypto';
import { type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Problem, problemResponse } from './problems.ts';

/** `url` is where the service is reached. */
export function answerMalformed(server: Server, url: string): void {
  const answering = new WeakMap<Duplex, ServerResponse>();
  server.on('request', (incoming, outgoing) => answering.set(incoming.socket, outgoing));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const before = answering.get(socket);
    // In the middle of another answer it would be read as a part of that.
    const within = before?.headersSent === true && !before.writableFinished;
    if (!socket.writable || within || error.code === 'ECONNRESET') socket.destroy();
    else void answer(socket, problemOf(error.code), url);
  });
}

function problemOf(code: string | undefined): Problem {
  if (code === 'HPE_HEADER_OVERFLOW')
    return { code: 'headers-too-large', detail: 'at most 16 KB of them are read' };
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return { code: 'request-slow', detail: 'it was not whole in time' };
  return { code: 'request-malformed', detail: 'what arrived cannot be read as a request' };
}

async function answer(socket: Duplex, problem: Problem, url: string): Promise<void> {
  const request = randomUUID();
  const response = problemResponse(problem, url, request);
  const body = await response.text();
  const head = [
    `HTTP/1.1 ${response.status} ${STATUS_CODES[response.status]}`,
    ...[...response.headers].map(([name, value]) => `${name}: ${value}`),
    `X-Request-Id: ${request}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
