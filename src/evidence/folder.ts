/** A folder of evidence read: every file there, in its one form, and with the digest that was committed to. */
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import canonicalize from 'canonicalize';
import { z } from 'zod';
import { FileError, outsideChunks, readOutside } from '../documents/regular-file.ts';
import { type Differing, differing } from './difference.ts';
import { documentsFolder } from './documents.ts';
import { EvidenceError } from './evidence-error.ts';
import {
  type AuditedManifest,
  contextSchema,
  countsSchema,
  type EvidenceContext,
  type EvidenceIndex,
  evidenceFile,
  evidenceFiles,
  evidenceSchema,
  ingestProofSchema,
  logProofSchema,
  manifestSchema,
  sealFiles,
} from './files.ts';

export type EvidenceFolder = {
  readonly dir: string;
  readonly manifest: AuditedManifest;
  /** SHA-256 of `manifest.json`. */
  readonly manifestDigest: string;
  readonly logProof: z.infer<typeof logProofSchema>;
  readonly context: EvidenceContext;
  readonly counts: z.infer<typeof countsSchema>;
  readonly ingestProof: z.infer<typeof ingestProofSchema>;
  /** As they stand: what reads them says what is wrong with them. */
  readonly histories: unknown;
  readonly verdicts: string;
};

/**
 * Null where anything of it cannot be trusted to be what was written; what that is, `differing` is told. Throws
 * EvidenceError `evidence-missing` where the folder is none of evidence.
 */
export async function readFolder(dir: string, found: Differing): Promise<EvidenceFolder | null> {
  const { names, others } = await entriesIn(dir);
  if (!names.includes(evidenceFile) && !names.includes('manifest.json')) throw missing(dir, undefined);
  const other = await otherVersion(dir);
  if (other !== null) {
    found.add('format-other', evidenceFile, other);
    return null;
  }
  const expected: readonly string[] = [...evidenceFiles, evidenceFile, ...sealFiles];
  for (const name of others)
    found.add('file-unexpected', name, 'it is a link or a device: only files are evidence');
  for (const name of expected)
    if (!names.includes(name)) found.add('file-missing', name, 'it is not in the folder');
  const odd = (name: string): void =>
    found.add('file-unexpected', name, 'no evidence has a file of that name');
  const isCopy = (name: string): boolean => name.startsWith(`${documentsFolder}/`);
  for (const name of names) if (!expected.includes(name) && !isCopy(name)) odd(name);
  if (found.found.some(({ code }) => code === 'file-missing')) return null;
  const bytes = new Map<string, Buffer>();
  for (const name of expected.filter((each) => each.endsWith('.json'))) {
    const read = await readSmall(join(dir, name), (why) => found.add('file-malformed', name, why));
    if (read === null) return null;
    bytes.set(name, read);
  }
  const json = <T>(name: string, schema: z.ZodType<T>): T | null =>
    readCanonical(bytes.get(name) ?? Buffer.alloc(0), name, schema, found);
  const manifest = json('manifest.json', manifestSchema);
  const logProof = json('log-proof.json', logProofSchema);
  const index = json(evidenceFile, evidenceSchema);
  if (manifest === null || logProof === null) return null;
  const manifestDigest = sha256(bytes.get('manifest.json') ?? Buffer.alloc(0));
  // The log's entry is of the manifest, and so it is asked first: what is wrong is said of what was changed.
  if (logProof.content.manifest !== manifestDigest) {
    found.add(
      'log-other',
      'manifest.json',
      `its digest is ${short(manifestDigest)}, and the log's entry is of ${short(logProof.content.manifest)}`,
    );
  }
  const stated = (name: string, want: { digest: string; bytes: number }, is: FileDigest): boolean => {
    if (is.digest === want.digest && is.bytes === want.bytes) return true;
    found.add(
      'file-altered',
      name,
      `${is.bytes} bytes, SHA-256 ${short(is.digest)}; committed to were ${want.bytes} and ${short(want.digest)}`,
    );
    return false;
  };
  const own = bytes.get(evidenceFile) ?? Buffer.alloc(0);
  const indexed = stated(evidenceFile, manifest.evidence, { digest: sha256(own), bytes: own.length });
  if (index === null || !indexed) return null;
  let whole = isInOrder(index) && others.length === 0;
  if (!isInOrder(index))
    found.add('file-malformed', evidenceFile, 'it does not name each file once, in order');
  for (const { file, ...want } of index.files) {
    if (names.includes(file)) whole = stated(file, want, await digestOfFile(join(dir, file))) && whole;
    else {
      found.add('file-missing', file, 'it is not in the folder');
      whole = false;
    }
  }
  for (const name of names)
    if (isCopy(name) && !index.files.some(({ file }) => file === name)) {
      odd(name);
      whole = false;
    }
  const context = json('context.json', contextSchema);
  const counts = json('counts.json', countsSchema);
  const ingestProof = json('ingest-proof.json', ingestProofSchema);
  const histories = json('histories.json', z.unknown());
  const verdicts = bytes.get('verdicts.json')?.toString('utf8') ?? '';
  if (!whole || context === null || counts === null || ingestProof === null || histories === null)
    return null;
  if (index.release !== manifest.release)
    found.add(
      'statements-differ',
      evidenceFile,
      `it is of release ${index.release}, the manifest of ${manifest.release}`,
    );
  return { dir, manifest, manifestDigest, logProof, ingestProof, context, counts, histories, verdicts };
}

/** The fixed files in their order, then the copies in order of path, each once. */
function isInOrder({ files }: EvidenceIndex): boolean {
  const names = files.map(({ file }) => file);
  const copies = names.slice(evidenceFiles.length);
  return (
    names.slice(0, evidenceFiles.length).join('\n') === evidenceFiles.join('\n') &&
    copies.every(
      (name, i) => name.startsWith(`${documentsFolder}/`) && (i === 0 || name > (copies[i - 1] ?? '')),
    )
  );
}

type Entries = { readonly names: readonly string[]; readonly others: readonly string[] };

/** Everything in a folder and its subfolders, with forward slashes: files, and what is neither file nor folder. */
async function entriesIn(dir: string): Promise<Entries> {
  try {
    const entries = await readdir(dir, { recursive: true, withFileTypes: true });
    const path = (entry: (typeof entries)[number]): string =>
      relative(dir, join(entry.parentPath, entry.name)).split(sep).join('/');
    return {
      names: entries.filter((entry) => entry.isFile()).map(path),
      others: entries.filter((entry) => !entry.isFile() && !entry.isDirectory()).map(path),
    };
  } catch (cause) {
    throw missing(dir, cause);
  }
}

/** That the evidence is of another version, before it is said to lack what only this one has; null where it is not. */
async function otherVersion(dir: string): Promise<string | null> {
  try {
    const value: unknown = JSON.parse(
      (await readOutside(join(dir, evidenceFile), largestJson)).toString('utf8'),
    );
    const { error } = evidenceSchema.safeParse(value);
    return error ? otherFormat(value, error) : null;
  } catch {
    // What is wrong with it is said where it is read.
    return null;
  }
}

const missing = (dir: string, cause: unknown): EvidenceError =>
  new EvidenceError(
    'evidence-missing',
    `${dir} is no folder of evidence; give evidence/<release>, where a release left it`,
    { cause },
  );

/**
 * `context.json` of the evidence whose index has the digest `wanted`, after it and every copy of a document were found to be
 * those that the index names, and no other lies there. Throws EvidenceError `evidence-missing`, `evidence-malformed`.
 */
export async function readStated(dir: string, wanted: string): Promise<EvidenceContext> {
  const refused = (what: string): EvidenceError =>
    new EvidenceError('evidence-malformed', `${what}; give the evidence of that release`);
  const { names, others } = await entriesIn(dir);
  if (!names.includes(evidenceFile)) throw missing(dir, undefined);
  const own = await readOutside(join(dir, evidenceFile), largestJson);
  if (sha256(own) !== wanted) throw refused(`${evidenceFile} is not what the release committed to`);
  const found = differing();
  const index = readCanonical(own, evidenceFile, evidenceSchema, found);
  const judged = (name: string): boolean => name === 'context.json' || name.startsWith(`${documentsFolder}/`);
  for (const { file, digest } of index?.files ?? [])
    if (judged(file) && (!names.includes(file) || (await digestOfFile(join(dir, file))).digest !== digest))
      throw refused(`${file} is not what the release committed to`);
  const odd = [...names, ...others].find(
    (name) => judged(name) && !index?.files.some(({ file }) => file === name),
  );
  const context =
    index &&
    readCanonical(
      await readOutside(join(dir, 'context.json'), largestJson),
      'context.json',
      contextSchema,
      found,
    );
  const [fault] = found.found;
  if (!context || fault)
    throw refused(`${fault?.where ?? evidenceFile}: ${fault?.message ?? 'it cannot be read'}`);
  if (odd !== undefined) throw refused(`${odd} is not among what the release committed to`);
  return context;
}

/** Which release a folder says it is of, whatever else is wrong with it; null where its manifest cannot be read. */
export async function releaseStated(dir: string): Promise<Pick<AuditedManifest, 'release' | 'mark'> | null> {
  try {
    const bytes = await readOutside(join(dir, 'manifest.json'), largestJson);
    return readCanonical(bytes, 'manifest.json', manifestSchema, differing());
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}

/** JSON in its one form (RFC 8785); null, and told, where it is anything else. */
export function readCanonical<T>(
  bytes: Buffer,
  name: string,
  schema: z.ZodType<T>,
  differing: Differing,
): T | null {
  let value: unknown;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text);
    if (canonicalize(value) !== text) {
      differing.add(
        'file-malformed',
        name,
        'its JSON is not in canonical form: it was changed after it was written',
      );
      return null;
    }
  } catch {
    // What the parser says quotes the text.
    differing.add('file-malformed', name, 'it is no JSON: it was cut short or changed');
    return null;
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const other = otherFormat(value, result.error);
  if (other !== null) {
    differing.add('format-other', name, other);
    return null;
  }
  const at = result.error.issues[0]?.path.join('.') ?? '';
  differing.add('file-malformed', name, `it is not in its format${at === '' ? '' : `: look at "${at}"`}`);
  return null;
}

/** That a file is of another version, and not changed; null where it says no other format. */
function otherFormat(value: unknown, error: z.ZodError): string | null {
  const wanted = error.issues.find(({ code, path }) => code === 'invalid_value' && path.join() === 'format');
  if (wanted?.code !== 'invalid_value' || typeof value !== 'object' || value === null || !('format' in value))
    return null;
  const found = String(value.format);
  if (!/^astold\/[a-z]+\/\d+$/.test(found)) return null;
  return `it is of the format ${found}, and this version reads ${wanted.values.join()}: audit it with the version that made it`;
}

/** What there is to say of each row is in Parquet: its JSON is small. */
const largestJson = 64 << 20;

/** A small file that came from outside; null, and told, where something else lies there, or a larger one. */
export async function readSmall(path: string, tell: (why: string) => void): Promise<Buffer | null> {
  return readable(readOutside(path, largestJson), tell);
}

/** What the reading of a file gives; null, and told why, where what lies there is none that is read. */
export async function readable<T>(reading: Promise<T>, tell: (why: string) => void): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    // That this user may not open it is no fault of whoever made it.
    if (!(error instanceof FileError)) throw error;
    tell(error.message);
    return null;
  }
}

export type FileDigest = { readonly digest: string; readonly bytes: number };

/** Of a file that may be from outside, however large. Throws FileError. */
export async function digestOfFile(path: string): Promise<FileDigest> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of outsideChunks(path)) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { digest: hash.digest('hex'), bytes };
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
export const short = (digest: string): string => `${digest.slice(0, 16)}...`;
