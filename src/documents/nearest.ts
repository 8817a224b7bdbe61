import { closestMatch } from 'leven';

/** The candidate most likely meant by a mistyped word, or null where none is near. */
export function nearest(found: string, candidates: Iterable<string>): string | null {
  return nearestWithin(found, candidates, 4);
}

/** The same, at most so many letters away: for words that are often near each other and rightly so. */
export function nearestWithin(found: string, candidates: Iterable<string>, most: number): string | null {
  const all = [...candidates];
  const folded = found.trim().toLowerCase();
  if (folded === '') return null;
  const exact = all.find((c) => c.toLowerCase() === folded);
  if (exact !== undefined) return exact;
  const local = all.find((c) => afterPrefix(c).toLowerCase() === afterPrefix(folded));
  if (local !== undefined) return local;
  const byFolded = new Map(all.map((c) => [c.toLowerCase(), c]));
  // A swap of two letters counts two.
  const maxDistance = folded.length < 3 ? 1 : Math.min(most, Math.max(2, Math.floor(folded.length / 4)));
  const close = closestMatch(folded, [...byFolded.keys()], { maxDistance });
  return close === undefined ? null : (byFolded.get(close) ?? null);
}

function afterPrefix(term: string): string {
  return term.slice(term.indexOf(':') + 1);
}
