/** Which address asks. */
import { isIP, isIPv6 } from 'node:net';
import type { Context } from 'hono';

/**
 * So many proxies are believed, counted from the server: each adds whom it heard to `X-Forwarded-For`, and what stands further
 * left may have been made up by whoever asks. An address of IPv6 counts as its network (/64), which is one household's.
 */
export function addressOf(proxies: number): (c: Context) => string {
  return (c) => {
    const heard = socketAddress(c.env);
    if (proxies === 0) return network(heard);
    const forwarded = (c.req.header('X-Forwarded-For') ?? '').split(',').map((each) => each.trim());
    return network(withoutPort(forwarded.at(-proxies) ?? '') ?? heard);
  };
}

/** Some proxies write the port too, which is another each time. Null where no address is left. */
function withoutPort(heard: string): string | null {
  const [, bracketed, dotted] = /^(?:\[([^\]]*)\]|([\d.]+))(?::\d+)?$/.exec(heard) ?? [];
  const bare = bracketed ?? dotted ?? heard;
  return isIP(bare) === 0 ? null : bare;
}

function socketAddress(env: unknown): string {
  const incoming = typeof env === 'object' && env !== null && 'incoming' in env ? env.incoming : null;
  const socket = (incoming as { socket?: { remoteAddress?: string } } | null)?.socket;
  return socket?.remoteAddress ?? 'unknown';
}

function network(address: string): string {
  const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address.slice(0, 64);
  const { hostname } = new URL(`http://[${address.split('%')[0]}]`);
  const [head = '', tail] = hostname.slice(1, -1).split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - groups.length - after.length }, () => '0');
  return [...groups, ...zeros, ...after].slice(0, 4).join(':');
}
