/** What a request asks, atom by atom (A2): one purpose, one party, one field, one contact channel. */
import { fieldsRead } from './evaluate.ts';
import type { Atom } from './judgement.ts';
import type { Coarsening, DataItem, Party, Request, Source, Term } from './model.ts';

/** A field the request touches, and how. */
export type Touched = {
  readonly name: string;
  readonly collection: string;
  /** What the source's column is, and what of it is given (an age band of a birth date). */
  readonly item: DataItem;
  readonly given: DataItem;
  readonly as: Atom['as'];
  readonly coarser: boolean;
};
export type AskedAtom = Atom & {
  readonly collection: string;
  /** The purpose as the request, or the selecting for it, names it: what an assessment must be of. */
  readonly requested: Term;
  /** Selecting people is asked as a purpose of its own (B2). */
  readonly profiling: boolean;
  /** The bases that one statement must state: the disclosure's and the party's own (B3). */
  readonly bases: readonly Term[];
  readonly controller: boolean;
};

/** Asking people again is direct marketing, and is asked as such (B7). */
export function asked(purpose: Term): Term {
  return purpose === 'astold:AskAgain' ? 'dpv:DirectMarketing' : purpose;
}

/** What choosing people for a purpose is called: for political campaigning a term of its own (A4, B2). */
export function profilingFor(purpose: Term): Term {
  return purpose === 'dpv:PoliticalCampaign' || purpose === 'astold:PoliticalProfiling'
    ? 'astold:PoliticalProfiling'
    : 'astold:Profiling';
}

/** Whether a party decides for itself: any controller, and a processor that keeps, enriches, profits or does not say (B1). */
export function actsAsController(party: Party): boolean {
  return (
    party.role !== 'processor' || party.keeps !== false || party.enriches !== false || party.profits !== false
  );
}

/** Every field delivered, selected by, or implied. A name the source does not map gives nothing: the caller refuses. */
export function touchedFields(request: Request, source: Source): readonly Touched[] {
  const byName = new Map(source.fields.map((field) => [field.name, field]));
  const found: Touched[] = [];
  const touch = (name: string, as: Atom['as'], coarser: Coarsening | null): void => {
    const field = byName.get(name);
    if (field)
      found.push({
        name,
        collection: field.collection,
        item: field.data,
        given: coarsened(field.data, coarser),
        as,
        coarser: coarser !== null,
      });
  };
  const children = source.children.map((slot) => slot.birthDate);
  for (const field of request.fields) {
    for (const name of field.field === 'children' ? children : [field.field])
      touch(name, 'delivered', field.as);
  }
  if (request.audience?.kind === 'where') {
    for (const name of fieldsRead(request.audience.test)) {
      const read =
        name === 'children'
          ? children
          : name === 'age' && !byName.has('age')
            ? [source.roles.birthDate ?? '']
            : [name];
      for (const each of read) touch(each, 'selects', null);
    }
  }
  const primary = source.collections[0]?.id ?? '';
  for (const item of source.implies) {
    found.push({
      name: `(membership) ${item.term}`,
      collection: primary,
      item,
      given: item,
      as: 'implied',
      coarser: false,
    });
  }
  return found;
}

function coarsened(item: DataItem, as: Coarsening | null): DataItem {
  return as?.kind === 'age-band' || as?.kind === 'child-under' ? { term: 'pd:AgeRange', of: item.of } : item;
}

/** The atoms of a request. */
export function atomsOf(request: Request, touched: readonly Touched[]): readonly AskedAtom[] {
  const atoms = new Map<string, AskedAtom>();
  for (const requested of request.purposes) {
    const purpose = asked(requested);
    for (const party of request.chain) {
      const controller = actsAsController(party);
      const bases = [
        ...new Set([request.disclosureBasis, controller ? party.basis : null].filter((b) => b !== null)),
      ];
      for (const field of touched) {
        const purposes: readonly [Term, boolean][] =
          field.as === 'selects'
            ? [
                [purpose, false],
                [profilingFor(purpose), true],
              ]
            : [[purpose, false]];
        for (const [each, profiling] of purposes) {
          for (const contactChannel of request.contactChannels) {
            const atom: AskedAtom = {
              purpose: each,
              requested: profiling ? each : requested,
              profiling,
              party: party.organisation,
              item: field.given,
              as: field.as,
              contactChannel,
              collection: field.collection,
              bases,
              controller,
            };
            atoms.set(
              JSON.stringify([
                each,
                requested,
                profiling,
                controller,
                bases,
                atom.party,
                field.given,
                field.as,
                contactChannel,
                field.collection,
              ]),
              atom,
            );
          }
        }
      }
    }
  }
  return [...atoms.values()];
}
