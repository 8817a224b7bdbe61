import { expect, test } from 'vitest';
import { changes, type Edits, faultsOf, load, replace } from './workspace-with.ts';

const notice = 'notices/web-1.md';
const signoff = 'signoffs/web-1-toy-offers.yaml';
const category = (terms: string, kind = 'tells'): string => `
  - id: others
    kind: ${kind}
    recipients: { organisations: [], categories: [${terms}], quote: "We never sell them", layer: 2 }
`;
const withStatement = (statement: string): ((text: string) => string) =>
  replace('\n  - id: no-sale', `${statement}  - id: no-sale`);
const campaign = (quote: string, layer: number): string => `
  - id: campaign
    kind: tells
    purposes: { terms: [dpv:PoliticalCampaign], narrower: false, quote: "${quote}", layer: ${layer} }
`;

const table: readonly (readonly [string, Edits, string, string, string])[] = [
  [
    'a quote that does not stand in the text',
    { [notice]: replace('quote: "by post"', 'quote: "by pigeon post"') },
    notice,
    'quote-not-in-text',
    'A2',
  ],
  [
    'half a word of the text',
    { [notice]: replace('quote: "by post"', 'quote: "by pos"') },
    notice,
    'quote-not-in-text',
    'A2',
  ],
  [
    'a quote of another layer',
    { [notice]: replace('the day you joined", layer: 2', 'the day you joined", layer: 1') },
    notice,
    'quote-in-other-layer',
    'A2',
  ],
  [
    'a quote of a layer there is not',
    { [notice]: replace('the day you joined", layer: 2', 'the day you joined", layer: 3') },
    notice,
    'layers-invalid',
    'A2',
  ],
  [
    'words that only a comment holds',
    {
      [notice]: changes(
        replace('quote: "by post"', 'quote: "by carrier"'),
        replace('## In more', '<!-- by carrier -->\n\n## In more'),
      ),
    },
    notice,
    'quote-not-in-text',
    'A2',
  ],
  [
    'words that are struck out',
    {
      [notice]: changes(
        replace('quote: "by post"', 'quote: "by carrier"'),
        replace('## In more', '~~by carrier~~\n\n## In more'),
      ),
    },
    notice,
    'quote-not-in-text',
    'A2',
  ],
  [
    'words that run from one list item into the next',
    {
      [notice]: changes(
        replace('quote: "by post"', 'quote: "by a carrier of ours"'),
        replace('## In more', '- by a carrier\n- of ours\n\n## In more'),
      ),
    },
    notice,
    'quote-not-in-text',
    'A2',
  ],
  [
    'words of an attribute',
    {
      [notice]: changes(
        replace('quote: "by post"', 'quote: "by a carrier"'),
        replace('## In more', '<p title="by a carrier">We write.</p>\n\n## In more'),
      ),
    },
    notice,
    'quote-not-in-text',
    'A2',
  ],
  [
    'words of a hidden element',
    {
      [notice]: changes(
        replace('quote: "by post"', 'quote: "by a carrier"'),
        replace('## In more', '<div hidden>by a carrier</div>\n\n## In more'),
      ),
    },
    notice,
    'quote-not-in-text',
    'A2',
  ],
  [
    'a quote of one word',
    { [notice]: replace('quote: "by post"', 'quote: "post"') },
    notice,
    'quote-too-short',
    'A2',
  ],
  [
    'a wording of one word',
    { [notice]: (t) => t.replace(/wording: \{ quote: "[^"]*"/, 'wording: { quote: "Yes"') },
    notice,
    'quote-too-short',
    'A2',
  ],
  [
    'a wording of a consent that people did not read',
    { [notice]: replace('{ quote: "Yes, Example', '{ quote: "Yes please, Example') },
    notice,
    'quote-not-in-text',
    'A2',
  ],
  [
    'a controller the wording does not name',
    { [notice]: replace('controllers: [example-toys]', 'controllers: [example-toys, example-mailing]') },
    notice,
    'controller-not-named',
    'C1',
  ],
  [
    'a layer that starts at no heading',
    { [notice]: replace('starts-at: "In more detail"', 'starts-at: "In detail"') },
    notice,
    'heading-not-found',
    'A2',
  ],
  [
    'a layer whose heading stands twice',
    { [notice]: (t) => `${t}\n## In more detail\n` },
    notice,
    'heading-not-unique',
    'A2',
  ],
  [
    'layers out of order',
    { [notice]: replace('{ number: 2,', '{ number: 3,') },
    notice,
    'layers-invalid',
    'A2',
  ],
  [
    'a statement on a consent nobody asks',
    { [notice]: replace('consent: toy-offers,', 'consent: toys,') },
    notice,
    'unknown-consent',
    '',
  ],
  [
    'two statements of one id',
    { [notice]: replace('- id: no-sale', '- id: toy-offers') },
    notice,
    'duplicate-id',
    '',
  ],
  [
    'a recipient nobody registered',
    { [notice]: replace('[example-toys, example-mailing]', '[example-toy, example-mailing]') },
    notice,
    'unknown-organisation',
    'A1',
  ],
  [
    'a mistyped category',
    { [notice]: withStatement(category('mailing-hose')) },
    notice,
    'unknown-category',
    'A1',
  ],
  [
    'a promise about a category nobody has',
    { [notice]: withStatement(category('lottery', 'never')) },
    notice,
    'unknown-category',
    'A1',
  ],
  [
    'an explicit purpose under vague words',
    { [notice]: withStatement(campaign('We never sell them', 2)) },
    notice,
    'explicit-words-missing',
    'A4',
  ],
  [
    'an explicit purpose outside the first layer',
    { [notice]: withStatement(campaign('We never help political parties', 2)) },
    notice,
    'explicit-not-first-layer',
    'A4',
  ],
  [
    'an explicit purpose nobody signed for',
    { [notice]: withStatement(campaign('We never help political parties', 2)) },
    notice,
    'signoff-missing',
    'A4',
  ],
  [
    'a child told of without words about children',
    {
      [notice]: replace(
        'quote: "your name and home address, and that you have a child under five, by the date of birth of each of your children"',
        'quote: "your name and home address"',
      ),
    },
    notice,
    'explicit-words-missing',
    'A4',
  ],
  [
    'an organisation of an explicit category under its mere name',
    { 'organisations.yaml': replace('[consumer-goods/toys]', '[consumer-goods/toys, data-broker/toys]') },
    notice,
    'explicit-words-missing',
    'A4',
  ],
  ['a statement whose sign-off is missing', { [signoff]: null }, notice, 'signoff-missing', 'A4'],
  [
    'a statement changed since it was signed',
    { [notice]: replace('retention: { for: P2Y', 'retention: { for: P3Y') },
    signoff,
    'signoff-stale',
    'A4',
  ],
  [
    'a sign-off by who wrote the mapping',
    { [signoff]: replace('by: b.second', 'by: A. Steward') },
    signoff,
    'signoff-same-person',
    'A4',
  ],
  [
    'a promise without a quote',
    { [notice]: replace(', quote: "We never sell them", layer: 2', '') },
    notice,
    'missing-key',
    'A3',
  ],
  [
    'a promise about nothing',
    { [notice]: replace('purposes: { terms: [dpv:SellDataToThirdParties]', 'purposes: { terms: []') },
    notice,
    'out-of-range',
    'A3',
  ],
  [
    'a quote of no layer',
    { [notice]: replace('quote: "by post", layer: 1', 'quote: "by post"') },
    notice,
    'missing-key',
    'A2',
  ],
  [
    'limits of what limits nothing',
    { [notice]: replace('kind: never', 'limits: [purpose]\n    kind: never') },
    notice,
    'wrong-shape',
    'A3',
  ],
  [
    'an "only" with empty limits',
    { [notice]: replace('kind: never', 'limits: []\n    kind: only') },
    notice,
    'wrong-shape',
    'A3',
  ],
  [
    'a retention of two kinds',
    { [notice]: replace('from: collection,', 'from: collection, until: 2030-01-01,') },
    notice,
    'wrong-shape',
    'C7',
  ],
  ['a retention from nowhere', { [notice]: replace('from: collection, ', '') }, notice, 'wrong-shape', 'C7'],
  [
    'a notice shown until before it was shown',
    { [notice]: replace('until: null }\ncollected-on', 'until: 2001-01-01 }\ncollected-on') },
    notice,
    'dates-out-of-order',
    '',
  ],
  [
    'one version in two files',
    {
      'notices/again.md': replace(
        '',
        '---\nnotice: web\nversion: "1"\norganisation: example-club\ncollected-by: [web]\nshown: { from: 2026-01-01 }\nmapped-by: a\nlanguage: en\nlayers: [{ number: 1 }]\n---\nx\n',
      ),
    },
    notice,
    'duplicate-id',
    '',
  ],
];

test.each(table)('%s is refused, and the fault names its rule', async (_, edits, file, code, rule) => {
  const faults = await faultsOf(edits);
  expect(faults.map((f) => `${f.file} ${f.code} ${f.rule ?? ''}`)).toContain(`${file} ${code} ${rule}`);
});

test('a quote that is not in the text is faulted with the closest sentence and its line', async () => {
  const [fault] = await faultsOf({
    [notice]: replace('quote: "by post"', 'quote: "They keep them for no longer than three years"'),
  });
  expect([fault?.line, fault?.column]).toEqual([29, 47]);
  expect(fault?.help).toContain('line 51');
  expect(fault?.help).toContain('They keep them for no longer than two years from the day you joined.');
});

test('the signed terms of a statement are those it tells in so many words', async () => {
  const { notices } = await load({});
  expect(notices[0]?.statements.map((s) => [s.id, s.signedTerms])).toEqual([
    ['toy-offers', ['child']],
    ['no-sale', []],
  ]);
});

test('a promise never to do something needs neither explicit words nor a sign-off', async () => {
  const { notices } = await load({});
  expect(notices[0]?.statements[1]).toMatchObject({
    kind: 'never',
    purposes: { terms: ['dpv:SellDataToThirdParties'] },
  });
});

test('a dimension without a quote was not told', async () => {
  const { notices } = await load({
    [notice]: withStatement(
      '\n  - id: half\n    kind: tells\n    purposes: { terms: [dpv:Advertising] }\n    contact-channels: { terms: [post], quote: "by post", layer: 1 }\n',
    ),
  });
  expect(notices[0]?.statements.find((s) => s.id === 'half')).toMatchObject({
    purposes: null,
    contactChannels: { terms: ['post'] },
  });
});

test('a fault in one statement does not hide one in another', async () => {
  const faults = await faultsOf({
    [notice]: changes(
      replace('terms: [post]', 'terms: [pots]'),
      replace('quote: "We never sell', 'quote: "We always sell'),
    ),
  });
  expect(faults.map((f) => f.code)).toEqual(expect.arrayContaining(['unknown-value', 'quote-not-in-text']));
});

test('line endings do not change the digest of a notice', async () => {
  const [a, b] = await Promise.all([load({}), load({ [notice]: (t) => t.replaceAll('\n', '\r\n') })]);
  expect(a.notices[0]?.digest).toBe(b.notices[0]?.digest);
});
