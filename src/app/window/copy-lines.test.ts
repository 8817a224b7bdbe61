/** What a copy says for people is what the pages say: the days, what somebody was chosen by, what is owed, whom it was told. */
import { expect, test } from 'vitest';
import { english } from '../../words/words.ts';
import { copiedOf, heldOf } from './copied.fixture.ts';
import type { Copied } from './copied.ts';
import { type CopyLine, sectionsOf } from './copy-lines.ts';

function linesOf(part: keyof typeof english.copy.parts, copied: Copied): readonly CopyLine[] {
  const [title] = english.copy.parts[part];
  return sectionsOf(english, copied).find((section) => section.title === title)?.lines ?? [];
}

const block = { kind: 'words', parts: [{ text: 'We may write to you.', marks: [] }] } as const;
const notice = (number: number, name: string, shownFrom: string): Copied['told']['notices'][number] => ({
  ...{ number, notice: name, collectedBy: ['web'], shownFrom, shownUntil: null, marked: [], changes: [] },
  earlier: [],
  layers: [{ number: 1, blocks: [{ ...block, parts: [{ text: 'We may write to you.', marks: [] }] }] }],
});

test('what somebody was told bears the days on which they were shown it, not the day it came into use', () => {
  const told: Copied['told'] = {
    records: [
      {
        number: 1,
        collections: [
          {
            ...{ fields: ['first_name'], on: '2024-05-07', known: 'recorded', notices: [1] },
            details: [{ field: 'first_name', what: 'forename', ofChild: false, as: 'forename', child: null }],
          },
        ],
        later: [{ notice: 1, on: '2026-05-18', delivery: 'delivered' }],
      },
    ],
    notices: [notice(1, 'web@2023', '2023-09-01')],
  };
  const lines = linesOf('told', copiedOf({ told }));
  expect(lines.map(({ what, when }) => [what, when])).toEqual([
    ['What you were shown', '7 May 2024'],
    ['What you were shown later', '18 May 2026'],
    ['Notice web@2023', '7 May 2024 and 18 May 2026'],
  ]);
  expect(lines[0]?.from).toBe('for forename');
  expect(lines[2]?.from).toBe('in use since 1 September 2023');
});

const madeOf: NonNullable<Copied['releases']['items'][number]['madeOf']> = {
  ...{ title: 'Toy offer', purposes: [{ term: 'dpv:DirectMarketing', label: 'direct marketing' }] },
  ...{ channels: ['post'], supplier: 'Club', delivered: [{ what: 'name', ofChild: false }] },
  chain: [{ organisation: 'toys', name: 'Toys Ltd', role: 'controller' }],
  chosenBy: [{ what: 'date of birth', ofChild: true }],
  givesAway: [{ what: 'having children', ofChild: false }],
  ...{ useFrom: '2026-01-05', useUntil: '2026-02-01', deleteBy: '2026-03-01' },
};

test('a list is said with what chose them, what it gives away, its days, and each duty with the silence of whoever owes it', () => {
  const claim = (kind: 'delete' | 'stop-using' | 'obey-stops', said: string | null, overdue: boolean) => ({
    ...{ party: 'Toys Ltd', kind, due: '2026-02-01', said, overdue },
  });
  const release = {
    ...{ release: 'r1', releasedAt: '2026-01-02T00:00:00.000Z', records: [1], recipient: 'Toys Ltd' },
    ...{ madeOf, countersigned: null },
    claims: [
      claim('stop-using', '2026-01-20T00:00:00.000Z', false),
      claim('delete', null, true),
      claim('obey-stops', null, false),
    ],
  };
  const [list, ...duties] = linesOf(
    'releases',
    copiedOf({ releases: { items: [release], searched: 1, unknown: 0 } }),
  );
  for (const text of [
    'chosen by your child: date of birth',
    'being on the list tells them: having children',
    'to be used from 5 January 2026 until 1 February 2026',
  ])
    expect(list?.value).toContain(text);
  expect(duties.map(({ value, from }) => [value, from])).toEqual([
    ['Toys Ltd says that it did this: stop using them', ''],
    ['Toys Ltd must do this, by 1 February 2026: delete them', 'what they say: Nothing, and the day is past'],
    ['Toys Ltd must do this, until 1 February 2026: stop when you say stop', 'what they say: Nothing yet'],
  ]);
});

test('a copy says whom a stop was told, and what they answered', () => {
  const said = { number: 1, release: 'r1', kind: 'stop', due: '2026-01-09' } as const;
  const told = { ...said, party: 'toys', name: 'Toys Ltd', yours: true };
  const open = {
    ...told,
    told: '2026-01-01T00:00:00.000Z',
    answer: null,
    answered: null,
    words: null,
    entered: null,
  };
  const passedOn = [
    { ...open, held: true },
    { ...open, held: false },
    { ...open, ...{ held: true, answer: 'refused' as const, words: 'We know them.' } },
    { ...open, held: true, yours: false },
  ];
  const lines = linesOf('passedOn', copiedOf({ passedOn }));
  expect(lines.map(({ what }) => what)).toEqual(Array(4).fill('Told to Toys Ltd'));
  expect(lines.map(({ from }) => from)).toEqual([
    'Release r1, No answer yet. They have until 9 January 2026.',
    'Release r1, They say they have deleted the whole list.',
    'Release r1, They say they will not do it, Why: “We know them.”',
    'Release r1, told to be safe: you may not have said it yourself, No answer yet. They have until 9 January 2026.',
  ]);
  const [own] = copiedOf({}).records;
  if (own === undefined) throw new Error('the fixture has a record');
  const two = copiedOf({
    records: [own, { ...own, number: 2, record: 'M2' }],
    passedOn: passedOn.slice(0, 1),
  });
  expect(linesOf('passedOn', two)[0]?.from).toContain('record 1');
});

test('of an answer that staff entered a copy says how the party told them', () => {
  const told = {
    number: 1,
    release: 'r1',
    party: 'toys',
    name: 'Toys Ltd',
    yours: true,
    kind: 'stop',
  } as const;
  const answered = {
    told: '2026-01-01T00:00:00.000Z',
    due: '2026-01-09',
    answered: null,
    words: null,
  } as const;
  const entered = { by: 'letter', on: '2026-01-05' } as const;
  const passedOn = [{ ...told, ...answered, answer: 'done' as const, held: true, entered }];
  expect(linesOf('passedOn', copiedOf({ passedOn }))[0]?.from).toContain(
    'They say they have done it, They told us so by letter on 5 January 2026.',
  );
});

test('what is held is called as people call it: a day by its month, a flag by yes or no', () => {
  const born = { field: 'child_1_born', what: 'date of birth', ofChild: true, value: '2019-08-19' };
  const away = { field: 'gone_away', what: 'where a person lives', value: 'N' };
  const held = heldOf([
    { ...born, as: 'childBorn', child: 1, on: '2024-05-07' },
    { ...away, as: 'goneAway' },
  ]);
  expect(linesOf('held', copiedOf(held)).map(({ what, value, when }) => [what, value, when])).toEqual([
    ['Record', 'M1', ''],
    ['date of birth of your first child', '19 August 2019', '7 May 2024'],
    ['whether you have moved away', 'no', ''],
  ]);
});

test('a request to put something right calls the detail as people do, and reads its value as that', () => {
  const whose = { source: 'members', person: 'M1' };
  const asked = (said: Copied['requests'][number]['said']) => {
    const one = { number: 1, kind: 'correction', received: '2026-01-05', steps: [], answer: null };
    const requests = [{ ...whose, ...one, replyTo: null, said }] as unknown as Copied['requests'];
    return linesOf('requests', copiedOf({ requests }))[0]?.value;
  };
  const died = { field: 'child_1_died', what: 'date of death', ofChild: true, child: 1 } as const;
  const detail = { ...died, as: 'childDied' } as const;
  const name = english.details.detail(detail);
  const of = (value: string) => asked({ words: null, field: died.field, value, detail });
  expect(of('y')).toBe(english.cases.one.correction(name, english.details.held.yes));
  expect(of('2023-08-19')).toBe(english.cases.one.correction(name, '19 August 2023'));
  expect(of('2023-08-19')).not.toContain('child 1 died');
});
