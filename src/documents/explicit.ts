/** Which explicit terms a statement tells, and so must tell in so many words (A4). */
import type { Organisation, Term } from '../policy/model.ts';
import type { ExplicitTerm } from '../policy/rules.ts';
import { ancestors, personalData } from '../policy/vocab.ts';
import { baseCategory } from './organisations.ts';
import type { StatementDocument } from './statement.ts';

export type ToldExplicitly = {
  readonly explicit: ExplicitTerm;
  /** The key of the statement's dimension, and its quote as written; null where it has none. */
  readonly key: 'purposes' | 'recipients' | 'data';
  readonly quote: string | null;
  readonly layer: number | null;
};

/** The explicit terms told by a statement. A `never` or an `only` permits nothing, so it has none. */
export function explicitTerms(
  statement: StatementDocument,
  explicit: readonly ExplicitTerm[],
  organisations: ReadonlyMap<string, Organisation>,
): readonly ToldExplicitly[] {
  if (statement.kind !== 'tells') return [];
  const { purposes, recipients, data } = statement;
  return explicit.flatMap((term): ToldExplicitly[] => {
    const told = { purpose: purposes, recipient: recipients, data }[term.dimension];
    if (!told || !tellsTerm(statement, term, organisations)) return [];
    return [{ explicit: term, key: keys[term.dimension], quote: told.quote, layer: told.layer }];
  });
}

const keys = { purpose: 'purposes', recipient: 'recipients', data: 'data' } as const;

function tellsTerm(
  statement: StatementDocument,
  explicit: ExplicitTerm,
  organisations: ReadonlyMap<string, Organisation>,
): boolean {
  switch (explicit.dimension) {
    case 'purpose':
      return statement.purposes?.terms.includes(explicit.term) ?? false;
    case 'recipient': {
      const { organisations: named, categories } = statement.recipients ?? {
        organisations: [],
        categories: [],
      };
      const all = [...categories, ...named.flatMap((id) => organisations.get(id)?.categories ?? [])];
      return all.some((category) => category === explicit.term || baseCategory(category) === explicit.term);
    }
    case 'data': {
      const { person, child } = statement.data ?? { person: [], child: [] };
      if (explicit.term === 'child') return child.length > 0;
      const isTerm = (term: Term): boolean =>
        term === explicit.term || ancestors(personalData, term).has(explicit.term);
      return [...person, ...child].some(isTerm);
    }
  }
}
