/** The rules about the request and its documents (A1, B1 to B5, B8, C5, C9): whichever is broken refuses everyone. */
import { actsAsController, type Touched } from './asked.ts';
import { addPeriod, inForceOn } from './dates.ts';
import type { Finding, GateContext, ListOnFile } from './judgement.ts';
import type { Agreement, Assessment, CivilDate, ListKind, Party, Term } from './model.ts';
import { organisationMeets, purposeMeets } from './promises.ts';
import type { ReasonCode } from './reasons.ts';
import type { Necessity, RulePack } from './rules.ts';
import {
  ancestors,
  dataCovers,
  dataRelated,
  explicitConsentBasis,
  isConsent,
  isLegalBasis,
  isPersonalData,
  isPurpose,
  legitimateInterests,
  personalData,
} from './vocab.ts';

/** The day by which all must be deleted: the end of the use as the rules count it (B5, C7). */
export function endOf(context: GateContext): CivilDate {
  const { use, deleteBy } = context.request;
  return [use.until, deleteBy].sort().at(-1) ?? deleteBy;
}

/** Every rule about the request that is broken. `pack` is the rule pack in force on the day. */
export function requestFindings(
  context: GateContext,
  touched: readonly Touched[],
  pack: RulePack,
): readonly Finding[] {
  return [
    ...emptiness(context),
    ...register(context),
    ...terms(context, touched),
    ...agreement(context, touched),
    ...roles(context),
    ...bases(context, touched, pack),
    ...necessity(context, touched, pack),
    ...dutiesAndFreezes(context),
    ...suppressionLists(context, pack),
    ...approval(context),
    ...(context.preferencesReadable ? [] : [refuse('preferences-unreadable', 'preference events')]),
  ];
}

export function refuse(reason: ReasonCode, detail: string): Finding {
  return { reason, atom: null, notice: null, statement: null, quotes: [], lacks: [], detail };
}

function emptiness({ request, source }: GateContext): readonly Finding[] {
  const found: Finding[] = [];
  if (request.audience === null) found.push(refuse('audience-empty', 'audience'));
  if (request.purposes.length === 0) found.push(refuse('request-empty', 'no purpose'));
  if (request.fields.length === 0) found.push(refuse('request-empty', 'no field'));
  if (request.contactChannels.length === 0) found.push(refuse('request-empty', 'no contact channel'));
  if (!request.chain.some((party) => party.role !== 'processor'))
    found.push(refuse('request-empty', 'no controller in the chain'));
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

function agreement(context: GateContext, touched: readonly Touched[]): readonly Finding[] {
  const { agreement, request, source, day } = context;
  if (agreement === null) return [refuse('document-missing', `agreement ${request.agreement}`)];
  const found: Finding[] = [];
  if (!inForceOn(agreement.inForce, day)) {
    const { from, until } = agreement.inForce;
    found.push(
      refuse('agreement-not-in-force', `${agreement.id}: from ${from} until ${until ?? 'further notice'}`),
    );
  }
  const beyond = (detail: string): void => void found.push(refuse('beyond-agreement', detail));
  if (agreement.supplier !== source.organisation) beyond(`the supplier is ${agreement.supplier}`);
  for (const party of request.chain) {
    const agreed = agreement.parties.find(
      (p) => p.organisation === party.organisation && p.role === party.role,
    );
    if (!agreed) beyond(`${party.organisation} as ${party.role}`);
    else if (party.role === 'processor' && !agreed.processorTerms)
      found.push(refuse('processor-terms-missing', party.organisation));
  }
  for (const purpose of request.purposes)
    if (!agreement.purposes.includes(purpose)) beyond(`purpose ${purpose}`);
  for (const channel of request.contactChannels)
    if (!agreement.contactChannels.includes(channel)) beyond(`contact by ${channel}`);
  for (const basis of basesOf(context)) if (!agreement.bases.includes(basis)) beyond(`legal basis ${basis}`);
  for (const field of touched) {
    if (!agreement.data.some((item) => dataCovers(item, field.given) || dataCovers(item, field.item)))
      beyond(`data ${field.name}`);
  }
  const kept = agreedEnd(agreement, day);
  if (kept < endOf(context)) beyond(`kept until ${endOf(context)}, and the agreement allows ${kept}`);
  return found;
}

function agreedEnd(agreement: Agreement, day: CivilDate): CivilDate {
  return agreement.retention.kind === 'until'
    ? agreement.retention.date
    : addPeriod(day, agreement.retention.period);
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

function basesOf({ request }: GateContext): readonly Term[] {
  const stated = [
    request.disclosureBasis,
    ...request.chain.filter(actsAsController).map((party) => party.basis),
  ];
  return [...new Set(stated.filter((basis) => basis !== null))];
}

function bases(context: GateContext, touched: readonly Touched[], pack: RulePack): readonly Finding[] {
  const { request, source, assessments, day } = context;
  const claims = [
    { organisation: source.organisation, basis: request.disclosureBasis },
    ...request.chain.filter(actsAsController).map(({ organisation, basis }) => ({ organisation, basis })),
  ];
  const found: Finding[] = [];
  for (const { organisation, basis } of claims) {
    if (basis === null) found.push(refuse('basis-missing', organisation));
    if (basis === legitimateInterests && !assessed(assessments, organisation, request.purposes, day)) {
      found.push(refuse('assessment-missing', organisation));
    }
  }
  const special = touched.find(
    (field) => isSpecial(field.item.term, pack) || isSpecial(field.given.term, pack),
  );
  if (special && claims.some((claim) => claim.basis !== explicitConsentBasis))
    found.push(refuse('special-category', special.name));
  const channel = request.contactChannels.find((c) => pack.consentChannels.includes(c));
  if (channel && claims.some((claim) => claim.basis === null || !isConsent(claim.basis))) {
    found.push(refuse('channel-needs-consent', `contact by ${channel}`));
  }
  return found;
}

function isSpecial(term: Term, pack: RulePack): boolean {
  const above = ancestors(personalData, term);
  return pack.specialCategory.some((special) => special === term || above.has(special));
}

function assessed(
  assessments: readonly Assessment[],
  organisation: string,
  wanted: readonly Term[],
  day: CivilDate,
): boolean {
  return wanted.every((purpose) =>
    assessments.some(
      (a) =>
        a.kind === 'legitimate-interests' &&
        a.organisation === organisation &&
        a.purposes.includes(purpose) &&
        inForceOn(a.inForce, day),
    ),
  );
}

/** B4: needed by one of the purposes for one of the ways of contact, or given coarser where only that is needed. */
function necessity(
  { request }: GateContext,
  touched: readonly Touched[],
  pack: RulePack,
): readonly Finding[] {
  const entries = pack.necessary.filter(
    (entry) =>
      entry.purposes.some((p) => request.purposes.includes(p)) &&
      entry.contactChannels.some((c) => request.contactChannels.includes(c)),
  );
  return touched
    .filter((field) => field.as !== 'implied' && !entries.some((entry) => isNecessary(field, entry)))
    .map((field) =>
      refuse('not-necessary', field.coarser || field.as === 'selects' ? field.name : `${field.name} in full`),
    );
}

function isNecessary(field: Touched, entry: Necessity): boolean {
  if (entry.exact.some((item) => dataCovers(item, field.given))) return true;
  const coarse = field.coarser || field.as === 'selects';
  return coarse && entry.coarse.some((item) => dataCovers(item, field.item) || dataCovers(item, field.given));
}

function dutiesAndFreezes({
  request,
  source,
  duties,
  freezes,
  organisations,
  day,
}: GateContext): readonly Finding[] {
  const found: Finding[] = [];
  const parties = request.chain.map((party) => party.organisation);
  const register = new Map(organisations.map((o) => [o.id, o]));
  if (duties === null) found.push(refuse('document-missing', 'duties.yaml'));
  for (const duty of duties ?? []) {
    const open = duty.done === null || duty.done > day;
    if (open && duty.due < day && parties.includes(duty.party))
      found.push(refuse('duty-overdue', `${duty.party}: ${duty.what}, due ${duty.due}`));
  }
  if (freezes === null) found.push(refuse('document-missing', 'freezes.yaml'));
  for (const freeze of freezes ?? []) {
    const party =
      freeze.party === null || organisationMeets(freeze.party, [source.organisation, ...parties], register);
    const frozen = freeze.purpose;
    const purpose = frozen === null || request.purposes.some((p) => purposeMeets(frozen, p));
    if (party && purpose && inForceOn(freeze, day)) found.push(refuse('frozen', freeze.why));
  }
  return found;
}

/** The lists that are screened for this request: our own always, the others by way of contact (C5). */
export function listsFor({ request, lists }: GateContext): readonly ListOnFile[] {
  const called = request.contactChannels.some((c) => c === 'call' || c === 'automated-call');
  const posted = request.contactChannels.includes('post');
  return lists.filter(({ list }) => isScreened(list.kind, posted, called));
}

function isScreened(kind: ListKind, posted: boolean, called: boolean): boolean {
  switch (kind) {
    case 'own':
      return true;
    case 'mps':
    case 'baby-mps':
      return posted;
    case 'tps':
    case 'ctps':
      return called;
  }
}

function suppressionLists(context: GateContext, pack: RulePack): readonly Finding[] {
  const { request, source } = context;
  const gives: readonly Term[] = [
    ...source.implies.map((item) => item.term),
    ...(source.children.length > 0 ? ['pd:Offspring'] : []),
  ];
  const required = pack.requiredLists
    .filter((entry) => request.contactChannels.includes(entry.contactChannel))
    .filter(
      (entry) =>
        entry.implying === null ||
        entry.implying.some((term) => gives.some((given) => dataRelated(term, given))),
    )
    .flatMap((entry) => entry.kinds);
  const screened = listsFor(context);
  const found = [...new Set(required)]
    .filter((kind) => !screened.some(({ list }) => list.kind === kind))
    .map((kind) => refuse('list-missing', kind));
  for (const { list, readable } of screened) {
    if (!readable) found.push(refuse('list-unreadable', list.id));
    if (
      list.fileDate === null ||
      list.allowedAge === null ||
      addPeriod(list.fileDate, list.allowedAge) < request.use.until
    ) {
      found.push(refuse('list-stale', `${list.id}, of ${list.fileDate ?? 'an unknown day'}`));
    }
  }
  return found;
}

/** B8: by someone else, for this very request, not in the future, and saying why. */
function approval({ approval: { required, given }, request, day }: GateContext): readonly Finding[] {
  if (!required) return [];
  if (given === null) return [refuse('not-approved', `no approval of ${request.id}`)];
  if (given.request !== request.id || given.requestDigest !== request.digest)
    return [refuse('not-approved', 'the request has changed since it was approved')];
  if (given.by === request.preparedBy)
    return [refuse('not-approved', `${given.by} prepared it and approved it`)];
  if (given.on > day) return [refuse('not-approved', `approved on ${given.on}, which is yet to come`)];
  return given.lawfulBecause.trim() === ''
    ? [refuse('not-approved', 'the approval does not say why it is lawful')]
    : [];
}
