import { expect, test } from 'vitest';
import { DocumentError, formatFaults } from '../../src/documents/fault.ts';
import { loadWorkspace } from '../../src/documents/workspace.ts';
import { changes, type Edits, faultsOf, load, replace, withWorkspace } from './workspace-with.ts';

const request = 'requests/toy-offer.yaml';
const notice = 'notices/web-1.md';
const source = 'sources/members.yaml';
const agreement = 'agreements/toy-offers.yaml';
const signoff = 'signoffs/web-1-toy-offers.yaml';
const mps = 'suppressions/mps.yaml';
const assessment = (notice: string, organisation = 'example-toys'): string => `assessment: a-1
kind: compatibility
organisation: ${organisation}
purposes: [dpv:DirectMarketing]
notice: ${notice}
in-force: { from: 2026-01-01, until: 2027-01-01 }
outcome: "It is compatible."
by: a.dpo
`;
const approval = (of: string, on = '2026-11-20'): string => `approval: a-1
request: ${of}
request-digest: "${'0'.repeat(64)}"
by: b.second
on: ${on}
lawful-because: "They agreed."
`;
const reconstruction = (by: string, on = '2026-11-01'): string => `signoff: s-2
source: members
collection: joined
collected-by: web
from: 2026-01-01
until: 2026-02-01
notice: web@1
by: ${by}
on: ${on}
`;
const reconstructed =
  (mappedBy: string): ((text: string) => string) =>
  (text) =>
    text
      .replace('synthetic: true', `synthetic: true${mappedBy}`)
      .replace(
        'origin: { constant: own }',
        'origin: { constant: own }\n    reconstructed: [{ collected-by: web, from: 2026-01-01, until: 2026-02-01, notice: web@1 }]',
      );

/** Each row: what is wrong, the edits, the file, the code, and what may have been meant. */
const table: readonly (readonly [string, Edits, string, string, (string | null)?])[] = [
  [
    'a mistyped purpose',
    { [request]: replace('[dpv:DirectMarketing]', '[dpv:DirectMarketting]') },
    request,
    'unknown-term',
    'dpv:DirectMarketing',
  ],
  [
    'a purpose without its prefix',
    { [request]: replace('[dpv:DirectMarketing]', '[DirectMarketing]') },
    request,
    'unknown-term',
    'dpv:DirectMarketing',
  ],
  [
    'a mistyped data term',
    { [source]: replace('astold:GivenName', 'astold:GivnName') },
    source,
    'unknown-term',
    'astold:GivenName',
  ],
  [
    'a mistyped legal basis',
    { [request]: replace('disclosure-basis: eu-gdpr:A6-1-a', 'disclosure-basis: eu-gdpr:A61a') },
    request,
    'unknown-term',
    'eu-gdpr:A6-1-a',
  ],
  [
    'an unknown key',
    { [request]: replace('prepared-by:', 'preparedby:') },
    request,
    'unknown-key',
    'prepared-by',
  ],
  ['a key left out', { [request]: replace('delete-by: 2027-02-04\n', '') }, request, 'missing-key'],
  ['a key given twice', { [request]: (t) => `${t}title: Again\n` }, request, 'duplicate-key'],
  [
    'a value of the wrong type',
    { [request]: replace('title: Toy offer', 'title: 2026') },
    request,
    'wrong-type',
  ],
  [
    'a list that is none',
    { [request]: replace('purposes: [dpv:DirectMarketing]', 'purposes: dpv:DirectMarketing') },
    request,
    'wrong-type',
  ],
  [
    'a word that is no choice',
    { [request]: replace('format: csv', 'format: cvs') },
    request,
    'unknown-value',
    'csv',
  ],
  [
    'a way of giving a field that there is not',
    { [request]: replace('  - postcode', '  - { field: postcode, as: [] }') },
    request,
    'wrong-shape',
  ],
  [
    'a day that is none',
    { [request]: replace('delete-by: 2027-02-04', 'delete-by: 2027-02-30') },
    request,
    'date-invalid',
  ],
  ['a period that is none', { [mps]: replace('P90D', 'P1.5M') }, mps, 'period-invalid'],
  [
    'an id that could leave its folder',
    { [request]: replace('request: toy-offer', 'request: ../toy-offer') },
    request,
    'id-invalid',
  ],
  ['empty words', { [request]: replace('title: Toy offer', 'title: " "') }, request, 'text-empty'],
  [
    'a number out of range',
    { [request]: replace('  - postcode', '  - { field: children, as: { child-under: 0 } }') },
    request,
    'out-of-range',
  ],
  [
    'YAML that is broken',
    { [request]: replace('[dpv:DirectMarketing]', '[dpv:DirectMarketing') },
    request,
    'yaml-syntax',
  ],
  [
    'an alias',
    { [request]: replace('title: Toy offer', 'title: &t Toy offer\nformat: *t\n#') },
    request,
    'alias-refused',
  ],
  ['an empty file', { [request]: '' }, request, 'document-empty'],
  [
    'a document with another ending',
    { 'requests/other.yml': 'request: other\n' },
    'requests/other.yml',
    'document-unreadable',
  ],
  ['no register', { 'organisations.yaml': null }, 'organisations.yaml', 'document-missing'],
  [
    'a use that ends before it begins',
    { [request]: replace('until: 2027-01-05', 'until: 2026-11-01') },
    request,
    'dates-out-of-order',
  ],
  [
    'deletion before the use ends',
    { [request]: replace('delete-by: 2027-02-04', 'delete-by: 2026-12-24') },
    request,
    'dates-out-of-order',
  ],
  [
    'an audience that cannot be read',
    { [request]: replace('any child age < 5', 'any child aged < 5') },
    request,
    'audience-invalid',
  ],
  [
    'an audience by a field that is not there',
    { [request]: replace('any child age < 5', 'any child age < 5 and postcod = "A"') },
    request,
    'audience-invalid',
    'postcode',
  ],
  [
    'an empty audience',
    { [request]: replace('where: any child age < 5', 'where: ""') },
    request,
    'text-empty',
  ],
  [
    'a set with no values',
    { [request]: replace('any child age < 5', 'postcode in there\n  sets: { there: [] }') },
    request,
    'set-empty',
  ],
  [
    'a set whose file is not there',
    {
      [request]: replace(
        'any child age < 5',
        'postcode in there\n  sets: { there: { file: ../data/none.csv, column: a } }',
      ),
    },
    request,
    'set-unreadable',
  ],
  [
    'a set of a column that is not there',
    {
      [request]: replace(
        'any child age < 5',
        'postcode in there\n  sets: { there: { file: ../data/members.csv, column: post } }',
      ),
    },
    request,
    'unknown-column',
    null,
  ],
  [
    'a field that is not there',
    { [request]: replace('  - forename', '  - fornename') },
    request,
    'unknown-field',
    'forename',
  ],
  [
    'a name given to two columns',
    { [request]: replace('  - forename', '  - { field: forename, name: Surname }') },
    request,
    'duplicate-name',
  ],
  [
    'a text given as an age band',
    { [request]: replace('  - forename', '  - { field: forename, as: { age-band: 5 } }') },
    request,
    'not-coarsenable',
  ],
  [
    'children given as they are',
    { [request]: replace('  - forename', '  - children') },
    request,
    'not-coarsenable',
  ],
  [
    'a party nobody registered',
    { [request]: replace('organisation: example-toys', 'organisation: exampletoys') },
    request,
    'unknown-organisation',
    'example-toys',
  ],
  [
    'a party by its legal name',
    { [agreement]: replace('supplier: example-club', 'supplier: Example-Club') },
    agreement,
    'unknown-organisation',
    'example-club',
  ],
  [
    'a source nobody wrote',
    { [request]: replace('source: members', 'source: membres') },
    request,
    'unknown-source',
    'members',
  ],
  [
    'an agreement that ends before it begins',
    { [agreement]: replace('in-force: { from: 2026-09-22', 'in-force: { from: 2036-09-22') },
    agreement,
    'dates-out-of-order',
  ],
  ['a request given twice', { 'requests/again.yaml': 'request: toy-offer\n' }, request, 'duplicate-id'],
  [
    'a live workspace with a clock',
    { 'astold.yaml': replace('clock: null', 'clock: 2026-01-01T00:00:00Z') },
    'astold.yaml',
    'clock-unexpected',
  ],
  [
    'a reconstruction without a clock',
    { 'astold.yaml': replace('kind: live', 'kind: reconstruction') },
    'astold.yaml',
    'missing-key',
  ],
  [
    'a clock without an offset',
    { 'astold.yaml': replace('kind: live\nclock: null', 'kind: reconstruction\nclock: 2026-01-01T00:00:00') },
    'astold.yaml',
    'instant-invalid',
  ],
  [
    'a rule pack that is not there',
    { 'astold.yaml': replace('rules: uk', 'rules: fr') },
    'astold.yaml',
    'document-missing',
  ],
  [
    'a field of no collection',
    { [source]: replace('of: child, collection: joined', 'of: child, collection: joind') },
    source,
    'unknown-collection',
    'joined',
  ],
  [
    'a field name used twice',
    { [source]: replace('name: surname,', 'name: forename,') },
    source,
    'duplicate-name',
  ],
  [
    'a field named like a word of requests',
    { [source]: replace('name: email,', 'name: children,') },
    source,
    'id-invalid',
  ],
  ['a role used twice', { [source]: replace('role: surname', 'role: forename') }, source, 'duplicate-role'],
  ['a role of another type', { [source]: replace('role: email', 'role: birth-date') }, source, 'wrong-type'],
  [
    'a child by a field that is not there',
    { [source]: replace('birth-date: child_born', 'birth-date: child_bron') },
    source,
    'unknown-field',
    'child_born',
  ],
  [
    'a child by a field about the person',
    { [source]: replace('data: pd:BirthDate, of: child', 'data: pd:BirthDate, of: person') },
    source,
    'wrong-type',
  ],
  [
    'a column of a consent nobody asks',
    { [source]: replace('consent: toy-offers', 'consent: toy-ofers') },
    source,
    'unknown-consent',
    'toy-offers',
  ],
  [
    'a notice that is not on file',
    { [source]: replace('notice: { column: notice }', 'notice: { constant: web@2 }') },
    source,
    'unknown-notice',
    'web@1',
  ],
  [
    'areas without a postcode',
    {
      [source]: (t) =>
        `${t.replace(', role: postcode', '')}areas: { path: ../data/a.csv, format: csv, postcode: p, area: a }\n`,
    },
    source,
    'unknown-field',
  ],
  [
    'a reconstruction signed by who worked it out',
    { [source]: reconstructed('\nmapped-by: a.steward'), 'signoffs/s-2.yaml': reconstruction('a.steward') },
    'signoffs/s-2.yaml',
    'signoff-same-person',
  ],
  [
    'a reconstruction worked out by nobody knows whom',
    { [source]: reconstructed(''), 'signoffs/s-2.yaml': reconstruction('b.second') },
    source,
    'missing-key',
  ],
  [
    'a sign-off of another reconstruction',
    {
      [source]: reconstructed('\nmapped-by: a.steward'),
      'signoffs/s-2.yaml': replace('', reconstruction('b.second').replace('2026-02-01', '2026-03-01')),
    },
    'signoffs/s-2.yaml',
    'signoff-stale',
  ],
  [
    'a list without the columns it is matched on',
    { [mps]: replace(', surname: surname', '') },
    mps,
    'columns-missing',
  ],
  [
    'columns where the layout says all',
    { [mps]: replace('layout: columns', 'layout: mps-fixed') },
    mps,
    'wrong-shape',
  ],
  [
    'an assessment of a notice that is not on file',
    { 'assessments/a.yaml': assessment('web@9') },
    'assessments/a.yaml',
    'unknown-notice',
    'web@1',
  ],
  [
    'a compatibility assessment of no notice',
    { 'assessments/a.yaml': assessment('null') },
    'assessments/a.yaml',
    'missing-key',
  ],
  [
    'an approval of no request',
    { 'approvals/a.yaml': approval('toy-offers') },
    'approvals/a.yaml',
    'unknown-request',
    'toy-offer',
  ],
  [
    'a duty of nobody registered',
    { 'duties.yaml': 'duties: [{ party: nobody, what: "delete", due: 2026-12-01 }]\n' },
    'duties.yaml',
    'unknown-organisation',
  ],
  [
    'a freeze of a purpose nobody knows',
    {
      'freezes.yaml':
        'freezes: [{ party: null, purpose: dpv:PolitcalCampaign, from: 2026-01-01, until: null, why: "order" }]\n',
    },
    'freezes.yaml',
    'unknown-term',
    'dpv:PoliticalCampaign',
  ],
  [
    'upstream terms from nobody registered',
    { 'upstream/u.yaml': 'upstream: u\nsupplier: nobody\nstatements: []\n' },
    'upstream/u.yaml',
    'unknown-organisation',
  ],
  [
    'a sign-off of a statement that is not there',
    { [signoff]: replace('statement: toy-offers', 'statement: toy-ofers') },
    signoff,
    'unknown-statement',
    'toy-offers',
  ],
  [
    'an organisation twice in a chain',
    { [request]: replace('organisation: example-toys', 'organisation: example-mailing') },
    request,
    'duplicate-id',
  ],
  [
    'an organisation twice in an agreement',
    { [agreement]: replace('organisation: example-toys', 'organisation: example-mailing') },
    agreement,
    'duplicate-id',
  ],
  [
    'a list of people screened by e-mail',
    { [mps]: replace('level: person', 'level: email') },
    mps,
    'unknown-value',
  ],
  [
    'a list of households screened by record',
    { 'suppressions/baby-mps.yaml': replace('level: surname-at-address', 'level: record') },
    'suppressions/baby-mps.yaml',
    'unknown-value',
  ],
  [
    'a list of numbers screened by person',
    { [mps]: replace('kind: mps', 'kind: tps') },
    mps,
    'unknown-value',
  ],
  [
    'a list of company numbers screened by address',
    { [mps]: changes(replace('kind: mps', 'kind: ctps'), replace('level: person', 'level: address')) },
    mps,
    'unknown-value',
  ],
  [
    'two columns for one consent',
    {
      [source]: replace(
        'consents:\n',
        'consents:\n  - { column: email, consent: toy-offers, notice: null, yes: ["Y"] }\n',
      ),
    },
    source,
    'duplicate-id',
  ],
  [
    'a sign-off of a day yet to come',
    { [signoff]: replace('on: 2025-11-22', 'on: 2026-11-22') },
    signoff,
    'date-in-future',
  ],
  [
    'a sign-off of a reconstruction on a day yet to come',
    {
      [source]: reconstructed('\nmapped-by: a.steward'),
      'signoffs/s-2.yaml': reconstruction('b.second', '2026-11-22'),
    },
    'signoffs/s-2.yaml',
    'date-in-future',
  ],
  [
    'an approval on a day yet to come',
    { 'approvals/a.yaml': approval('toy-offer', '2026-11-22') },
    'approvals/a.yaml',
    'date-in-future',
  ],
  [
    'a quote of one word in upstream terms',
    {
      'upstream/u.yaml':
        'upstream: u\nsupplier: example-toys\nstatements:\n  - { id: s, kind: tells, contact-channels: { terms: [post], quote: post, layer: 1 } }\n',
    },
    'upstream/u.yaml',
    'quote-too-short',
  ],
  [
    'front matter that is not closed',
    { [notice]: (t) => t.replaceAll(/^---$/gm, '') },
    notice,
    'front-matter-missing',
  ],
];

for (const [what, edits, file, code, suggestion] of table) {
  test(`${what} is a fault of its file`, async () => {
    const faults = await faultsOf(edits);
    const found = faults.filter((f) => f.file === file && f.code === code);
    expect(faults.map((f) => `${f.file} ${f.code}`)).toContain(`${file} ${code}`);
    if (suggestion !== undefined) expect(found.map((f) => f.suggestion)).toContain(suggestion);
    for (const f of faults) expect(Math.min(f.line, f.column, f.length)).toBeGreaterThan(0);
  });
}

test('the scaffold has no fault', async () => {
  expect(await faultsOf({})).toEqual([]);
});

test('all faults of all files come in one go, in order, each with its line and column', async () => {
  const faults = await faultsOf({
    [request]: (t) =>
      t
        .replace('[dpv:DirectMarketing]', '[dpv:DirectMarketting]')
        .replace('organisation: example-toys', 'organisation: exampletoys')
        .replace('format: csv', 'formats: csv'),
    [mps]: replace('file-date: 2026-11-21', 'file-date: 2026-13-21'),
  });
  expect(faults.map((f) => [f.file, f.line, f.column, f.length, f.code])).toEqual([
    [request, 1, 1, 7, 'missing-key'],
    [request, 9, 12, 20, 'unknown-term'],
    [request, 21, 1, 7, 'unknown-key'],
    [mps, 8, 12, 10, 'date-invalid'],
  ]);
});

test('an audience is faulted at the very word', async () => {
  const [fault] = await faultsOf({
    [request]: replace('any child age < 5', '"any child age < 5 and postcod = 1"'),
  });
  expect([fault?.line, fault?.column, fault?.found]).toEqual([15, 33, 'postcod']);
});

test('a fault is shown with its line and carets, and what may have been meant', async () => {
  const edits = { [request]: replace('[dpv:DirectMarketing]', '[dpv:DirectMarketting]') };
  const shown = await withWorkspace(edits, async (root) => {
    try {
      await loadWorkspace(root);
      return '';
    } catch (error) {
      if (error instanceof DocumentError) return formatFaults(error);
      throw error;
    }
  });
  expect(shown.split('\n').slice(0, 3)).toEqual([
    'error: requests/toy-offer.yaml:9:12',
    '  purposes: [dpv:DirectMarketting]',
    '             ^^^^^^^^^^^^^^^^^^^^ expected a purpose of the vocabulary, found "dpv:DirectMarketting". Did you mean dpv:DirectMarketing? [C9]',
  ]);
});

test('a secret key pasted where a public one belongs is shown nowhere', async () => {
  const secret = `AGE-SECRET-KEY-1${'Q'.repeat(58)}`;
  const edits = { 'organisations.yaml': replace('legal-name:', `age-key: ${secret}\n    legal-name:`) };
  const said = await withWorkspace(edits, async (root) => {
    const error = await loadWorkspace(root).catch((found: unknown) => found);
    if (!(error instanceof DocumentError)) throw error;
    return `${error.message}\n${formatFaults(error)}\n${JSON.stringify(error.faults)}`;
  });
  expect(said).toContain('*****');
  expect(said).not.toContain('QQQQ');
});

test('what was signed today counts, and the fault of what was not names its rule', async () => {
  const edit = (day: string): Edits => ({
    [signoff]: replace('on: 2025-11-22', `on: ${day}`),
    'approvals/a.yaml': approval('toy-offer', day),
    [source]: reconstructed('\nmapped-by: a.steward'),
    'signoffs/s-2.yaml': reconstruction('b.second', day),
  });
  expect(await faultsOf(edit('2026-11-21'))).toEqual([]);
  const early = (await faultsOf(edit('2026-11-22'))).filter((f) => f.code === 'date-in-future');
  expect(early.map((f) => f.rule).sort()).toEqual(['A4', 'A6', 'B8']);
});

test('one consent may stand in columns of several notices, and a service list at each of its levels', async () => {
  const edits = {
    [source]: replace(
      'consents:\n',
      'consents:\n  - { column: email, consent: toy-offers, notice: web@1, yes: ["Y"] }\n',
    ),
    [mps]: replace('level: person', 'level: surname-at-address'),
  };
  expect(await faultsOf(edits)).toEqual([]);
});

test('absent duties and freezes, and a missing agreement, are left for the gate to refuse', async () => {
  const workspace = await load({ 'duties.yaml': null, 'freezes.yaml': null, [agreement]: null });
  expect([
    workspace.duties,
    workspace.freezes,
    workspace.agreements.length,
    workspace.requests.length,
  ]).toEqual([null, null, 0, 1]);
});

test('a request that does not say for whom loads, and selects nobody', async () => {
  const workspace = await load({ [request]: replace('audience:\n  where: any child age < 5\n', '') });
  expect(workspace.requests[0]?.audience).toBeNull();
});

test('bytes that are not text, and nesting without end, are faults and not crashes', async () => {
  const nested = await faultsOf({ [request]: '['.repeat(20_000) });
  expect(nested.length).toBeLessThan(5);
  expect(nested.map((f) => f.code)).toContain('yaml-syntax');
  const bomb = `a: &a [x]\n${Array.from({ length: 30 }, (_, i) => `k${i}: [*a, *a]`).join('\n')}\n`;
  expect((await faultsOf({ [request]: bomb })).every((f) => f.code === 'alias-refused')).toBe(true);
});

test('a text far larger than any document is one fault, and keeps nobody waiting', async () => {
  const keys = (n: number): string => Array.from({ length: n }, (_, i) => `k${i}: 1\n`).join('');
  const large = await faultsOf({ [request]: keys(80_000) });
  expect(large.map((f) => f.code)).toContain('yaml-syntax');
  expect(large.filter((f) => f.file === request).length).toBe(1);
  // As many as still are read: a fault each, of which the first hundred are said.
  const many = (await faultsOf({ [request]: (t) => `${t}${keys(10_000)}` })).filter(
    (f) => f.file === request,
  );
  expect(many.length).toBeLessThanOrEqual(100);
  expect(many.every((f) => f.code === 'unknown-key')).toBe(true);
});
