/** A file as it stands: that it is one, and whether it has changed since. */
import { statSync } from 'node:fs';
import { IngestError } from './ingest-error.ts';

/** Two states of one file are equal texts if nothing was written between them. */
export type FileState = string;

/** Throws `file-missing`, or `not-a-file` for a folder, a pipe or a device: reading those may never end. */
export function fileState(path: string): FileState {
  const found = stat(path);
  if (!found.isFile()) {
    const what = found.isDirectory() ? 'a folder' : found.isFIFO() ? 'a pipe' : 'a device or a socket';
    throw new IngestError(
      'not-a-file',
      path,
      `this is ${what}, and a regular file is read here; check the path in the document`,
      null,
    );
  }
  return `${found.ino} ${found.size} ${found.mtimeNs}`;
}

function stat(path: string) {
  try {
    return statSync(path, { bigint: true });
  } catch (cause) {
    throw new IngestError(
      'file-missing',
      path,
      'there is no such file, or it may not be read; check the path in the document',
      null,
      cause,
    );
  }
}

/** Throws `file-changed` where the file is no longer as it was when it was first looked at. */
export function requireUnchanged(path: string, before: FileState): void {
  if (fileState(path) !== before)
    throw new IngestError(
      'file-changed',
      path,
      'the file changed while it was read; run it again when nobody is writing to it',
      null,
    );
}
