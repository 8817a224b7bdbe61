/** Comparing words as people read them: white space, case and typographic quotes and dashes do not matter. */

/** White space to single spaces, typographic quotes and dashes to plain ones. Case is kept. */
export function plain(text: string): string {
  return text
    .replace(/[‘’‚′]/g, "'")
    .replace(/[“”„″]/g, '"')
    .replace(/[‐-―−]/g, '-')
    .replace(/[\s ]+/g, ' ')
    .trim();
}

/** Whether a text holds a phrase as whole words, in any case. An empty phrase is in no text. */
export function contains(text: string, phrase: string): boolean {
  const words = plainPhrase(phrase);
  if (words === '') return false;
  const within = plain(text).toLowerCase();
  for (let at = within.indexOf(words); at >= 0; at = within.indexOf(words, at + 1)) {
    const end = at + words.length;
    // Two units of text hold the character beside, whichever it is.
    if (
      !/[\p{L}\p{N}]$/u.test(within.slice(Math.max(0, at - 2), at)) &&
      !/^[\p{L}\p{N}]/u.test(within.slice(end, end + 2))
    )
      return true;
  }
  return false;
}

/** Made once for each phrase: the phrases of a rule pack are looked for over and over. */
const phrases = new Map<string, string>();

function plainPhrase(phrase: string): string {
  const found = phrases.get(phrase) ?? plain(phrase).toLowerCase();
  phrases.set(phrase, found);
  return found;
}

/** Whether two names are of one person: letters and digits compared, in any case. */
export function samePerson(a: string, b: string): boolean {
  const fold = (name: string): string =>
    name
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]/gu, '');
  return fold(a) === fold(b);
}
