/** A small world in which one person may go. Each test breaks one thing of it. */

import { type Decision, decide } from '../../src/policy/decide.ts';
import type { PersonFacts, Stop } from '../../src/policy/facts.ts';
import { parseHistory } from '../../src/policy/history.ts';
import { judge } from '../../src/policy/judge.ts';
import type { GateContext } from '../../src/policy/judgement.ts';
import type {
  Agreement,
  Consent,
  Notice,
  Organisation,
  Party,
  Quote,
  Request,
  Source,
  SourceField,
  Statement,
  SuppressionList,
} from '../../src/policy/model.ts';
import { reasons, reasonsIn } from '../../src/policy/reasons.ts';
import type { RulePack } from '../../src/policy/rules.ts';

export const quote = (text: string): Quote => ({ text, layer: 1 });
export const day = '2026-11-21';
export const cutOff = Date.parse('2026-11-21T09:00:00Z');

export const organisations: readonly Organisation[] = [
  org('club', 'The Club', ['parenting-club']),
  { ...org('acme', 'Acme Toys Ltd', ['consumer-goods/toys']), group: 'acme-group' },
  { ...org('acme-loans', 'Acme Loans Ltd', ['credit']), group: 'acme-group' },
  org('printer', 'Print Co', ['mailing-house']),
  org('party', 'The Example Party', ['political-party']),
];
function org(id: string, legalName: string, categories: readonly string[]): Organisation {
  return {
    id,
    legalName,
    number: null,
    aliases: [],
    group: null,
    categories,
    from: '1990-01-01',
    until: null,
  };
}

export const consent: Consent = {
  id: 'partners',
  kind: 'opt-in',
  bundled: false,
  purposes: ['dpv:DirectMarketing', 'astold:Profiling'],
  contactChannels: ['post'],
  controllers: ['acme'],
  wording: quote('Tick here if Acme Toys Ltd may send you offers by post.'),
};
export const statement: Statement = {
  id: 'offers',
  kind: 'tells',
  purposes: {
    terms: ['dpv:DirectMarketing', 'astold:Profiling'],
    narrower: false,
    quote: quote('to send you offers chosen for you'),
  },
  recipients: {
    organisations: ['acme'],
    categories: ['mailing-house'],
    quote: quote('Acme Toys Ltd, and the mailing house it uses'),
  },
  data: {
    items: [
      { term: 'pd:Name', of: 'person' },
      { term: 'pd:PhysicalAddress', of: 'person' },
      { term: 'pd:Location', of: 'person' },
      { term: 'pd:Offspring', of: 'person' },
      { term: 'pd:BirthDate', of: 'child' },
    ],
    quote: quote("your name, address and area, that you have a child, and the child's birth date"),
  },
  contactChannels: { terms: ['post'], quote: quote('by post') },
  basis: { terms: ['eu-gdpr:A6-1-a'], consent: 'partners', quote: quote('if you agree') },
  retention: {
    told: { kind: 'period', period: { months: 60, days: 0 }, from: { kind: 'collection' } },
    quote: quote('for five years after you join'),
  },
  limits: null,
  signedTerms: ['child'],
};
export const notice: Notice = {
  id: 'web@1',
  family: 'web',
  version: '1',
  organisation: 'club',
  collectedBy: ['web'],
  printCode: null,
  shown: { from: '2025-01-01', until: null },
  collectedOn: 'eu-gdpr:A6-1-b',
  mappedBy: 'a',
  layers: [{ number: 1, text: '' }],
  consents: [consent],
  statements: [statement],
  digest: 'n1',
};

const field = (
  name: string,
  term: string,
  of: 'person' | 'child',
  type: SourceField['type'],
): SourceField => ({
  name,
  column: name,
  type,
  data: { term, of },
  collection: 'joined',
});
const file = {
  path: '/none',
  format: 'csv',
  encoding: null,
  delimiter: null,
  dateFormat: 'YYYY-MM-DD',
} as const;
export const source: Source = {
  id: 'members',
  organisation: 'club',
  synthetic: true,
  file,
  record: 'id',
  collections: [
    {
      id: 'joined',
      notice: null,
      printCode: null,
      collectedBy: null,
      date: null,
      origin: null,
      upstream: null,
      reconstructions: [],
    },
  ],
  fields: [
    field('forename', 'astold:GivenName', 'person', 'text'),
    field('surname', 'astold:FamilyName', 'person', 'text'),
    field('line', 'pd:Street', 'person', 'text'),
    field('postcode', 'pd:PostalCode', 'person', 'text'),
    field('area', 'pd:Location', 'person', 'text'),
    field('email', 'pd:EmailAddress', 'person', 'text'),
    field('child_born', 'pd:BirthDate', 'child', 'date'),
    field('interest', 'pd:Interest', 'person', 'text'),
    field('health', 'pd:Health', 'person', 'text'),
  ],
  roles: {
    forename: 'forename',
    surname: 'surname',
    addressLine: 'line',
    postcode: 'postcode',
    email: 'email',
    phone: null,
    birthDate: null,
    deceased: null,
    goneAway: null,
    lastAct: null,
    membershipEnd: null,
  },
  children: [{ birthDate: 'child_born', died: null, name: null }],
  implies: [{ term: 'pd:Offspring', of: 'person' }],
  consents: [],
  presented: [],
  preferences: { file, postKeyedTo: null },
  areas: null,
  digest: 's',
};
export const processor: Party = {
  organisation: 'printer',
  role: 'processor',
  basis: null,
  keeps: false,
  enriches: false,
  profits: false,
};
export const controller: Party = {
  organisation: 'acme',
  role: 'controller',
  basis: 'eu-gdpr:A6-1-a',
  keeps: true,
  enriches: false,
  profits: true,
};
export const request: Request = {
  id: 'offer',
  title: 'An offer',
  agreement: 'a1',
  source: 'members',
  chain: [processor, controller],
  purposes: ['dpv:DirectMarketing'],
  contactChannels: ['post'],
  fields: [
    { field: 'surname', as: null, name: 'surname' },
    { field: 'line', as: null, name: 'line' },
    { field: 'postcode', as: null, name: 'postcode' },
    { field: 'child_born', as: { kind: 'age-band', width: 5 }, name: 'age_band' },
  ],
  disclosureBasis: 'eu-gdpr:A6-1-a',
  use: { from: '2026-12-01', until: '2026-12-31' },
  deleteBy: '2027-01-31',
  audience: {
    kind: 'where',
    text: 'area = "N1" and any child age < 5',
    sets: [],
    test: {
      kind: 'and',
      left: { kind: 'compare', field: 'area', op: '=', value: 'N1' },
      right: { kind: 'child-age', which: 'any', op: '<', years: 5, on: null },
    },
  },
  preparedBy: 'a',
  format: 'csv',
  digest: 'r',
};
export const agreement: Agreement = {
  id: 'a1',
  supplier: 'club',
  parties: [
    { organisation: 'acme', role: 'controller', processorTerms: false },
    { organisation: 'printer', role: 'processor', processorTerms: true },
  ],
  purposes: ['dpv:DirectMarketing'],
  data: [
    { term: 'pd:Name', of: 'person' },
    { term: 'pd:PhysicalAddress', of: 'person' },
    { term: 'pd:Location', of: 'person' },
    { term: 'pd:Offspring', of: 'person' },
    { term: 'pd:BirthDate', of: 'child' },
  ],
  contactChannels: ['post'],
  bases: ['eu-gdpr:A6-1-a'],
  specialCategory: [],
  onwardSupply: [],
  retention: { kind: 'until', date: '2027-01-31' },
  inForce: { from: '2026-01-01', until: '2027-12-31' },
  review: '2027-06-30',
  digest: 'a',
};
const list = (id: string, kind: SuppressionList['kind']): SuppressionList => ({
  id,
  kind,
  level: 'surname-at-address',
  file,
  layout: 'columns',
  columns: {},
  fileDate: '2026-11-01',
  allowedAge: { months: 0, days: 90 },
  digest: id,
});
export const lists = [list('own', 'own'), list('mps', 'mps'), list('baby', 'baby-mps')].map((l) => ({
  list: l,
  readable: true,
}));
export const rules: RulePack = {
  id: 'test',
  version: '1',
  digest: 'p',
  rules: reasons.map((r) => ({
    reason: r.code,
    label: 'policy',
    citation: 'test',
    from: '1998-07-16',
    until: null,
    severity: 'refuse',
  })),
  finer: [],
  explicit: [
    {
      dimension: 'purpose',
      term: 'dpv:PoliticalCampaign',
      phrases: ['political campaign', 'political party'],
    },
    { dimension: 'data', term: 'child', phrases: ['child', 'children'] },
    { dimension: 'data', term: 'pd:Health', phrases: ['health'] },
    { dimension: 'recipient', term: 'data-broker', phrases: ['data broker'] },
  ],
  necessary: [
    {
      purposes: [
        'dpv:DirectMarketing',
        'dpv:PoliticalCampaign',
        'dpv:Marketing',
        'dpv:Advertising',
        'dpv:TargetedAdvertising',
      ],
      contactChannels: ['post'],
      exact: [
        { term: 'pd:Name', of: 'person' },
        { term: 'pd:PhysicalAddress', of: 'person' },
      ],
      coarse: [
        { term: 'pd:Location', of: 'person' },
        { term: 'pd:BirthDate', of: 'child' },
        { term: 'pd:Interest', of: 'person' },
      ],
    },
  ],
  requiredLists: [
    { contactChannel: 'post', kinds: ['own', 'mps'], implying: null },
    { contactChannel: 'post', kinds: ['baby-mps'], implying: ['pd:Offspring'] },
  ],
  consentChannels: ['email', 'sms'],
  specialCategory: ['pd:Health', 'pd:PoliticalOpinion'],
  waitingPeriod: { months: 0, days: 30 },
  minimumCount: 100,
  consentAgeWarning: { months: 6, days: 0 },
};
export const context: GateContext = {
  request,
  agreement,
  source,
  organisations,
  notices: [notice],
  upstream: [],
  assessments: [],
  duties: [],
  freezes: [],
  lists,
  approval: { required: false, given: null },
  rules,
  cutOff,
  day,
  preferencesReadable: true,
};

const all = { purpose: 'all', organisation: 'all', contactChannel: 'all', field: 'all' } as const;
export const stop: Stop = {
  event: 'e1',
  relation: 'own',
  scope: all,
  from: cutOff - 86_400_000,
  received: cutOff - 86_400_000,
  resolved: null,
};
export const given = {
  event: 'c1',
  kind: 'consent',
  notice: 'web@1',
  consent: 'partners',
  scope: all,
  lifts: null,
  signed: cutOff - 30 * 86_400_000,
  received: cutOff - 30 * 86_400_000,
} as const;
export const person: PersonFacts = {
  record: 'M1',
  histories: new Map(),
  collectedOn: new Map([['joined', '2025-06-01']]),
  values: new Map<string, string>([
    ['forename', 'Ann'],
    ['surname', 'Example'],
    ['line', '1 High Street'],
    ['postcode', 'ZZ1 1ZZ'],
    ['area', 'N1'],
    ['child_born', '2024-03-01'],
  ]),
  children: [{ born: '2024-03-01', state: 'living' }],
  consents: [],
  stops: [],
  permissions: [given],
  lists: [],
  deceased: false,
  goneAway: false,
};

/** Decides one person whose history has these keys. */
export function decided(changed: {
  readonly context?: Partial<GateContext>;
  readonly person?: Partial<PersonFacts>;
  readonly base?: string;
  readonly later?: string;
}): Decision & { readonly codes: readonly string[] } {
  const world = { ...context, ...changed.context };
  const [base, later] = [changed.base ?? 'v:web@1^own', changed.later ?? ''];
  const judgement = judge(
    world,
    world.source.collections.map((c) => ({ collection: c.id, base, later })),
  );
  const facts = { ...person, ...changed.person, histories: new Map([['joined', parseHistory(base, later)]]) };
  const verdicts = new Map(judgement.assignments.map((a) => [a.collection, a.verdict]));
  const decision = decide(judgement, world.source, facts, verdicts);
  return { ...decision, codes: reasonsIn(decision.bits).map((r) => r.code) };
}
