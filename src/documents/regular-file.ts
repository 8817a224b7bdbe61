/** Reading a file that people name: a pipe or a device in its place would be waited for, or read, without end. */
import { open, stat } from 'node:fs/promises';

/** The path names something, and it is no regular file. */
export class NotAFileError extends Error {
  readonly code = 'not-a-file';
  constructor(what: string) {
    super(`it is ${what}, not a regular file`);
    this.name = 'NotAFileError';
  }
}

/** The bytes of a regular file. Throws NotAFileError, and what the system says. */
export async function readRegular(path: string): Promise<Buffer> {
  const found = await stat(path);
  if (!found.isFile())
    throw new NotAFileError(
      found.isDirectory() ? 'a folder' : found.isFIFO() ? 'a pipe' : 'a device or a socket',
    );
  const handle = await open(path, 'r');
  try {
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not open it',
  EPERM: 'this user may not open it',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is a file, not a folder',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
  EEXIST: 'something else is there',
  EROFS: 'the disk can only be read',
  ENOENT: 'it is not there',
};

/** Why a path cannot be used, in words that name no place; null where the fault is not the path's. */
export function pathTrouble(error: unknown): string | null {
  if (error instanceof NotAFileError) return error.message;
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) return null;
  return reasons[error.code] ?? null;
}
