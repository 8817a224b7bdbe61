import { createHash } from 'node:crypto';
import { afterEach, expect, test, vi } from 'vitest';
import { openClient } from './client.ts';

afterEach(() => vi.unstubAllGlobals());

test('a file is put with nothing of Node: the digest of its bytes goes in a header', async () => {
  const body = new TextEncoder().encode('id,name\n1,A\n');
  const sha256 = createHash('sha256').update(body).digest();
  const [hex, expected] = [sha256.toString('hex'), sha256.toString('base64')];
  const asked: Request[] = [];
  const client = openClient({
    ...{ url: 'https://club.example', org: 'club', key: 'k' },
    fetch: async (request) => {
      asked.push(request as Request);
      return Response.json({});
    },
  });
  const put = () =>
    client.call('upload-data', { name: 'members.csv', sha256: hex, bytes: body.length }, { body });
  // What Node itself loads for the first request wants a Buffer; of its own Request the rest of it is wanted later too.
  await put();
  const without = (target: object, name: string | symbol): unknown => {
    if (name === 'from') throw new TypeError('a browser has no Buffer');
    return Reflect.get(target, name);
  };
  vi.stubGlobal('Buffer', new Proxy(Buffer, { get: without }));
  await put();
  vi.unstubAllGlobals();
  expect(asked).toHaveLength(2);
  expect(asked[1]?.headers.get('Content-Digest')).toBe(`sha-256=:${expected}:`);
});
