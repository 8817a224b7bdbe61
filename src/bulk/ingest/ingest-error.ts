/** Why a file could not be ingested at all. One row that cannot be read is no error: it goes to the rejects. */
export type IngestCode =
  | 'file-missing'
  | 'not-a-file'
  | 'E_ENCODING'
  | 'E_DIALECT'
  | 'E_HEADERS'
  | 'E_CSV_PARSE'
  | 'E_PARQUET'
  | 'column-missing'
  | 'column-unknown'
  | 'date-format'
  | 'duplicate-record-id'
  | 'file-changed';

export class IngestError extends Error {
  readonly code: IngestCode;
  readonly file: string;
  /** Physical line of the file, from 1; null where the fault is the whole file's. */
  readonly line: number | null;
  /** Bytes into that line, from 1. */
  readonly column: number | null;

  constructor(
    code: IngestCode,
    file: string,
    message: string,
    at: { readonly line: number; readonly column: number | null } | null,
    cause?: unknown,
  ) {
    const place = at === null ? file : `${file}:${at.line}${at.column === null ? '' : `:${at.column}`}`;
    super(`${place}: ${message}`, cause === undefined ? undefined : { cause });
    this.name = 'IngestError';
    this.code = code;
    this.file = file;
    this.line = at?.line ?? null;
    this.column = at?.column ?? null;
  }
}
