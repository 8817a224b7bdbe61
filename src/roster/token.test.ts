import { property, assert as propertyHolds, string, stringMatching, tuple } from 'fast-check';
import { expect, test } from 'vitest';
import { keyedHash, leafOf, masterToken, parseToken, printToken, releaseToken } from './token.ts';

const key = '0123456789abcdef0123456789ABCDEF';
const nonce = '000102030405060708090a0b0c0d0e0f';
// Worked out with sha256sum.
const master = '52c25a1a86cd8103e391e6fbb6c7465b';
const token = 'f0187e126936691b7ed4cb61213a89f8';
const leaf = '9cdc0f0ed238a9aed7256c2f0d2b95e3';
const hex = stringMatching(/^[0-9a-f]{32}$/);

test('tokens and leaves are as they are worked out by hand', () => {
  expect(masterToken(key, nonce, 'M0001')).toBe(master);
  expect(releaseToken(master, '2026-11-21-toy-offer')).toBe(token);
  expect(leafOf(token)).toBe(leaf);
  expect(printToken(master)).toBe('52c25a1a86cd8103e391e6fbb6c7465b-cbd7');
});

test('another key, nonce, record or release gives another token', () => {
  propertyHolds(
    property(tuple(hex, string(), string()), ([other, record, release]) => {
      expect(masterToken(key, other, record) === master).toBe(other === nonce && record === 'M0001');
      expect(releaseToken(master, release) === token).toBe(release === '2026-11-21-toy-offer');
    }),
  );
});

test('a token is read as it was printed, and as it stands in files', () => {
  propertyHolds(
    property(hex, (any) => {
      expect(parseToken(printToken(any))).toBe(any);
      expect(parseToken(` ${printToken(any).toUpperCase()}\n`)).toBe(any);
      expect(parseToken(any)).toBe(any);
    }),
  );
});

test('a token with one digit mistyped is refused, not taken for another’s', () => {
  const printed = printToken(master);
  for (let i = 0; i < printed.length; i++) {
    const mistyped = `${printed.slice(0, i)}${printed[i] === '0' ? '1' : '0'}${printed.slice(i + 1)}`;
    expect(() => parseToken(mistyped), `digit ${i + 1}`).toThrow(
      expect.objectContaining({ code: 'token-malformed' }),
    );
  }
});

test.each(['', 'x', master.slice(1), `${master}0`, `${master}-`, `${master}-0000-0000`])(
  'what is no token is refused, and not shown: %s',
  (text) => {
    expect(() => parseToken(text)).toThrow(expect.objectContaining({ code: 'token-malformed' }));
    expect(() => parseToken(text)).not.toThrow(
      expect.objectContaining({ message: expect.stringContaining(master) }),
    );
  },
);

test.each(['short', `${key}0`, key.replace('0', 'é'), ''])(
  'a key of another length or alphabet is none: %s',
  (bad) => {
    expect(() => keyedHash(bad, 'text')).toThrow(RangeError);
  },
);
