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
  const known = patterns.get(phrase);
  const pattern = known === undefined ? patternOf(phrase) : known;
  if (known === undefined) patterns.set(phrase, pattern);
  return pattern?.test(plain(text).toLowerCase()) ?? false;
}

/** Made once for each phrase: the phrases of a rule pack are looked for over and over. */
const patterns = new Map<string, RegExp | null>();

function patternOf(phrase: string): RegExp | null {
  const words = plain(phrase).toLowerCase();
  if (words === '') return null;
  const escaped = words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'u');
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
