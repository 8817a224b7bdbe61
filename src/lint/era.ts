/** The law in force when a notice was shown: a citation fits its time, or is not made. */
import type { Cited } from './finding.ts';

/** `dpa-1998` until 24 May 2018, `gdpr` until the end of 2020, `uk-gdpr` since. */
export type Era = 'dpa-1998' | 'gdpr' | 'uk-gdpr';

/** The era of a day, `YYYY-MM-DD`. A notice with no date is read under the law of today. */
export function eraOf(day: string | null): Era {
  if (day === null) return 'uk-gdpr';
  if (day < '2018-05-25') return 'dpa-1998';
  return day < '2021-01-01' ? 'gdpr' : 'uk-gdpr';
}

/** `UK GDPR Art 13(2)(a)`, or `GDPR Art ...` before 2021. Not for the days of the 1998 Act. */
export function article(era: Exclude<Era, 'dpa-1998'>, provisions: string): string {
  return `${era === 'gdpr' ? 'GDPR' : 'UK GDPR'} Art ${provisions}`;
}

/**
 * The transparency guidelines WP260 rev.01, of April 2018. For an earlier notice they are a measure by analogy,
 * which is this program's own choice; since 2021 they do not bind in the UK, and are read as persuasive.
 */
export function transparencyGuidelines(era: Era, part: string): Cited {
  if (era === 'dpa-1998') return { label: 'policy', source: `WP260 ${part} by analogy (of 2018)` };
  return { label: 'guidance', source: era === 'gdpr' ? `WP260 ${part}` : `WP260 ${part} (persuasive)` };
}
