import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readMessage } from './pglite-wire.ts';

const untyped = (code: number, body: string): Buffer => {
  const head = Buffer.alloc(8);
  head.writeInt32BE(8 + Buffer.byteLength(body), 0);
  head.writeInt32BE(code, 4);
  return Buffer.concat([head, Buffer.from(body)]);
};
const typed = (type: string, body: Uint8Array): Buffer => {
  const head = Buffer.alloc(5, type);
  head.writeInt32BE(4 + body.length, 1);
  return Buffer.concat([head, body]);
};

/** The kinds read from chunks as they come, and what is left over. */
function kindsIn(chunks: readonly Buffer[], startedAlready: boolean): { kinds: string[]; left: number } {
  let unread: Buffer = Buffer.alloc(0);
  let started = startedAlready;
  const kinds: string[] = [];
  for (const chunk of chunks) {
    unread = Buffer.concat([unread, chunk]);
    for (let found = readMessage(unread, started); found !== null; found = readMessage(unread, started)) {
      kinds.push(found.message.kind);
      if (found.message.kind === 'startup') started = true;
      unread = unread.subarray(found.size);
    }
  }
  return { kinds, left: unread.length };
}

test('a client asks for TLS, starts, and asks', () => {
  const said = [untyped(80877103, ''), untyped(196608, 'user\0x\0\0'), typed('Q', Buffer.from('SELECT 1\0'))];
  expect(kindsIn(said, false)).toEqual({ kinds: ['tls', 'startup', 'turn'], left: 0 });
  expect(kindsIn([untyped(80877102, '12345678')], false).kinds).toEqual(['end']);
});

test('messages are the same however the bytes come, and a turn ends where the client waits for an answer', () => {
  const kindOf: Readonly<Record<string, string>> = {
    P: 'part',
    B: 'part',
    D: 'part',
    E: 'part',
    H: 'flush',
    S: 'turn',
    Q: 'turn',
    X: 'end',
  };
  const message = fc.tuple(fc.constantFrom(...Object.keys(kindOf)), fc.uint8Array({ maxLength: 40 }));
  fc.assert(
    fc.property(fc.array(message, { maxLength: 8 }), fc.array(fc.nat(200)), (messages, cuts) => {
      const all = Buffer.concat(messages.map(([type, body]) => typed(type, body)));
      const at = [0, ...cuts.filter((cut) => cut < all.length).sort((a, b) => a - b), all.length];
      const chunks = at.slice(1).map((end, i) => all.subarray(at[i], end));
      expect(kindsIn(chunks, true)).toEqual({ kinds: messages.map(([type]) => kindOf[type]), left: 0 });
    }),
  );
});
