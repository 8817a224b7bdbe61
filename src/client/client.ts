/**
 * The API for programs in TypeScript. Types come from the schemas that the server parses with; at run time it needs what
 * every browser has alone, `fetch` first.
 */
import type { z } from 'zod';
import { type Place, type PlaceName, parametersOf, places } from '../http/places.ts';
import type { Routes } from '../http/routes/all.ts';
import { ProblemError, problemOf } from './problem.ts';

/** What is asked at a place: the fields of its path, its query and its body. */
export type InputOf<N extends PlaceName> = z.input<Routes[N]['input']>;
export type OutputOf<N extends PlaceName> = Routes[N]['output'] extends z.ZodType
  ? z.output<Routes[N]['output']>
  : ClientFile;
/** A file as it comes; whoever takes it reads the stream to its end. */
export type ClientFile = {
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
  readonly stream: ReadableStream<Uint8Array>;
};

export type CallOptions = {
  /** Of a call that changes something; where it is left out, a new one is drawn. Give the same again to ask the same again. */
  readonly idempotencyKey?: string;
  /** The file, where one is put. */
  readonly body?: Uint8Array<ArrayBuffer>;
  readonly signal?: AbortSignal;
};
export type Client = {
  /** Throws ProblemError where the service refuses, and what `fetch` throws where it is not reached. */
  call<N extends PlaceName>(name: N, input: InputOf<N>, options?: CallOptions): Promise<OutputOf<N>>;
};

export type ClientSettings = {
  /** Such as https://astold.club.example. */
  readonly url: string;
  readonly org: string;
  /** A machine's key. */
  readonly key: string;
  readonly fetch?: typeof fetch;
};

export function openClient(settings: ClientSettings): Client {
  const send = settings.fetch ?? fetch;
  return {
    async call(name, input, options = {}) {
      const response = await send(requestOf(settings, places[name], input, options));
      if (!response.ok) throw new ProblemError(await problemOf(response));
      return (places[name].file ? fileOf(response) : await response.json()) as OutputOf<typeof name>;
    },
  };
}

type Fields = Readonly<Record<string, unknown>>;

function requestOf(
  { url, org, key }: ClientSettings,
  place: Place,
  input: unknown,
  options: CallOptions,
): Request {
  const fields: Fields = { ...(input as Fields) };
  const inPath = parametersOf(place.path);
  const inHeaders = [...(place.version ? ['version'] : []), ...(place.upload ? ['sha256', 'bytes'] : [])];
  const rest = Object.entries(fields).filter(
    ([name, value]) => value !== undefined && !inPath.includes(name) && !inHeaders.includes(name),
  );
  const headers = new Headers({ Authorization: `Bearer ${key}`, ...versionHeader(place, fields) });
  const changes = place.method !== 'get';
  if (changes && !place.file)
    headers.set('Idempotency-Key', options.idempotencyKey ?? globalThis.crypto.randomUUID());
  const target = new URL(`${url}/api/organisations/${encodeURIComponent(org)}${pathOf(place, fields)}`);
  const init: RequestInit = { method: place.method.toUpperCase(), headers, signal: options.signal ?? null };
  if (place.upload) {
    const bytes = String(fields.sha256).match(/../g) ?? [];
    const digest = btoa(String.fromCharCode(...bytes.map((each) => Number.parseInt(each, 16))));
    headers.set('Content-Digest', `sha-256=:${digest}:`);
    return new Request(target, { ...init, body: options.body ?? new Uint8Array() });
  }
  if (!changes) for (const [name, value] of rest) target.searchParams.set(name, String(value));
  if (!changes || rest.length === 0) return new Request(target, init);
  headers.set('Content-Type', 'application/json');
  return new Request(target, { ...init, body: JSON.stringify(Object.fromEntries(rest)) });
}

function versionHeader(place: Place, { version }: Fields): Readonly<Record<string, string>> {
  if (place.version === undefined) return {};
  if (version === 0 && place.version === 'if-match-or-none') return { 'If-None-Match': '*' };
  return { 'If-Match': `"${String(version)}"` };
}

const pathOf = (place: Place, fields: Fields): string =>
  place.path.replaceAll(/\{([a-z]+)\+?\}/g, (_, name: string) => encodeURIComponent(String(fields[name])));

function fileOf(response: Response): ClientFile {
  const { headers, body } = response;
  return {
    name: /filename="([^"]*)"/.exec(headers.get('Content-Disposition') ?? '')?.[1] ?? 'file',
    type: headers.get('Content-Type') ?? 'application/octet-stream',
    bytes: Number(headers.get('Content-Length')),
    stream: body ?? new ReadableStream(),
  };
}
