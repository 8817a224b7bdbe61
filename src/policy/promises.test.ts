/** Prohibitions against a table written by hand (A3, A5): what they name, and how widely. Both deciders share it. */
import { describe, expect, it } from 'vitest';
import type { AskedAtom } from './asked.ts';
import type { DataItem, Organisation, Quote, Statement } from './model.ts';
import { forbids, limitsRetention, organisationMeets, type PromiseWorld, purposeMeets } from './promises.ts';

const quote: Quote = { text: 'we promise you this', layer: 1 };
const org = (id: string, group: string | null, categories: readonly string[]): [string, Organisation] => [
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
const world: PromiseWorld = {
  organisations: new Map([
    org('club', null, ['parenting-club']),
    org('toys', 'g', ['consumer-goods/toys']),
    org('loans', 'g', ['credit']),
    org('alone', null, ['charity']),
    org('printer', null, ['mailing-house']),
  ]),
  explicit: [],
  controllers: ['toys'],
  parties: ['club', 'printer', 'toys'],
  processors: ['printer'],
};
const atom: AskedAtom = {
  purpose: 'dpv:DirectMarketing',
  requested: 'dpv:DirectMarketing',
  profiling: false,
  party: 'toys',
  item: { term: 'pd:PostalCode', of: 'person' },
  as: 'delivered',
  contactChannel: 'post',
  collection: 'c',
  bases: ['eu-gdpr:A6-1-a'],
  controller: true,
};
const nothing: Statement = {
  id: 's',
  kind: 'never',
  purposes: null,
  recipients: null,
  data: null,
  contactChannels: null,
  basis: null,
  retention: null,
  limits: null,
  signedTerms: [],
};
const purposes = (...terms: string[]) => ({ purposes: { terms, narrower: false, quote } });
const recipients = (organisations: string[], categories: string[] = []) => ({
  recipients: { organisations, categories, quote },
});
const data = (...items: DataItem[]) => ({ data: { items, quote } });
const by = (...terms: ('post' | 'email')[]) => ({ contactChannels: { terms, quote } });
const person = (term: string): DataItem => ({ term, of: 'person' });

describe('a purpose prohibited', () => {
  it.each([
    ['dpv:DirectMarketing', 'dpv:DirectMarketing', true],
    ['dpv:Marketing', 'dpv:DirectMarketing', true],
    ['astold:Fundraising', 'dpv:DirectMarketing', true],
    ['dpv:AcademicResearch', 'dpv:DirectMarketing', false],
    ['no such purpose', 'dpv:DirectMarketing', true],
    ['dpv:DirectMarketing', 'dpv:Marketing', true],
    ['dpv:DirectMarketing', 'dpv:PoliticalCampaign', true],
    ['dpv:DirectMarketing', 'astold:Profiling', true],
    ['dpv:DirectMarketing', 'dpv:Personalisation', true],
    ['dpv:DirectMarketing', 'dpv:SocialMediaMarketing', true],
    ['dpv:DirectMarketing', 'dpv:AcademicResearch', false],
    ['dpv:AcademicResearch', 'dpv:PoliticalCampaign', false],
    ['dpv:SocialMediaMarketing', 'dpv:DirectMarketing', false],
  ])('%s meets %s: %s', (prohibited, purpose, meets) => {
    expect(purposeMeets(prohibited, purpose)).toBe(meets);
  });
});

describe('an organisation prohibited', () => {
  it.each([
    ['toys', ['club', 'toys'], true],
    ['loans', ['club', 'toys'], true],
    ['alone', ['club', 'toys'], false],
    ['alone', ['nobody'], false],
    ['toys', ['nobody'], false],
    ['nobody', ['toys'], true],
  ])('%s meets %o: %s', (prohibited, parties, meets) => {
    expect(organisationMeets(prohibited, parties, world.organisations)).toBe(meets);
  });
});

describe('a never', () => {
  it.each([
    ['of nothing in particular', {}, true],
    ['of this purpose', purposes('dpv:Marketing'), true],
    ['of this purpose among others', purposes('dpv:AcademicResearch', 'dpv:Marketing'), true],
    ['of another purpose', purposes('dpv:AcademicResearch'), false],
    ['of purposes, naming none', purposes(), true],
    ['to this recipient', recipients(['toys']), true],
    ['to another of its group, among others', recipients(['alone', 'loans']), true],
    ['to another', recipients(['alone']), false],
    ['to recipients, naming none', recipients([]), true],
    ['to its category', recipients([], ['consumer-goods/toys']), true],
    ['to a wider category', recipients([], ['consumer-goods']), true],
    ['to a narrower category', recipients([], ['mailing-house/letters']), true],
    ['to another sector of it', recipients([], ['consumer-goods/baby']), false],
    ['to a category whose name begins alike', recipients([], ['consumer']), false],
    ['to processors', recipients([], ['dpv:DataProcessor']), true],
    ['to another, or to its category', recipients(['alone'], ['charity', 'mailing-house']), true],
    ['of these data', data(person('pd:PostalCode')), true],
    ['of the whole of them', data(person('pd:PhysicalAddress')), true],
    ['of others and these', data(person('pd:Interest'), person('pd:PostalCode')), true],
    ['of others', data(person('pd:Interest')), false],
    ['of having children, asked for a person’s postcode', data(person('pd:Offspring')), false],
    ['of data, naming none', data(), true],
    ['by this way', by('post'), true],
    ['by this way among others', by('email', 'post'), true],
    ['by another way', by('email'), false],
    ['by ways, naming none', by(), true],
    ['of this purpose, by another way', { ...purposes('dpv:Marketing'), ...by('email') }, false],
  ])('%s forbids it: %s', (_, named, forbidden) => {
    expect(forbids({ ...nothing, ...named }, atom, world)).toBe(forbidden ? 'promised-never' : null);
  });
  it('to processors forbids nothing where there is none', () => {
    const never = { ...nothing, ...recipients([], ['dpv:DataProcessor']) };
    expect(forbids(never, atom, { ...world, processors: [] })).toBeNull();
  });
  it('of having children forbids what is of a child, and of another thing does not', () => {
    const ofChild: AskedAtom = { ...atom, item: { term: 'pd:Gender', of: 'child' } };
    expect(forbids({ ...nothing, ...data(person('pd:Offspring')) }, ofChild, world)).toBe('promised-never');
    expect(forbids({ ...nothing, ...data(person('pd:Interest')) }, ofChild, world)).toBeNull();
  });
  it('is not what a statement that tells says', () => {
    expect(forbids({ ...nothing, kind: 'tells' }, atom, world)).toBeNull();
  });
});

describe('an only', () => {
  const only = (named: Partial<Statement>): Statement => ({ ...nothing, kind: 'only', ...named });
  it.each([
    ['this purpose', purposes('dpv:DirectMarketing'), false],
    ['another purpose', purposes('dpv:AcademicResearch'), true],
    ['this recipient', recipients(['toys']), false],
    ['another of its group', recipients(['loans']), true],
    ['these data', data(person('pd:PhysicalAddress')), false],
    ['other data', data(person('pd:Interest')), true],
    ['this way', by('post'), false],
    ['another way', by('email'), true],
    ['this basis', { basis: { terms: ['eu-gdpr:A6-1-a'], consent: null, quote } }, false],
    ['another basis', { basis: { terms: ['eu-gdpr:A6-1-f'], consent: null, quote } }, true],
    ['nothing named', {}, true],
  ])('%s forbids it: %s', (_, named, forbidden) => {
    expect(forbids(only(named), atom, world)).toBe(forbidden ? 'promised-only' : null);
  });
  it('limits what it says it limits, where it speaks of the rest', () => {
    const post = { ...purposes('dpv:Marketing'), ...by('email') };
    expect(forbids(only({ ...post, limits: ['contact-channel'] }), atom, world)).toBe('promised-only');
    const research = { ...purposes('dpv:AcademicResearch'), ...by('email') };
    expect(forbids(only({ ...research, limits: ['contact-channel'] }), atom, world)).toBeNull();
    expect(forbids(only({ ...research, limits: [] }), atom, world)).toBe('promised-only');
  });
  it('of how long limits how long, and forbids nothing by itself', () => {
    const kept = { retention: { told: { kind: 'until' as const, date: '2027-01-01' }, quote } };
    expect(forbids(only(kept), atom, world)).toBeNull();
    expect(limitsRetention(only(kept), atom, world)).toBe(true);
    expect(limitsRetention(only({ ...kept, ...purposes('dpv:Marketing') }), atom, world)).toBe(true);
    const research = { ...kept, ...purposes('dpv:AcademicResearch'), limits: ['retention' as const] };
    expect(limitsRetention(only(research), atom, world)).toBe(false);
    expect(limitsRetention({ ...nothing, ...kept }, atom, world)).toBe(false);
    expect(limitsRetention(only(purposes('dpv:Marketing')), atom, world)).toBe(false);
  });
});
