/** What deciding again found of the rows (E2), as differences: of each kind how many, and the first by pseudonym. */
import type { Replayed, RowDifference } from '../../bulk/replay.ts';
import type { Differing } from '../../evidence/difference.ts';
import { counted, number } from '../../policy/figures.ts';
import { reasonsIn } from '../../policy/reasons.ts';

export function compareRows(again: Replayed, found: Differing): void {
  const { first } = again;
  if (first !== null)
    found.add(
      'row-decided-otherwise',
      'decisions.parquet',
      `${number(again.differing)} of ${counted(again.rows, 'row')}; first ${rowSaid(first)}`,
    );
  if (again.misplaced > 0)
    found.add(
      'row-misplaced',
      'predicates.parquet',
      `${counted(again.misplaced, 'row')} released without a leaf, or refused with one; first ${again.firstMisplaced}`,
    );
  if (again.uncommitted > 0)
    found.add(
      'row-uncommitted',
      'predicates.parquet',
      `${counted(again.uncommitted, 'row')} without a commitment to the raw values`,
    );
  if (again.alike > 0)
    found.add(
      'commitment-repeated',
      'predicates.parquet',
      `${counted(again.alike, 'row')} with a commitment that another row has too: under a salt of its own no two are alike`,
    );
  for (const [file, of] of Object.entries(again.repeated ?? {}))
    if (of.rows !== of.pseudonyms)
      found.add(
        'row-repeated',
        `${file}.parquet`,
        `it has ${counted(of.rows, 'row')} under ${counted(of.pseudonyms, 'pseudonym')}: each record has one decision, under a pseudonym of its own`,
      );
}

function rowSaid({ pseudonym, stated, decided, statedKnown, decidedKnown }: RowDifference): string {
  if (stated === null) return `${pseudonym}: it has predicates, and no decision is stated`;
  if (decided === null) return `${pseudonym}: a decision is stated, and it has no predicates`;
  const words = (bits: bigint, known: string | null): string =>
    `${
      reasonsIn(bits)
        .map((reason) => reason.code)
        .join(' ') || 'released'
    } (${known ?? 'unknown'})`;
  return `${pseudonym}: stated ${words(stated, statedKnown)}, decided ${words(decided, decidedKnown)}`;
}
