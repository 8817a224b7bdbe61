/**
 * The terms this program knows: a hand-written subset of W3C DPV 2.3 (IRIs and our own labels), and a few minted
 * under `astold:` where DPV has none. DPV's hierarchy is used where prohibitions match widely, never to widen a
 * permission (A5): what a permission covers is in `parts` below and in `narrower` purposes.
 */
import type { DataItem, Term } from './model.ts';

export type TermEntry = { readonly label: string; readonly parents: readonly Term[] };
export type Vocabulary = ReadonlyMap<Term, TermEntry>;

export const prefixes = {
  dpv: 'https://w3id.org/dpv#',
  pd: 'https://w3id.org/dpv/pd#',
  'eu-gdpr': 'https://w3id.org/dpv/legal/eu/gdpr#',
  astold: 'https://astold.example/ns#',
} as const;

type Entry = readonly [Term, string, ...Term[]];
function vocabulary(entries: readonly Entry[]): Vocabulary {
  return new Map(entries.map(([term, label, ...parents]) => [term, { label, parents }]));
}

export const purposes: Vocabulary = vocabulary([
  ['dpv:Marketing', 'marketing'],
  ['dpv:Advertising', 'advertising', 'dpv:Marketing'],
  ['dpv:PersonalisedAdvertising', 'personalised advertising', 'dpv:Advertising', 'dpv:Personalisation'],
  ['dpv:TargetedAdvertising', 'targeted advertising', 'dpv:PersonalisedAdvertising'],
  ['dpv:RecruitmentAdvertising', 'advertising jobs', 'dpv:Advertising'],
  ['dpv:PoliticalCampaign', 'political campaigning', 'dpv:Advertising', 'dpv:Personalisation'],
  ['dpv:DirectMarketing', 'direct marketing', 'dpv:Marketing'],
  ['dpv:PublicRelations', 'public relations', 'dpv:Marketing'],
  ['dpv:SocialMediaMarketing', 'marketing on social media', 'dpv:Marketing'],
  ['astold:AskAgain', 'asking again for consent', 'dpv:DirectMarketing'],
  ['astold:Fundraising', 'fundraising', 'dpv:DirectMarketing'],
  ['dpv:Personalisation', 'personalisation'],
  ['dpv:ServicePersonalisation', 'personalising a service', 'dpv:Personalisation'],
  ['astold:Profiling', 'selecting people by what is known of them', 'dpv:Personalisation'],
  [
    'astold:PoliticalProfiling',
    'selecting people for political campaigning',
    'astold:Profiling',
    'dpv:PoliticalCampaign',
  ],
  ['dpv:ServiceProvision', 'providing a service'],
  ['dpv:RequestedServiceProvision', 'providing a service that was asked for', 'dpv:ServiceProvision'],
  ['dpv:DeliveryOfGoods', 'delivering goods', 'dpv:RequestedServiceProvision'],
  ['dpv:SellProducts', 'selling products', 'dpv:ServiceProvision'],
  ['dpv:SellProductsToDataSubject', 'selling products to the person', 'dpv:SellProducts'],
  ['dpv:SellDataToThirdParties', 'selling data to third parties', 'dpv:SellProducts'],
  ['dpv:SellInsightsFromData', 'selling insights from data', 'dpv:SellProducts'],
  ['dpv:CustomerManagement', 'customer management'],
  ['dpv:CustomerCare', 'customer care', 'dpv:CustomerManagement'],
  ['dpv:CustomerRelationshipManagement', 'customer relationship management', 'dpv:CustomerManagement'],
  ['dpv:CommunicationManagement', 'managing communication'],
  ['dpv:AccountManagement', 'managing accounts'],
  ['dpv:MemberPartnerManagement', 'managing members'],
  ['dpv:PaymentManagement', 'managing payments'],
  ['dpv:ServiceOptimisation', 'improving a service'],
  ['dpv:OptimisationForController', 'improving a service for its provider', 'dpv:ServiceOptimisation'],
  [
    'dpv:ImproveExistingProductsAndServices',
    'improving products and services',
    'dpv:OptimisationForController',
  ],
  ['dpv:ResearchAndDevelopment', 'research'],
  ['dpv:AcademicResearch', 'academic research', 'dpv:ResearchAndDevelopment'],
  ['dpv:ScientificResearch', 'scientific research', 'dpv:ResearchAndDevelopment'],
  ['dpv:CommercialResearch', 'commercial research', 'dpv:ResearchAndDevelopment'],
  ['dpv:NonCommercialResearch', 'non-commercial research', 'dpv:ResearchAndDevelopment'],
  ['dpv:FraudPreventionAndDetection', 'preventing and detecting fraud'],
  ['dpv:LegalCompliance', 'complying with the law'],
  ['astold:CreditAssessment', 'deciding on credit'],
  ['astold:InsuranceAssessment', 'deciding on insurance'],
]);

export const personalData: Vocabulary = vocabulary([
  ['pd:Name', 'name', 'pd:Identifying'],
  ['astold:Title', 'title', 'pd:Name'],
  ['astold:GivenName', 'forename', 'pd:Name'],
  ['astold:FamilyName', 'surname', 'pd:Name'],
  ['pd:Identifying', 'what identifies a person'],
  ['pd:UID', 'an identifier', 'pd:Identifying'],
  ['pd:Contact', 'contact details'],
  ['pd:EmailAddress', 'e-mail address', 'pd:Contact'],
  ['pd:TelephoneNumber', 'telephone number', 'pd:Contact'],
  ['pd:PhysicalAddress', 'home address', 'pd:Contact', 'pd:Location'],
  ['pd:HouseNumber', 'house number', 'pd:PhysicalAddress'],
  ['pd:Street', 'street', 'pd:PhysicalAddress'],
  ['pd:Locality', 'locality', 'pd:PhysicalAddress'],
  ['pd:City', 'town', 'pd:PhysicalAddress'],
  ['pd:Region', 'region', 'pd:PhysicalAddress'],
  ['pd:PostalCode', 'postcode', 'pd:PhysicalAddress'],
  ['pd:Location', 'where a person lives'],
  ['pd:HomeLocation', 'area of the home', 'pd:Location'],
  ['pd:Demographic', 'demographic data'],
  ['pd:PhysicalCharacteristic', 'physical characteristics'],
  ['pd:Age', 'age', 'pd:PhysicalCharacteristic'],
  ['pd:BirthDate', 'date of birth', 'pd:Age'],
  ['pd:AgeRange', 'age band', 'pd:Age'],
  ['pd:AgeExact', 'exact age', 'pd:AgeRange'],
  ['pd:Gender', 'gender', 'pd:PhysicalCharacteristic'],
  ['pd:Language', 'language'],
  ['pd:Family', 'family'],
  ['pd:FamilyStructure', 'family structure', 'pd:Family'],
  ['pd:Offspring', 'having children', 'pd:FamilyStructure'],
  ['pd:Parent', 'being a parent', 'pd:FamilyStructure'],
  ['pd:Household', 'household'],
  ['pd:Preference', 'preferences'],
  ['pd:Interest', 'interests', 'pd:Preference'],
  ['pd:Opinion', 'opinions', 'pd:Preference'],
  ['pd:Purchase', 'purchases', 'pd:Transactional'],
  ['pd:Transactional', 'transactions', 'pd:Financial'],
  ['pd:Financial', 'financial data'],
  ['pd:Income', 'income', 'pd:Transactional'],
  ['pd:Insurance', 'insurance held', 'pd:Financial'],
  ['pd:Credit', 'credit data', 'pd:Transactional'],
  ['pd:Professional', 'work'],
  ['pd:GroupMembership', 'membership of groups'],
  ['pd:SpecialCategoryPersonalData', 'special category data'],
  ['pd:MedicalHealth', 'medical data', 'pd:SpecialCategoryPersonalData'],
  ['pd:Health', 'health', 'pd:MedicalHealth'],
  ['astold:PregnancyDueDate', 'pregnancy or due date', 'pd:Health'],
  ['pd:PoliticalOpinion', 'political opinion', 'pd:SpecialCategoryPersonalData'],
  ['pd:PoliticalAffiliation', 'political affiliation', 'pd:SpecialCategoryPersonalData'],
  ['pd:Religion', 'religion', 'pd:SpecialCategoryPersonalData'],
  ['pd:EthnicOrigin', 'ethnic origin', 'pd:SpecialCategoryPersonalData'],
  [
    'pd:TradeUnionMembership',
    'trade union membership',
    'pd:SpecialCategoryPersonalData',
    'pd:GroupMembership',
  ],
  ['pd:Sexual', 'sexual life', 'pd:SpecialCategoryPersonalData'],
  ['pd:Biometric', 'biometric data', 'pd:SpecialCategoryPersonalData'],
  ['pd:Genetic', 'genetic data', 'pd:Health'],
]);

export const legalBases: Vocabulary = vocabulary([
  ['eu-gdpr:A6-1-a', 'consent'],
  ['eu-gdpr:A6-1-b', 'contract'],
  ['eu-gdpr:A6-1-c', 'legal obligation'],
  ['eu-gdpr:A6-1-d', 'vital interests'],
  ['eu-gdpr:A6-1-e', 'public task'],
  ['eu-gdpr:A6-1-f', 'legitimate interests'],
  ['eu-gdpr:A9-2-a', 'explicit consent'],
]);

export const consentBasis: Term = 'eu-gdpr:A6-1-a';
export const explicitConsentBasis: Term = 'eu-gdpr:A9-2-a';
export const legitimateInterests: Term = 'eu-gdpr:A6-1-f';

/** Whether a basis rests on the person's consent. */
export function isConsent(basis: Term): boolean {
  return basis === consentBasis || basis === explicitConsentBasis;
}

/** What a told category of data covers besides itself (A5). Anything not listed here covers only itself. */
const parts: ReadonlyMap<Term, readonly Term[]> = new Map([
  ['pd:Name', ['astold:Title', 'astold:GivenName', 'astold:FamilyName']],
  [
    'pd:PhysicalAddress',
    ['pd:HouseNumber', 'pd:Street', 'pd:Locality', 'pd:City', 'pd:Region', 'pd:PostalCode'],
  ],
  ['pd:BirthDate', ['pd:Age', 'pd:AgeExact', 'pd:AgeRange']],
  ['pd:Age', ['pd:AgeRange']],
  ['pd:AgeExact', ['pd:AgeRange']],
  ['pd:Location', ['pd:HomeLocation']],
]);

export const isPurpose = (term: string): boolean => purposes.has(term);
export const isPersonalData = (term: string): boolean => personalData.has(term);
export const isLegalBasis = (term: string): boolean => legalBases.has(term);

/** Whether what was told covers what is asked: the same term, or a listed part; of the same person (A5, C6). */
export function dataCovers(told: DataItem, asked: DataItem): boolean {
  if (told.of !== asked.of) return false;
  return told.term === asked.term || (parts.get(told.term)?.includes(asked.term) ?? false);
}

/** Every term above one, itself excluded. */
export function ancestors(vocabulary: Vocabulary, term: Term): ReadonlySet<Term> {
  const found = new Set<Term>();
  const open = [...(vocabulary.get(term)?.parents ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...(vocabulary.get(next)?.parents ?? []));
  }
  return found;
}

/** Whether two terms are the same or one stands above the other: how prohibitions match (A5). */
export function related(vocabulary: Vocabulary, a: Term, b: Term): boolean {
  return a === b || ancestors(vocabulary, a).has(b) || ancestors(vocabulary, b).has(a);
}

/** How prohibitions match data: up and down the hierarchy and the parts, whoever they describe (A5). */
export function dataRelated(a: Term, b: Term): boolean {
  return (
    related(personalData, a, b) ||
    (parts.get(a)?.includes(b) ?? false) ||
    (parts.get(b)?.includes(a) ?? false)
  );
}

/**
 * Whether a purpose told as covering narrower ones covers this one: every step from it up to the told one
 * avoids the explicit terms, itself included (A5).
 */
export function narrowerCovers(told: Term, asked: Term, explicit: ReadonlySet<Term>): boolean {
  if (told === asked) return true;
  if (explicit.has(asked)) return false;
  return (purposes.get(asked)?.parents ?? []).some((parent) => narrowerCovers(told, parent, explicit));
}

/** A term's label, or the term itself where it has none. */
export function label(term: Term): string {
  return purposes.get(term)?.label ?? personalData.get(term)?.label ?? legalBases.get(term)?.label ?? term;
}

/** The term of a full IRI; an IRI of no prefix known here stays as it is. */
export function termOf(full: string): Term {
  // The longest base first: one begins with another.
  const found = Object.entries(prefixes)
    .filter(([, base]) => full.startsWith(base) && full.length > base.length)
    .sort(([, a], [, b]) => b.length - a.length)[0];
  return found === undefined ? full : `${found[0]}:${full.slice(found[1].length)}`;
}

/** The full IRI of a term, or null where its prefix is unknown. */
export function iri(term: Term): string | null {
  const [prefix, name] = term.split(':', 2);
  const base = Object.entries(prefixes).find(([key]) => key === prefix)?.[1];
  return base !== undefined && name ? base + name : null;
}
