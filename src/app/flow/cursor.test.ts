import { expect, test } from 'vitest';
import { cursorOf, pageInput, pageOf, partsOf } from './cursor.ts';

test('a cursor gives back the parts it was made of', () => {
  const parts = ['2026-11-22T09:00:00.000Z', 'party-mailing'];
  expect(partsOf(cursorOf(parts), 2)).toEqual(parts);
});

test.each([
  ...['', '!', 'bm8', cursorOf(['one']), Buffer.from('[1,2]').toString('base64url'), 'x'.repeat(500)],
  ...[cursorOf(['one', 'a\0b']), cursorOf(['\uD800', 'two'])],
])('no cursor of a list sorted by two parts: %s', (cursor) => {
  expect(partsOf(cursor, 2)).toBeNull();
});

test('a page is as long as it was asked for, and says whether another follows', () => {
  const placed = (item: string): readonly string[] => [item];
  expect(pageOf(['a', 'b', 'c'], 2, placed)).toEqual({ items: ['a', 'b'], next: cursorOf(['b']) });
  expect(pageOf(['a', 'b'], 2, placed)).toEqual({ items: ['a', 'b'], next: null });
  expect(pageOf([], 2, placed)).toEqual({ items: [], next: null });
});

test('a page has from 1 to 200 items', () => {
  expect(pageInput.parse({})).toEqual({ limit: 50 });
  expect(pageInput.parse({ limit: '200' })).toEqual({ limit: 200 });
  for (const limit of ['0', '201', '1.5', 'many', ''])
    expect(pageInput.safeParse({ limit }).success).toBe(false);
});
