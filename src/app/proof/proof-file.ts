/** The file of a proof, and what it is read against; all of it may come from outside (docs/formats.md). */
import { hash } from 'node:crypto';
import { z } from 'zod';
import type { LogContent, Opening } from '../../log/entry.ts';
import { sayings } from '../../roster/roster-proof.ts';
import { ProofError, type ProofErrorCode } from './proof-error.ts';

export const proofFormat = 'astold/roster-proof/1';

const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`));
const roster = z.object({ root: hex(64), rows: z.int().min(0), bits: z.int().min(0).max(48) });
const mark = z.literal('reconstruction').nullable();

/** As `log-proof.json` of a release: its entry, what opens it, and where it stands in the log. */
const logSchema = z.strictObject({
  entry: hex(64),
  salt: hex(32),
  content: z.looseObject({
    kind: z.literal('release'),
    at: z.string(),
    release: z.string(),
    manifest: hex(64),
  }),
  index: z.string(),
  size: z.string(),
  proof: z.array(z.string()).max(64),
  checkpoint: z.string(),
});
export type ReleaseLogged = z.infer<typeof logSchema>;

const proofSchema = z.strictObject({
  format: z.literal(proofFormat),
  release: z.string().min(1),
  mark,
  /** SHA-256 of `manifest.json`. */
  manifest: hex(64),
  roster: roster.strict(),
  /** Of this release alone: what is shown here tells nothing of another. */
  token: hex(32),
  bucket: z.array(z.string()),
  path: z.array(z.string()).max(64),
  says: z.enum([sayings.present, sayings.absent]),
  log: logSchema.nullable(),
});
export type ProofFile = z.infer<typeof proofSchema>;

// Other keys are for other readers: the digest of the whole binds them.
const manifestSchema = z.object({
  format: z.literal('astold/manifest/2'),
  release: z.string().min(1),
  mark,
  source: z.object({ id: z.string() }),
  roster: roster.extend({ key: hex(16) }).optional(),
});

export type ManifestRoster = {
  readonly release: string;
  readonly mark: 'reconstruction' | null;
  readonly source: string;
  readonly roster: { readonly root: string; readonly rows: number; readonly bits: number };
  /** Which of the organisation's keys the tokens were made under. */
  readonly key: string;
  /** SHA-256 of the manifest's bytes. */
  readonly digest: string;
};

/** Throws ProofError `proof-malformed`. */
export const readProof = (value: unknown): ProofFile =>
  parsed(proofSchema, value, 'proof-malformed', 'the proof');

/** Throws ProofError `manifest-malformed`, `release-without-roster`. */
export function readManifest(bytes: Buffer): ManifestRoster {
  const value = jsonIn(bytes, 'manifest-malformed', 'the manifest');
  const manifest = parsed(manifestSchema, value, 'manifest-malformed', 'the manifest');
  if (manifest.roster === undefined) {
    throw new ProofError(
      'release-without-roster',
      `release ${manifest.release} has no roster in its manifest: nobody can be proved to be in it, or not`,
    );
  }
  const { root, rows, bits, key } = manifest.roster;
  return {
    release: manifest.release,
    mark: manifest.mark,
    source: manifest.source.id,
    roster: { root, rows, bits },
    key,
    digest: hash('sha256', bytes),
  };
}

/** Throws ProofError `log-proof-malformed`. */
export const readLogged = (bytes: Buffer): ReleaseLogged =>
  parsed(
    logSchema,
    jsonIn(bytes, 'log-proof-malformed', 'log-proof.json'),
    'log-proof-malformed',
    'log-proof.json',
  );

/** The opening of a release's entry. */
export function openingOf({ salt, content }: ReleaseLogged): Opening {
  // Its shape was checked, and it came of JSON; what else a content must be, whoever opens the entry checks.
  return { salt, content: content as unknown as LogContent };
}

export function jsonIn(bytes: Buffer, code: ProofErrorCode, what: string): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    // What JSON.parse says quotes the text.
    throw new ProofError(code, `${what} is not JSON; it was cut short, or is another file`);
  }
}

function parsed<T>(schema: z.ZodType<T>, value: unknown, code: ProofErrorCode, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const at = result.error.issues[0]?.path.join('.') ?? '';
  throw new ProofError(
    code,
    `${what} is not in its format${at === '' ? '' : `: look at "${at}"`}; it was changed, or is of another version`,
  );
}
