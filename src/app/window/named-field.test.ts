import { expect, test } from 'vitest';
import type { Source } from '../../policy/model.ts';
import { english } from '../../words/words.ts';
import { namedField, yesOrNo } from './named-field.ts';

const field = (name: string, term: string, of: 'person' | 'child' = 'person') =>
  ({ name, column: name, type: 'text', data: { term, of }, collection: 'joined' }) as const;
const child = (n: number) => ({ birthDate: `child_${n}_born`, died: `child_${n}_died`, name: null });
const source = (children: Source['children']) =>
  ({
    fields: [
      field('surname', 'astold:FamilyName'),
      field('away', 'pd:Location'),
      field('colour', 'pd:Preference'),
      field('child_1_born', 'pd:BirthDate', 'child'),
      field('child_1_died', 'pd:Identifying', 'child'),
      field('child_2_born', 'pd:BirthDate', 'child'),
    ],
    roles: { surname: 'surname', goneAway: 'away' },
    children,
  }) as unknown as Source;
const called = (name: string, children = [child(1), child(2)]): string =>
  english.details.detail(namedField(source(children), name));

test.each([
  ['surname', 'surname'],
  ['away', 'whether you have moved away'],
  ['colour', 'preferences (colour)'],
  ['child_1_died', 'whether your first child has died'],
  ['child_2_born', 'date of birth of your second child'],
  ['gone since', 'gone since'],
])('%s is called %s', (name, plain) => {
  expect(called(name)).toBe(plain);
});

test('of one child it is not said which', () => {
  expect(called('child_1_died', [child(1)])).toBe('whether your child has died');
});

test('a yes and a no are read as files write them, and nothing else is either', () => {
  expect(['Y', 'yes', 'TRUE', '1'].map(yesOrNo)).toEqual([true, true, true, true]);
  expect(['N', 'No', 'false', '0'].map(yesOrNo)).toEqual([false, false, false, false]);
  expect(['', '2023-08-19', 'died'].map(yesOrNo)).toEqual([null, null, null]);
});
