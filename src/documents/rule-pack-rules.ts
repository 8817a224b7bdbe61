/** The dated rules of a pack (A9): each day has at most one for a reason, and one for what a finding is about. */
import { z } from 'zod';
import type { ReasonCode } from '../policy/reasons.ts';
import { reasons } from '../policy/reasons.ts';
import { type Aspect, type FinerRule, labels, type Rule } from '../policy/rules.ts';
import type { Fault } from './fault.ts';
import { civilDate, keyed, listOrNone, orNull, words } from './leaves.ts';
import { nearest } from './nearest.ts';
import type { Path, YamlFile } from './parse-yaml.ts';

const dated = {
  label: z.enum(labels),
  citation: words,
  from: civilDate,
  // The first day it no longer holds; null: it holds still.
  until: orNull(civilDate),
};
const atLeastOne = { error: 'at least one rule' };
const ruleEntry = keyed({
  reason: words,
  'in-force': z.array(keyed({ ...dated, severity: z.enum(['refuse', 'warn']) })).min(1, atLeastOne),
});
const aspects = ['own-words', 'own-list', 'calls', 'online-audience'] as const satisfies readonly Aspect[];
const finerEntry = keyed({
  reason: words,
  when: z.enum(aspects),
  'in-force': z.array(keyed(dated)).min(1, atLeastOne),
});
/** The keys `rules` and `finer` of a pack; without `finer` every finding goes by the rule of its reason. */
export const ruleSchemas = { rules: z.array(ruleEntry), finer: listOrNone(finerEntry) };

/** The reasons whose rule the semantics marks configurable (A7: the waiting period): no other may become a warning. */
export const configurable: ReadonlySet<ReasonCode> = new Set<ReasonCode>(['new-too-soon']);
const codes: ReadonlyMap<string, ReasonCode> = new Map(reasons.map((r) => [r.code, r.code]));

export function rulesOf(
  yaml: YamlFile,
  entries: readonly z.infer<typeof ruleEntry>[],
): { readonly rules: readonly Rule[]; readonly faults: readonly Fault[] } {
  const days = datesOf(yaml);
  const rules: Rule[] = [];
  const faults: Fault[] = [];
  for (const [i, entry] of entries.entries()) {
    const reason = codes.get(entry.reason);
    if (reason === undefined) {
      faults.push(unknownReason(yaml, ['rules', i, 'reason'], entry.reason));
      continue;
    }
    for (const [j, rule] of entry['in-force'].entries()) {
      const at = ['rules', i, 'in-force', j];
      faults.push(...days(at, rule, reason));
      if (rule.severity === 'warn' && !configurable.has(reason)) {
        const expected = `refuse: only ${[...configurable].join(', ')} may become a warning`;
        faults.push(yaml.at([...at, 'severity'], { code: 'severity-refused', expected, rule: 'A9' }));
      }
      rules.push({ reason, ...rule });
    }
  }
  return { rules, faults };
}

/** The rules that findings carry where they are about something narrower than their reason. */
export function finerOf(
  yaml: YamlFile,
  entries: readonly z.infer<typeof finerEntry>[],
): { readonly rules: readonly FinerRule[]; readonly faults: readonly Fault[] } {
  const days = datesOf(yaml);
  const rules: FinerRule[] = [];
  const faults: Fault[] = [];
  for (const [i, entry] of entries.entries()) {
    const reason = codes.get(entry.reason);
    if (reason === undefined) {
      faults.push(unknownReason(yaml, ['finer', i, 'reason'], entry.reason));
      continue;
    }
    for (const [j, rule] of entry['in-force'].entries()) {
      faults.push(...days(['finer', i, 'in-force', j], rule, `${reason} ${entry.when}`));
      rules.push({ reason, aspect: entry.when, ...rule });
    }
  }
  return { rules, faults };
}

function unknownReason(yaml: YamlFile, path: Path, found: string): Fault {
  return yaml.at(path, {
    code: 'unknown-reason',
    expected: 'a reason of docs/reasons.md',
    suggestion: nearest(found, codes.keys()),
    rule: 'A9',
  });
}

type Range = { readonly from: string; readonly until: string | null };

/** Answers what is wrong with the days of each rule of a kind, given those of its kind that came before. */
function datesOf(yaml: YamlFile): (path: Path, rule: Range, kind: string) => readonly Fault[] {
  const ranges = new Map<string, readonly Range[]>();
  return (path, rule, kind) => {
    const faults: Fault[] = [];
    const others = ranges.get(kind) ?? [];
    if (rule.until !== null && rule.until <= rule.from) {
      const expected = `a day after ${rule.from}: the first on which it no longer holds`;
      faults.push(yaml.at([...path, 'until'], { code: 'dates-out-of-order', expected, rule: 'A9' }));
    }
    if (others.some((other) => overlap(other, rule))) {
      const expected = `one rule for ${kind} on each day`;
      faults.push(yaml.at([...path, 'from'], { code: 'rules-overlap', expected, rule: 'A9' }));
    }
    ranges.set(kind, [...others, rule]);
    return faults;
  };
}

function overlap(a: Range, b: Range): boolean {
  return (b.until === null || a.from < b.until) && (a.until === null || b.from < a.until);
}
