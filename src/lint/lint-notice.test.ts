import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { parseNotice } from '../documents/notice.ts';
import { catalogue } from './catalogue.ts';
import type { LintFinding } from './finding.ts';
import { lintNotice } from './lint-notice.ts';

type Parts = { from?: string; extra?: string; body: string };
const notice = ({ from = '2022-01-01', extra = '', body }: Parts) =>
  `---\nnotice: web\nversion: 1\norganisation: club\nshown: { from: ${from}, until: null }\n${extra}---\n${body}`;
const lint = (parts: Parts, names: readonly string[] = []) =>
  lintNotice({ file: 'notices/web.md', text: notice(parts), namesOf: () => names });
const ids = (findings: readonly LintFinding[], family: string) =>
  findings.filter((finding) => finding.rule === family).map((finding) => finding.id.slice(family.length + 1));
const only = (findings: readonly LintFinding[], id: string) =>
  findings.filter((finding) => finding.id === id);

describe('vague wording', () => {
  test.each([
    [
      'We share them with carefully selected third parties.',
      'selected-third-parties',
      'carefully selected third parties',
    ],
    ['We pass them to selected third parties.', 'selected-third-parties', 'selected third parties'],
    ['We pass them to trusted partners.', 'selected-third-parties', 'trusted partners'],
    ['We pass them to reputable\ncompanies.', 'selected-third-parties', 'reputable\ncompanies'],
    [
      'We tell you of other organisations’ products and services.',
      'other-organisations-products',
      'other organisations’ products and services',
    ],
    ['We use them for marketing purposes.', 'marketing-purposes', 'for marketing purposes'],
    ['We use them to improve our services.', 'improve-services', 'to improve our services'],
    ['We use them to develop new services.', 'develop-services', 'to develop new services'],
    ['We use them for research purposes.', 'research-purposes', 'for research purposes'],
    ['We use them to offer personalised services.', 'personalised-services', 'offer personalised services'],
    ['We keep them as long as necessary.', 'as-long-as-necessary', 'as long as necessary'],
    ['We may share them.', 'may', 'may'],
    ['We might share them.', 'might', 'might'],
    ['We share some of them.', 'some', 'some of'],
    ['We often share them.', 'often', 'often'],
    ['A share is possible.', 'possible', 'possible'],
  ])('%j is found at its span', (body, id, words) => {
    const text = notice({ body });
    const found = lint({ body }).filter((finding) => finding.rule === 'vague');
    expect(found.map((finding) => finding.id)).toEqual([`vague/${id}`]);
    const [finding] = found;
    const lines = text.split('\n');
    const at = (line: number, column: number) =>
      lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0) + column - 1;
    expect(
      text.slice(
        at(finding?.line ?? 0, finding?.column ?? 0),
        at(finding?.endLine ?? 0, finding?.endColumn ?? 0),
      ),
    ).toBe(words);
  });

  test('the month of May, what people may do themselves, and haste are not vague', () => {
    const body = 'From 1 May 2022. In May 2022. May 3. You may ask us to stop, as soon as possible.';
    expect(ids(lint({ body }), 'vague')).toEqual([]);
  });

  test('the statements that rest on vague words are named', () => {
    const extra =
      'statements:\n  - id: offers\n    kind: tells\n    recipients: { organisations: [], categories: [x], quote: "share with\n      selected companies", layer: 1 }\n';
    const [finding] = only(
      lint({ extra, body: 'We share with selected  companies.' }),
      'vague/selected-third-parties',
    );
    expect(finding?.message).toContain('"offers" rests on it');
  });

  test('guidance of 2018 is cited by analogy, as policy, for a notice of 2016', () => {
    const labels = ['2016-03-01', '2019-01-01', '2022-01-01'].map(
      (from) => only(lint({ from, body: 'We may.' }), 'vague/may')[0]?.label,
    );
    expect(labels).toEqual(['policy', 'guidance', 'guidance']);
  });
});

describe('what must be said', () => {
  test('an empty notice of today lacks all that Article 13 always asks, and the complaint to the controller', () => {
    const findings = lint({ from: '2026-07-01', body: 'Hello.' });
    expect(ids(findings, 'missing').sort()).toEqual([
      'automated-decisions',
      'complaint-controller',
      'complaint-regulator',
      'contact',
      'controller',
      'dpo',
      'legal-basis',
      'obligatory',
      'purposes',
      'recipients',
      'retention',
      'right-access',
      'right-erasure',
      'right-objection',
      'right-portability',
      'right-rectification',
      'right-restriction',
      'transfers',
    ]);
    expect(only(findings, 'missing/retention')[0]).toMatchObject({
      label: 'law',
      source: 'UK GDPR Art 13(2)(a)',
    });
    expect(findings.filter((f) => f.level === 'note').map((f) => f.id)).toEqual([
      'missing/automated-decisions',
      'missing/dpo',
      'missing/transfers',
    ]);
  });

  test('a notice that says it all lacks nothing', () => {
    const body = `# Who we are
The club is run by Club Ltd, registered in England. Write to us at club@club.example; our data protection officer too.
# What we use it for
We use your details to send you the magazine. Our legal basis is our legitimate interests: they are in having readers.
We share it with Print Co Ltd. Nothing leaves the UK. We keep it until two years after you leave.
You need not give us your details. We take no automated decisions.
# Your rights
You can ask for a copy of your details, have us correct your details, erase them, restrict their use, or move your
data elsewhere. You can object. You can withdraw consent. You can complain to us, or complain to the Information Commissioner.`;
    expect(ids(lint({ from: '2026-07-01', body }), 'missing')).toEqual([]);
  });

  test.each([
    ['You can have it put right or erased.', ['right-rectification', 'right-erasure']],
    ['You can have your details corrected, and have them deleted.', ['right-rectification', 'right-erasure']],
    ['With your consent. You can take your consent back.', ['withdraw-consent']],
    ['We keep them for two years after you leave.', ['retention']],
    [
      'We delete them on your child’s fifth birthday; until then we keep them while you are a member.',
      ['retention'],
    ],
    ['We never share them with anyone.', ['recipients']],
    ['Ask us for a copy of what we hold.', ['right-access']],
  ])('%j says what it says', (body, said) => {
    const missing = ids(lint({ body }), 'missing');
    for (const topic of said) expect(missing).not.toContain(topic);
  });

  test('the law cited is the law in force on the day of the notice', () => {
    const source = (from: string, id: string) => only(lint({ from, body: 'Hello.' }), id)[0]?.source;
    expect(source('2019-01-01', 'missing/purposes')).toBe('GDPR Art 13(1)(c)');
    expect(source('2018-05-24', 'missing/purposes')).toBe('DPA 1998 Sch 1 Pt II para 2(3)(c)');
    expect(source('2026-06-18', 'missing/complaint-controller')).toBeUndefined();
  });

  test('under the 1998 Act neither retention nor legal basis is called law, and rights are not asked for', () => {
    const findings = lint({ from: '2016-03-01', body: 'Hello.' });
    expect(ids(findings, 'missing').sort()).toEqual([
      'controller',
      'legal-basis',
      'purposes',
      'recipients',
      'retention',
    ]);
    expect(only(findings, 'missing/retention')[0]?.label).toBe('policy');
    expect(only(findings, 'missing/legal-basis')[0]?.label).toBe('policy');
  });

  test('data from elsewhere bring Article 14: where from, and which kinds', () => {
    const body = 'We also receive details about you from other organisations.';
    expect(ids(lint({ body }), 'missing')).toEqual(expect.arrayContaining(['source', 'categories']));
    const named =
      'We also receive these categories of data about you from other organisations such as Royal Mail: addresses.';
    expect(ids(lint({ body: named }), 'missing')).not.toContain('source');
    expect(ids(lint({ body: named }), 'missing')).not.toContain('categories');
    expect(only(lint({ body }), 'missing/purposes')[0]?.source).toBe('UK GDPR Art 13(1)(c) and 14(1)(c)');
  });

  test('a telling statement with its quote says its dimension; one without words does not', () => {
    const retention = (quote: string) =>
      `statements:\n  - id: s\n    kind: tells\n    retention: { for: P12M, from: collection, ${quote} }\n`;
    expect(
      ids(lint({ extra: retention('quote: "Hello.", layer: 1'), body: 'Hello.' }), 'missing'),
    ).not.toContain('retention');
    expect(ids(lint({ extra: retention('layer: 1'), body: 'Hello.' }), 'missing')).toContain('retention');
  });

  test('the controller may be named by legal name alone, and a missing thing points at its heading', () => {
    const findings = lint({ body: 'Parenting Club Ltd\n\n## How long we keep it\nA while.' }, [
      'Parenting Club Ltd',
    ]);
    expect(ids(findings, 'missing')).not.toContain('controller');
    expect(only(findings, 'missing/retention')[0]).toMatchObject({ line: 9, column: 4, endColumn: 23 });
  });

  test('withdrawal is asked for only where consent is', () => {
    const consent =
      'consents:\n  - { id: c, kind: opt-in, bundled: false, wording: { quote: "Hello.", layer: 1 }, purposes: [x], controllers: [y] }\n';
    expect(ids(lint({ extra: consent, body: 'Hello.' }), 'missing')).toContain('withdraw-consent');
    expect(ids(lint({ body: 'Hello.' }), 'missing')).not.toContain('withdraw-consent');
  });
});

describe('consents', () => {
  const consent = (fields: string, wording = 'Tick if you agree, by post.') =>
    ids(
      lint({
        extra: `consents:\n  - { id: c, ${fields}wording: { quote: "${wording}", layer: 1 } }\n`,
        body: wording,
      }),
      'consent',
    );
  const good = 'purposes: [dpv:DirectMarketing], contact-channels: [post], controllers: [acme], ';
  test.each([
    ['an opt-out', `kind: opt-out, bundled: false, ${good}`, ['opt-out']],
    ['a soft opt-in', `kind: soft, bundled: false, ${good}`, ['soft']],
    ['a kind nobody knows', `kind: maybe, bundled: false, ${good}`, ['kind-unknown']],
    ['a kind left out', `bundled: false, ${good}`, ['kind-unknown']],
    ['a bundle', `kind: opt-in, bundled: true, ${good}`, ['bundled']],
    ['a bundle left unsaid', `kind: opt-in, ${good}`, ['bundled']],
    [
      'two purposes',
      'kind: opt-in, bundled: false, purposes: [a, b], contact-channels: [post], controllers: [acme], ',
      ['several-purposes'],
    ],
    [
      'no controller',
      'kind: opt-in, bundled: false, purposes: [a], contact-channels: [post], ',
      ['names-nobody'],
    ],
    ['no way of contact', `kind: opt-in, bundled: false, ${good.replace('[post]', '[]')}`, ['no-ways']],
    [
      'ways of contact left out',
      'kind: opt-in, bundled: false, purposes: [a], controllers: [acme], ',
      ['no-ways'],
    ],
    [
      'ways of contact that the wording does not speak of',
      `kind: opt-in, bundled: false, ${good.replace('[post]', '[post, email, sms]')}`,
      ['way-not-said', 'way-not-said'],
    ],
    ['nothing wrong', `kind: opt-in, bundled: false, ${good}`, []],
  ])('%s', (_, fields, expected) => {
    expect(consent(fields)).toEqual(expected);
  });

  test.each([
    ['post', 'Acme may send me a letter'],
    ['post', 'Acme may mail me'],
    ['email', 'Acme may e-mail me'],
    ['sms', 'Acme may text me'],
    ['call', 'Acme may telephone me'],
    ['automated-call', 'Acme may send me recorded messages'],
    ['online-audience', 'Acme may show me offers on social media'],
  ])('%s is what "%s" speaks of', (channel, wording) => {
    const fields = `kind: opt-in, bundled: false, ${good.replace('post', channel)}`;
    expect(consent(fields, wording)).toEqual([]);
  });

  test('an e-mail is no post', () => {
    expect(consent(`kind: opt-in, bundled: false, ${good}`, 'Acme may e-mail me')).toEqual(['way-not-said']);
  });

  test('an opt-in whose wording is opt-out is found twice: as declared and in the text', () => {
    const wording = 'Tick here if you do not want to hear from Acme by post.';
    expect(consent(`kind: opt-in, bundled: false, ${good}`, wording).sort()).toEqual([
      'opt-out-wording',
      'reads-as-opt-out',
    ]);
  });

  test('agreement taken from the use of a site is found in the text', () => {
    expect(ids(lint({ body: 'By using this site you agree to it all.' }), 'consent')).toEqual(['implied']);
  });

  test('a promise not to do a thing unless people ask is no opt-out', () => {
    expect(ids(lint({ body: 'We will never share it unless you tell us to.' }), 'consent')).toEqual([]);
    expect(ids(lint({ body: 'We will share it unless you tell us otherwise.' }), 'consent')).toEqual([
      'opt-out-wording',
    ]);
  });

  test('opt-out is law since 2018 and guidance before', () => {
    const label = (from: string) =>
      only(lint({ from, body: 'Unless you tell us otherwise.' }), 'consent/opt-out-wording')[0]?.label;
    expect([label('2016-01-01'), label('2018-05-25')]).toEqual(['guidance', 'law']);
  });
});

describe('quotes', () => {
  test('a quote not in the text is an error, with the closest sentence and its line', () => {
    const extra =
      'statements:\n  - id: s\n    kind: tells\n    purposes: { terms: [x], quote: "we will share with partners", layer: 1 }\n';
    const [finding] = only(
      lint({ extra, body: 'Hello.\nWe may share with our partners.\n' }),
      'quote/not-in-text',
    );
    expect(finding).toMatchObject({ level: 'error', line: 9 });
    expect(finding?.message).toContain('closest: "We may share with our partners." (line 12)');
  });

  test('white space and typographic quotes aside, the words stand in the text', () => {
    const extra = `statements:\n  - id: s\n    kind: tells\n    purposes: { terms: [x], quote: "it's  'yours'", layer: 1 }\n`;
    expect(ids(lint({ extra, body: 'Yes, it’s\n‘yours’.' }), 'quote')).toEqual(['dimension-untold']);
  });

  const full = (quote: string, layer: number, body: string): string =>
    `---
notice: web
version: "1"
organisation: club
collected-by: [web]
print-code: null
shown: { from: 2022-01-01, until: null }
collected-on: eu-gdpr:A6-1-a
mapped-by: a.steward
language: en
layers:
  - { number: 1, starts-at: null }
  - { number: 2, starts-at: "In more detail" }
consents: []
statements:
  - id: s
    kind: tells
    purposes: { terms: [dpv:DirectMarketing], narrower: false, quote: ${JSON.stringify(quote)}, layer: ${layer} }
---
${body}

## In more detail

We tell you here of the second layer.
`;
  const words = 'we share your data';
  test.each([
    ['in a paragraph', words, 1, `Hello, ${words}.`, []],
    ['with marks between', words, 1, 'Hello, **we** share [your data](https://club.example).', []],
    ['with a tag between', words, 1, 'Hello, we <b>share</b> your data.', []],
    ['in a cell of a table', words, 1, `| a | ${words} |\n|---|---|\n| b | c |`, []],
    ['across two paragraphs', words, 1, 'Hello, we share\n\nyour data.', ['not-in-text']],
    ['across two items', words, 1, '- we share\n- your data', ['not-in-text']],
    ['across two cells', words, 1, '| we share | your data |\n|---|---|', ['not-in-text']],
    ['in a comment', words, 1, `Hello. <!-- ${words} -->`, ['not-in-text']],
    ['in a hidden element', words, 1, `Hello. <div hidden>${words}</div>`, ['not-in-text']],
    ['in an attribute', words, 1, `<p title="${words}">Hello.</p>`, ['not-in-text']],
    ['struck out', words, 1, `Hello. ~~${words}~~`, ['not-in-text']],
    ['as part of a word', words, 1, 'Hello, we share your database.', ['not-in-text']],
    ['in the layer it names', 'We tell you here', 2, 'Hello.', []],
    ['in another layer', 'We tell you here', 1, 'Hello.', ['other-layer']],
    ['in a layer that is not there', words, 3, `Hello, ${words}.`, ['other-layer']],
    ['as one word', 'share', 1, `Hello, ${words}.`, ['too-short']],
  ])(
    'a quote that stands %s is found by the linter just where loading finds it',
    (_, quote, layer, body, ids_) => {
      const text = full(quote, layer, body);
      const found = lintNotice({ file: 'notices/web.md', text, namesOf: () => [] });
      const faults = ids(found, 'quote').filter((id) => id !== 'dimension-untold');
      expect(faults).toEqual(ids_);
      const loaded = parseNotice('notices/web.md', text);
      expect(loaded.faults.length === 0).toBe(ids_.length === 0);
    },
  );

  test('hidden words say nothing, and are not vague', () => {
    const hidden = '<div hidden>We may complain to the Information Commissioner.</div>\n\nHello.';
    expect(ids(lint({ body: hidden }), 'vague')).toEqual([]);
    expect(ids(lint({ body: hidden }), 'missing')).toContain('complaint-regulator');
  });

  test('a dimension without words and the dimensions left out are both found', () => {
    const extra = 'statements:\n  - id: s\n    kind: tells\n    purposes: { terms: [x] }\n';
    expect(ids(lint({ extra, body: 'Hello.' }), 'quote')).toEqual(['dimension-untold', 'none']);
  });
});

test('every kind of finding is described in docs/lint.md', async () => {
  const page = await readFile('docs/lint.md', 'utf8');
  expect(catalogue.filter((entry) => !page.includes(`\`${entry.id}\``)).map((entry) => entry.id)).toEqual([]);
});

describe('what cannot be read', () => {
  test.each([
    ['nothing at all', ''],
    ['no front matter', 'Just a text with selected partners.'],
    ['front matter never closed', '---\nnotice: web\n'],
    ['front matter that is a list', '---\n- a\n---\nText.'],
    ['broken YAML', '---\nnotice: [web\n---\nText.'],
    [
      'statements that are not maps',
      '---\nshown: 3\nstatements: [1, null, {kind: {}}]\nconsents: {}\n---\nText.',
    ],
  ])('%s is a finding, and nothing crashes', (_, text) => {
    const findings = lintNotice({ file: 'n.md', text, namesOf: () => [] });
    expect(ids(findings, 'document')).not.toEqual([]);
    for (const finding of findings)
      expect(finding.endLine > finding.line || finding.endColumn >= finding.column).toBe(true);
  });

  test('a notice that cannot be read is linted for its words all the same', () => {
    expect(
      ids(
        lintNotice({ file: 'n.md', text: 'Just a text with selected partners.', namesOf: () => [] }),
        'vague',
      ),
    ).toEqual(['selected-third-parties']);
  });

  test('every finding has its entry in the catalogue', () => {
    const known = new Set(catalogue.map((entry) => entry.id));
    const found = lint({ body: 'We may share. By using it you agree.' });
    expect(found.filter((finding) => !known.has(finding.id))).toEqual([]);
    expect(known.size).toBe(catalogue.length);
  });
});
