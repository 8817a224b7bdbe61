/** Screening by brute force: every entry of a list against every record, by the level of the list (C5). */
import type { SuppressionList } from '../../src/policy/model.ts';
import { type Contacts, cell, folded } from './contacts.ts';
import type { Cells } from './world.ts';

export type Match = { readonly list: string; readonly match: 'exact' | 'near' | 'unmatchable' };

/** The entries of a list, folded. */
export const entriesOf = (list: SuppressionList, rows: readonly Cells[]): readonly Entry[] =>
  rows.map((row) => entryOf(list, row));

/** The match of one person with a list: exact if any entry is, else near if any is, else whether any could have been. */
export function matchOf(
  list: SuppressionList,
  entries: readonly Entry[],
  person: Person,
  record: string,
): readonly Match[] {
  const found = entries.map((entry) => matchEntry(list, entry, person, record));
  if (found.includes('exact')) return [{ list: list.id, match: 'exact' }];
  if (found.includes('near')) return [{ list: list.id, match: 'near' }];
  return matchable(list, person) ? [] : [{ list: list.id, match: 'unmatchable' }];
}

/** Whether an entry could be found for this person: a list of people or homes needs a name or an address at a postcode. */
function matchable({ kind, level }: SuppressionList, { surname, address, postcode }: Person): boolean {
  switch (level) {
    case 'record':
    case 'email':
    case 'number':
      return true;
    case 'address':
      return postcode !== null && address !== null;
    case 'person':
      return postcode !== null && surname !== null;
    case 'surname-at-address':
      return postcode !== null && (surname !== null || (kind === 'baby-mps' && address !== null));
  }
}

type Person = ReturnType<typeof folded>;
export type Entry = Person & { readonly record: string | null };

function entryOf({ columns }: SuppressionList, row: Cells): Entry {
  const of = (column: keyof SuppressionList['columns']): string | null => cell(row, columns[column] ?? null);
  const contacts: Contacts = {
    forename: of('forename'),
    surname: of('surname'),
    address: of('addressLine'),
    postcode: of('postcode'),
    email: of('email'),
    phone: of('phone'),
    born: null,
  };
  return { ...folded(contacts), record: of('record') };
}

const same = (...pairs: readonly (readonly [string | null, string | null])[]): boolean =>
  pairs.every(([a, b]) => a !== null && a === b);

function matchEntry(
  list: SuppressionList,
  entry: Entry,
  person: Person,
  record: string,
): 'exact' | 'near' | null {
  const near = same(
    [entry.postcode, person.postcode],
    [entry.surname?.slice(0, 3) ?? null, person.surname?.slice(0, 3) ?? null],
  )
    ? 'near'
    : null;
  const named = same([entry.surname, person.surname], [entry.postcode, person.postcode]);
  const housed = same([entry.address, person.address], [entry.postcode, person.postcode]);
  switch (list.level) {
    case 'record':
      return entry.record === record ? 'exact' : null;
    case 'email':
      return same([entry.email, person.email]) ? 'exact' : null;
    case 'number':
      return same([entry.phone, person.phone]) ? 'exact' : null;
    case 'address':
      return housed ? 'exact' : null;
    case 'person':
      return named && (list.columns.forename === undefined || same([entry.forename, person.forename]))
        ? 'exact'
        : near;
    case 'surname-at-address':
      return (list.kind === 'baby-mps' ? housed || named : housed && named) ? 'exact' : near;
  }
}
