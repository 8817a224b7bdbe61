/** Reading `roster.txt`: every byte of it is checked, whatever is asked. */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { inclusionProof, rootOf } from '../log/merkle.ts';
import { bitsFor, bucketHash, bucketOf, lineBytes, type RosterCommitment } from './buckets.ts';
import { RosterError } from './roster-error.ts';
import type { RosterProof } from './roster-proof.ts';
import { hexDigits, isHex32 } from './token.ts';

type Buckets = { readonly rows: number; readonly bits: number; readonly hashes: readonly Buffer[] };

/** The commitment to a roster. Throws RosterError where a line of it is not as it must be. */
export async function commitRoster(path: string): Promise<RosterCommitment> {
  const { rows, bits, hashes } = await withFile(path, (file) => readBuckets(file, path, () => {}));
  return { root: rootOf(hashes).toString('hex'), rows, bits };
}

/**
 * The proof that a leaf is, or is not, among those of the roster that was committed to. Throws RosterError, `roster-other`
 * where the file is not that roster.
 */
export async function proveLeaf(
  path: string,
  committed: RosterCommitment,
  leaf: string,
): Promise<RosterProof> {
  if (!isHex32(leaf)) throw new RangeError('a leaf is 32 lower-case hex digits');
  const index = bucketOf(leaf, committed.bits);
  let bucket: readonly string[] = [];
  const { rows, bits, hashes } = await withFile(path, (file) =>
    readBuckets(file, path, (number, bytes) => {
      if (number === index) bucket = bytes.toString('latin1').split('\n').slice(0, -1);
    }),
  );
  const root = rootOf(hashes).toString('hex');
  if (root !== committed.root || rows !== committed.rows || bits !== committed.bits) {
    throw new RosterError(
      'roster-other',
      `${path} is not the roster that was committed to (${committed.rows} rows, root ${committed.root.slice(0, 16)}...): it has ${rows} rows and the root ${root.slice(0, 16)}...; put the right file back`,
    );
  }
  return { bucket, path: inclusionProof(hashes, BigInt(index)).map((hash) => hash.toString('hex')) };
}

async function withFile<T>(path: string, work: (file: FileHandle) => Promise<T>): Promise<T> {
  let file: FileHandle;
  try {
    // A pipe is not waited for.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    throw new RosterError('roster-missing', `${path} cannot be opened; the roster stands beside the list`, {
      cause,
    });
  }
  try {
    if (!(await file.stat()).isFile())
      throw new RosterError('roster-missing', `${path} is not a regular file`);
    return await work(file);
  } finally {
    await file.close();
  }
}

const slice = 32_768 * lineBytes;

/** Calls `each` with every bucket that holds a leaf, in order; its bytes are good for the call alone. */
async function readBuckets(
  file: FileHandle,
  path: string,
  each: (index: number, bytes: Buffer) => void,
): Promise<Buckets> {
  const { size } = await file.stat();
  const rows = Math.floor(size / lineBytes);
  const bits = bitsFor(rows);
  const hashes: Buffer[] = new Array(2 ** bits).fill(bucketHash(Buffer.alloc(0)));
  const buffer = Buffer.allocUnsafe(Math.min(slice, size) + slice);
  const before = Buffer.alloc(lineBytes);
  // What of the buffer belongs to the bucket that is not yet complete.
  let held = 0;
  let open = 0;
  const close = (bytes: Buffer): void => {
    if (bytes.length === 0) return;
    hashes[open] = bucketHash(bytes);
    each(open, bytes);
  };
  for (let at = 0; at < size; ) {
    const { bytesRead } = await file.read(buffer, held, Math.min(slice, buffer.length - held), at);
    const whole = bytesRead - (bytesRead % lineBytes);
    // The end is cut, or was cut off while it was read.
    if (whole === 0) throw truncated(path, size);
    requireLines(buffer.subarray(held, held + whole), before, path, at / lineBytes);
    buffer.copy(before, 0, held + whole - lineBytes, held + whole);
    at += whole;
    const filled = held + whole;
    let from = 0;
    for (let line = held; line < filled; line += lineBytes) {
      const index = bucketAt(buffer, line, bits);
      if (index === open) continue;
      close(buffer.subarray(from, line));
      [open, from] = [index, line];
    }
    buffer.copyWithin(0, from, filled);
    held = filled - from;
    if (held > slice)
      throw new RosterError(
        'roster-malformed',
        `${path} holds more leaves of one beginning than chance allows`,
      );
  }
  if (size % lineBytes !== 0) throw truncated(path, size);
  close(buffer.subarray(0, held));
  return { rows, bits, hashes };
}

const truncated = (path: string, size: number): RosterError =>
  new RosterError(
    'roster-truncated',
    `${path} holds ${size} bytes, and each line of a roster ${lineBytes}: it was cut short, or is no roster`,
  );

const isHexByte = new Uint8Array(256);
const hexValue = new Uint8Array(256);
for (const [value, byte] of Buffer.from('0123456789abcdef', 'latin1').entries()) {
  isHexByte[byte] = 1;
  hexValue[byte] = value;
}
const lineFeed = 10;

/** As `bucketOf`, of a line in a buffer: a million texts are not made of it. */
function bucketAt(buffer: Buffer, line: number, bits: number): number {
  const digits = Math.ceil(bits / 4);
  let first = 0;
  for (let i = 0; i < digits; i++) first = first * 16 + (hexValue[buffer[line + i] ?? 0] ?? 0);
  return Math.floor(first / 2 ** (digits * 4 - bits));
}

/** Each line 32 hex digits and a line feed, and greater than the one before; `before` is the one before the first. */
function requireLines(bytes: Buffer, before: Buffer, path: string, first: number): void {
  let [last, lastAt] = [before, 0];
  for (let line = 0; line < bytes.length; line += lineBytes) {
    // Below zero: smaller than the one before.
    let order = 0;
    for (let i = 0; i < hexDigits; i++) {
      const byte = bytes[line + i] ?? 0;
      if (isHexByte[byte] !== 1) throw malformed(path, first + line / lineBytes);
      if (order === 0) order = byte - (last[lastAt + i] ?? 0);
    }
    if (bytes[line + hexDigits] !== lineFeed) throw malformed(path, first + line / lineBytes);
    if (order <= 0) throw outOfOrder(path, first + line / lineBytes, order === 0);
    [last, lastAt] = [bytes, line];
  }
}

const malformed = (path: string, line: number): RosterError =>
  new RosterError(
    'roster-malformed',
    `${path}, line ${line + 1}: not ${hexDigits} lower-case hex digits and a line feed`,
  );

const outOfOrder = (path: string, line: number, same: boolean): RosterError =>
  same
    ? new RosterError('roster-duplicate', `${path}, line ${line + 1}: the same leaf as the line before`)
    : new RosterError(
        'roster-unsorted',
        `${path}, line ${line + 1}: smaller than the line before; leaves are sorted`,
      );
