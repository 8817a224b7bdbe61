/** The files of `evidence/<release>/`, and what is written into each (docs/formats-evidence.md, "Evidence"). */
import { z } from 'zod';
import { documentsFolder } from './documents.ts';

export const evidenceFile = 'evidence.json';
export const evidenceFormat = 'astold/evidence/2';
export const manifestFormat = 'astold/manifest/2';
/** What `evidence.json` commits to first, in its order; the copies of the documents follow, in order of path. */
export const evidenceFiles = [
  'context.json',
  'histories.json',
  'verdicts.json',
  'predicates.parquet',
  'decisions.parquet',
  'counts.json',
] as const;
/** Beside them: the manifest commits to `evidence.json`, and the log to the manifest and, before it, to the ingest. */
export const sealFiles = ['manifest.json', 'log-proof.json', 'ingest-proof.json'] as const;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().min(0);
const logSize = z.string().regex(/^(0|[1-9][0-9]{0,18})$/);
const fileDigest = { digest: sha256, bytes: count };
const mark = z.literal('reconstruction').nullable();
const keyId = z.string().regex(/^[0-9a-f]{16}$/);
const versions = z.strictObject({ astold: z.string(), engine: z.string(), rules: z.string() });
const sleepers = z.strictObject({ count, commitment: sha256 }).nullable();

/** A path that leads nowhere but into the folder of copies. */
const copyPath = z
  .string()
  .max(1000)
  .refine(
    (path) =>
      path.startsWith(`${documentsFolder}/`) &&
      path.split('/').every((part) => part !== '' && !part.startsWith('.') && !/[\\\p{Cc}]/u.test(part)),
    { error: 'a path of a copy' },
  );

export const evidenceSchema = z.strictObject({
  format: z.literal(evidenceFormat),
  release: z.string().min(1),
  files: z
    .array(z.strictObject({ file: z.union([z.enum(evidenceFiles), copyPath]), ...fileDigest }))
    .max(100_000),
});
export type EvidenceIndex = z.infer<typeof evidenceSchema>;

export const contextSchema = z.strictObject({
  release: z.string().min(1),
  mark,
  cutOff: z.iso.datetime({ offset: true }),
  day: z.iso.date(),
  /** Whether every row of the preference events could be read. */
  preferencesReadable: z.boolean(),
  /** The day from which this evidence is no longer kept (E8). */
  expires: z.iso.date(),
  /** Of each list, in the order of the documents: `file` the SHA-256 of what was read, null where nothing was there. */
  lists: z.array(z.strictObject({ list: z.string(), readable: z.boolean(), file: sha256.nullable() })),
  postKeyedTo: z.iso.date().nullable(),
  /** Entries of the log, published or not, when it was decided. */
  logSize,
  /** Of all that was ingested and read; and of the records alone, whose raw values were committed to. */
  snapshot: sha256,
  records: sha256,
  /** Which of the organisation's keys: of the release's own secrets, and of the tokens. */
  keys: z.strictObject({ release: keyId, tokens: keyId }),
  sleepers,
  versions,
});
export type EvidenceContext = z.infer<typeof contextSchema>;

export const countsSchema = z.strictObject({
  salt: z.string().regex(/^[A-Za-z0-9_-]{32}$/),
  counts: z.strictObject({
    evaluated: count,
    released: count,
    reasons: z.array(z.strictObject({ code: z.string(), records: count, alone: count })),
    known: z.strictObject({ recorded: count, derived: count, reconstructed: count, unknown: count }),
  }),
});

/** Strict: a key that nobody compares would be a statement that nobody has checked. */
export const manifestSchema = z.strictObject({
  format: z.literal(manifestFormat),
  release: z.string().min(1),
  mark,
  day: z.iso.date(),
  cutOff: z.iso.datetime({ offset: true }),
  key: keyId,
  documents: z.array(z.strictObject({ kind: z.string(), id: z.string(), digest: sha256 })),
  source: z.strictObject({
    id: z.string().min(1),
    files: z.array(sha256),
    snapshot: sha256,
    commitments: sha256,
    postKeyedTo: z.iso.date().nullable(),
  }),
  suppressions: z.array(z.strictObject({ list: z.string(), file: sha256.nullable() })),
  list: z.strictObject({
    file: z.enum(['list.csv', 'list.parquet']),
    ...fileDigest,
    rows: count,
    columns: z.array(z.string()),
  }),
  decisions: z.strictObject({ file: z.literal('decisions.parquet'), digest: sha256 }),
  roster: z.strictObject({
    file: z.literal('roster.txt'),
    ...fileDigest,
    root: sha256,
    rows: count,
    bits: count,
    key: keyId,
  }),
  sleepers,
  evidence: z.strictObject({ file: z.literal(evidenceFile), ...fileDigest }),
  counts: sha256,
  logSize,
  versions,
});
export type AuditedManifest = z.infer<typeof manifestSchema>;

const proof = {
  entry: z.string(),
  salt: z.string(),
  index: logSize,
  size: logSize,
  proof: z.array(z.string()).max(64),
  checkpoint: z.string(),
};
export const logProofSchema = z.strictObject({
  ...proof,
  content: z.strictObject({
    kind: z.literal('release'),
    at: z.string(),
    release: z.string(),
    manifest: sha256,
  }),
});

/** The entry of the ingest that the release was decided on, opened, in the tree of the same checkpoint. */
export const ingestProofSchema = z.strictObject({
  ...proof,
  content: z.strictObject({
    kind: z.literal('source-ingested'),
    at: z.string(),
    source: z.string(),
    snapshot: sha256,
    records: sha256,
    files: z.array(sha256),
    commitments: sha256,
    rows: count,
  }),
});

/** The content of the log's entry of a release. */
export type ReleaseContent = {
  readonly kind: 'release';
  readonly at: string;
  readonly release: string;
  readonly manifest: string;
};
export const releaseContent = (release: string, cutOff: string, manifest: string): ReleaseContent => ({
  kind: 'release',
  at: cutOff,
  release,
  manifest,
});
