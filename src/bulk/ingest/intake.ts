/**
 * The SQL that only reading and matching need, asked of the engine: expressions in, expressions out. Where a
 * method has a twin in TypeScript, both must say the same of every text; tests hold them together.
 */
export type CsvShape = {
  readonly path: string;
  readonly delimiter: string;
  /** Physical lines before the first record. */
  readonly skip: number;
  readonly columns: number;
  /** False for a file of which a record may span lines: it is read in one go. */
  readonly parallel: boolean;
};

export type Intake = {
  /** A table of the text columns `c0`, `c1`, ..., in the order of the file; an empty cell is null. Fails on any other width. */
  csv(shape: CsvShape): string;
  /** Whether the engine failed because a text is not CSV of the shape it was given; false of all else, memory too. */
  isCsvFault(error: Error): boolean;
  /** Every line of a text file as `c0`, empty ones as null; nothing is quoted. */
  lines(path: string): string;
  /** A Parquet file with its position from 1 as `line`. */
  numberedParquet(path: string): string;
  /** A table kept by the engine, with a number of each row of its own from 1 as `line`. */
  numberedTable(table: string): string;
  /** SQL that gives `name` and `type` of a Parquet file's columns. */
  describeParquet(path: string): string;
  /** A CSV table with `line`, the position from `first`. Slower: for what must name lines. */
  numbered(table: string, first: number): string;
  /**
   * Around SQL of nested selects of which each works on what the inner one made, and the outermost joins a small
   * table: keeps the engine from working it all out again for a filter, and from holding the wide side of the join.
   * Its rows come in any order.
   */
  readonly layered: { readonly begin: string; readonly end: string };
  /** Around SQL of which nobody asks in what order its rows come: faster, and lighter. Never around `numbered`. */
  readonly unordered: { readonly begin: string; readonly end: string };
  /** White space at both ends off, empty is null. `exotic` false where the file has no white space but the plain one. */
  trim(text: string, exotic: boolean): string;
  /** The twins of `policy/fold.ts`; empty is null. `exotic` false, which is cheaper, is of what was trimmed so. */
  foldName(text: string): string;
  /** Unlike its twin with a space before the last three, if there are as many. */
  foldPostcode(text: string, exotic: boolean): string;
  foldEmail(text: string, exotic: boolean): string;
  foldPhone(text: string): string;
  /** The first three letters of `foldName`, cheaper. */
  foldThree(text: string): string;
  /** A date written `YYYY-MM-DD`, exactly; anything else is null. */
  date(text: string): string;
  /** The same from a day to another, of a text and of what `readDate` gave of it: read once, it is cheaper. */
  dateRead(text: string, read: string, within: readonly [from: string, to: string]): string;
  /** What the engine makes of a text as a date, whether or not it is written as one. */
  readDate(text: string): string;
  integer(text: string): string;
  /** Whether a text is, whole, of a pattern of the plain sort: classes, groups, repeats. */
  matches(text: string, pattern: string): string;
  /** What the engine makes of a text as a time, an offset left out of account. */
  readTime(text: string): string;
  /**
   * Milliseconds of an instant written as "Times" in `docs/formats.md` says, of a text and of what `readTime` gave of it:
   * the earliest it can be; else null.
   */
  instantLow(text: string, read: string): string;
  instantHigh(text: string, read: string): string;
  /** What lies between the two, of a time that can be read. */
  instantWidth(text: string): string;
  /** The day, in Europe/London, of the latest instant a time can be, as text; `low` is its `instantLow`. */
  londonDay(text: string, low: string): string;
  /** The engine's fast hash of expressions, 64 bits; not null unless `parts` is one null expression. */
  hash(parts: readonly string[]): string;
  /** A hash that is null. */
  readonly noHash: string;
  /** A record of values, compared part by part. */
  struct(parts: Readonly<Record<string, string>>): string;
  /** Of each group the value that goes with the least key. */
  leastBy(value: string, key: string): string;
  /** Texts of a group joined by `|` in the order of `keys`. */
  joinOrdered(text: string, keys: readonly string[]): string;
  /** Any value as text. */
  text(value: string): string;
  /** One of a few words, which a file holds and gives back as text: cheaper to write than any text. */
  word<T extends string>(word: T, among: readonly T[]): string;
};
