/** Reads an archive of a backup. Nothing of it is believed before every byte was compared with what its contents say. */
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { type ArchiveContents, archiveContents, contentsName, type Member } from './archive-form.ts';
import { BackupError } from './backup-error.ts';

export type OpenArchive = {
  readonly contents: ArchiveContents;
  bytes(member: Member): Promise<Readable>;
  lines(member: Member): AsyncIterable<string>;
  close(): void;
};

const mostContents = 256 * 1024 * 1024;

/** Every member is there as it was written, once, and no other. Throws BackupError `backup-unreadable`, `backup-newer`. */
export async function openArchive(path: string, kind: ArchiveContents['kind']): Promise<OpenArchive> {
  const zip = await opened(path);
  try {
    const entries = await entriesOf(zip, path);
    const contents = await contentsOf(zip, entries, path);
    if (contents.kind !== kind)
      throw unreadable(path, `it is the archive of ${contents.kind === 'keys' ? 'the keys' : 'the state'}`);
    const bytes = async (member: Member): Promise<Readable> => {
      const entry = entries.get(member.name);
      if (entry === undefined) throw unreadable(path, `it has no ${member.name}`);
      return zip.openReadStreamPromise(entry);
    };
    const named = new Set([contentsName, ...contents.members.map(({ name }) => name)]);
    if (named.size !== contents.members.length + 1)
      throw unreadable(path, 'its contents name a member twice');
    if (entries.size !== named.size) throw unreadable(path, 'it has members that its contents do not name');
    for (const member of contents.members) await requireWhole(await bytes(member), member, path);
    return { contents, bytes, lines: (member) => linesOf(() => bytes(member)), close: () => zip.close() };
  } catch (error) {
    zip.close();
    throw error;
  }
}

async function opened(path: string): Promise<ZipFile> {
  try {
    return await openPromise(path, { autoClose: false, lazyEntries: true });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') throw cause;
    throw unreadable(path, 'it is no backup, or not all of one', cause);
  }
}

async function entriesOf(zip: ZipFile, path: string): Promise<ReadonlyMap<string, Entry>> {
  const found = new Map<string, Entry>();
  try {
    for await (const entry of zip.eachEntry()) {
      if (found.has(entry.fileName)) throw unreadable(path, `it has ${entry.fileName} twice`);
      found.set(entry.fileName, entry);
    }
  } catch (cause) {
    throw cause instanceof BackupError ? cause : unreadable(path, 'its members cannot be read', cause);
  }
  return found;
}

async function contentsOf(
  zip: ZipFile,
  entries: ReadonlyMap<string, Entry>,
  path: string,
): Promise<ArchiveContents> {
  const entry = entries.get(contentsName);
  if (entry === undefined || entry.uncompressedSize > mostContents)
    throw unreadable(path, 'it does not say what is in it');
  const value = asJson(await textOf(zip, entry).catch(() => ''));
  const parsed = archiveContents.safeParse(value);
  if (parsed.success) return parsed.data;
  if (typeof value === 'object' && value !== null && 'version' in value && value.version !== 1)
    throw new BackupError('backup-newer', `${path} was written by a later version of AsTold; use that one`);
  throw unreadable(path, 'what it says of itself is no contents of a backup', parsed.error);
}

async function textOf(zip: ZipFile, entry: Entry): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function requireWhole(stream: Readable, member: Member, path: string): Promise<void> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of stream) {
      hash.update(chunk as Buffer);
      bytes += (chunk as Buffer).length;
    }
  } catch (cause) {
    throw unreadable(path, `its ${member.name} cannot be unpacked`, cause);
  }
  if (bytes !== member.bytes || hash.digest('hex') !== member.sha256)
    throw unreadable(path, `its ${member.name} is not what was written`);
}

/** At line feeds alone: what else ends a line for some may stand in a text. */
async function* linesOf(open: () => Promise<Readable>): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of (await open()).setEncoding('utf8')) {
    const lines = (rest + (chunk as string)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

const unreadable = (path: string, what: string, cause?: unknown): BackupError =>
  new BackupError('backup-unreadable', `${path} is refused: ${what}; nothing was changed`, { cause });
