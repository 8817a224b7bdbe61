/**
 * A zip from outside, taken apart into a folder aside. Nothing in it is trusted: neither names nor sizes nor that its
 * bytes are those it promises.
 */
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { SupplyError, type SupplyErrorCode } from './supply-error.ts';

export type ZipLimits = {
  /** Bytes one member may hold, by name; another name is refused. */
  readonly members: ReadonlyMap<string, number>;
  /** How many times larger than in the zip a member may be. */
  readonly ratio: number;
};

/** A member this small is no bomb, however well it was compressed. */
const smallest = 1 << 20;

/**
 * Writes every member into `dir` under its name. All of those named by the limits must be there, once, and no other.
 * Throws SupplyError; what was written before is for the caller to remove.
 */
export async function readZip(path: string, dir: string, limits: ZipLimits): Promise<void> {
  const zip = await opened(path);
  try {
    const entries = await entriesOf(zip, limits);
    for (const [name, entry] of entries) await extract(zip, entry, join(dir, name), name);
  } finally {
    zip.close();
  }
}

async function opened(path: string): Promise<ZipFile> {
  try {
    // Names come as bytes, and are judged here.
    return await openPromise(path, { autoClose: false, lazyEntries: true, decodeStrings: false });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') throw cause;
    throw refused('supply-unreadable', 'it is no zip file that can be read, or not all of it', cause);
  }
}

async function entriesOf(zip: ZipFile, limits: ZipLimits): Promise<ReadonlyMap<string, Entry>> {
  // Before any is read: a list of a million members takes long enough.
  if (zip.entryCount > limits.members.size)
    throw refused(
      'too-many-members',
      `it has ${zip.entryCount} members, and a supply has ${limits.members.size}`,
    );
  const found = new Map<string, Entry>();
  try {
    for await (const entry of zip.eachEntry()) {
      const name = nameOf(entry);
      if (found.has(name)) throw refused('member-duplicate', `it has the member ${name} twice`);
      judge(entry, name, limits);
      found.set(name, entry);
    }
  } catch (cause) {
    if (cause instanceof SupplyError) throw cause;
    throw refused('supply-unreadable', 'its list of members cannot be read', cause);
  }
  const missing = [...limits.members.keys()].find((name) => !found.has(name));
  if (missing !== undefined) throw refused('member-missing', `it has no ${missing}`);
  return found;
}

/** A name is what its bytes say; other names that a field beside it may give are not looked at. */
function nameOf(entry: Entry): string {
  const raw: unknown = entry.fileName;
  if (!Buffer.isBuffer(raw)) throw refused('supply-unreadable', 'a name in it cannot be read');
  return raw.toString('latin1');
}

function judge(entry: Entry, name: string, { members, ratio }: ZipLimits): void {
  const parts = name.split(/[\\/]/);
  if (/^[\\/]|^[A-Za-z]:/.test(name)) throw refused('path-absolute', 'a member has an absolute path');
  if (parts.includes('..')) throw refused('path-climbs', 'the path of a member climbs out of its folder');
  const kind = (entry.externalFileAttributes >>> 16) & 0o170000;
  // Made on Unix the high half is the file's mode; anything but a plain file is refused, whoever made it.
  if (kind !== 0 && kind !== 0o100000) throw refused('link-refused', 'a member is a link, or no plain file');
  const most = members.get(name);
  if (most === undefined) throw refused('member-unknown', 'it has a member that no supply has');
  if (entry.isEncrypted())
    throw refused('member-encrypted', `its member ${name} is encrypted by the zip itself`);
  if (entry.uncompressedSize > most)
    throw refused(
      'member-too-large',
      `its member ${name} has ${entry.uncompressedSize} bytes, and at most ${most} are read`,
    );
  if (entry.uncompressedSize > smallest && entry.uncompressedSize > entry.compressedSize * ratio)
    throw refused('zip-bomb', `its member ${name} is more than ${ratio} times larger than in the zip`);
}

async function extract(zip: ZipFile, entry: Entry, path: string, name: string): Promise<void> {
  let seen = 0;
  async function* checked(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      seen = crc32(chunk, seen);
      yield chunk;
    }
  }
  try {
    // The size promised is held to by the reader: a stream that is longer or shorter ends in an error.
    const stream = await zip.openReadStreamPromise(entry);
    await pipeline(stream, checked, createWriteStream(path, { mode: 0o600, flags: 'wx' }));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && ['ENOSPC', 'EACCES', 'EIO'].includes(String(cause.code)))
      throw cause;
    throw refused('supply-unreadable', `its member ${name} cannot be unpacked`, cause);
  }
  if (seen !== entry.crc32)
    throw refused('crc-wrong', `the bytes of its member ${name} are not those that were packed`);
}

const refused = (code: SupplyErrorCode, what: string, cause?: unknown): SupplyError =>
  new SupplyError(code, `the supply is refused: ${what}`, { cause });
