/** The counts of a release: by reason, and by how well the notice is known. They stay with the evidence (D3). */

import type { Known } from '../policy/judgement.ts';
import { bitsOf, reasons } from '../policy/reasons.ts';

/** The records that share a set of reasons and a knownness. */
export type DecidedCount = { readonly bits: bigint; readonly known: Known; readonly records: number };
export type Counts = {
  readonly evaluated: number;
  readonly released: number;
  /** `alone`: refused by this reason and no other. */
  readonly reasons: readonly { readonly code: string; readonly records: number; readonly alone: number }[];
  readonly known: Readonly<Record<Known, number>>;
};

export function countsOf(decided: readonly DecidedCount[]): Counts {
  const sum = (counted: readonly DecidedCount[]): number => counted.reduce((n, c) => n + c.records, 0);
  const known: Record<Known, number> = { recorded: 0, derived: 0, reconstructed: 0, unknown: 0 };
  for (const each of decided) known[each.known] += each.records;
  return {
    evaluated: sum(decided),
    released: sum(decided.filter(({ bits }) => bits === 0n)),
    reasons: reasons.flatMap(({ code }) => {
      const bit = bitsOf([code]);
      const records = sum(decided.filter(({ bits }) => (bits & bit) !== 0n));
      const alone = sum(decided.filter(({ bits }) => bits === bit));
      return records === 0 ? [] : [{ code, records, alone }];
    }),
    known,
  };
}
