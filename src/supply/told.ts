/** The words people were told that a release rests on, as they go with a supply: verbatim, each with its layer. */
import { type AskedAtom, actsAsController, atomsOf, touchedFields } from '../policy/asked.ts';
import { lacking } from '../policy/coverage.ts';
import type { Dimension, Notice, Organisation, Quote, Request, Source, Upstream } from '../policy/model.ts';
import type { RulePack } from '../policy/rules.ts';
import { quotedDimensions } from '../policy/telling.ts';

export type ToldInput = {
  readonly release: string;
  readonly request: Request;
  readonly source: Source;
  readonly notices: readonly Notice[];
  readonly upstream: readonly Upstream[];
  readonly organisations: readonly Organisation[];
  readonly rules: RulePack;
};
type Told = {
  readonly notice: string;
  readonly digest: string;
  readonly statement: string;
  /** `of`: what of the request each of them tells (A2). */
  readonly quotes: readonly (Quote & { readonly of: readonly Dimension[] })[];
  /** The words of the consent that the statement rests on. */
  readonly consent: Quote | null;
};

/**
 * Every statement that tells a whole atom of the request (A2). Which of them governs a record is in the evidence: here
 * stand the words that some record rests on, or may.
 */
export function toldWords(input: ToldInput) {
  const { request, source } = input;
  const atoms = atomsOf(request, touchedFields(request, source));
  const world = {
    organisations: new Map(input.organisations.map((organisation) => [organisation.id, organisation])),
    explicit: input.rules.explicit,
    controllers: request.chain.filter(actsAsController).map((party) => party.organisation),
  };
  const tells = (statement: Notice['statements'][number], atom: AskedAtom): boolean =>
    lacking(statement, atom, world).length === 0;
  const told = [...input.notices, ...input.upstream].flatMap((telling): readonly Told[] =>
    telling.statements
      .filter((statement) => statement.kind === 'tells' && atoms.some((atom) => tells(statement, atom)))
      .map((statement) => ({
        notice: telling.id,
        digest: telling.digest,
        statement: statement.id,
        quotes: quotedDimensions(statement).map(({ quote, of }) => ({ ...quote, of })),
        consent: consentWords(telling, statement.basis?.consent ?? null),
      })),
  );
  return { format: 'astold/words/1', release: input.release, told };
}

function consentWords(telling: Notice | Upstream, consent: string | null): Quote | null {
  return 'consents' in telling ? (telling.consents.find((c) => c.id === consent)?.wording ?? null) : null;
}
