/** What a release commits to: canonical JSON with the digest of everything it was made from and of (E11, D3). */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import canonicalize from 'canonicalize';
import type { CivilDate } from '../../policy/model.ts';
import type { RosterCommitment } from '../../roster/buckets.ts';

export type FileDigest = { readonly digest: string; readonly bytes: number };
export type DocumentDigest = { readonly kind: string; readonly id: string; readonly digest: string };
export type Manifest = {
  readonly format: 'astold/manifest/2';
  readonly release: string;
  /** Of a reconstruction everything carries that mark (B6). */
  readonly mark: 'reconstruction' | null;
  readonly day: CivilDate;
  readonly cutOff: string;
  /** Which of the organisation's keys its own secrets derive from: pseudonyms, trace codes, sleepers, salts (E11). */
  readonly key: string;
  readonly documents: readonly DocumentDigest[];
  readonly source: {
    readonly id: string;
    /** SHA-256 of each file of it. */
    readonly files: readonly string[];
    readonly snapshot: string;
    /** Root of the tree over the commitments to the raw values, which is in the log since ingest (E2). */
    readonly commitments: string;
    /** Up to which day the post has been keyed, as the supplier states it; null: it does not (C2). */
    readonly postKeyedTo: CivilDate | null;
  };
  /** `file`: SHA-256 of the list's file; null where there was none. */
  readonly suppressions: readonly { readonly list: string; readonly file: string | null }[];
  readonly list: FileDigest & {
    readonly file: string;
    readonly rows: number;
    readonly columns: readonly string[];
  };
  /** How many were decided on, and how many of them refused, stays in the evidence (D3). */
  readonly decisions: { readonly file: string; readonly digest: string };
  /** Who is in it (E1); `key` says under which of the organisation's keys the tokens were made. */
  readonly roster: FileDigest & RosterCommitment & { readonly file: string; readonly key: string };
  /** Rows that the supplier controls, committed to apart (E7); null where the agreement speaks of none. */
  readonly sleepers: { readonly count: number; readonly commitment: string } | null;
  /** The index of the evidence, which commits to every file of it. */
  readonly evidence: FileDigest & { readonly file: string };
  /** SHA-256 over a secret salt and the canonical counts: the counts themselves stay (D3). */
  readonly counts: string;
  /** Entries of the log, published or not, when it was decided: every preference among them was honoured (E3). */
  readonly logSize: string;
  readonly versions: { readonly astold: string; readonly engine: string; readonly rules: string };
};

/** RFC 8785. */
export function canonical(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('a value without a JSON form cannot be committed to');
  return text;
}

/** The digest that commits to the counts without telling them; the salt is 32 secret characters. */
export function saltedDigest(salt: string, counts: unknown): string {
  return createHash('sha256').update(salt).update(canonical(counts)).digest('hex');
}

/** SHA-256 and size of a file. */
export async function fileDigest(path: string): Promise<FileDigest> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk);
  return { digest: hash.digest('hex'), bytes: (await stat(path)).size };
}
