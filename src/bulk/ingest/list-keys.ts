/** The entries of a suppression list while it is held against the records: hashes to meet by, texts to be sure by. */
import type { SuppressionList } from '../../policy/model.ts';
import type { Engine } from '../engine.ts';
import { foldPart, type HeldKey, heldKeys, keyHash, keyKinds, type Part } from './keys.ts';
import { type Entries, kindsOf, type MatchKind, plausiblePostcode } from './list-entries.ts';

/**
 * Temporary table: a column of each part that must be sure, as the list writes it; `key_<kind>`; `readable`, null of a
 * line that is no entry.
 */
export const entriesTable = 'ingest_entries';

type EntryPart = Part | 'record';

/** By which of the records' keys a kind of match is met; a record id is met as it is. */
export function metBy(kind: MatchKind): HeldKey | null {
  switch (kind) {
    case 'record':
      return null;
    case 'email':
    case 'phone':
    case 'birth':
    case 'near':
      return kind;
    case 'address':
      return 'postcode';
    case 'home':
    case 'surname':
    case 'person':
      return 'near';
  }
}

/** The parts that are compared as text once the hashes have met. */
export const sureParts = (kind: MatchKind): readonly EntryPart[] =>
  kind === 'record' ? ['record'] : kind === 'near' ? [] : keyKinds[kind];

export const kindsAsked = (list: SuppressionList): readonly MatchKind[] => {
  const { exact, near } = kindsOf(list);
  return near ? [...exact, 'near'] : exact;
};

/** The parts an entry must have to be matched on: for a person, what the near key needs; the forename may be absent. */
function neededParts(list: SuppressionList): readonly EntryPart[] {
  const { exact, near } = kindsOf(list);
  return near ? ['postcode', 'three'] : exact.flatMap((kind): readonly EntryPart[] => sureParts(kind));
}

/** `beside` names a column of the table to keep beside each entry. */
export function entriesSelect(
  engine: Engine,
  list: SuppressionList,
  entries: Entries,
  table: string,
  beside: string | null = null,
): string {
  const kinds = kindsAsked(list);
  const kept = [...new Set(kinds.flatMap(sureParts))];
  const met = [...new Set(kinds.flatMap((kind) => metBy(kind) ?? []))];
  const needed = neededParts(list);
  const also = beside === null ? '' : `${beside}, `;
  // Folding is dear: only what a hash is made of, or an entry cannot do without.
  const looked: readonly EntryPart[] = entries.postcodeShown ? ['postcode'] : [];
  const fold = [
    ...new Set([...needed, ...looked, ...met.flatMap((key): readonly EntryPart[] => heldKeys[key])]),
  ];
  // A part that no column holds is of no entry.
  const raw = [...new Set([...kept, ...fold])].map(
    (part) => `${entries.parts[part] ?? 'CAST(NULL AS VARCHAR)'} AS ${part}`,
  );
  const folded = fold.map(
    (part) => `${part === 'record' ? part : foldPart(engine, part, part, entries.exotic)} AS folded_${part}`,
  );
  const hashes = met.map((key) => `${keyHash(engine, key, (part) => `folded_${part}`)} AS key_${key}`);
  const shown = looked.map((part) => plausiblePostcode(engine, `folded_${part}`));
  const whole = ['formed', ...needed.map((part) => `folded_${part} IS NOT NULL`), ...shown].join(' AND ');
  const readable = `CASE WHEN there THEN coalesce(${whole}, FALSE) END`;
  return `SELECT ${also}${[...kept, ...hashes].join(', ')}${kept.length + hashes.length > 0 ? ', ' : ''}${readable} AS readable FROM
    (SELECT *, ${folded.join(', ')} FROM (SELECT ${also}${raw.join(', ')}, ${entries.wellFormed} AS formed, ${entries.there} AS there FROM ${table}))`;
}
