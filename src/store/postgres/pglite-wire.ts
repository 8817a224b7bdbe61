/** Just enough of Postgres' wire protocol to know where a client's turn ends. */

/** A `turn` ends what must run without anybody in between. */
export type Message =
  | { readonly kind: 'tls' }
  | { readonly kind: 'startup' }
  | { readonly kind: 'end' }
  | { readonly kind: 'part' | 'turn' | 'flush'; readonly bytes: Buffer };

const tlsRequest = 80877103;
const gssRequest = 80877104;
const cancelRequest = 80877102;
const turnEnds: ReadonlySet<string> = new Set(['Q', 'S', 'F']);

/** The first whole message of `unread`, and how many bytes it takes; null while it is not whole. */
export function readMessage(
  unread: Buffer,
  started: boolean,
): { readonly message: Message; readonly size: number } | null {
  return started ? readTyped(unread) : readUntyped(unread);
}

function readUntyped(unread: Buffer): { message: Message; size: number } | null {
  if (unread.length < 8 || unread.length < unread.readInt32BE(0)) return null;
  const size = Math.max(8, unread.readInt32BE(0));
  const code = unread.readInt32BE(4);
  if (code === tlsRequest || code === gssRequest) return { message: { kind: 'tls' }, size };
  if (code === cancelRequest) return { message: { kind: 'end' }, size };
  return { message: { kind: 'startup' }, size };
}

function readTyped(unread: Buffer): { message: Message; size: number } | null {
  if (unread.length < 5 || unread.length < 1 + unread.readInt32BE(1)) return null;
  const size = 1 + Math.max(4, unread.readInt32BE(1));
  const type = String.fromCharCode(unread[0] ?? 0);
  if (type === 'X') return { message: { kind: 'end' }, size };
  const bytes = unread.subarray(0, size);
  if (type === 'H') return { message: { kind: 'flush', bytes }, size };
  return { message: { kind: turnEnds.has(type) ? 'turn' : 'part', bytes }, size };
}

export const noTls: Buffer = Buffer.from('N');
/** Ends an extended query that its client will not end. */
export const sync: Buffer = frame('S', Buffer.alloc(0));

/** What a client is told at its start: that it is let in, and how values are written. */
export function welcome(version: string): Buffer {
  const settings = {
    server_version: version,
    server_encoding: 'UTF8',
    client_encoding: 'UTF8',
    DateStyle: 'ISO, MDY',
    integer_datetimes: 'on',
    standard_conforming_strings: 'on',
  };
  return Buffer.concat([
    frame('R', Buffer.alloc(4)),
    ...Object.entries(settings).map(([name, value]) => frame('S', Buffer.from(`${name}\0${value}\0`))),
    frame('K', Buffer.alloc(8)),
    frame('Z', Buffer.from('I')),
  ]);
}

function frame(type: string, body: Buffer): Buffer {
  const size = Buffer.alloc(4);
  size.writeInt32BE(4 + body.length);
  return Buffer.concat([Buffer.from(type), size, body]);
}
