/** Sampling (E2): the rows that a later checkpoint and the auditor's own nonce pick, and what is opened of just those. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { openCheckpoint } from '../log/checkpoint.ts';
import type { Verifier } from '../log/keys.ts';
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
  format: z.literal('astold/opened/1'),
  release: z.string().min(1),
  rows: z.array(
    z.strictObject({
      pseudonym: hex(32),
      salt: hex(32),
      /** As they were ingested: the record id is `rid`. */
      values: z.record(z.string().regex(/^[A-Za-z0-9_.-]+$/), z.string().nullable()),
    }),
  ),
});
export type Opened = z.infer<typeof openedSchema>;
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
 * release could not know it. Throws LogError, EvidenceError `sample-malformed`, `sample-too-early`.
 */
export function rankKey(
  { checkpoint, nonce }: Pick<Sample, 'checkpoint' | 'nonce'>,
  releasedAt: bigint,
  log: Verifier,
): string {
  if (nonce.trim() === '')
    throw new EvidenceError(
      'sample-malformed',
      'a sample needs a nonce that the auditor named after the checkpoint',
    );
  const { size } = openCheckpoint(checkpoint, log);
  if (size <= releasedAt) {
    throw new EvidenceError(
      'sample-too-early',
      `the checkpoint is of ${size} entries, and the release was published with ${releasedAt}: take a later one`,
    );
  }
  return createHash('sha256').update(checkpoint).update(nonce).digest('hex').slice(0, 32);
}

/** What stands in the evidence for a row whose raw values are these. */
export function rowCommitment(
  release: string,
  salt: string,
  values: Readonly<Record<string, string | null>>,
): string {
  return createHash('sha256').update(release).update(rawCommitment(salt, values)).digest('hex');
}
