/** What a notice needs of other documents: the register (A1), the explicit terms and their sign-offs (A4). */
import type { Notice, Organisation, Statement } from '../policy/model.ts';
import type { ExplicitTerm } from '../policy/rules.ts';
import { contains, samePerson } from '../policy/words.ts';
import { digestOf } from './digest.ts';
import { explicitTerms, type ToldExplicitly } from './explicit.ts';
import type { Fault } from './fault.ts';
import { nearestWithin } from './nearest.ts';
import type { ParsedNotice } from './notice.ts';
import { baseCategory, organisationFaults } from './organisations.ts';
import type { Part } from './parts.ts';
import type { Signoff } from './signoff.ts';
import type { StatementDocument } from './statement.ts';

export type NoticeGround = {
  readonly organisations: ReadonlyMap<string, Organisation>;
  readonly explicit: readonly ExplicitTerm[];
  readonly signoffs: readonly Signoff[];
};

/** The digest a sign-off gives: of the statement as it stands in the front matter. */
export function statementDigest(statement: Part<StatementDocument>): string {
  return digestOf(statement.raw);
}

/** The notice with the terms that were signed for, and the faults of what it refers to. */
export function checkNotice(
  parsed: ParsedNotice,
  ground: NoticeGround,
): { notice: Notice | null; faults: readonly Fault[] } {
  const { head, notice } = parsed;
  const id = head ? `${head.notice}@${head.version}` : null;
  const checked = parsed.statements.map((statement) => ({
    statement,
    ...checkStatement(
      parsed,
      statement,
      id === null ? [] : signoffsOf(id, statement.document.id, ground),
      ground,
    ),
  }));
  const faults = [
    ...(head
      ? organisationFaults(parsed.yaml, ['organisation'], head.organisation, ground.organisations)
      : []),
    ...consentFaults(parsed, ground),
    ...checked.flatMap((c) => [...recipientFaults(parsed, c.statement, ground), ...c.faults]),
  ];
  if (notice === null || faults.length > 0) return { notice: null, faults };
  const signed = new Map(checked.map((c) => [c.statement.document.id, c.signed]));
  const statements = notice.statements.map((s): Statement => ({ ...s, signedTerms: signed.get(s.id) ?? [] }));
  return { notice: { ...notice, statements }, faults };
}

type Mapping = Extract<Signoff, { kind: 'mapping' }>;
function signoffsOf(notice: string, statement: string, ground: NoticeGround): readonly Mapping[] {
  return ground.signoffs.filter(
    (s): s is Mapping =>
      s.kind === 'mapping' && s.signoff.notice === notice && s.signoff.statement === statement,
  );
}

function checkStatement(
  parsed: ParsedNotice,
  statement: Part<StatementDocument>,
  signoffs: readonly Mapping[],
  ground: NoticeGround,
): { readonly signed: readonly string[]; readonly faults: readonly Fault[] } {
  const told = explicitTerms(statement.document, ground.explicit, ground.organisations);
  if (told.length === 0) return { signed: [], faults: [] };
  const terms = told.map((t) => t.explicit.term);
  const faults = [
    ...told.flatMap((t) => wordFaults(parsed, statement, t)),
    ...signoffFaults(parsed, statement, signoffs, terms),
  ];
  return { signed: faults.length > 0 ? [] : [...new Set(terms)], faults };
}

function wordFaults(
  parsed: ParsedNotice,
  statement: Part<StatementDocument>,
  told: ToldExplicitly,
): readonly Fault[] {
  const { explicit, key, quote, layer } = told;
  const found: Fault[] = [];
  if (quote === null || !explicit.phrases.some((phrase) => contains(quote, phrase))) {
    const path = [...statement.path, key, ...(quote === null ? [] : ['quote'])];
    found.push(
      parsed.yaml.at(path, {
        code: 'explicit-words-missing',
        expected: `a quote that tells ${explicit.term} in so many words`,
        found: quote === null ? 'no quote' : quote,
        help: `One of: ${explicit.phrases.map((p) => `"${p}"`).join(', ')}.`,
        rule: 'A4',
      }),
    );
  }
  if (layer !== null && layer !== 1) {
    const detail = {
      code: 'explicit-not-first-layer',
      expected: `${explicit.term} told in layer 1, which people meet first`,
      rule: 'A4',
    } as const;
    found.push(parsed.yaml.at([...statement.path, key, 'layer'], detail));
  }
  return found;
}

function signoffFaults(
  parsed: ParsedNotice,
  statement: Part<StatementDocument>,
  signoffs: readonly Mapping[],
  terms: readonly string[],
): readonly Fault[] {
  const mappedBy = parsed.head?.['mapped-by'] ?? null;
  const digest = statementDigest(statement);
  const current = signoffs.filter((s) => s.signoff.digest === digest);
  if (mappedBy !== null && current.some((s) => !samePerson(s.signoff.by, mappedBy))) return [];
  const own = current[0];
  if (own) {
    const expected = `a sign-off by someone other than ${mappedBy ?? 'who mapped it'}, who wrote the mapping`;
    return [own.yaml.at(['by'], { code: 'signoff-same-person', expected, rule: 'A4' })];
  }
  const stale = signoffs[0];
  if (stale) {
    const expected = `the digest of the statement as it stands, ${digest}: it was changed since it was signed`;
    return [
      stale.yaml.at(['digest'], {
        code: 'signoff-stale',
        expected,
        help: 'Have a second person read the mapping again, and sign it.',
        rule: 'A4',
      }),
    ];
  }
  return [
    parsed.yaml.at([...statement.path, 'id'], {
      code: 'signoff-missing',
      expected: `a sign-off under signoffs/ by a second person: it tells ${terms.join(', ')}`,
      help: `The digest to sign is ${digest}.`,
      rule: 'A4',
    }),
  ];
}

function consentFaults(parsed: ParsedNotice, ground: NoticeGround): readonly Fault[] {
  return parsed.consents.flatMap(({ path, document: consent }) =>
    consent.controllers.flatMap((id, index) => {
      const unknown = organisationFaults(
        parsed.yaml,
        [...path, 'controllers', index],
        id,
        ground.organisations,
      );
      const organisation = ground.organisations.get(id);
      if (!organisation) return unknown;
      const names = [organisation.legalName, ...organisation.aliases];
      if (names.some((name) => contains(consent.wording.quote, name))) return [];
      return [
        parsed.yaml.at([...path, 'controllers', index], {
          code: 'controller-not-named',
          expected: `a controller that the wording names: ${names.map((n) => `"${n}"`).join(' or ')} does not stand in it`,
          rule: 'C1',
        }),
      ];
    }),
  );
}

function recipientFaults(
  parsed: ParsedNotice,
  { path, document }: Part<StatementDocument>,
  ground: NoticeGround,
): readonly Fault[] {
  const { organisations, categories } = document.recipients ?? { organisations: [], categories: [] };
  return [
    ...organisations.flatMap((id, i) =>
      organisationFaults(parsed.yaml, [...path, 'recipients', 'organisations', i], id, ground.organisations),
    ),
    ...categories.flatMap((category, i) =>
      categoryFaults(parsed, [...path, 'recipients', 'categories', i], category, document.kind, ground),
    ),
  ];
}

/** A mistyped category would tell nobody of anything, or bind a promise to nobody. */
function categoryFaults(
  parsed: ParsedNotice,
  path: readonly PropertyKey[],
  category: string,
  kind: StatementDocument['kind'],
  ground: NoticeGround,
): readonly Fault[] {
  const registered = [...ground.organisations.values()].flatMap((o) => o.categories);
  const explicit = ground.explicit.filter((e) => e.dimension === 'recipient').map((e) => e.term);
  const known = new Set([...registered, ...registered.map(baseCategory), ...explicit, 'dpv:DataProcessor']);
  if (known.has(category)) return [];
  const suggestion = nearestWithin(category, known, 2);
  if (suggestion === null && kind !== 'never') return [];
  return [
    parsed.yaml.at(path, {
      code: 'unknown-category',
      expected: 'a category that an organisation of the register has',
      suggestion,
      help:
        suggestion === null
          ? 'A "never" to a category that nobody has binds nobody: enter in organisations.yaml who is meant.'
          : null,
      rule: 'A1',
    }),
  ];
}
