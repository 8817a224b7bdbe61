import { describe, expect, test } from 'vitest';
import type { Explanation } from '../app/gate/explain.ts';
import { coverageOf } from '../app/gate/notice-coverage.ts';
import { diffNotices } from '../app/workspace/notice-diff.ts';
import { rulesOn } from '../app/workspace/terms.ts';
import { shownNotice } from '../pages/outcome.fixture.ts';
import type { Collection } from '../policy/model.ts';
import { reason } from '../policy/reasons.ts';
import { showCoverage } from './show-coverage.ts';
import { showExplanation } from './show-explanation.ts';
import { showIngested } from './show-ingested.ts';
import { showAt } from './show-notice.ts';
import { showDiff } from './show-notice-diff.ts';
import { showRefusal } from './show-release.ts';
import { showRules } from './show-rules.ts';
import { plainStyle } from './terminal.ts';

const explanation: Explanation = {
  record: 'M0004711',
  day: '2017-05-05',
  mark: 'reconstruction',
  released: false,
  known: 'derived',
  histories: new Map([
    [
      'joined',
      { base: { kind: 'derived', collectedBy: 'paper', on: '2015-03-02' }, origin: 'own', later: [] },
    ],
  ]),
  reasons: [
    {
      ...reason('purpose-not-told'),
      label: 'policy',
      citation: 'A4',
      findings: [
        {
          reason: 'purpose-not-told',
          atom: null,
          notice: 'paper@2015',
          statement: 's',
          quotes: [{ text: 'our partners may write', layer: 1 }],
          lacks: ['purpose'],
          detail: 'purpose political campaigning',
        },
      ],
    },
    { ...reason('stopped'), label: null, citation: null, findings: [] },
  ],
};

describe('an explanation', () => {
  test('numbers every reason, with its words, its rule and its label', () => {
    const text = showExplanation(explanation, plainStyle, 100);
    expect(text).toContain('M0004711 would not go, for 2 reasons');
    expect(text).toContain('came by paper on 2 March 2015');
    expect(text).toMatch(
      / 1 {2}Their notice says nothing of this purpose\.\n +purpose political campaigning\n +"our partners may write" \(paper@2015, layer 1\)\n +\[purpose-not-told · rule A4 · policy: A4\]/,
    );
    expect(text).toMatch(/ 2 {2}They said stop\.\n +\[stopped · rule C1 · no rule on file\]/);
  });

  test('of a record that may go says that nothing in these rules refuses', () => {
    expect(showExplanation({ ...explanation, released: true, reasons: [] }, plainStyle, 100)).toContain(
      'M0004711 may go: nothing in these rules refuses',
    );
  });
});

test('a diff shows what is newly told and what is dropped, and that the new covers no earlier record', () => {
  const emptied = { ...shownNotice, id: 'web@2017-03', statements: [], consents: [] };
  const added = showDiff(diffNotices(emptied, shownNotice), plainStyle, 100);
  expect(added).toContain('Told in web@2017-02 and not in web@2017-03');
  expect(added).toContain('We will give your name to The Labour Party');
  expect(added).toContain('never covers an earlier record');
  expect(showDiff(diffNotices(shownNotice, emptied), plainStyle, 100)).toContain('gone at once (A7)');
  expect(showDiff(diffNotices(shownNotice, shownNotice), plainStyle, 100)).toContain(
    'tell, promise and ask the same',
  );
  const worded = shownNotice.consents.map((c) => ({ ...c, wording: { text: 'in other words', layer: 1 } }));
  const differently = showDiff(
    diffNotices(shownNotice, { ...shownNotice, consents: worded }),
    plainStyle,
    100,
  );
  expect(differently).toContain('Consent asked differently');
  expect(differently).toContain('in other words');
});

test('where no version may have been shown, it says that such records are refused', () => {
  expect(showAt([], plainStyle)).toContain('are refused');
  expect(showAt([shownNotice, { ...shownNotice, id: 'web@2017-03' }], plainStyle)).toContain(
    'only what all of these tell counts',
  );
});

test('coverage shows what is missing with its numbers', () => {
  const collection: Collection = {
    id: 'joined',
    notice: { column: 'n' },
    printCode: null,
    collectedBy: null,
    date: null,
    origin: null,
    upstream: null,
    reconstructions: [],
  };
  const counts = [
    { base: { kind: 'recorded', notice: 'web@2017-02' }, records: 1200 },
    { base: { kind: 'print-code', code: 'PF-9' }, records: 34 },
  ] as const;
  const text = showCoverage(
    {
      source: 'members',
      records: 1234,
      rejected: 2,
      collections: [coverageOf(collection, counts, [shownNotice])],
    },
    plainStyle,
    100,
  );
  expect(text).toContain('1,200 recorded · 34 unknown');
  expect(text).toMatch(
    /Missing, and refused until it is found:\n +34 {2}no notice on file is of the form PF-9/,
  );
  expect(text).toContain('2 rows could not be read');
});

test('a day without rules says that nothing may go', () => {
  const pack = {
    id: 'none',
    version: '1',
    rules: [],
    explicit: [],
    necessary: [],
    requiredLists: [],
    finer: [],
    consentChannels: [],
    specialCategory: [],
    waitingPeriod: { months: 0, days: 30 },
    minimumCount: 100,
    consentAgeWarning: { months: 6, days: 0 },
    digest: '',
  };
  const found = rulesOn(pack, '1990-01-01');
  expect(found.complete).toBe(false);
  expect(showRules(found, plainStyle, 100)).toContain('nothing may go (A9)');
});

test('a list and preferences that cannot be read in full say what follows from it', () => {
  const snapshot = {
    dir: '',
    eventsDir: '/s/events',
    whole: 'w',
    digest: '',
    records: 10,
    rejected: 1,
    rejectsFile: 'rejects.csv',
    shortRows: 0,
    shortEvents: 0,
    eventsUnmatchedFile: null,
    preferencesCause: 'line 3: a quote in the wrong place',
    preferencesRejectsFile: null,
    preferencesUnknownColumns: [],
    leftovers: [],
    events: 3,
    eventsUnmatched: 1,
    preferencesReadable: false,
    areasConflicting: 0,
    files: [],
    columns: [],
    reused: true,
  };
  const list = {
    path: '',
    digest: '',
    entries: 5,
    readable: false,
    cause: 'line 3 is short',
    file: null,
    reused: false,
  };
  const text = showIngested(
    { sources: [{ source: 'members', snapshot }], lists: [{ list: 'mps', snapshot: list }] },
    plainStyle,
  );
  expect(text).toContain('rejects.csv');
  expect(text).toContain('every request is refused');
  expect(text).toContain('line 3 is short');
});

test('a release that is there already is described from its manifest, whatever that holds', () => {
  const standing = {
    cutOff: '2017-05-05T08:00:00.000Z',
    list: { file: 'list.csv', rows: 48213, digest: 'ab' },
  };
  const said = (manifest: unknown) =>
    showRefusal({ kind: 'refused', code: 'release-exists', message: 'it is there', standing: manifest });
  expect(said(standing)).toContain('48213 rows');
  for (const odd of [{}, [], 'text', { list: null }, { list: { rows: { a: 1 } } }])
    expect(said(odd)).toContain('unknown rows');
});
