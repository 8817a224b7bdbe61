/** One question over the network to a witness: no redirect is followed, and no more is read than an answer has. */
import { type ClientRequest, request as http, type IncomingMessage } from 'node:http';
import { request as https } from 'node:https';
import type { WitnessReach } from '../../store/ledger.ts';
import {
  type AddressFault,
  hostOf,
  lookupOf,
  type Reach,
  reachableAddresses,
  webhookUrl,
} from '../../webhook/address.ts';

export type CheckpointAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly text: string }
  | { readonly kind: 'failed'; readonly why: string };

/** Milliseconds for all of it. */
const patience = 10_000;
/** Characters. */
const longestAnswer = 64 * 1024;

const reachOf: Readonly<Record<Exclude<WitnessReach, 'anywhere'>, Reach>> = {
  internet: { loopback: false },
  'internet-or-here': { loopback: true },
};
const faults: Readonly<Record<AddressFault, string>> = {
  'url-malformed': 'its address is no URL',
  'not-https': 'a server asks witnesses by https alone',
  'has-credentials': 'its address holds a name or a password',
  'address-unknown': 'nothing is known by that name',
  'address-private': 'its address is not on the open internet, and a server asks nobody else',
};

/** Asks the `add-checkpoint` of the witness at `address`. Never throws for what the network does. */
export async function postCheckpoint(
  address: string,
  body: string,
  reach: WitnessReach,
): Promise<CheckpointAnswer> {
  const target = `${address.replace(/\/+$/, '')}/add-checkpoint`;
  const way = reach === 'anywhere' ? anyWay(target) : await openWay(target, reachOf[reach]);
  if (typeof way === 'string') return { kind: 'failed', why: faults[way] };
  const { url, lookup } = way;
  const signal = AbortSignal.timeout(patience);
  try {
    const send = url.protocol === 'https:' ? https : http;
    const headers = { 'content-type': 'text/plain', 'content-length': Buffer.byteLength(body) };
    const sent = send(url, { method: 'POST', headers, signal, agent: false, ...(lookup && { lookup }) });
    return await answerOf(sent, body);
  } catch {
    // Whatever the system says of it may hold addresses.
    return { kind: 'failed', why: signal.aborted ? 'it did not answer in time' : 'it cannot be reached' };
  }
}

type Way = { readonly url: URL; readonly lookup: ReturnType<typeof lookupOf> | null };

function anyWay(target: string): Way | AddressFault {
  const url = URL.canParse(target) ? new URL(target) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return 'url-malformed';
  return { url, lookup: null };
}

/** To an address that was looked at, as a webhook. */
async function openWay(target: string, reach: Reach): Promise<Way | AddressFault> {
  const url = webhookUrl(target, reach);
  if (typeof url === 'string') return url;
  const addresses = await reachableAddresses(hostOf(url), reach);
  return typeof addresses === 'string' ? addresses : { url, lookup: lookupOf(addresses) };
}

async function answerOf(sent: ClientRequest, body: string): Promise<CheckpointAnswer> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    sent.on('response', resolve);
    sent.on('error', reject);
    sent.end(body);
  });
  let text = '';
  response.setEncoding('utf8');
  for await (const part of response) {
    text += part;
    // Left here, the rest is not read.
    if (text.length > longestAnswer) return { kind: 'failed', why: 'its answer has no end' };
  }
  return { kind: 'answered', status: response.statusCode ?? 0, text };
}
