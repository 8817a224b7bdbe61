/** Columns that should be there, and columns that should not. A cell of a person is never shown as a column's name. */
import { nearestWithin } from '../../documents/nearest.ts';
import { IngestError } from './ingest-error.ts';

type Named = { readonly columns: readonly string[] };

/** Refuses where a column that a document names is not in the file: with what is near, never with the whole line. */
export function requireColumns({ columns }: Named, path: string, wanted: readonly string[]): void {
  const missing = [...new Set(wanted)].filter((name) => !columns.includes(name));
  if (missing.length === 0) return;
  const header = looksLikeHeader(columns);
  const lacks = missing.map((name) => {
    const near = header ? nearestWithin(name, columns, 2) : null;
    return near === null ? `"${name}"` : `"${name}" (did you mean "${near}"?)`;
  });
  const seen = header
    ? `none of its ${columns.length} columns is named that; compare the mapping in the document with the first line`
    : `its first line looks like data, not like the names of ${columns.length} columns; put the header back`;
  throw new IngestError('column-missing', path, `no column ${lacks.join(', ')}: ${seen}`, {
    line: 1,
    column: null,
  });
}

/**
 * The columns that nobody reads. One that is likely meant for a known one refuses: its cells would be lost, and an
 * empty part of a scope means all.
 */
export function unreadColumns({ columns }: Named, path: string, known: readonly string[]): readonly string[] {
  const unread = columns.filter((name) => !known.includes(name));
  const absent = known.filter((name) => !columns.includes(name));
  for (const name of unread) {
    const plain = name.toLowerCase().replace(/[_ ]+/g, '-');
    const meant = known.includes(plain) ? plain : nearestWithin(plain, absent, 2);
    if (meant !== null)
      throw new IngestError(
        'column-unknown',
        path,
        `a column "${name.slice(0, 40)}" is not known here: did you mean "${meant}"? Rename it; if it is something else, give it a name less alike`,
        { line: 1, column: null },
      );
  }
  return unread;
}

/** False where a name is more likely the cell of a person: a number, a date, an address, or a very long text. */
export function looksLikeHeader(columns: readonly string[]): boolean {
  return columns.every(
    (name) =>
      name.length <= 64 &&
      !/^[\d+(-]/.test(name) &&
      !name.includes('@') &&
      !/^[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}$/i.test(name),
  );
}
