/** The files of `evidence/<release>/`, and what is written into each (docs/formats.md, "Evidence"). */
import { z } from 'zod';

export const evidenceFile = 'evidence.json';
/** What `evidence.json` commits to, in its order. */
export const evidenceFiles = [
  'documents.json',
  'context.json',
  'histories.json',
  'verdicts.json',
  'predicates.parquet',
  'decisions.parquet',
  'counts.json',
] as const;
/** Beside them: the manifest commits to `evidence.json`, and the log to the manifest. */
export const sealFiles = ['manifest.json', 'log-proof.json'] as const;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().min(0);
const fileDigest = { digest: sha256, bytes: count };
const mark = z.literal('reconstruction').nullable();

export const evidenceSchema = z.strictObject({
  format: z.literal('astold/evidence/1'),
  release: z.string().min(1),
  files: z.array(z.strictObject({ file: z.enum(evidenceFiles), ...fileDigest })).length(evidenceFiles.length),
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
  listsReadable: z.array(z.strictObject({ list: z.string(), readable: z.boolean() })),
  postKeyedTo: z.iso.date().nullable(),
  /** Entries of the log, published or not, when it was decided. */
  logSize: z.string().regex(/^(0|[1-9][0-9]{0,18})$/),
  /** Of all that was ingested and read; and of the records alone, whose raw values were committed to. */
  snapshot: sha256,
  records: sha256,
  versions: z.strictObject({ astold: z.string(), engine: z.string(), rules: z.string() }),
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

/** What an audit reads of a manifest: what else it holds, the log's entry commits to. */
export const manifestSchema = z.looseObject({
  format: z.literal('astold/manifest/1'),
  release: z.string().min(1),
  mark,
  day: z.iso.date(),
  cutOff: z.iso.datetime({ offset: true }),
  documents: z.array(z.strictObject({ kind: z.string(), id: z.string(), digest: sha256 })),
  source: z.looseObject({ id: z.string().min(1), snapshot: sha256, postKeyedTo: z.iso.date().nullable() }),
  list: z.looseObject({ file: z.enum(['list.csv', 'list.parquet']), ...fileDigest, rows: count }),
  decisions: z.strictObject({ file: z.literal('decisions.parquet'), ...fileDigest, rows: count }),
  roster: z.looseObject({
    file: z.literal('roster.txt'),
    ...fileDigest,
    root: sha256,
    rows: count,
    bits: count,
  }),
  evidence: z.strictObject({ file: z.literal(evidenceFile), ...fileDigest }),
  counts: sha256,
  logSize: z.string(),
  versions: z.looseObject({ astold: z.string() }),
});
export type AuditedManifest = z.infer<typeof manifestSchema>;

export const logProofSchema = z.strictObject({
  entry: z.string(),
  salt: z.string(),
  content: z.strictObject({
    kind: z.literal('release'),
    at: z.string(),
    release: z.string(),
    manifest: sha256,
  }),
  index: z.string(),
  size: z.string(),
  proof: z.array(z.string()).max(64),
  checkpoint: z.string(),
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
