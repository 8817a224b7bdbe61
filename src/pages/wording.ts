/** The answer itself, and what must be known beside it, said alike at the terminal and on the page. */
import type { Outcome } from '../app/gate/outcome.ts';
import { counted, number } from '../policy/figures.ts';

/** The answer in one line. It never says more than that nothing in the rules refuses (D2). */
export function answer(outcome: Pick<Outcome, 'released' | 'evaluated'>): string {
  const of = `${number(outcome.released)} of ${number(outcome.evaluated)}`;
  if (outcome.released === 0) return `Nothing may go: ${of}`;
  return `${of} may go: nothing in these rules refuses them`;
}

/** What a mark says of all that carries it; null for a check of now. */
export function markSentence(mark: Outcome['mark']): string | null {
  switch (mark) {
    case 'reconstruction':
      return 'reconstruction: made afterwards, under a fixed clock';
    case 'as-of':
      return 'a check of the past: it can never release';
    case null:
      return null;
  }
}

/** How the notices are known (A6), best first, without the kinds that no record has. */
export function knownParts(outcome: Pick<Outcome, 'known'>): readonly string[] {
  const { recorded, derived, reconstructed, unknown } = outcome.known;
  const parts: readonly (readonly [number, string])[] = [
    [recorded, 'recorded'],
    [derived, 'derived from date and channel'],
    [reconstructed, 'reconstructed and signed off'],
    [unknown, 'unknown'],
  ];
  return parts.filter(([n]) => n > 0).map(([n, how]) => `${number(n)} ${how}`);
}

/** What else a reader must know before trusting the counts: rows not read, events not matched, the post not keyed. */
export function cautions(outcome: Outcome): readonly string[] {
  const { rejected, rejectsFile, eventsUnmatched, eventsUnmatchedFile, postKeyedTo, events } = outcome.source;
  const { shortRows, shortEvents, preferencesCause } = outcome.source;
  const said: string[] = outcome.lists
    .filter(({ cause }) => cause !== null)
    .map(({ list, cause }) => `list ${list} cannot be read, and is not screened against: ${cause}`);
  if (preferencesCause !== null)
    said.push(`the preference events cannot be read in full, which refuses everyone: ${preferencesCause}`);
  if (rejected > 0) {
    const where = rejectsFile === null ? '' : `: ${rejectsFile}`;
    said.push(
      `${counted(rejected, 'row')} could not be read, ${rejected === 1 ? 'is' : 'are'} not among the records and can never go${where}`,
    );
  }
  if (shortRows > 0)
    said.push(`${counted(shortRows, 'row')} of the source with cells missing at the end: read as empty`);
  if (shortEvents > 0)
    said.push(`${counted(shortEvents, 'preference event')} with cells missing at the end: read as empty`);
  if (eventsUnmatched > 0) {
    const where = eventsUnmatchedFile === null ? '' : `: ${eventsUnmatchedFile}`;
    said.push(
      `${counted(eventsUnmatched, 'preference event')} match${eventsUnmatched === 1 ? 'es' : ''} no record${where}`,
    );
  }
  if (events > 0 && postKeyedTo === null) said.push('nobody states up to which day the post has been keyed');
  return [...said, ...outcome.warnings];
}
