/**
 * Rules as data (A9): each with its label, citation, validity dates and severity. The pack is YAML
 * (`rules/uk.yaml`); the day of the release picks the rules in force.
 */
import type { CivilDate, ContactChannel, DataItem, ListKind, Period, Term } from './model.ts';
import { type ReasonCode, reasons } from './reasons.ts';
import { ancestors, personalData } from './vocab.ts';

/** The strictest first. */
export const labels = ['law', 'guidance', 'code', 'policy'] as const;
export type Label = (typeof labels)[number];
export type Rule = {
  readonly reason: ReasonCode;
  readonly label: Label;
  readonly citation: string;
  readonly from: CivilDate;
  readonly until: CivilDate | null;
  readonly severity: 'refuse' | 'warn';
};
/**
 * What a finding is about, more narrowly than its reason, where another rule then speaks: `own-words`, told but not in
 * so many words (A4); `own-list` and `calls`, the list in question is the supplier's own, or of telephone numbers;
 * `online-audience`, the way of contact in question.
 */
export type Aspect = 'own-words' | 'own-list' | 'calls' | 'online-audience';
/** The rule that a finding of an aspect carries: label and citation; whether anyone is refused it does not touch. */
export type FinerRule = Omit<Rule, 'severity'> & { readonly aspect: Aspect };
/** A term that must be told in so many words (A4). */
export type ExplicitTerm = {
  readonly dimension: 'purpose' | 'recipient' | 'data';
  /** A term, a recipient category, or `child` for any data of a child. */
  readonly term: string;
  readonly phrases: readonly string[];
};
/** Which data a purpose needs, and how finely (B4). What is not listed is not necessary. */
export type Necessity = {
  readonly purposes: readonly Term[];
  readonly contactChannels: readonly ContactChannel[];
  readonly exact: readonly DataItem[];
  readonly coarse: readonly DataItem[];
};
export type RulePack = {
  readonly id: string;
  readonly version: string;
  readonly rules: readonly Rule[];
  readonly finer: readonly FinerRule[];
  readonly explicit: readonly ExplicitTerm[];
  readonly necessary: readonly Necessity[];
  /** Lists that must be screened for a way of contact; `implying` limits it to sources whose membership implies that. */
  readonly requiredLists: readonly {
    readonly contactChannel: ContactChannel;
    readonly kinds: readonly ListKind[];
    readonly implying: readonly Term[] | null;
  }[];
  /** Ways of contact that need consent naming the sender. */
  readonly consentChannels: readonly ContactChannel[];
  readonly specialCategory: readonly Term[];
  /** A7 (configurable). */
  readonly waitingPeriod: Period;
  /** D3 (configurable). */
  readonly minimumCount: number;
  /** Consent gathered by another body and older than this is warned of. */
  readonly consentAgeWarning: Period;
  readonly digest: string;
};

/** The rule in force for each reason on a day, or null where any reason has none: then nothing may go (A9). */
export function rulesInForce(pack: RulePack, day: CivilDate): ReadonlyMap<ReasonCode, Rule> | null {
  const found = new Map<ReasonCode, Rule>();
  for (const rule of pack.rules) {
    if (rule.from <= day && (rule.until === null || day < rule.until)) found.set(rule.reason, rule);
  }
  return reasons.every((r) => found.has(r.code)) ? found : null;
}

/** What is shown of a rule beside a reason. */
export type Cited = Pick<Rule, 'label' | 'citation'>;

/**
 * The rule to show for a reason on a day, given what its findings are about (null or absent: nothing narrower): of
 * several the one with the strictest label. A finding with no rule of its own, and a reason without findings, go by the
 * rule of the reason; null where that has none.
 */
export function ruleShown(
  pack: RulePack,
  reason: ReasonCode,
  findings: readonly { readonly aspect?: Aspect }[],
  day: CivilDate,
): Cited | null {
  const on = <R extends Omit<Rule, 'severity'>>(rules: readonly R[]): readonly R[] =>
    rules.filter((r) => r.reason === reason && r.from <= day && (r.until === null || day < r.until));
  const general = on(pack.rules)[0] ?? null;
  const finer = on(pack.finer);
  const each = [...new Set(findings.map((f) => f.aspect ?? null))].map(
    (aspect) => finer.find((rule) => rule.aspect === aspect) ?? general,
  );
  const found = each.length === 0 ? [general] : each;
  return labels.flatMap((label) => found.filter((rule) => rule?.label === label))[0] ?? null;
}

/** Whether data are of a special category, by the pack (B3). */
export function isSpecial(term: Term, pack: RulePack): boolean {
  const above = ancestors(personalData, term);
  return pack.specialCategory.some((special) => special === term || above.has(special));
}

/**
 * The day whose rule labels a reason: that of release, but for what a notice lacks the day of collection, where it is
 * known (A9).
 */
export function labelDay(reason: ReasonCode, collectedOn: CivilDate | null, release: CivilDate): CivilDate {
  const ofNotice = reason.endsWith('-not-told') || reason === 'not-told-together';
  return ofNotice && collectedOn !== null && collectedOn < release ? collectedOn : release;
}
