/** Sets of numbered things as bits of words of sixty, so that no engine takes one for a sign. */
export const perWord = 60;
/** Two bits each for the matches of a list. */
export const listsPerWord = perWord / 2;

/** The numbers of the words that so many things need. */
export const wordsFor = (things: number, each: number): readonly number[] =>
  Array.from({ length: Math.ceil(things / each) }, (_, word) => word);

/** Where the matches with the j-th list stand: a value of two bits, 1 near, 2 exact, 3 cannot be screened. */
export type ListPlace = { readonly word: number; readonly value: (match: 1n | 2n | 3n) => bigint };
export const listPlace = (list: number): ListPlace => ({
  word: Math.floor(list / listsPerWord),
  value: (match) => match << BigInt(2 * (list % listsPerWord)),
});
