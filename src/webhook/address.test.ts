import { describe, expect, test } from 'vitest';
import { isReachable, reachableAddresses, webhookUrl } from './address.ts';

const open = { loopback: false };
const tryingOut = { loopback: true };

describe('a webhook goes to the open internet', () => {
  test.each(['93.184.216.34', '1.1.1.1', '172.15.255.255', '172.32.0.1', '2606:4700::1111', '2a00:1450::1'])(
    '%s may be connected to',
    (address) => expect(isReachable(address, open)).toBe(true),
  );

  test.each([
    ...['0.0.0.0', '10.0.0.1', '100.64.0.1', '127.0.0.1', '127.9.9.9', '169.254.169.254', '172.16.0.1'],
    ...['172.31.255.255', '192.168.1.1', '192.0.0.8', '198.18.0.1', '224.0.0.1', '255.255.255.255'],
    ...[
      '::',
      '::1',
      '::ffff:127.0.0.1',
      '::ffff:7f00:1',
      '::ffff:1.1.1.1',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
    ],
    ...['fe80::1', 'fe80::1%eth0', 'fc00::1', 'fd12::1', 'fec0::1', 'ff02::1', '2001:db8::1', '2001::1'],
    ...['', 'localhost', '1', '127.1', '0x7f000001'],
  ])('%s may not', (address) => expect(isReachable(address, open)).toBe(false));

  test('to this very machine only where that is allowed, and to nothing else beside it', () => {
    expect(isReachable('127.0.0.1', tryingOut)).toBe(true);
    expect(isReachable('::1', tryingOut)).toBe(true);
    for (const address of ['127.0.0.2', '10.0.0.1', '169.254.169.254', '::ffff:127.0.0.1', '0.0.0.0'])
      expect(isReachable(address, tryingOut)).toBe(false);
  });
});

describe('the URL of a webhook', () => {
  test.each([
    ['http://hooks.example/x', 'not-https'],
    ['ftp://hooks.example/x', 'not-https'],
    ['file:///etc/passwd', 'not-https'],
    ['hooks.example', 'url-malformed'],
    ['https://', 'url-malformed'],
    ['https://user:secret@hooks.example/', 'has-credentials'],
    ['http://127.0.0.1:8080/', 'not-https'],
  ])('%s is refused: %s', (text, fault) => expect(webhookUrl(text, open)).toBe(fault));

  test('without TLS it is this very machine, to try things out', () => {
    expect(webhookUrl('http://127.0.0.1:8080/', tryingOut)).toBeInstanceOf(URL);
    expect(webhookUrl('http://localhost:8080/', tryingOut)).toBeInstanceOf(URL);
    expect(webhookUrl('http://hooks.example/', tryingOut)).toBe('not-https');
    expect(webhookUrl('http://10.0.0.1/', tryingOut)).toBe('not-https');
  });

  // However an address is written, the URL parser gives it in its one form.
  test.each([
    'https://2130706433/',
    'https://0x7f.1/',
    'https://017700000001/',
    'https://[::ffff:127.0.0.1]/',
  ])('%s is a private address in disguise', async (text) => {
    const url = webhookUrl(text, open);
    const host = url instanceof URL ? url.hostname.replace(/^\[|\]$/g, '') : '';
    expect(await reachableAddresses(host, open)).toBe('address-private');
  });

  test('a name that leads within is refused by where it leads', async () => {
    expect(await reachableAddresses('localhost', open)).toBe('address-private');
    expect(await reachableAddresses('no-such-name.invalid', open)).toBe('address-unknown');
  });
});
