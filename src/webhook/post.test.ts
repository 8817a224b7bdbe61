import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSocketServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { post } from './post.ts';

const options = { reach: { loopback: true }, waitMs: 300 };
let close: () => Promise<void> = async () => {};
afterEach(() => close());

async function receiver(answer: RequestListener): Promise<string> {
  const server: Server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
}

test('a receiver that never answers is waited for so long, and no longer', async () => {
  const url = await receiver(() => {});
  expect(await post(url, {}, '{}', options)).toEqual({ kind: 'failed', fault: 'timed-out' });
});

test('an answer without an end holds nobody up', async () => {
  const url = await receiver((_, response) => {
    response.writeHead(200).write('x'.repeat(100_000));
  });
  expect(await post(url, {}, '{}', options)).toEqual({ kind: 'answered', status: 200 });
});

test('a redirect is an answer, and is not followed', async () => {
  let asked = 0;
  const url = await receiver((_, response) => {
    asked += 1;
    response.writeHead(307, { location: '/elsewhere' }).end();
  });
  expect(await post(url, {}, '{}', options)).toEqual({ kind: 'answered', status: 307 });
  expect(asked).toBe(1);
});

test('nobody there, or nobody who speaks HTTP, is a code', async () => {
  const url = await receiver(() => {});
  await close();
  expect(await post(url, {}, '{}', options)).toEqual({ kind: 'failed', fault: 'ECONNREFUSED' });
  const server = createSocketServer(
    (socket) =>
      void socket
        .on('error', () => {})
        .resume()
        .end('hello\r\n'),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close = () => new Promise((resolve) => server.close(() => resolve()));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : '';
  const fault = expect.stringMatching(/^[A-Z_]+$/);
  expect(await post(`http://127.0.0.1:${port}/`, {}, '{}', options)).toEqual({ kind: 'failed', fault });
});
