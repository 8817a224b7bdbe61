/** What ingest keeps of a source and of a list: see "Snapshot" in `docs/formats.md`. */

export type FileDigest = { readonly path: string; readonly digest: string; readonly bytes: number };

export type Snapshot = {
  /** Absolute, of the records: holds `records.parquet`, the matches of lists, and `snapshot.json`. */
  readonly dir: string;
  /** Of the records and what they were made of. */
  readonly digest: string;
  /** Absolute: holds `later.parquet`, `stops.parquet`, `permissions.parquet`, and a `snapshot.json` of its own. */
  readonly eventsDir: string;
  /** Of the records and the events: of all that a decision reads, lists aside. */
  readonly whole: string;
  readonly records: number;
  /** Rows that could not be read: in `rejects.csv`, never in the records. */
  readonly rejected: number;
  readonly rejectsFile: string | null;
  /** Rows of the source with fewer cells than its header names: the last ones were taken as empty. */
  readonly shortRows: number;
  readonly events: number;
  /** As `shortRows`, of the preference events. */
  readonly shortEvents: number;
  /** Events that reach no record of the source. */
  readonly eventsUnmatched: number;
  /** `event,record,cause` of them, and of the stops that name a row put aside; null where there is none. */
  readonly eventsUnmatchedFile: string | null;
  /** False where a row of the preference events cannot be read, or nobody knows whom a stop reaches (C4, C9). */
  readonly preferencesReadable: boolean;
  /** What cannot be read; null where everything can. */
  readonly preferencesCause: string | null;
  /** `line,cause` of the rows of the preference events that cannot be read; null where there is none. */
  readonly preferencesRejectsFile: string | null;
  /** Columns of the preference events that nobody reads. */
  readonly preferencesUnknownColumns: readonly string[];
  /** Postcodes that the areas file gives to different areas: their area is unknown. Mostly 0 where no record has one. */
  readonly areasConflicting: number;
  readonly files: readonly FileDigest[];
  /** The columns of `records.parquet`, `row` left out. */
  readonly columns: readonly string[];
  /** True where nothing had changed and nothing was read again but for the digests. */
  readonly reused: boolean;
  /** Folders that runs on another machine have open, or left behind. */
  readonly leftovers: readonly string[];
};

export type ListSnapshot = {
  /** Absolute, of a Parquet file beside the records: `row`, and `match` (exact, near, unmatchable), each row once. */
  readonly path: string;
  readonly digest: string;
  readonly entries: number;
  /** False where anything in the file cannot be read: the whole request is refused (C5). */
  readonly readable: boolean;
  readonly cause: string | null;
  readonly file: FileDigest | null;
  readonly reused: boolean;
};

/** A stage of the work, and how much of it is done; `total` null where nobody knows. */
export type IngestProgress = (stage: string, done: number, total: number | null) => void;

/** Part of every digest: a change of what ingest makes of a file makes every snapshot anew. */
export const ingestVersion = 11;
