/** Looking one person up in many rosters: leaves are spread evenly, so that the place of one can be guessed. */
import { closeSync, constants, fstatSync, openSync, read } from 'node:fs';
import { promisify } from 'node:util';
import { lineBytes } from './buckets.ts';
import { RosterError } from './roster-error.ts';
import { hexDigits, isHex32 } from './token.ts';

const lineFeed = 10;

export type RosterFile = { readonly release: string; readonly path: string };
export type FoundIn = { readonly release: string; readonly present: boolean };

/** So many are read at once: disks answer several questions in little more time than one. */
const atOnce = 16;
/** Lines read around the guess: of 100,000 leaves, nine guesses in ten are within half of these. */
const window = 496;

/**
 * Says for each roster whether it holds the leaf that `leafOf` gives for its release, in the order given. It trusts the
 * files to be the rosters that were committed to (`proveLeaf` does not); throws RosterError where a file cannot be one.
 */
export async function findAcross(
  rosters: readonly RosterFile[],
  leafOf: (release: string) => string,
): Promise<readonly FoundIn[]> {
  const found: FoundIn[] = new Array(rosters.length);
  let next = 0;
  const work = async (): Promise<void> => {
    for (let i = next++; i < rosters.length; i = next++) {
      const roster = rosters[i];
      if (roster === undefined) return;
      found[i] = { release: roster.release, present: await isIn(roster.path, leafOf(roster.release)) };
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, rosters.length) }, work));
  return found;
}

const readAt = promisify(read);

/** Opening is a matter of microseconds, and done on the spot; waiting for the disk is left to the system. */
async function isIn(path: string, leaf: string): Promise<boolean> {
  if (!isHex32(leaf)) throw new RangeError('a leaf is 32 lower-case hex digits');
  let file: number;
  try {
    // A pipe is not waited for.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    throw new RosterError('roster-missing', `${path} cannot be opened`, { cause });
  }
  try {
    return await search(file, path, Buffer.from(leaf, 'latin1'));
  } finally {
    closeSync(file);
  }
}

async function search(file: number, path: string, leaf: Buffer): Promise<boolean> {
  const found = fstatSync(file);
  // What has no size of its own would be a roster with nobody in it.
  if (!found.isFile()) throw new RosterError('roster-missing', `${path} is not a regular file`);
  const { size } = found;
  if (size % lineBytes !== 0)
    throw new RosterError('roster-truncated', `${path} holds ${size} bytes, and each line ${lineBytes}`);
  const rows = size / lineBytes;
  // 48 bits are exact in a number, and finer than any place in a file.
  const share = Number.parseInt(leaf.toString('latin1', 0, 12), 16) / 2 ** 48;
  let [from, until, at] = [0, rows, Math.floor(share * rows)];
  while (from < until) {
    const first = Math.max(from, Math.min(at - Math.floor(window / 2), until - window));
    const count = Math.min(window, until - first);
    const lines = await readLines(file, path, first, count);
    const place = placeIn(lines, count, leaf);
    if (place.found) return true;
    // Between two lines that were read it is not; at an end it may be beyond.
    if (place.before === 0) until = first;
    else if (place.before === count) from = first + count;
    else return false;
    at = place.before === 0 ? first - Math.floor(window / 2) : from + Math.floor(window / 2);
  }
  return false;
}

/** Where a leaf stands among sorted lines: how many are smaller, and whether it is there. */
function placeIn(lines: Buffer, count: number, leaf: Buffer): { before: number; found: boolean } {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = middle * lineBytes;
    const order = lines.compare(leaf, 0, hexDigits, at, at + hexDigits);
    if (order === 0) return { before: middle, found: true };
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return { before: low, found: false };
}

async function readLines(file: number, path: string, first: number, count: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(count * lineBytes);
  const { bytesRead } = await readAt(file, bytes, 0, bytes.length, first * lineBytes);
  let whole = bytesRead === bytes.length;
  for (let at = hexDigits; whole && at < bytes.length; at += lineBytes) whole = bytes[at] === lineFeed;
  if (whole) return bytes;
  throw new RosterError(
    'roster-malformed',
    `${path}, lines ${first + 1} to ${first + count}: not all are ${hexDigits} digits and a line feed`,
  );
}
