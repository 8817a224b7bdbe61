/**
 * Contact details folded to what is compared (C4, C5). The same folding in SQL is in the engine's file, and a
 * test holds the two together over every character; both keep to what JavaScript and SQL engines do alike: letters
 * change case one by one, not by their neighbours, and never into several.
 */

/** Lower case, accents stripped, and spaces, hyphens, apostrophes, full stops and commas removed. */
export function foldName(text: string): string {
  const bare = text.normalize('NFD').replace(/\p{M}/gu, '').normalize('NFC');
  return lower(bare).replace(/[\s\-'’‘.,]/g, '');
}

/** Upper case (A to Z only) with all white space removed: `SW1A1AA`. Its twin in SQL writes `SW1A 1AA`: hold neither against the other. */
export function foldPostcode(text: string): string {
  return text.replace(/\s/g, '').replace(/[a-z]/g, (letter) => letter.toUpperCase());
}

/** Trimmed and lower case. */
export function foldEmail(text: string): string {
  return lower(text.trim());
}

/** Digits only, a leading 44 or 0044 as 0: `07700900123`. */
export function foldPhone(text: string): string {
  return text.replace(/[^0-9]/g, '').replace(/^(00)?440?(?=[1-9])/, '0');
}

/** The first three letters of a folded surname, for the near key (C4, C5). */
export function firstThree(folded: string): string {
  return Array.from(folded).slice(0, 3).join('');
}

function lower(text: string): string {
  return Array.from(text, (letter) => {
    const small = letter.toLowerCase();
    // A dotted capital I is the one letter whose small form JavaScript writes with two.
    return letter === '\u0130' ? 'i' : Array.from(small).length === 1 ? small : letter;
  }).join('');
}
