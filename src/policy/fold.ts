/**
 * Contact details folded to what is compared (C4, C5). The same folding in SQL is in the engine's file, and a
 * test holds the two together; both only use what JavaScript and SQL engines do alike.
 */

/** Lower case, accents stripped, and spaces, hyphens, apostrophes, full stops and commas removed. */
export function foldName(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[̀-ͯ]/g, '')
    .toLowerCase()
    .replace(/[\s\-'’‘.,]/g, '');
}

/** Upper case with all white space removed: `SW1A1AA`. */
export function foldPostcode(text: string): string {
  return text.toUpperCase().replace(/\s/g, '');
}

/** Trimmed and lower case. */
export function foldEmail(text: string): string {
  return text.trim().toLowerCase();
}

/** Digits only, a leading 44 or 0044 as 0: `07700900123`. */
export function foldPhone(text: string): string {
  return text.replace(/[^0-9]/g, '').replace(/^(00)?440?(?=[1-9])/, '0');
}
