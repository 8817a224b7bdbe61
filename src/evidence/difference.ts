/** What an audit finds to differ. A kind each; of a kind that many rows have, the first row and how many. */
export type DifferenceCode =
  | 'file-missing'
  | 'file-unexpected'
  /** Its bytes are not those that were committed to. */
  | 'file-altered'
  /** Not in its format, or not in the one form that canonical JSON gives it. */
  | 'file-malformed'
  /** Made by another version, in a format that this one does not read. */
  | 'format-other'
  /** Two files of the folder state different things. */
  | 'statements-differ'
  | 'documents-differ'
  /** The documents cannot be judged. */
  | 'judgement-fails'
  | 'histories-differ'
  | 'verdicts-differ'
  | 'rows-unreadable'
  /** The predicates of a row give other reasons than are stated. */
  | 'row-decided-otherwise'
  /** A row released without a leaf in the roster, or refused with one. */
  | 'row-misplaced'
  | 'row-uncommitted'
  /** Rows that share one commitment to raw values: a sample of one would be opened with the values of another. */
  | 'commitment-repeated'
  /** A pseudonym stands twice in one of the files. */
  | 'row-repeated'
  | 'counts-differ'
  | 'roster-differs'
  | 'package-differs'
  /** The list has other columns or rows than the manifest says, or is none. */
  | 'list-differs'
  /** The log's entry is of another release or manifest. */
  | 'log-other'
  /** The entry, its proof or the checkpoint does not hold. */
  | 'log-wrong'
  /** The ingest was logged otherwise than the manifest says, or not before the release. */
  | 'ingest-differs'
  | 'log-key-missing'
  | 'published-log-differs';

/** `where` is a file of the folder; `message` says what was found and what was expected. */
export type Difference = { readonly code: DifferenceCode; readonly where: string; readonly message: string };

/** A list of differences that grows. */
export type Differing = {
  readonly found: readonly Difference[];
  add(code: DifferenceCode, where: string, message: string): void;
  /** Whether nothing was added while `work` ran. */
  clean(work: () => Promise<void> | void): Promise<boolean>;
};

export function differing(): Differing {
  const found: Difference[] = [];
  return {
    found,
    add: (code, where, message) => void found.push({ code, where, message }),
    clean: async (work) => {
      const before = found.length;
      await work();
      return found.length === before;
    },
  };
}
