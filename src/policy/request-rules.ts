/** The rules about the request and its documents (A1, B1 to B5, B8, C5, C9): whichever is broken refuses everyone. */
import { agreementFindings } from './agreement-rules.ts';
import { type AskedAtom, actsAsController, type Touched } from './asked.ts';
import { inForceOn, inForceThrough } from './dates.ts';
import { useEnd } from './ends.ts';
import type { Finding, GateContext } from './judgement.ts';
import { suppressionLists } from './list-rules.ts';
import type { Party, Term } from './model.ts';
import { organisationMeets, purposeMeets } from './promises.ts';
import { refuse, refuseAs } from './refuse.ts';
import { isSpecial, type Necessity, type RulePack } from './rules.ts';
import {
  dataCovers,
  explicitConsentBasis,
  isConsent,
  isLegalBasis,
  isPersonalData,
  isPurpose,
  legitimateInterests,
} from './vocab.ts';
import { samePerson } from './words.ts';

/** Every rule about the request that is broken. `pack` is the rule pack in force on the day. */
export function requestFindings(
  context: GateContext,
  touched: readonly Touched[],
  atoms: readonly AskedAtom[],
  pack: RulePack,
): readonly Finding[] {
  const purposes = [...new Set([...context.request.purposes, ...atoms.map((atom) => atom.purpose)])];
  return [
    ...emptiness(context),
    ...register(context),
    ...terms(context, touched),
    ...agreementFindings(context, touched, pack),
    ...roles(context),
    ...bases(context, touched, pack),
    ...necessity(context, touched, pack),
    ...duties(context),
    ...freezes(context, purposes),
    ...suppressionLists(context, pack),
    ...approvalFindings(context),
    ...preferences(context),
  ];
}

/** C9: without the events, or with one that cannot be read, a stop may be missing. */
function preferences({ source, preferencesReadable }: GateContext): readonly Finding[] {
  if (source.preferences === null) return [refuse('document-missing', `preference events of ${source.id}`)];
  return preferencesReadable ? [] : [refuse('preferences-unreadable', `preference events of ${source.id}`)];
}

function emptiness({ request, source }: GateContext): readonly Finding[] {
  const found: Finding[] = [];
  if (request.audience === null) found.push(refuse('audience-empty', 'audience'));
  if (request.purposes.length === 0) found.push(refuse('request-empty', 'no purpose'));
  if (request.fields.length === 0) found.push(refuse('request-empty', 'no field'));
  if (request.contactChannels.length === 0) found.push(refuse('request-empty', 'no contact channel'));
  if (!request.chain.some((party) => party.role !== 'processor'))
    found.push(refuse('request-empty', 'no controller in the chain'));
  const twice = request.chain.find(
    (party, i) => request.chain.findIndex((p) => p.organisation === party.organisation) !== i,
  );
  if (twice)
    found.push(refuse('request-empty', `${twice.organisation} stands in the chain twice: one role each`));
  const unmapped = request.fields.find(
    ({ field, as }) =>
      (as?.kind === 'child-under') !== (field === 'children') ||
      (field === 'children' ? source.children.length === 0 : !source.fields.some((f) => f.name === field)),
  );
  if (unmapped) found.push(refuse('request-empty', `the source has no field ${unmapped.field}`));
  return found;
}

function register({ request, source, organisations, day }: GateContext): readonly Finding[] {
  return [source.organisation, ...request.chain.map((party) => party.organisation)]
    .filter((id) => !organisations.some((o) => o.id === id && inForceOn(o, day)))
    .map((id) => refuse('party-unknown', id));
}

function terms({ request }: GateContext, touched: readonly Touched[]): readonly Finding[] {
  const stated = [request.disclosureBasis, ...request.chain.map((party) => party.basis)].filter(
    (basis) => basis !== null,
  );
  return [
    ...request.purposes.filter((term) => !isPurpose(term)),
    ...touched.map((field) => field.item.term).filter((term) => !isPersonalData(term)),
    ...stated.filter((basis) => !isLegalBasis(basis)),
  ].map((term) => refuse('term-unknown', term));
}

function roles({ request }: GateContext): readonly Finding[] {
  return request.chain
    .filter((party) => party.role === 'processor' && actsAsController(party))
    .map((party) => refuse('processor-acts-as-controller', `${party.organisation} ${whyController(party)}`));
}

function whyController(party: Party): string {
  const parts = [
    ['keeps', party.keeps],
    ['enriches', party.enriches],
    ['profits from', party.profits],
  ] as const;
  return parts
    .filter(([, does]) => does !== false)
    .map(([verb, does]) => (does === null ? `does not say whether it ${verb} the data` : `${verb} the data`))
    .join(', ');
}

function bases(context: GateContext, touched: readonly Touched[], pack: RulePack): readonly Finding[] {
  const { request, source } = context;
  const claims = [
    { organisation: source.organisation, basis: request.disclosureBasis },
    ...request.chain.filter(actsAsController).map(({ organisation, basis }) => ({ organisation, basis })),
  ];
  const found: Finding[] = [];
  for (const { organisation, basis } of claims) {
    if (basis === null) found.push(refuse('basis-missing', organisation));
    if (basis === legitimateInterests && !assessed(context, organisation)) {
      found.push(refuse('assessment-missing', organisation));
    }
  }
  const special = touched.find(
    (field) => isSpecial(field.item.term, pack) || isSpecial(field.given.term, pack),
  );
  if (special && claims.some((claim) => claim.basis !== explicitConsentBasis))
    found.push(refuse('special-category', special.name));
  if (claims.every((claim) => claim.basis !== null && isConsent(claim.basis))) return found;
  const channels = request.contactChannels.filter((c) => pack.consentChannels.includes(c));
  return [
    ...found,
    ...channels.map((channel) =>
      refuseAs(
        'channel-needs-consent',
        `contact by ${channel}`,
        channel === 'online-audience' ? channel : null,
      ),
    ),
  ];
}

function assessed(context: GateContext, organisation: string): boolean {
  return context.request.purposes.every((purpose) =>
    context.assessments.some(
      (a) =>
        a.kind === 'legitimate-interests' &&
        a.organisation === organisation &&
        a.purposes.includes(purpose) &&
        inForceThrough(a.inForce, context.day, useEnd(context)),
    ),
  );
}

/** B4: needed by every one of the purposes for one of the ways of contact, or given coarser where only that is needed. */
function necessity(
  { request }: GateContext,
  touched: readonly Touched[],
  pack: RulePack,
): readonly Finding[] {
  const entriesFor = (purpose: Term): readonly Necessity[] =>
    pack.necessary.filter(
      (entry) =>
        entry.purposes.includes(purpose) &&
        entry.contactChannels.some((c) => request.contactChannels.includes(c)),
    );
  return touched
    .filter((field) => field.as !== 'implied')
    .filter(
      (field) =>
        !request.purposes.every((purpose) => entriesFor(purpose).some((entry) => isNecessary(field, entry))),
    )
    .map((field) =>
      refuse('not-necessary', field.coarser || field.as === 'selects' ? field.name : `${field.name} in full`),
    );
}

function isNecessary(field: Touched, entry: Necessity): boolean {
  if (entry.exact.some((item) => dataCovers(item, field.given))) return true;
  const coarse = field.coarser || field.as === 'selects';
  return coarse && entry.coarse.some((item) => dataCovers(item, field.item) || dataCovers(item, field.given));
}

function partiesOf({ request, source }: GateContext): readonly string[] {
  return [source.organisation, ...request.chain.map((party) => party.organisation)];
}

/** B5: an overdue duty of any party, or of its group. */
function duties(context: GateContext): readonly Finding[] {
  const { duties, organisations, day } = context;
  if (duties === null) return [refuse('document-missing', 'duties.yaml')];
  const register = new Map(organisations.map((o) => [o.id, o]));
  return duties
    .filter((duty) => (duty.done === null || duty.done > day) && duty.due < day)
    .filter((duty) => organisationMeets(duty.party, partiesOf(context), register))
    .map((duty) => refuse('duty-overdue', `${duty.party}: ${duty.what}, due ${duty.due}`));
}

/** B5: a freeze of a party or a purpose, the selecting included, on any day from the release to the end of the use. */
function freezes(context: GateContext, purposes: readonly Term[]): readonly Finding[] {
  const { freezes, organisations, day } = context;
  if (freezes === null) return [refuse('document-missing', 'freezes.yaml')];
  const register = new Map(organisations.map((o) => [o.id, o]));
  return freezes
    .filter(({ from, until }) => from <= useEnd(context) && (until === null || day <= until))
    .filter(({ party }) => party === null || organisationMeets(party, partiesOf(context), register))
    .filter(({ purpose }) => purpose === null || purposes.some((p) => purposeMeets(purpose, p)))
    .map((freeze) => refuse('frozen', freeze.why));
}

/** B8: by someone else, for this very request, not in the future, and saying why. */
export function approvalFindings({
  approval: { required, given },
  request,
  day,
}: Pick<GateContext, 'approval' | 'request' | 'day'>): readonly Finding[] {
  if (!required) return [];
  if (given === null) return [refuse('not-approved', `no approval of ${request.id}`)];
  if (given.request !== request.id || given.requestDigest !== request.digest)
    return [refuse('not-approved', 'the request has changed since it was approved')];
  if (samePerson(given.by, request.preparedBy))
    return [refuse('not-approved', `${given.by} prepared it and approved it`)];
  if (given.on > day) return [refuse('not-approved', `approved on ${given.on}, which is yet to come`)];
  return given.lawfulBecause.trim() === ''
    ? [refuse('not-approved', 'the approval does not say why it is lawful')]
    : [];
}
