/** A folder of evidence read: every file there, in its one form, and with the digest that was committed to. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import canonicalize from 'canonicalize';
import { z } from 'zod';
import type { Differing } from './difference.ts';
import { EvidenceError } from './evidence-error.ts';
import {
  type AuditedManifest,
  contextSchema,
  countsSchema,
  type EvidenceContext,
  evidenceFile,
  evidenceFiles,
  evidenceSchema,
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
  /** As they stand: what reads them says what is wrong with them. */
  readonly documents: unknown;
  readonly histories: unknown;
  readonly verdicts: string;
};

/** Null where anything of it cannot be trusted to be what was written; what that is, `differing` is told. */
export async function readFolder(dir: string, differing: Differing): Promise<EvidenceFolder | null> {
  const names = await namesIn(dir);
  const expected: readonly string[] = [...evidenceFiles, evidenceFile, ...sealFiles];
  for (const name of names)
    if (!expected.includes(name))
      differing.add('file-unexpected', name, 'no evidence has a file of that name');
  for (const name of expected)
    if (!names.includes(name)) differing.add('file-missing', name, 'it is not in the folder');
  if (differing.found.some(({ code }) => code === 'file-missing')) return null;
  const read = (name: string) => readFile(join(dir, name));
  const bytes = new Map<string, Buffer>();
  for (const name of expected) if (name.endsWith('.json')) bytes.set(name, await read(name));
  const json = <T>(name: string, schema: z.ZodType<T>): T | null =>
    readCanonical(bytes.get(name) ?? Buffer.alloc(0), name, schema, differing);
  const manifest = json('manifest.json', manifestSchema);
  const logProof = json('log-proof.json', logProofSchema);
  const index = json(evidenceFile, evidenceSchema);
  if (manifest === null || logProof === null) return null;
  const manifestDigest = sha256(bytes.get('manifest.json') ?? Buffer.alloc(0));
  // The log's entry is of the manifest, and so it is asked first: what is wrong is said of what was changed.
  if (logProof.content.manifest !== manifestDigest) {
    differing.add(
      'log-other',
      'manifest.json',
      `its digest is ${short(manifestDigest)}, and the log's entry is of ${short(logProof.content.manifest)}`,
    );
  }
  const stated = (name: string, want: { digest: string; bytes: number }, is: FileDigest): boolean => {
    if (is.digest === want.digest && is.bytes === want.bytes) return true;
    differing.add(
      'file-altered',
      name,
      `${is.bytes} bytes, SHA-256 ${short(is.digest)}; committed to were ${want.bytes} and ${short(want.digest)}`,
    );
    return false;
  };
  const own = bytes.get(evidenceFile) ?? Buffer.alloc(0);
  const indexed = stated(evidenceFile, manifest.evidence, { digest: sha256(own), bytes: own.length });
  if (index === null || !indexed) return null;
  const order = index.files.map(({ file }) => file).join();
  if (order !== evidenceFiles.join())
    differing.add('file-malformed', evidenceFile, 'it does not name each file once, in order');
  let whole = order === evidenceFiles.join();
  for (const { file, ...want } of index.files)
    whole = stated(file, want, await digestOfFile(join(dir, file))) && whole;
  const context = json('context.json', contextSchema);
  const counts = json('counts.json', countsSchema);
  const documents = json('documents.json', z.unknown());
  const histories = json('histories.json', z.unknown());
  const verdicts = bytes.get('verdicts.json')?.toString('utf8') ?? '';
  if (!whole || context === null || counts === null || documents === null || histories === null) return null;
  if (index.release !== manifest.release)
    differing.add(
      'statements-differ',
      evidenceFile,
      `it is of release ${index.release}, the manifest of ${manifest.release}`,
    );
  return { dir, manifest, manifestDigest, logProof, context, counts, documents, histories, verdicts };
}

async function namesIn(dir: string): Promise<readonly string[]> {
  try {
    return await readdir(dir);
  } catch (cause) {
    throw new EvidenceError(
      'evidence-missing',
      `${dir} is no folder of evidence; give evidence/<release>, where a release left it`,
      { cause },
    );
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
  const at = result.error.issues[0]?.path.join('.') ?? '';
  differing.add('file-malformed', name, `it is not in its format${at === '' ? '' : `: look at "${at}"`}`);
  return null;
}

export type FileDigest = { readonly digest: string; readonly bytes: number };

export async function digestOfFile(path: string): Promise<FileDigest> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { digest: hash.digest('hex'), bytes };
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
export const short = (digest: string): string => `${digest.slice(0, 16)}...`;
