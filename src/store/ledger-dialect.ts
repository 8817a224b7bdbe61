/** What SQLite and Postgres say each in their own way; all other SQL of the ledger both understand. */

export type LedgerDialect = {
  /** A JSON array of what stands under these names in a content, an expression of bytes; `a.b` is `b` within `a`. */
  said(content: string, names: readonly string[]): string;
  /** A JSON array of expressions, to be compared with that. */
  array(expressions: readonly string[]): string;
  /** What stands in a column from now on, where what stood there is erased. */
  blankedBytes(column: string): string;
  blankedText(column: string): string;
};

/** As long as what stood there, so that it is overwritten where it stands: a row that moved would leave a copy. */
export const sqliteDialect: LedgerDialect = {
  said(content, names) {
    const found = `json_extract(CAST(${content} AS TEXT), ${names.map((name) => `'$.${name}'`).join(', ')})`;
    // Of one path it gives what stands there, of several an array.
    return names.length === 1 ? `json_array(${found})` : found;
  },
  array: (expressions) => `json_array(${expressions.join(', ')})`,
  blankedBytes: (column) => `zeroblob(length(${column}))`,
  blankedText: (column) => `CAST(zeroblob(length(CAST(${column} AS BLOB))) AS TEXT)`,
};

/** A row is never overwritten where it stands: how long what was there was need not be told. */
export const postgresDialect: LedgerDialect = {
  said(content, names) {
    const parts = names.map((name) => `content #> '{${name.replaceAll('.', ',')}}'`).join(', ');
    // `OFFSET 0`: parsed once for all that is asked of it.
    return `(SELECT jsonb_build_array(${parts}) FROM (SELECT convert_from(${content}, 'UTF8')::jsonb AS content OFFSET 0) parsed)`;
  },
  array: (expressions) => `jsonb_build_array(${expressions.join(', ')})`,
  blankedBytes: (column) => `CASE WHEN ${column} IS NULL THEN NULL ELSE ''::bytea END`,
  blankedText: (column) => `CASE WHEN ${column} IS NULL THEN NULL ELSE '' END`,
};
