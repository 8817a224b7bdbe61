/**
 * Log entries: 32 bytes each, a salted commitment to what happened. From outside one looks like another (E3); its
 * opening (salt and content) is kept apart, and without it nothing can be learnt of the entry.
 */
import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import canonicalize from 'canonicalize';
import { LogError } from './log-error.ts';

export const contentKinds = [
  'source-ingested',
  'notice-published',
  'agreement-signed',
  'release',
  'receipt',
  'duty-discharged',
  'freeze',
  'preference',
  'preference-batch',
  'log-restored',
] as const;
export type ContentKind = (typeof contentKinds)[number];

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
/** What an entry commits to: plain JSON. `at` is an instant with its offset, by our own clock. */
export type LogContent = { readonly kind: ContentKind; readonly at: string; readonly [key: string]: Json };
/** `salt` is 32 hex digits. */
export type Opening = { readonly salt: string; readonly content: LogContent };

export const entryBytes = 32;
export const saltBytes = 16;

const prefix = Buffer.from('astold/entry/1\n');
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;
const kinds: ReadonlySet<string> = new Set(contentKinds);

/** Random salts for so many entries. */
export function newSalts(count: number): Buffer[] {
  const all = randomBytes(count * saltBytes);
  return Array.from({ length: count }, (_, i) => all.subarray(i * saltBytes, (i + 1) * saltBytes));
}

/** The canonical JSON (RFC 8785) of a content. Throws LogError `entry-malformed`; the message holds none of it. */
export function contentText(content: unknown): string {
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw malformed('its content is not an object');
  const { kind, at } = content as { kind?: unknown; at?: unknown };
  if (typeof kind !== 'string' || !kinds.has(kind)) throw malformed('its kind is none that a log records');
  if (typeof at !== 'string' || !instant.test(at) || Number.isNaN(Date.parse(at)))
    throw malformed('its "at" is not a time with its offset');
  if (!isJson(content)) throw malformed('its content is not plain JSON');
  const text = canonicalize(content);
  if (text === undefined) throw malformed('its content is not plain JSON');
  return text;
}

/** What canonical JSON would drop or change is not content. */
function isJson(value: unknown): boolean {
  if (value === null || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value === 'string') return value.isWellFormed();
  if (Array.isArray(value)) return value.every(isJson);
  if (typeof value !== 'object') return false;
  const shape = Object.getPrototypeOf(value);
  if (shape !== Object.prototype && shape !== null) return false;
  return Object.entries(value).every(([key, item]) => key.isWellFormed() && isJson(item));
}

/** The entry: SHA-256 over the prefix, the salt (16 bytes) and the canonical content. */
export function entryOf(contentCanonical: string | Buffer, salt: Buffer): Buffer {
  if (salt.length !== saltBytes) throw malformed(`a salt has ${saltBytes} bytes`);
  const content = typeof contentCanonical === 'string' ? Buffer.from(contentCanonical) : contentCanonical;
  return hash('sha256', Buffer.concat([prefix, salt, content]), 'buffer');
}

/** The entry of an opening, which may come from outside. Throws LogError `entry-malformed`. */
export function entryOfOpening(opening: unknown): Buffer {
  if (typeof opening !== 'object' || opening === null) throw malformed('its opening is not an object');
  const { salt, content } = opening as { salt?: unknown; content?: unknown };
  if (typeof salt !== 'string' || !/^[0-9a-f]{32}$/.test(salt))
    throw malformed('its salt is not 32 hex digits');
  return entryOf(contentText(content), Buffer.from(salt, 'hex'));
}

/** Requires that the opening is that of the entry. Throws LogError `opening-wrong`, `entry-malformed`. */
export function checkOpening(entry: Buffer, opening: unknown): void {
  const found = entryOfOpening(opening);
  if (entry.length !== entryBytes || !timingSafeEqual(found, entry)) {
    throw new LogError(
      'opening-wrong',
      'the salt and content given are not what the log entry commits to: one of the three was changed',
    );
  }
}

const malformed = (what: string): LogError =>
  new LogError('entry-malformed', `this is no log entry: ${what}`);
