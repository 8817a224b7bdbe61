/** An outcome made by hand, in the shape of the 2017 case, for tests of what shows it. */
import type { Outcome } from '../app/gate/outcome.ts';
import type { Finding } from '../policy/judgement.ts';
import type { Notice } from '../policy/model.ts';
import { type ReasonCode, reason } from '../policy/reasons.ts';

const quote = {
  text: 'we may share your details with companies who may want to contact you to offer goods and services relevant to your pregnancy',
  layer: 1,
};
const finding = (code: ReasonCode, detail: string, statement: string | null = 'offers'): Finding => ({
  reason: code,
  atom: null,
  notice: 'web@2016-03',
  statement,
  quotes: statement === null ? [] : [quote],
  lacks: [],
  detail,
});
const counted = (code: ReasonCode, records: number, alone: number, details: readonly string[] = []) => {
  const { rule, plural } = reason(code);
  return {
    code,
    rule,
    plural,
    records,
    alone,
    details,
    label: 'policy' as const,
    citation: 'Data Protection Act 1998, Sch 1 Pt I para 1 (fairness)',
  };
};

export const refusedOutcome: Outcome = {
  request: {
    id: 'party-mailing',
    title: 'Party mailing, spring 2017',
    digest: '9f2c'.repeat(16),
    purposes: ['dpv:PoliticalCampaign'],
    contactChannels: ['post'],
    use: { from: '2017-05-05', until: '2017-06-08' },
    deleteBy: '2017-06-30',
    fields: ['forename', 'surname', 'address_1', 'postcode'],
    audience: 'area in seats and any child age < 5',
  },
  chain: [
    { organisation: 'experian', name: 'Experian Marketing Services', role: 'processor' },
    { organisation: 'labour-party', name: 'The Labour Party', role: 'controller' },
  ],
  source: {
    id: 'members',
    records: 1_065_200,
    rejected: 312,
    rejectsFile: '.astold/snapshots/3a/rejects.csv',
    shortRows: 0,
    events: 1_000_312,
    shortEvents: 0,
    eventsUnmatched: 17,
    eventsUnmatchedFile: '.astold/snapshots/3a/events-unmatched.csv',
    preferencesCause: null,
    postKeyedTo: '2017-05-04',
  },
  cutOff: Date.UTC(2017, 4, 5, 8),
  day: '2017-05-05',
  mark: 'reconstruction',
  evaluated: 1_065_200,
  released: 0,
  reasons: [
    counted('purpose-not-told', 1_065_200, 0, ['purpose political campaigning']),
    counted('party-not-told', 1_065_200, 0, [
      'recipient The Labour Party',
      'recipient Experian Marketing Services',
    ]),
    counted('selection-not-told', 611_934, 0),
    { ...counted('stopped', 88_120, 0), label: 'law', citation: 'DPA 1998 s.11' },
    { ...counted('suppressed-mps', 40_902, 0), label: 'code', citation: 'DMA Code: screen against MPS' },
  ],
  waterfall: [{ code: 'purpose-not-told', refused: 1_065_200, left: 0 }],
  known: { recorded: 1_000_000, derived: 65_000, reconstructed: 0, unknown: 200 },
  whatIf: [
    {
      text: 'Were nobody refused because they were not told of this purpose',
      reasons: ['purpose-not-told'],
      atMost: 0,
    },
    {
      text: 'Had a notice told all of this, and everyone consented',
      reasons: ['purpose-not-told', 'party-not-told', 'consent-missing'],
      atMost: 212_480,
    },
  ],
  notices: [
    {
      notice: 'web@2016-03',
      records: 900_000,
      released: 0,
      findings: [
        finding('purpose-not-told', 'purpose political campaigning'),
        finding('party-not-told', 'recipient The Labour Party'),
      ],
    },
    {
      notice: 'paper@2015',
      records: 165_200,
      released: 0,
      findings: [finding('purpose-not-told', 'purpose political campaigning', null)],
    },
  ],
  lists: [
    {
      list: 'mps',
      kind: 'mps',
      fileDate: '2017-05-01',
      entries: 1_000_000,
      matched: 40_902,
      screened: true,
      cause: null,
    },
  ],
  warnings: [],
  versions: { astold: '0.1.0', engine: 'duckdb 1.5.6', rules: 'uk 1' },
};

export const releasedOutcome: Outcome = {
  ...refusedOutcome,
  request: { ...refusedOutcome.request, id: 'corrected', title: 'Corrected' },
  mark: null,
  source: {
    ...refusedOutcome.source,
    rejected: 0,
    rejectsFile: null,
    eventsUnmatched: 0,
    eventsUnmatchedFile: null,
  },
  released: 48_213,
  reasons: [counted('consent-missing', 1_000_000, 900_000), counted('stopped', 88_120, 16_987)],
  waterfall: [
    { code: 'consent-missing', refused: 1_000_000, left: 65_200 },
    { code: 'stopped', refused: 16_987, left: 48_213 },
  ],
  whatIf: [],
  notices: [{ notice: 'web@2017-02', records: 1_065_200, released: 48_213, findings: [] }],
};

export const shownNotice: Notice = {
  id: 'web@2017-02',
  family: 'web',
  version: '2017-02',
  organisation: 'parenting-club',
  collectedBy: ['web'],
  printCode: null,
  shown: { from: '2017-02-01', until: null },
  collectedOn: 'eu-gdpr:A6-1-a',
  mappedBy: 'a.steward',
  digest: 'ab'.repeat(32),
  layers: [{ number: 1, text: 'We will give your name to The Labour Party, if you agree.' }],
  consents: [
    {
      id: 'party',
      kind: 'opt-in',
      bundled: false,
      wording: { text: 'Tick here if you agree.', layer: 1 },
      purposes: ['dpv:PoliticalCampaign'],
      contactChannels: ['post'],
      controllers: ['labour-party'],
    },
  ],
  statements: [
    {
      id: 'party',
      kind: 'tells',
      purposes: {
        terms: ['dpv:PoliticalCampaign'],
        narrower: false,
        quote: { text: 'We will give your name to The Labour Party', layer: 1 },
      },
      recipients: null,
      data: null,
      contactChannels: null,
      basis: null,
      retention: null,
      limits: null,
      signedTerms: [],
    },
  ],
};
