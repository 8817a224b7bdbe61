/**
 * Whether one statement covers one atom (A2, A4, A5, B1, B3): a whole atom, or not at all. Coverage says nothing
 * of the person; what is left for each person (the consent, the retention) travels on as an alternative.
 */

import type { AskedAtom } from './asked.ts';
import type { Consent, Dimension, Notice, Organisation, Quote, Statement, Term } from './model.ts';
import type { ExplicitTerm } from './rules.ts';
import {
  ancestors,
  dataCovers,
  explicitConsentBasis,
  isConsent,
  narrowerCovers,
  personalData,
} from './vocab.ts';
import { contains } from './words.ts';

export type CoverageWorld = {
  readonly organisations: ReadonlyMap<string, Organisation>;
  readonly explicit: readonly ExplicitTerm[];
  /** Every party that decides for itself, each of which a consent must name (B1, C1). */
  readonly controllers: readonly string[];
};

/** The dimensions of an atom that a statement does not tell; none: it covers the atom. */
export function lacking(statement: Statement, atom: AskedAtom, world: CoverageWorld): readonly Dimension[] {
  const lacks: Dimension[] = [];
  if (!tellsPurpose(statement, atom, world)) lacks.push('purpose');
  if (!tellsRecipient(statement, atom, world)) lacks.push('recipient');
  if (!tellsData(statement, atom, world)) lacks.push('data');
  if (!statement.contactChannels?.terms.some((term) => term === atom.contactChannel))
    lacks.push('contact-channel');
  if (!tellsBasis(statement, atom)) lacks.push('basis');
  if (statement.retention === null) lacks.push('retention');
  return lacks;
}

/** Whether a statement would tell a dimension, were the words it is told in not asked about (A4). */
export function tellsInOtherWords(
  statement: Statement,
  dimension: Dimension,
  atom: AskedAtom,
  world: CoverageWorld,
): boolean {
  return (
    lacking(statement, atom, world).includes(dimension) &&
    !lacking(statement, atom, { ...world, explicit: [] }).includes(dimension)
  );
}

function tellsPurpose(statement: Statement, atom: AskedAtom, world: CoverageWorld): boolean {
  const told = statement.purposes;
  if (told === null) return false;
  const explicit = new Set(world.explicit.filter((e) => e.dimension === 'purpose').map((e) => e.term));
  if (explicit.has(atom.purpose)) {
    return (
      told.terms.includes(atom.purpose) &&
      inSoManyWords('purpose', atom.purpose, told.quote, statement, world)
    );
  }
  return told.terms.some((term) =>
    told.narrower ? narrowerCovers(term, atom.purpose, explicit) : term === atom.purpose,
  );
}

/**
 * A named entity tells itself, not its group; a category tells entities of just that category, and never where the
 * party is a controller relying on consent (A5, B1).
 */
function tellsRecipient(statement: Statement, atom: AskedAtom, world: CoverageWorld): boolean {
  const told = statement.recipients;
  const party = world.organisations.get(atom.party);
  if (told === null || party === undefined) return false;
  const explicit = world.explicit.filter((e) => e.dimension === 'recipient' && isOfCategory(party, e.term));
  if (!explicit.every((e) => inSoManyWords('recipient', e.term, told.quote, statement, world))) return false;
  if (told.organisations.includes(atom.party)) return true;
  if (atom.controller && atom.bases.some(isConsent)) return false;
  return told.categories.some(
    (category) =>
      party.categories.includes(category) || (category === 'dpv:DataProcessor' && !atom.controller),
  );
}

/** An explicit category takes in its sectors: a `data-broker/lifestyle` is a data broker (A4). */
function isOfCategory(party: Organisation, category: string): boolean {
  return party.categories.some((own) => own === category || own.startsWith(`${category}/`));
}

function tellsData(statement: Statement, atom: AskedAtom, world: CoverageWorld): boolean {
  const told = statement.data;
  if (told === null || !told.items.some((item) => dataCovers(item, atom.item))) return false;
  return explicitData(atom, world).every((term) => inSoManyWords('data', term, told.quote, statement, world));
}

/** The explicit terms an item falls under: `child`, its own, or those above it. */
function explicitData(atom: AskedAtom, world: CoverageWorld): readonly Term[] {
  const above = ancestors(personalData, atom.item.term);
  return world.explicit
    .filter((e) => e.dimension === 'data')
    .filter((e) =>
      e.term === 'child' ? atom.item.of === 'child' : e.term === atom.item.term || above.has(e.term),
    )
    .map((e) => e.term);
}

function tellsBasis(statement: Statement, atom: AskedAtom): boolean {
  const told = statement.basis;
  return told !== null && atom.bases.length > 0 && atom.bases.every((basis) => told.terms.includes(basis));
}

/** A4: one of the pack's phrases for the term, in the first layer, and signed by a second person. */
function inSoManyWords(
  dimension: ExplicitTerm['dimension'],
  term: Term,
  quote: Quote,
  statement: Statement,
  world: CoverageWorld,
): boolean {
  const phrases = world.explicit.find((e) => e.dimension === dimension && e.term === term)?.phrases ?? [];
  return (
    quote.layer === 1 &&
    statement.signedTerms.includes(term) &&
    phrases.some((phrase) => contains(quote.text, phrase))
  );
}

export type ConsentFault = {
  readonly reason: 'consent-not-opt-in' | 'consent-invalid';
  readonly why: string;
};

/** Why a consent asked does not count for an atom, or null where it does (C1; B3 for special category data). */
export function consentFault(consent: Consent, atom: AskedAtom, world: CoverageWorld): ConsentFault | null {
  const asked = `the consent "${consent.id}"`;
  if (consent.kind !== 'opt-in') return { reason: 'consent-not-opt-in', why: `${asked} is ${consent.kind}` };
  if (consent.bundled)
    return { reason: 'consent-not-opt-in', why: `${asked} asks for several things in one` };
  if (!consent.purposes.includes(atom.purpose))
    return { reason: 'consent-invalid', why: `${asked} is not for ${atom.purpose}` };
  if (!consent.contactChannels.some((channel) => channel === atom.contactChannel))
    return { reason: 'consent-invalid', why: `${asked} does not speak of contact by ${atom.contactChannel}` };
  const unnamed = world.controllers.find((id) => !names(consent, id, world));
  if (unnamed !== undefined) {
    return {
      reason: 'consent-invalid',
      why: `${asked} does not name ${world.organisations.get(unnamed)?.legalName ?? unnamed}`,
    };
  }
  const unsaid = atom.bases.includes(explicitConsentBasis)
    ? explicitData(atom, world).find((term) => !says(consent.wording, term, world))
    : undefined;
  return unsaid === undefined
    ? null
    : { reason: 'consent-invalid', why: `${asked} does not speak of ${unsaid}, and explicit consent must` };
}

/** Whether words hold one of the pack's phrases for a data term. */
function says(quote: Quote, term: Term, world: CoverageWorld): boolean {
  const phrases = world.explicit.find((e) => e.dimension === 'data' && e.term === term)?.phrases ?? [];
  return phrases.some((phrase) => contains(quote.text, phrase));
}

function names(consent: Consent, id: string, world: CoverageWorld): boolean {
  const party = world.organisations.get(id);
  if (!party || !consent.controllers.includes(id)) return false;
  return [party.legalName, ...party.aliases].some((name) => contains(consent.wording.text, name));
}

/** The consent a covering statement rests on, where any basis of the atom is consent. */
export function consentOf(notice: Pick<Notice, 'consents'>, statement: Statement): Consent | null {
  return notice.consents.find((consent) => consent.id === statement.basis?.consent) ?? null;
}
