/** What ingest keeps of a source and of a list: see "Snapshot" in `docs/formats.md`. */

export type FileDigest = { readonly path: string; readonly digest: string; readonly bytes: number };

export type Snapshot = {
  /** Absolute; holds `records.parquet`, `later.parquet`, `stops.parquet`, `permissions.parquet`, `snapshot.json`. */
  readonly dir: string;
  readonly digest: string;
  readonly records: number;
  /** Rows that could not be read: in `rejects.csv`, never in the records. */
  readonly rejected: number;
  readonly rejectsFile: string | null;
  readonly events: number;
  /** Events that reach no record of the source. */
  readonly eventsUnmatched: number;
  /** False where a row of the preference events cannot be read, or a stop names nobody (C4, C9). */
  readonly preferencesReadable: boolean;
  /** Postcodes that the areas file gives to different areas: their area is unknown. */
  readonly areasConflicting: number;
  readonly files: readonly FileDigest[];
  /** The columns of `records.parquet`, `row` left out. */
  readonly columns: readonly string[];
  /** True where nothing had changed and nothing was read again but for the digests. */
  readonly reused: boolean;
};

export type ListSnapshot = {
  /** Absolute, of a Parquet file: `level`, `key`, `pre`. */
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
export const ingestVersion = 1;
