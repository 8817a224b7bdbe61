/**
 * Reading a file that people name, or that came from outside: a pipe or a device in its place would be waited for, or
 * read, without end.
 */
import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, stat } from 'node:fs/promises';

/** What is there cannot be taken: it is no regular file, or larger than any that is meant. `message` names no place. */
export class FileError extends Error {
  readonly code: 'not-a-file' | 'file-too-large';
  readonly path: string;
  constructor(code: FileError['code'], path: string, message: string) {
    super(message);
    this.name = 'FileError';
    this.code = code;
    this.path = path;
  }
}

const links = 'followed';
const noLinks = 'refused';
type Links = typeof links | typeof noLinks;

/** Requires of what a person named that it is a regular file, or leads to one. Throws FileError, and what the system says. */
export async function requireRegular(path: string): Promise<void> {
  requireFile(path, await stat(path));
}

/** The bytes of a regular file that a person named. Throws FileError, and what the system says. */
export async function readRegular(path: string): Promise<Buffer> {
  const handle = await openRegular(path, links);
  try {
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/**
 * The bytes of a file of a folder that came from outside, where nothing is a link: at most `most`. Throws FileError, and
 * what the system says.
 */
export async function readOutside(path: string, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of outsideChunks(path)) {
    bytes += chunk.length;
    // What is read is counted: a size that is stated is only a word.
    if (bytes > most) throw new FileError('file-too-large', path, `it has more than ${most} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The same, however large, part by part. */
export async function* outsideChunks(path: string): AsyncGenerator<Buffer> {
  const handle = await openRegular(path, noLinks);
  try {
    const { size } = await handle.stat();
    const buffer = Buffer.allocUnsafe(Math.min(1 << 20, Math.max(1 << 12, size + 1)));
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) return;
      yield Buffer.from(buffer.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
}

async function openRegular(path: string, follow: Links): Promise<FileHandle> {
  requireFile(path, await (follow === links ? stat(path) : lstat(path)));
  // A pipe that took its place since is not waited for, and a link that did is not followed.
  const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = constants;
  const handle = await open(path, O_RDONLY | O_NONBLOCK | (follow === links ? 0 : O_NOFOLLOW));
  try {
    requireFile(path, await handle.stat());
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function requireFile(path: string, found: Stats): void {
  if (!found.isFile()) throw new FileError('not-a-file', path, `it is ${kindOf(found)}, not a regular file`);
}

function kindOf(found: Stats): string {
  if (found.isDirectory()) return 'a folder';
  if (found.isFIFO()) return 'a pipe';
  return found.isSymbolicLink() ? 'a link' : 'a device or a socket';
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
  ENOSPC: 'the disk is full',
};

/** Why a path cannot be used, in words that name no place; null where the fault is not the path's. */
export function pathTrouble(error: unknown): string | null {
  if (error instanceof FileError) return error.message;
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) return null;
  return reasons[error.code] ?? null;
}
