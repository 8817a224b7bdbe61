import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAudience } from './audience.ts';
import { evaluate, fieldsRead } from './evaluate.ts';
import type { Value } from './model.ts';

const scope = {
  fields: new Map([
    ['area', 'text'],
    ['count', 'integer'],
    ['joined', 'date'],
    ['active', 'boolean'],
  ] as const),
  sets: new Set(['seats']),
  age: true,
  children: true,
};
const given = {
  sets: [{ name: 'seats', values: ['A', 'B'], digest: '' }],
  day: '2026-11-21',
  birthDate: 'born',
};
const person = (values: Record<string, Value | null>) => ({
  values: new Map(Object.entries(values)),
  children: [],
});
function run(text: string, values: Record<string, Value | null>): boolean | null {
  const parsed = parseAudience(text, scope);
  if (!parsed.ok) throw new Error(parsed.faults[0]?.message);
  return evaluate(parsed.test, person(values), given);
}

describe('an audience', () => {
  it.each([
    ['area in seats', { area: 'A' }, true],
    ['area in seats', { area: 'C' }, false],
    ['area in seats', { area: null }, null],
    ['area in ["C", D]', { area: 'D' }, true],
    ['area = "x y"', { area: 'x y' }, true],
    ['area != "x"', {}, null],
    ['count >= 3 and count < 5', { count: 4 }, true],
    ['count > 3', { count: 3 }, false],
    ['joined < 2020-01-01', { joined: '2019-12-31' }, true],
    ['active = true', { active: false }, false],
    ['not active = true', { active: null }, null],
    ['area = "x" or count > 1', { area: null, count: 2 }, true],
    ['area = "x" and count > 1', { area: null, count: 0 }, false],
    ['area = "x" or count > 1', { area: null, count: 0 }, null],
    ['not (area = "x" or count > 1) and active = true', { area: 'y', count: 0, active: true }, true],
    ['age >= 18', { born: '2008-11-21' }, true],
    ['age >= 18', { born: '2008-11-22' }, false],
    ['age on 2020-02-29 = 4', { born: '2016-02-29' }, true],
  ] as const)('%s of %o is %s', (text, values, expected) => {
    expect(run(text, values)).toBe(expected);
  });

  it.each([
    ['', 0],
    ['   ', 3],
    ['area', 4],
    ['area in', 7],
    ['area in nowhere', 8],
    ['nobody = 1', 0],
    ['area < "x"', 5],
    ['count = "x"', 8],
    ['joined = 2020-02-30', 9],
    ['area = "x" area = "y"', 11],
    ['(area = "x"', 11],
    ['any child age', 13],
    ['any child age < 200', 16],
    ['area = "x" ; drop', 11],
    ['and', 0],
  ])('%j is refused at %i', (text, offset) => {
    const parsed = parseAudience(text, scope);
    expect(parsed.ok).toBe(false);
    if (!parsed.ok) expect(parsed.faults[0]?.offset).toBe(offset);
  });

  it('names the fields it reads', () => {
    const parsed = parseAudience('area in seats and not (any child age < 5 or age > 3)', scope);
    expect(parsed.ok && [...fieldsRead(parsed.test)].sort()).toEqual(['age', 'area', 'children']);
  });

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (text) => typeof parseAudience(text, scope).ok === 'boolean'),
    );
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            'area',
            'in',
            'seats',
            '(',
            ')',
            'not',
            'and',
            'or',
            '<',
            '5',
            'any',
            'child',
            'age',
            '"',
          ),
        ),
        (words) => typeof parseAudience(words.join(' '), scope).ok === 'boolean',
      ),
    );
  });

  it('refuses nesting that is too deep rather than overflow', () => {
    expect(parseAudience(`${'('.repeat(5000)}area = "x"${')'.repeat(5000)}`, scope).ok).toBe(false);
    expect(parseAudience(`${'not '.repeat(5000)}area = "x"`, scope).ok).toBe(false);
  });
});
