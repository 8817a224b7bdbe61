import { expect, test } from 'vitest';
import { placeFormat, placeOf, withPlace } from './receipt-place.ts';

const entry = 'ab'.repeat(32);
const proof = { entry, index: '3', size: '5', proof: ['cd'.repeat(32)], checkpoint: 'c' };
const receipt = { format: 'astold/receipt/1', entry, token: null, logged: null };

test('a place in the log completes the receipt of its entry, and no other', () => {
  const { entry: _, ...logged } = proof;
  expect(withPlace(receipt, placeOf('pe-1', proof))).toEqual({ ...receipt, logged });
  const other = placeOf('pe-1', { ...proof, entry: 'ef'.repeat(32) });
  expect(() => withPlace(receipt, other)).toThrow(expect.objectContaining({ code: 'place-of-other' }));
});

test.each([
  ['nothing', null],
  ['a receipt', receipt],
  ['another version', { ...placeOf('pe-1', proof), format: `${placeFormat}0` }],
  ['one with more in it', { ...placeOf('pe-1', proof), salt: '' }],
])('%s is no place in the log', (_, value) => {
  expect(() => withPlace(receipt, value)).toThrow(expect.objectContaining({ code: 'place-malformed' }));
});

test.each([null, 'text', [], { entry }])('beside what is no receipt it says nothing: %j', (value) => {
  expect(() => withPlace(value, placeOf('pe-1', proof))).toThrow(
    expect.objectContaining({ code: 'receipt-malformed' }),
  );
});
