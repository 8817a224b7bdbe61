/** What the schema of a use case has against what was typed at the desk, each beside its field. */
import type { z } from 'zod';
import type { DeskPlace } from '../../pages/window/desk-find.ts';
import type { FormFault } from '../../pages/window/form-parts.ts';

const days = new Set(['signed', 'received', 'birthDate']);

/** One a field; `missing` is said of a field that holds nothing. */
export function typedFaults(
  { entry }: DeskPlace['words'],
  issues: readonly z.core.$ZodIssue[],
  missing: Readonly<Record<string, string>>,
): readonly FormFault[] {
  const textOf = (field: string, issue: z.core.$ZodIssue): string => {
    if (days.has(field)) return entry.faults['time-malformed'] ?? entry.other;
    if (issue.code === 'too_big') return entry.long(issue.maximum);
    return missing[field] ?? entry.other;
  };
  const faults = new Map<string, string>();
  for (const issue of issues) {
    const field = String(issue.path[0] ?? '');
    if (!faults.has(field)) faults.set(field, textOf(field, issue));
  }
  return [...faults].map(([field, text]) => ({ field, text }));
}
