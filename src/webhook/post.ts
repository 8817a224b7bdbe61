/** One delivery over the network: to an address that was looked at, no redirect followed, nothing read of the answer. */
import { request as http } from 'node:http';
import { request as https } from 'node:https';
import {
  type AddressFault,
  hostOf,
  lookupOf,
  type Reach,
  reachableAddresses,
  webhookUrl,
} from './address.ts';

export type Posted =
  | { readonly kind: 'answered'; readonly status: number }
  | { readonly kind: 'failed'; readonly fault: AddressFault | 'timed-out' | string };

export type PostOptions = {
  readonly reach: Reach;
  /** How long a receiver may take over all. */
  readonly waitMs: number;
};

/** Never throws: what went wrong is a code. */
export async function post(
  target: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  { reach, waitMs }: PostOptions,
): Promise<Posted> {
  const url = webhookUrl(target, reach);
  if (typeof url === 'string') return { kind: 'failed', fault: url };
  const addresses = await reachableAddresses(hostOf(url), reach);
  if (typeof addresses === 'string') return { kind: 'failed', fault: addresses };
  const lookup = lookupOf(addresses);
  return new Promise((resolve) => {
    const send = url.protocol === 'https:' ? https : http;
    const signal = AbortSignal.timeout(waitMs);
    const sent = send(url, {
      ...{ method: 'POST', lookup, signal, agent: false },
      headers: {
        ...headers,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'astold-webhook/1',
      },
    });
    sent.on('response', (response) => {
      // What the receiver says beyond its status is nobody's concern here, however long it is.
      response.destroy();
      resolve({ kind: 'answered', status: response.statusCode ?? 0 });
    });
    sent.on('error', (error) =>
      resolve({ kind: 'failed', fault: signal.aborted ? 'timed-out' : codeOf(error) }),
    );
    sent.end(body);
  });
}

/** The system's code; its message may hold addresses. */
function codeOf(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : 'failed';
}
