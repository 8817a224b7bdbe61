import { expect, test } from 'vitest';
import { digestOf } from './digest.ts';
import { nearest } from './nearest.ts';

test('a digest does not depend on the order of keys', () => {
  expect(digestOf({ b: [1, null], a: 'x' })).toBe(digestOf({ a: 'x', b: [1, null] }));
  // printf '{"a":"x","b":[1,null]}' | sha256sum
  expect(digestOf({ a: 'x', b: [1, null] })).toBe(
    'a8d71f64d3dc772b9eb4e657b383397a3aadf01d32947e3bc05925eaf48e41bf',
  );
});

test('a digest of nothing is refused', () => {
  expect(() => digestOf(undefined)).toThrow(TypeError);
});

test('a near word is suggested, a far one is not', () => {
  const terms = ['dpv:DirectMarketing', 'dpv:Marketing', 'dpv:PoliticalCampaign'];
  expect(nearest('dpv:DirectMarketting', terms)).toBe('dpv:DirectMarketing');
  expect(nearest('directmarketing', terms)).toBe('dpv:DirectMarketing');
  expect(nearest('DPV:MARKETING', terms)).toBe('dpv:Marketing');
  expect(nearest('dpv:Research', terms)).toBeNull();
  expect(nearest('', terms)).toBeNull();
});
