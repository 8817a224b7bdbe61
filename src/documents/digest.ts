import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** SHA-256, in hex, of the canonical JSON (RFC 8785) of plain data: the identity of a document. */
export function digestOf(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('there is no canonical JSON of undefined');
  return createHash('sha256').update(text).digest('hex');
}
