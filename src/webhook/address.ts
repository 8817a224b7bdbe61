/**
 * Where a webhook may go: to the open internet, by TLS. An address within the server's own network would let whoever sets
 * a webhook up reach what they cannot (SSRF). Asked when it is added, and of the very address that each delivery connects to.
 */
import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { BlockList, isIP, type LookupFunction } from 'node:net';

export type Reach = {
  /** For trying out: this very machine, and without TLS. */
  readonly loopback: boolean;
};
export type AddressFault =
  | 'url-malformed'
  | 'not-https'
  | 'has-credentials'
  | 'address-unknown'
  | 'address-private';

/** Special-purpose addresses of IPv4 (RFC 6890 and after it). */
const closed4 = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  closed4.addSubnet(net, bits, 'ipv4');

/** Of IPv6 only what is given out to the world, without the parts of it that stand for other addresses or for none. */
const world6 = new BlockList();
world6.addSubnet('2000::', 3, 'ipv6');
const closed6 = new BlockList();
for (const [net, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  closed6.addSubnet(net, bits, 'ipv6');

/** Whether an address may be connected to. What is no address may not. */
export function isReachable(address: string, { loopback }: Reach): boolean {
  if (loopback && (address === '127.0.0.1' || address === '::1')) return true;
  switch (isIP(address)) {
    case 4:
      return !closed4.check(address, 'ipv4');
    case 6:
      return world6.check(address, 'ipv6') && !closed6.check(address, 'ipv6');
    default:
      return false;
  }
}

/** The URL, or what is wrong with its form; where its name leads is not asked. */
export function webhookUrl(text: string, { loopback }: Reach): URL | AddressFault {
  if (!URL.canParse(text)) return 'url-malformed';
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return 'has-credentials';
  const plain = loopback && url.protocol === 'http:' && isLoopback(hostOf(url));
  if (url.protocol !== 'https:' && !plain) return 'not-https';
  return url;
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '127.0.0.1' || host === '::1';

/** Without the brackets of an IPv6 address. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

/** Every address of a host, if it may be connected to each of them. A name with one private address is a trick. */
export async function reachableAddresses(
  host: string,
  reach: Reach,
): Promise<readonly LookupAddress[] | AddressFault> {
  const found = await lookup(host, { all: true }).catch(() => []);
  if (found.length === 0) return 'address-unknown';
  return found.every(({ address }) => isReachable(address, reach)) ? found : 'address-private';
}

/** For a connection to what was looked at: asked again, a name could answer otherwise. */
export const lookupOf =
  (addresses: readonly LookupAddress[]): LookupFunction =>
  (_host, options, answer) => {
    const [first] = addresses;
    if (options.all === true) answer(null, [...addresses]);
    else answer(null, first?.address ?? '', first?.family ?? 4);
  };
