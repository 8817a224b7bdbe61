/**
 * Coverage against a table written by hand (A2 to A5, B1): both deciders share it, so nothing else would catch it
 * being wrong. Each row: what is told in one dimension, what is asked, and whether that dimension is covered.
 */
import { describe, expect, it } from 'vitest';
import type { AskedAtom } from './asked.ts';
import { type CoverageWorld, consentFault, lacking } from './coverage.ts';
import type { Consent, DataItem, Organisation, Quote, Statement } from './model.ts';

const quote = (text: string, layer = 1): Quote => ({ text, layer });
const org = (id: string, categories: string[], group: string | null): [string, Organisation] => [
  id,
  {
    id,
    legalName: `${id} Ltd`,
    number: null,
    aliases: [],
    group,
    categories,
    from: '1990-01-01',
    until: null,
  },
];
const world: CoverageWorld = {
  organisations: new Map([
    org('toys', ['consumer-goods/toys'], 'g'),
    org('loans', ['credit'], 'g'),
    org('baby', ['consumer-goods/baby'], null),
    org('broker', ['data-broker/lifestyle'], null),
    org('printer', ['mailing-house'], null),
  ]),
  explicit: [
    { dimension: 'purpose', term: 'dpv:PoliticalCampaign', phrases: ['political campaign'] },
    { dimension: 'purpose', term: 'astold:PoliticalProfiling', phrases: ['choose whom to canvass'] },
    { dimension: 'recipient', term: 'data-broker', phrases: ['data broker'] },
    { dimension: 'data', term: 'child', phrases: ['child', 'children'] },
    { dimension: 'data', term: 'pd:Health', phrases: ['health'] },
  ],
  controllers: ['toys'],
};
const person = (term: string): DataItem => ({ term, of: 'person' });
const child = (term: string): DataItem => ({ term, of: 'child' });
const full: Statement = {
  id: 's',
  kind: 'tells',
  purposes: { terms: ['dpv:DirectMarketing'], narrower: false, quote: quote('offers') },
  recipients: { organisations: ['toys'], categories: [], quote: quote('toys Ltd') },
  data: { items: [person('pd:Name')], quote: quote('your name') },
  contactChannels: { terms: ['post'], quote: quote('by post') },
  basis: { terms: ['eu-gdpr:A6-1-a'], consent: 'c', quote: quote('if you agree') },
  retention: { told: { kind: 'until', date: '2030-01-01' }, quote: quote('until 2030') },
  limits: null,
  signedTerms: [],
};
const atom: AskedAtom = {
  purpose: 'dpv:DirectMarketing',
  requested: 'dpv:DirectMarketing',
  profiling: false,
  party: 'toys',
  item: person('pd:Name'),
  as: 'delivered',
  contactChannel: 'post',
  collection: 'c',
  bases: ['eu-gdpr:A6-1-a'],
  controller: true,
};
const yes = true;
const no = false;

it('covers a whole atom when every dimension is told', () => {
  expect(lacking(full, atom, world)).toEqual([]);
});

describe('purpose', () => {
  const told = (
    terms: string[],
    narrower: boolean,
    text = 'words',
    layer = 1,
    signedTerms: string[] = [],
  ): Statement => ({
    ...full,
    purposes: { terms, narrower, quote: quote(text, layer) },
    signedTerms,
  });
  const political = ['dpv:PoliticalCampaign'];
  it.each([
    ['the same term', told(['dpv:DirectMarketing'], false), 'dpv:DirectMarketing', yes],
    ['one of several', told(['dpv:CustomerCare', 'dpv:DirectMarketing'], false), 'dpv:DirectMarketing', yes],
    ['a wider term', told(['dpv:Marketing'], false), 'dpv:DirectMarketing', no],
    ['a wider term that takes in narrower ones', told(['dpv:Marketing'], true), 'dpv:DirectMarketing', yes],
    ['two steps wider', told(['dpv:Marketing'], true), 'dpv:TargetedAdvertising', yes],
    ['a narrower term', told(['dpv:DirectMarketing'], true), 'dpv:Marketing', no],
    ['a sibling', told(['dpv:Advertising'], true), 'dpv:DirectMarketing', no],
    ['a wider term, asked for a campaign', told(['dpv:Advertising'], true), 'dpv:PoliticalCampaign', no],
    [
      'a wider term, asked for what stands below an explicit one',
      told(['dpv:Personalisation'], true),
      'astold:PoliticalProfiling',
      no,
    ],
    ['no term', told([], true), 'dpv:DirectMarketing', no],
    [
      'a campaign in its own words, signed',
      told(political, false, 'for a political campaign', 1, political),
      'dpv:PoliticalCampaign',
      yes,
    ],
    [
      'a campaign in other words',
      told(political, false, 'for our campaign', 1, political),
      'dpv:PoliticalCampaign',
      no,
    ],
    [
      'a campaign below the first layer',
      told(political, false, 'for a political campaign', 2, political),
      'dpv:PoliticalCampaign',
      no,
    ],
    [
      'a campaign nobody signed for',
      told(political, false, 'for a political campaign', 1, []),
      'dpv:PoliticalCampaign',
      no,
    ],
    [
      'a campaign signed for another term',
      told(political, false, 'for a political campaign', 1, ['child']),
      'dpv:PoliticalCampaign',
      no,
    ],
    [
      'a phrase inside another word',
      told(political, false, 'for apolitical campaigns', 1, political),
      'dpv:PoliticalCampaign',
      no,
    ],
  ] as const)('%s', (_, statement, purpose, covered) => {
    expect(!lacking(statement, { ...atom, purpose }, world).includes('purpose')).toBe(covered);
  });
});

describe('recipient', () => {
  const told = (
    organisations: string[],
    categories: string[],
    text = 'words',
    signedTerms: string[] = [],
  ): Statement => ({
    ...full,
    recipients: { organisations, categories, quote: quote(text) },
    signedTerms,
  });
  const consented = { bases: ['eu-gdpr:A6-1-a'] };
  const interests = { bases: ['eu-gdpr:A6-1-f'] };
  it.each([
    ['the named entity', told(['toys'], []), { party: 'toys', ...consented }, yes],
    ['another of its group', told(['loans'], []), { party: 'toys', ...consented }, no],
    ['its category, on consent', told([], ['consumer-goods/toys']), { party: 'toys', ...consented }, no],
    [
      'its category, on another basis',
      told([], ['consumer-goods/toys']),
      { party: 'toys', ...interests },
      yes,
    ],
    ['another sector', told([], ['consumer-goods/baby']), { party: 'toys', ...interests }, no],
    ['the category without its sector', told([], ['consumer-goods']), { party: 'toys', ...interests }, no],
    [
      'a processor by category, on consent',
      told([], ['mailing-house']),
      { party: 'printer', controller: false, ...consented },
      yes,
    ],
    [
      'processors in general',
      told([], ['dpv:DataProcessor']),
      { party: 'printer', controller: false, ...consented },
      yes,
    ],
    [
      'processors in general, for a controller',
      told([], ['dpv:DataProcessor']),
      { party: 'toys', ...interests },
      no,
    ],
    [
      'a broker in other words',
      told(['broker'], [], 'Broker Ltd', ['data-broker']),
      { party: 'broker', ...consented },
      no,
    ],
    [
      'a broker nobody signed for',
      told(['broker'], [], 'the data broker Broker Ltd'),
      { party: 'broker', ...consented },
      no,
    ],
    [
      'a broker in so many words',
      told(['broker'], [], 'the data broker Broker Ltd', ['data-broker']),
      { party: 'broker', ...consented },
      yes,
    ],
    ['a party in no register', told(['nobody'], []), { party: 'nobody', ...consented }, no],
    ['nobody', told([], []), { party: 'toys', ...consented }, no],
  ] as const)('%s', (_, statement, asked, covered) => {
    expect(!lacking(statement, { ...atom, ...asked }, world).includes('recipient')).toBe(covered);
  });
});

describe('data', () => {
  const told = (items: DataItem[], text = 'words', signedTerms: string[] = []): Statement => ({
    ...full,
    data: { items, quote: quote(text) },
    signedTerms,
  });
  it.each([
    ['the same category', told([person('pd:Name')]), person('pd:Name'), yes],
    ['a part of it', told([person('pd:Name')]), person('astold:GivenName'), yes],
    ['the whole, told a part', told([person('astold:GivenName')]), person('pd:Name'), no],
    ['the postcode of an address', told([person('pd:PhysicalAddress')]), person('pd:PostalCode'), yes],
    ['an age band, told a birth date', told([person('pd:BirthDate')]), person('pd:AgeRange'), yes],
    ['a birth date, told an age (DPV puts it there)', told([person('pd:Age')]), person('pd:BirthDate'), no],
    [
      'an address, told where they live (DPV puts it there)',
      told([person('pd:Location')]),
      person('pd:PhysicalAddress'),
      no,
    ],
    [
      'an e-mail, told contact details (DPV puts it there)',
      told([person('pd:Contact')]),
      person('pd:EmailAddress'),
      no,
    ],
    [
      'a child’s date, told the person’s',
      told([person('pd:BirthDate')], 'your child', ['child']),
      child('pd:BirthDate'),
      no,
    ],
    [
      'the person’s date, told a child’s',
      told([child('pd:BirthDate')], 'your child', ['child']),
      person('pd:BirthDate'),
      no,
    ],
    [
      'a child’s date in words about children',
      told([child('pd:BirthDate')], 'your child’s birthday', ['child']),
      child('pd:BirthDate'),
      yes,
    ],
    [
      'a child’s date in other words',
      told([child('pd:BirthDate')], 'your family’s birthdays', ['child']),
      child('pd:BirthDate'),
      no,
    ],
    [
      'a child’s date nobody signed for',
      told([child('pd:BirthDate')], 'your child’s birthday'),
      child('pd:BirthDate'),
      no,
    ],
    [
      'what stands below an explicit term, in its words',
      told([person('astold:PregnancyDueDate')], 'health: your due date', ['pd:Health']),
      person('astold:PregnancyDueDate'),
      yes,
    ],
    [
      'what stands below an explicit term, in others',
      told([person('astold:PregnancyDueDate')], 'your due date', ['pd:Health']),
      person('astold:PregnancyDueDate'),
      no,
    ],
    ['nothing', told([]), person('pd:Name'), no],
  ] as const)('%s', (_, statement, item, covered) => {
    expect(!lacking(statement, { ...atom, item }, world).includes('data')).toBe(covered);
  });
});

describe('contact channel, basis, retention', () => {
  it.each([
    ['another channel', { contactChannel: 'email' }, {}, ['contact-channel']],
    ['another basis', { bases: ['eu-gdpr:A6-1-f'] }, {}, ['basis']],
    ['one of two bases', { bases: ['eu-gdpr:A6-1-a', 'eu-gdpr:A6-1-f'] }, {}, ['basis']],
    ['no basis asked', { bases: [] }, {}, ['basis']],
    ['no retention told', {}, { retention: null }, ['retention']],
    [
      'nothing told at all',
      {},
      { purposes: null, recipients: null, data: null, contactChannels: null, basis: null, retention: null },
      ['purpose', 'recipient', 'data', 'contact-channel', 'basis', 'retention'],
    ],
  ] as const)('%s', (_, asked, told, lacks) => {
    expect(lacking({ ...full, ...told } as Statement, { ...atom, ...asked } as AskedAtom, world)).toEqual(
      lacks,
    );
  });
});

describe('consent', () => {
  const good: Consent = {
    id: 'c',
    kind: 'opt-in',
    bundled: false,
    purposes: ['dpv:DirectMarketing'],
    contactChannels: ['post'],
    controllers: ['toys'],
    wording: quote('May toys Ltd write to you?'),
  };
  it.each([
    ['opt-in, for this alone, naming the controller', good, yes],
    ['opt-out', { ...good, kind: 'opt-out' }, no],
    ['soft opt-in', { ...good, kind: 'soft' }, no],
    ['bundled', { ...good, bundled: true }, no],
    ['for a wider purpose', { ...good, purposes: ['dpv:Marketing'] }, no],
    ['for another way of contact', { ...good, contactChannels: ['email', 'sms'] }, no],
    ['for no way of contact', { ...good, contactChannels: [] }, no],
    ['naming another', { ...good, controllers: ['loans'] }, no],
    [
      'naming the controller in the mapping but not in the words',
      { ...good, wording: quote('May our partners write to you?') },
      no,
    ],
  ] as const)('%s', (_, consent, counts) => {
    expect(consentFault(consent as Consent, atom, world) === null).toBe(counts);
  });
});
