import { expect, test } from 'vitest';
import { parseNotice } from '../../documents/notice.ts';
import type { Notice } from '../../policy/model.ts';
import { diffNotices } from './notice-diff.ts';

type Told = { readonly id: string; readonly purposes: string; readonly recipients: string };
function notice(version: string, shown: string, told: readonly Told[], rest = '', consents = ''): Notice {
  const text = `---
notice: paper
version: "${version}"
organisation: club
collected-by: [paper]
shown: { from: ${shown} }
mapped-by: a.steward
language: en
layers: [{ number: 1 }]
${consents}statements:${told
    .map(
      (t) => `
  - id: ${t.id}
    kind: tells
    purposes: { terms: [${t.purposes}], quote: "we write", layer: 1 }
    recipients: { organisations: [${t.recipients}], quote: "to you", layer: 1 }`,
    )
    .join('')}
${rest}---
we write to you

yes please, and no thanks
`;
  const { notice: found, faults } = parseNotice('n.md', text);
  expect(faults).toEqual([]);
  if (!found) throw new Error('the notice has faults');
  return found;
}
const gifts = { id: 'gifts', purposes: 'dpv:DirectMarketing', recipients: 'courier' };
const offers = { id: 'offers', purposes: 'dpv:Advertising', recipients: 'brand' };
const never =
  '  - { id: no, kind: never, recipients: { organisations: [courier], quote: "to you", layer: 1 } }\n';

test('a notice differs in nothing from itself, whatever its statements are called', () => {
  const diff = diffNotices(
    notice('1', '2016-01-01', [gifts], never),
    notice('2', '2017-01-01', [{ ...gifts, id: 'presents' }], never),
  );
  expect([diff.told, diff.dropped, diff.promised, diff.unpromised]).toEqual([[], [], [], []]);
});

test('what is told newly is shown with the words, and the terms nobody was told before', () => {
  const { told, dropped } = diffNotices(
    notice('1', '2016-01-01', [gifts]),
    notice('2', '2017-01-01', [gifts, offers]),
  );
  expect(dropped).toEqual([]);
  expect(told).toEqual([
    {
      statement: 'offers',
      parts: [
        {
          dimension: 'purpose',
          terms: ['dpv:Advertising'],
          unseen: ['dpv:Advertising'],
          quote: { text: 'we write', layer: 1 },
        },
        { dimension: 'recipient', terms: ['brand'], unseen: ['brand'], quote: { text: 'to you', layer: 1 } },
      ],
    },
  ]);
});

test('parts told apart before, and together now, are newly told', () => {
  const together = { id: 'gifts', purposes: 'dpv:DirectMarketing', recipients: 'courier, brand' };
  const { told, dropped } = diffNotices(
    notice('1', '2016-01-01', [gifts, offers]),
    notice('2', '2017-01-01', [together]),
  );
  expect(told.map((t) => [t.statement, t.parts.flatMap((p) => p.unseen)])).toEqual([['gifts', []]]);
  expect(dropped.map((t) => t.statement)).toEqual(['offers']);
});

test('a promise made and one dropped are both shown', () => {
  const [a, b] = [notice('1', '2016-01-01', [gifts]), notice('2', '2017-01-01', [gifts], never)];
  expect(diffNotices(a, b).promised.map((p) => [p.statement, p.kind])).toEqual([['no', 'never']]);
  expect(diffNotices(b, a).unpromised.map((p) => p.statement)).toEqual(['no']);
});

const asked = (
  id: string,
  wording: string,
  more = 'kind: opt-in, bundled: false, purposes: [], contact-channels: [], controllers: []',
): string => `consents: [{ id: ${id}, wording: { quote: "${wording}", layer: 1 }, ${more} }]\n`;
const restingOn = (consent: string): string =>
  `  - { id: s, kind: tells, basis: { terms: ['eu-gdpr:A6-1-a'], consent: ${consent}, quote: "we write", layer: 1 } }\n`;

test('a consent asked in other words, in another way or for someone else is shown with before and after', () => {
  const from = notice('1', '2016-01-01', [], restingOn('offers'), asked('offers', 'yes please'));
  const to = notice(
    '2',
    '2017-01-01',
    [],
    restingOn('offers'),
    asked(
      'offers',
      'no thanks',
      'kind: opt-out, bundled: true, purposes: [dpv:Marketing], contact-channels: [], controllers: [courier]',
    ),
  );
  const diff = diffNotices(from, to);
  expect([diff.asked, diff.askedNoMore, diff.told, diff.dropped]).toEqual([[], [], [], []]);
  expect(diff.askedDifferently).toEqual([
    {
      consent: 'offers',
      changes: [
        { part: 'kind', from: 'opt-in', to: 'opt-out' },
        { part: 'bundled', from: false, to: true },
        { part: 'purposes', from: [], to: ['dpv:Marketing'] },
        { part: 'controllers', from: [], to: ['courier'] },
        { part: 'wording', from: { text: 'yes please', layer: 1 }, to: { text: 'no thanks', layer: 1 } },
      ],
    },
  ]);
});

test('a consent by another name that asks the very same is the same, also where a statement rests on it', () => {
  const diff = diffNotices(
    notice('1', '2016-01-01', [], restingOn('offers'), asked('offers', 'yes please')),
    notice('2', '2017-01-01', [], restingOn('news'), asked('news', 'yes please')),
  );
  expect({ ...diff, from: '', to: '' }).toEqual({
    from: '',
    to: '',
    told: [],
    dropped: [],
    promised: [],
    unpromised: [],
    asked: [],
    askedNoMore: [],
    askedDifferently: [],
  });
});

test('a statement that rests on another consent than before is newly told, and what it was is dropped', () => {
  const both = `consents:\n${['yes please', 'no thanks'].map((words, i) => `  - { id: c${i}, kind: opt-in, bundled: false, wording: { quote: "${words}", layer: 1 }, purposes: [], contact-channels: [], controllers: [] }\n`).join('')}`;
  const diff = diffNotices(
    notice('1', '2016-01-01', [], restingOn('c0'), both),
    notice('2', '2017-01-01', [], restingOn('c1'), both),
  );
  const terms = (of: typeof diff.told): readonly string[] =>
    of.flatMap((s) => s.parts.flatMap((p) => p.unseen));
  expect(terms(diff.told)).toEqual(['eu-gdpr:A6-1-a, on the consent c1']);
  expect(terms(diff.dropped)).toEqual(['eu-gdpr:A6-1-a, on the consent c0']);
});
