import {
  constant,
  dictionary,
  oneof,
  property,
  assert as propertyHolds,
  string,
  stringMatching,
} from 'fast-check';
import { expect, test } from 'vitest';
import { rawCommitment, rawText } from './raw-commitment.ts';

const salt = '000102030405060708090a0b0c0d0e0f';

test('the text is written as a person would write it from the card', () => {
  const values = {
    rid: 'M0001',
    f_surname: 'Smith',
    f_postcode: 'AB1 2CD',
    f_phone: null,
    f_note: 'a\nb\\c',
  };
  expect(rawText(salt, values)).toBe(
    `${salt}\nf_note=a\\nb\\\\c\nf_postcode=AB1 2CD\nf_surname=Smith\nrid=M0001`,
  );
  // Worked out with sha256sum.
  expect(rawCommitment(salt, values)).toBe(
    '572a67fd478df75add97e7f4b3d9834406f991c038a8e86d68069a9fab76fbe7',
  );
});

test('names are ordered by themselves, whatever their values', () => {
  expect(rawText(salt, { k_0_at: '5', k_0: 'true', on_b: 'y', on_a: 'z' }).split('\n').slice(1)).toEqual([
    'k_0=true',
    'k_0_at=5',
    'on_a=z',
    'on_b=y',
  ]);
});

test('records that differ in anything differ in their text', () => {
  const values = dictionary(
    stringMatching(/^[a-c_]{1,3}$/),
    oneof(string({ unit: constant('\n') }), string({ unit: 'binary' }), stringMatching(/^[\\n=ab]{0,6}$/)),
  );
  propertyHolds(
    property(values, values, (a, b) => {
      const same = JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
      expect(rawText(salt, a) === rawText(salt, b)).toBe(same);
    }),
    { numRuns: 500 },
  );
});

test.each(['', 'a=b', 'a\nb', 'a b'])(
  'a name that would make a line mean two things is refused: %j',
  (name) => {
    expect(() => rawText(salt, { [name]: 'x' })).toThrow(RangeError);
  },
);

test.each(['', 'zz', salt.slice(1), salt.toUpperCase()])('a salt is 32 lower-case hex digits: %j', (bad) => {
  expect(() => rawText(bad, {})).toThrow(RangeError);
});
