/** `astold vocab` and `astold rules`: what documents may name, and what the gate goes by. */
import type { CivilDate, Term } from '../../policy/model.ts';
import { type Reason, reasons } from '../../policy/reasons.ts';
import { type FinerRule, type Rule, type RulePack, rulesInForce } from '../../policy/rules.ts';
import { iri, legalBases, personalData, purposes, type Vocabulary } from '../../policy/vocab.ts';

export type VocabularyKind = 'purposes' | 'data' | 'bases';
export type TermLine = {
  readonly term: Term;
  readonly label: string;
  readonly parents: readonly Term[];
  readonly iri: string | null;
};

/** The terms of one vocabulary, in their own order. */
export function termsOf(kind: VocabularyKind): readonly TermLine[] {
  const vocabularies: Readonly<Record<VocabularyKind, Vocabulary>> = {
    purposes,
    data: personalData,
    bases: legalBases,
  };
  return [...vocabularies[kind]].map(([term, entry]) => ({
    term,
    label: entry.label,
    parents: entry.parents,
    iri: iri(term),
  }));
}

/** `finer`: the rules that findings of the reason carry where they are about something narrower. */
export type RuleLine = {
  readonly reason: Reason;
  readonly rule: Rule | null;
  readonly finer: readonly FinerRule[];
};
export type RulesOnDay = {
  readonly pack: { readonly id: string; readonly version: string; readonly digest: string };
  readonly day: CivilDate;
  /** False where any reason has no rule on that day: then nothing may go (A9). */
  readonly complete: boolean;
  readonly rules: readonly RuleLine[];
};

/** The rule of every reason on a day, those without one included. */
export function rulesOn(pack: RulePack, day: CivilDate): RulesOnDay {
  const inForce = (rule: Omit<Rule, 'severity'>) =>
    rule.from <= day && (rule.until === null || day < rule.until);
  return {
    pack: { id: pack.id, version: pack.version, digest: pack.digest },
    day,
    complete: rulesInForce(pack, day) !== null,
    rules: reasons.map((reason) => ({
      reason,
      rule: pack.rules.find((rule) => rule.reason === reason.code && inForce(rule)) ?? null,
      finer: pack.finer.filter((rule) => rule.reason === reason.code && inForce(rule)),
    })),
  };
}
