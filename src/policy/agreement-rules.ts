/** The rules about the agreement (B1, B5): in force, read again in time, and allowing all that is asked under it. */
import { actsAsController, type Touched } from './asked.ts';
import { addPeriod, inForceThrough } from './dates.ts';
import { endOf, useEnd } from './ends.ts';
import type { Finding, GateContext } from './judgement.ts';
import type { Agreement, CivilDate, Party, Term } from './model.ts';
import { refuse } from './refuse.ts';
import { isSpecial, type RulePack } from './rules.ts';
import { dataCovers, explicitConsentBasis } from './vocab.ts';

/** The rules about the agreement that are broken; without one there is nothing to go by. */
export function agreementFindings(
  context: GateContext,
  touched: readonly Touched[],
  pack: RulePack,
): readonly Finding[] {
  const { agreement, request } = context;
  if (agreement === null) return [refuse('document-missing', `agreement ${request.agreement}`)];
  return [
    ...force(context, agreement),
    ...parties(context, agreement),
    ...terms(context, agreement, touched),
    ...special(agreement, touched, pack),
    ...ends(context, agreement),
  ];
}

const beyond = (detail: string): Finding => refuse('beyond-agreement', detail);

/** In force, and not due to be read again, from the release until the end of the use. */
function force(context: GateContext, { id, inForce, review }: Agreement): readonly Finding[] {
  const found: Finding[] = [];
  const end = useEnd(context);
  if (!inForceThrough(inForce, context.day, end)) {
    found.push(
      refuse(
        'agreement-not-in-force',
        `${id}: from ${inForce.from} until ${inForce.until ?? 'further notice'}`,
      ),
    );
  }
  // Said so that a day that is not there refuses too.
  if (!(review >= end))
    found.push(
      refuse('agreement-not-in-force', `${id}: due for review on ${review}, before the use ends on ${end}`),
    );
  return found;
}

/**
 * The supplier, and every party of the chain in its role. One that is no party may stand behind a controller that is,
 * where the agreement names it for onward supply; a processor has nothing of its own to pass on.
 */
function parties({ request, source }: GateContext, agreement: Agreement): readonly Finding[] {
  const found: Finding[] = [];
  if (agreement.supplier !== source.organisation) found.push(beyond(`the supplier is ${agreement.supplier}`));
  let passedOnBy: string | null = null;
  for (const party of request.chain) {
    const agreed = agreement.parties.find((p) => p.organisation === party.organisation);
    if (agreed?.role !== party.role) {
      const fault =
        agreed === undefined ? onwardFault(party, agreement, passedOnBy) : `agreed as ${agreed.role}`;
      if (fault !== null) found.push(beyond(`${party.organisation} as ${party.role}: ${fault}`));
    } else if (party.role === 'processor') {
      if (!agreed.processorTerms) found.push(refuse('processor-terms-missing', party.organisation));
    } else passedOnBy = party.organisation;
  }
  return found;
}

/** Why the agreement does not let the data go on to one that is no party to it, or null where it does. */
function onwardFault(party: Party, { onwardSupply }: Agreement, passedOnBy: string | null): string | null {
  if (!onwardSupply.includes(party.organisation)) return 'no party to it, and not named for onward supply';
  if (party.role === 'processor') return 'named for onward supply, and that is to controllers alone';
  return passedOnBy === null
    ? 'named for onward supply, and behind no controller that is a party to it'
    : null;
}

function terms(context: GateContext, agreement: Agreement, touched: readonly Touched[]): readonly Finding[] {
  const { request } = context;
  return [
    ...request.purposes.filter((p) => !agreement.purposes.includes(p)).map((p) => beyond(`purpose ${p}`)),
    ...request.contactChannels
      .filter((channel) => !agreement.contactChannels.includes(channel))
      .map((channel) => beyond(`contact by ${channel}`)),
    ...basesOf(context)
      .filter((basis) => !agreement.bases.includes(basis))
      .map((basis) => beyond(`legal basis ${basis}`)),
    ...touched
      .filter(
        ({ given, item }) =>
          !agreement.data.some((told) => dataCovers(told, given) || dataCovers(told, item)),
      )
      .map((field) => beyond(`data ${field.name}`)),
  ];
}

function basesOf({ request }: GateContext): readonly Term[] {
  const stated = [
    request.disclosureBasis,
    ...request.chain.filter(actsAsController).map((party) => party.basis),
  ];
  return [...new Set(stated.filter((basis) => basis !== null))];
}

/** Special category data go only where the agreement names that very term, and the condition they go on. */
function special(agreement: Agreement, touched: readonly Touched[], pack: RulePack): readonly Finding[] {
  const asked = touched.flatMap((field) => [field.item.term, field.given.term]);
  const terms = [...new Set(asked.filter((term) => isSpecial(term, pack)))];
  const found = terms
    .filter((term) => !agreement.specialCategory.includes(term))
    .map((term) => beyond(`special category data ${term}`));
  return terms.length === 0 || agreement.bases.includes(explicitConsentBasis)
    ? found
    : [...found, beyond(`special category data, with no ${explicitConsentBasis} among its bases`)];
}

function ends(context: GateContext, agreement: Agreement): readonly Finding[] {
  const { request, day } = context;
  const found: Finding[] = [];
  if (request.use.until < day) found.push(beyond(`the use was to end on ${request.use.until}`));
  const kept = agreedEnd(agreement, day);
  const end = endOf(context);
  if (kept < end) found.push(beyond(`kept until ${end}, and the agreement allows ${kept}`));
  return found;
}

function agreedEnd({ retention }: Agreement, day: CivilDate): CivilDate {
  return retention.kind === 'until' ? retention.date : addPeriod(day, retention.period);
}
