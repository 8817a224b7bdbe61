/** Sampling (E2): the rows that a later checkpoint and the auditor's own nonce pick, and what is opened of just those. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { openCheckpoint, type TreeHead } from '../log/checkpoint.ts';
import type { Verifier } from '../log/keys.ts';
import { leafHash, verifyInclusion } from '../log/merkle.ts';
import { rawCommitment } from '../roster/raw-commitment.ts';
import { EvidenceError } from './evidence-error.ts';

const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`));
const sampleSchema = z.strictObject({
  format: z.literal('astold/sample/1'),
  release: z.string().min(1),
  /** The later checkpoint, as it stands in the published log. */
  checkpoint: z.string(),
  nonce: z.string(),
  /** Pseudonyms, in the order they were picked. */
  rows: z.array(hex(32)).min(1),
});
export type Sample = z.infer<typeof sampleSchema>;
const openedSchema = z.strictObject({
  format: z.literal('astold/opened/2'),
  release: z.string().min(1),
  /** None opened shows nothing. */
  rows: z
    .array(
      z.strictObject({
        pseudonym: hex(32),
        salt: hex(32),
        /** Its place among the records of the ingest, from 0, and its audit path to the root logged then, from the leaf up. */
        index: z.int().min(0),
        path: z.array(hex(64)).max(63),
        /** As they were ingested: the record id is `rid`. */
        values: z.record(z.string().regex(/^[A-Za-z0-9_.-]+$/), z.string().nullable()),
      }),
    )
    .min(1),
});
export type Opened = z.infer<typeof openedSchema>;
export type OpenedRow = Opened['rows'][number];
/** No more than a person can look up by hand, or a supplier should give away. */
export const largestSample = 10_000;

/** Throws EvidenceError `sample-malformed`. */
export const readSample = (bytes: Buffer): Sample => read(bytes, sampleSchema, 'sample-malformed');
/** Throws EvidenceError `opened-malformed`. */
export const readOpened = (bytes: Buffer): Opened => read(bytes, openedSchema, 'opened-malformed');

function read<T>(bytes: Buffer, schema: z.ZodType<T>, code: 'sample-malformed' | 'opened-malformed'): T {
  let value: unknown = null;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    // Said below: what the parser says quotes the text.
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const what = code === 'sample-malformed' ? 'sample' : 'file of opened rows';
  throw new EvidenceError(
    code,
    `this is no ${what} of this version: look at "${result.error.issues[0]?.path.join('.') ?? ''}"`,
  );
}

/**
 * The key by which rows are ranked: of the seed, which is SHA-256 over the checkpoint's bytes and the nonce, the first 32
 * hex digits. The checkpoint must be the log's own, and later than the one the release was published with: whoever made the
 * release could not know it. Whether it grew from that one, only the log itself shows. Throws LogError, EvidenceError `sample-malformed`, `sample-too-early`.
 */
export function rankKey(
  { checkpoint, nonce }: Pick<Sample, 'checkpoint' | 'nonce'>,
  releasedAt: bigint,
  log: Verifier,
): { readonly key: string; readonly head: TreeHead } {
  if (nonce.trim() === '')
    throw new EvidenceError(
      'sample-malformed',
      'a sample needs a nonce that the auditor named after the checkpoint',
    );
  const { size, root } = openCheckpoint(checkpoint, log);
  if (size <= releasedAt) {
    throw new EvidenceError(
      'sample-too-early',
      `the checkpoint is of ${size} entries, and the release was published with ${releasedAt}: take a later one`,
    );
  }
  const key = createHash('sha256').update(checkpoint).update(nonce).digest('hex').slice(0, 32);
  return { key, head: { size, root } };
}

/**
 * `held`: they are what the evidence commits to for the row, and what the ingest committed to, in the log since before the
 * release. `late`: the evidence commits to them, and the ingest did not. `other`: they are not the row's.
 */
export type OpenedFinding = 'held' | 'late' | 'other';

/** Holds the values of a row against its commitment in the evidence, and against the ingest's root over `rows` records. */
export function openedFinding(
  { salt, values, index, path }: OpenedRow,
  stated: { readonly release: string; readonly commitment: string | undefined },
  ingest: { readonly commitments: string; readonly rows: number },
): OpenedFinding {
  const raw = rawCommitment(salt, values);
  const commitment = createHash('sha256').update(stated.release).update(raw).digest('hex');
  if (commitment !== stated.commitment) return 'other';
  const included = verifyInclusion({
    index: BigInt(index),
    size: BigInt(ingest.rows),
    leaf: leafHash(Buffer.from(raw, 'hex')),
    proof: path.map((hash) => Buffer.from(hash, 'hex')),
    root: Buffer.from(ingest.commitments, 'hex'),
  });
  return included ? 'held' : 'late';
}
