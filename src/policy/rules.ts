/**
 * Rules as data (A9): each with its label, citation, validity dates and severity. The pack is YAML
 * (`rules/uk.yaml`); the day of the release picks the rules in force.
 */
import type { CivilDate, ContactChannel, DataItem, ListKind, Period, Term } from './model.ts';
import { type ReasonCode, reasons } from './reasons.ts';

export type Label = 'law' | 'guidance' | 'code' | 'policy';
export type Rule = {
  readonly reason: ReasonCode;
  readonly label: Label;
  readonly citation: string;
  readonly from: CivilDate;
  readonly until: CivilDate | null;
  readonly severity: 'refuse' | 'warn';
};
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

/** The rule for a reason on a day, or null. */
export function ruleOn(pack: RulePack, reason: ReasonCode, day: CivilDate): Rule | null {
  return (
    pack.rules.find((r) => r.reason === reason && r.from <= day && (r.until === null || day < r.until)) ??
    null
  );
}

/**
 * The day whose rule labels a reason: that of release, but for what a notice lacks the day of collection, where it is
 * known (A9).
 */
export function labelDay(reason: ReasonCode, collectedOn: CivilDate | null, release: CivilDate): CivilDate {
  const ofNotice = reason.endsWith('-not-told') || reason === 'not-told-together';
  return ofNotice && collectedOn !== null && collectedOn < release ? collectedOn : release;
}
