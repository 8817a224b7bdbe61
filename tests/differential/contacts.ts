/** How to reach someone, by a record or an event; folded as matching compares it. */
import { foldEmail, foldName, foldPhone, foldPostcode } from '../../src/policy/fold.ts';

/** A trimmed cell; empty is null. */
export function cell(
  row: Readonly<Record<string, string | undefined>>,
  column: string | null,
): string | null {
  const text = column === null ? '' : (row[column] ?? '').trim();
  return text === '' ? null : text;
}

/** What a record or an event says of how to reach someone. */
export type Contacts = {
  readonly forename: string | null;
  readonly surname: string | null;
  readonly address: string | null;
  readonly postcode: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly born: string | null;
};

/** Folded; nothing left is nothing. */
export function folded(contacts: Contacts): { readonly [K in keyof Contacts]: string | null } {
  const by = (fold: (text: string) => string, text: string | null): string | null =>
    text === null ? null : fold(text) || null;
  return {
    forename: by(foldName, contacts.forename),
    surname: by(foldName, contacts.surname),
    address: by(foldName, contacts.address),
    postcode: by(foldPostcode, contacts.postcode),
    email: by(foldEmail, contacts.email),
    phone: by(foldPhone, contacts.phone),
    born: contacts.born,
  };
}
