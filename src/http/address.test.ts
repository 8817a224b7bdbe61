import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { addressOf } from './address.ts';

async function heard(proxies: number, socket: string, forwarded: string | null): Promise<string> {
  const app = new Hono().get('/', (c) => c.text(addressOf(proxies)(c)));
  const headers = forwarded === null ? new Headers() : new Headers({ 'X-Forwarded-For': forwarded });
  const response = await app.request('/', { headers }, { incoming: { socket: { remoteAddress: socket } } });
  return response.text();
}

test('without a proxy nobody chooses the address they are counted by', async () => {
  expect(await heard(0, '192.0.2.7', '198.51.100.1')).toBe('192.0.2.7');
});

test('behind proxies the address is the one that the outermost of them heard', async () => {
  expect(await heard(1, '10.0.0.1', '203.0.113.9, 198.51.100.1')).toBe('198.51.100.1');
  expect(await heard(2, '10.0.0.1', '203.0.113.9, 198.51.100.1, 10.0.0.2')).toBe('198.51.100.1');
});

test('a request that did not come through the proxy counts as the proxy', async () => {
  expect(await heard(1, '10.0.0.1', null)).toBe('10.0.0.1');
});

test.each([
  ['198.51.100.1:50123', '198.51.100.1'],
  ['[2001:db8:1:2::9]:50123', '2001:db8:1:2'],
  ['[2001:db8:1:2::9]', '2001:db8:1:2'],
  ['2001:db8:1:2::9', '2001:db8:1:2'],
  ['[::ffff:198.51.100.1]:50123', '198.51.100.1'],
  ['unknown', '10.0.0.1'],
  ['198.51.100.999', '10.0.0.1'],
  ['198.51.100.1:x', '10.0.0.1'],
  ['', '10.0.0.1'],
])('a proxy that says %s counts as %s', async (forwarded, network) => {
  expect(await heard(1, '10.0.0.1', `203.0.113.9, ${forwarded}`)).toBe(network);
});

test.each([
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8:1:2::9', '2001:db8:1:2'],
  ['2001:DB8::1', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
])('%s counts as %s', async (address, network) => {
  expect(await heard(0, address, null)).toBe(network);
});
