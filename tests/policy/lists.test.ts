/** Which suppression lists a request is held against, and which of them are too old (C5). */
import { describe, expect, it } from 'vitest';
import type { GateContext } from '../../src/policy/judgement.ts';
import type { ContactChannel, ListKind, SuppressionList } from '../../src/policy/model.ts';
import { context, day, decided, request, rules, source } from './world.ts';

const found = (changed: Partial<GateContext>, code: string): readonly string[] =>
  decided({ context: changed })
    .findings.filter((f) => f.reason === code)
    .map((f) => f.detail);
const without = (kind: ListKind) => context.lists.filter(({ list }) => list.kind !== kind);
const requiring = (
  entries: readonly (readonly [ContactChannel, readonly ListKind[], readonly string[] | null])[],
) => ({
  ...rules,
  requiredLists: entries.map(([contactChannel, kinds, implying]) => ({ contactChannel, kinds, implying })),
});
const childless = {
  ...source,
  children: [],
  implies: [],
  // Health takes in a due date, and a prohibition reads it so.
  fields: source.fields.filter((f) => f.data.of === 'person' && f.name !== 'health'),
};

describe('a list that must be screened', () => {
  it('is one for the way of contact that is asked, and for no other', () => {
    const called = requiring([
      ['post', ['mps'], null],
      ['call', ['tps'], null],
    ]);
    expect(found({ rules: called }, 'list-missing')).toEqual([]);
    const both = { ...request, contactChannels: ['post', 'call'] as const };
    expect(found({ rules: called, request: both }, 'list-missing')).toEqual(['tps']);
  });
  it('is one where membership, a field, or a child of the source gives away what it is about, and nowhere else', () => {
    const parents = requiring([['post', ['baby-mps'], ['pd:Offspring', 'astold:PregnancyDueDate']]]);
    const lists = without('baby-mps');
    const missing = (changed: Partial<typeof source>) =>
      found({ rules: parents, lists, source: { ...childless, ...changed } }, 'list-missing');
    expect(missing({})).toEqual([]);
    expect(missing({ implies: [{ term: 'pd:Offspring', of: 'person' }] })).toEqual(['baby-mps']);
    expect(missing({ implies: [{ term: 'pd:Interest', of: 'child' }] })).toEqual(['baby-mps']);
    expect(missing({ children: source.children })).toEqual(['baby-mps']);
    for (const name of ['child_born', 'health'])
      expect(
        missing({ fields: source.fields.filter((f) => f.name === name || childless.fields.includes(f)) }),
      ).toEqual(['baby-mps']);
    const due = { name: 'due', column: 'due', type: 'date', collection: 'joined' } as const;
    expect(
      missing({
        fields: [...childless.fields, { ...due, data: { term: 'astold:PregnancyDueDate', of: 'person' } }],
      }),
    ).toEqual(['baby-mps']);
  });
  it('is named once, however many rules ask for it', () => {
    const twice = requiring([
      ['post', ['mps', 'own'], null],
      ['post', ['mps'], null],
    ]);
    expect(found({ rules: twice, lists: [] }, 'list-missing')).toEqual(['mps', 'own']);
  });
  it('is not there where it is on file for another way of contact', () => {
    const tps = context.lists.map((l) => ({ ...l, list: { ...l.list, kind: 'tps' as const } }));
    expect(found({ rules: requiring([['post', ['tps'], null]]), lists: tps }, 'list-missing')).toEqual([
      'tps',
    ]);
    expect(found({ lists: tps.map((l) => ({ ...l, readable: false })) }, 'list-unreadable')).toEqual([]);
  });
});

describe('the age of a list', () => {
  // The use ends on 31 December 2026.
  const aged = (changed: Partial<SuppressionList>): readonly string[] =>
    found(
      {
        lists: context.lists.map((l) =>
          l.list.id === 'mps' ? { ...l, list: { ...l.list, ...changed } } : l,
        ),
      },
      'list-stale',
    );
  it.each([
    [
      'a file that may be as old as the use ends on the very day',
      { allowedAge: { months: 0, days: 60 } },
      [],
    ],
    ['a file a day too old', { allowedAge: { months: 0, days: 59 } }, ['mps, of 2026-11-01']],
    ['a file of the day of release', { fileDate: day }, []],
    ['a file of the day after', { fileDate: '2026-11-22' }, ['mps, of 2026-11-22']],
    ['a file of no known day', { fileDate: null }, ['mps, of an unknown day']],
    ['a file of no stated age', { allowedAge: null }, ['mps, of 2026-11-01']],
  ] as const)('%s', (_, changed, stale) => {
    expect(aged(changed)).toEqual(stale);
  });
});

describe('what a list matches on', () => {
  const level = (
    of: SuppressionList['level'],
    lacking: readonly (keyof typeof source.roles)[],
  ): readonly string[] =>
    found(
      {
        source: {
          ...source,
          roles: { ...source.roles, phone: 'email', ...Object.fromEntries(lacking.map((r) => [r, null])) },
        },
        lists: context.lists.map((l) => (l.list.id === 'own' ? { ...l, list: { ...l.list, level: of } } : l)),
      },
      'list-unreadable',
    );
  it.each([
    ['person', 'surname'],
    ['person', 'postcode'],
    ['surname-at-address', 'surname'],
    ['surname-at-address', 'postcode'],
    ['address', 'addressLine'],
    ['address', 'postcode'],
    ['number', 'phone'],
    ['email', 'email'],
  ] as const)('a list by %s needs the source’s %s', (of, role) => {
    expect(level(of, [])).toEqual([]);
    expect(level(of, [role])).toContain(`own matches on ${role}, which the source does not map`);
  });
  it('a list by record needs nothing but the record', () => {
    expect(level('record', ['phone', 'email', 'forename'])).toEqual([]);
  });
});
