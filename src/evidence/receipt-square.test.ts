import { expect, test } from 'vitest';
import { parseSquare, qrText } from './receipt-square.ts';

const entry = '0f'.repeat(32);
const of = { content: { event: 'pe-0123456789abcdef' }, entry };

test('the square of a receipt is read back, with its token or without', () => {
  for (const token of [null, 'abcd-efgh-2345'])
    expect(parseSquare(qrText({ ...of, token }))).toEqual({ event: of.content.event, entry });
});

test('spaces, line ends and small letters are forgiven, and a part that is missing is not', () => {
  const text = qrText({ ...of, token: null });
  expect(parseSquare(` ${text.slice(0, 30)}\n${text.slice(30).toLowerCase()} `)).toEqual({
    event: of.content.event,
    entry,
  });
  for (const other of ['', 'ASTOLD1', text.slice(0, -2), text.replace('ASTOLD1', 'ASTOLD2'), `${text}:x`])
    expect(parseSquare(other), other).toBe(null);
});
