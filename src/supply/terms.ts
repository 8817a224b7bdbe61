/** The terms of a supply as an ODRL 2.2 Agreement in JSON-LD: what the recipient may do, and what it owes. */
import { addPeriod } from '../policy/dates.ts';
import type { Agreement, CivilDate, Organisation, Request, Term } from '../policy/model.ts';
import { iri, prefixes } from '../policy/vocab.ts';

export type TermsInput = {
  readonly release: string;
  readonly day: CivilDate;
  readonly request: Request;
  readonly agreement: Agreement;
  readonly supplier: Organisation;
  readonly recipient: Organisation;
};

/** Data that were not had from the person: told within a month (Art 14(3)). */
const informWithin = { months: 1, days: 0 };

/** A JSON-LD value. The request must have the recipient in its chain. */
export function odrlTerms({ release, day, request, agreement, supplier, recipient }: TermsInput) {
  const place = request.chain.findIndex((party) => party.organisation === recipient.id);
  const party = request.chain[place];
  if (party === undefined) throw new RangeError('the recipient is not in the chain of the request');
  // Data travel down the chain: those that stand behind the recipient may have it of them.
  const behind = request.chain.slice(place + 1).map((next) => organisationIri(next.organisation));
  const target = `urn:astold:release:${release}`;
  const parties = { assigner: partyOf(supplier), assignee: partyOf(recipient) };
  const purpose = constraint('purpose', 'isAnyOf', request.purposes.map(named));
  const channel = constraint('astold:contactChannel', 'isAnyOf', request.contactChannels);
  return {
    '@context': [
      'http://www.w3.org/ns/odrl.jsonld',
      { ...prefixes, xsd: 'http://www.w3.org/2001/XMLSchema#' },
    ],
    '@type': 'Agreement',
    uid: `urn:astold:terms:${release}:${recipient.id}`,
    profile: prefixes.astold,
    'astold:agreement': agreement.id,
    'astold:role': party.role,
    ...parties,
    permission: [
      {
        action: 'use',
        target,
        ...parties,
        constraint: [
          purpose,
          channel,
          constraint('dateTime', 'gteq', date(request.use.from)),
          constraint('dateTime', 'lteq', date(request.use.until)),
        ],
      },
      ...(behind.length === 0
        ? []
        : [
            {
              action: 'transfer',
              target,
              ...parties,
              constraint: [purpose, constraint('recipient', 'isAnyOf', behind)],
            },
          ]),
    ],
    prohibition: [
      {
        action: 'transfer',
        target,
        ...parties,
        ...(behind.length === 0 ? {} : { constraint: [constraint('recipient', 'isNoneOf', behind)] }),
      },
    ],
    obligation: [
      {
        action: 'delete',
        target,
        ...parties,
        constraint: [constraint('dateTime', 'lteq', date(request.deleteBy))],
      },
      // A processor acts for a controller, who informs.
      ...(party.role === 'processor'
        ? []
        : [
            {
              action: 'inform',
              target,
              ...parties,
              constraint: [constraint('dateTime', 'lteq', date(informBy(day, request)))],
            },
          ]),
      { action: 'astold:obeyStops', target, ...parties },
    ],
  };
}

/** Within a month of the release, and at the latest with the first use: that of a use which runs already is not known. */
export function informBy(day: CivilDate, { use }: Pick<Request, 'use'>): CivilDate {
  const month = addPeriod(day, informWithin);
  return use.from > day && use.from < month ? use.from : month;
}

const organisationIri = (id: string): { readonly '@id': string } => ({
  '@id': `urn:astold:organisation:${id}`,
});

function partyOf(organisation: Organisation) {
  return {
    '@type': 'Party',
    uid: organisationIri(organisation.id)['@id'],
    'astold:legalName': organisation.legalName,
  };
}

function named(term: Term): { readonly '@id': string } {
  const full = iri(term);
  if (full === null) throw new RangeError('a purpose of the request has no IRI');
  return { '@id': full };
}

const date = (day: CivilDate) => ({ '@value': day, '@type': 'xsd:date' });

function constraint(leftOperand: string, operator: string, rightOperand: unknown) {
  return { leftOperand, operator, rightOperand };
}
