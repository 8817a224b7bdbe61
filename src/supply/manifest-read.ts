/** What a supply reads of a release's manifest and of the proof that it is in the log; both may come from outside. */
import { z } from 'zod';
import type { Checkpoint } from '../log/checkpoint.ts';
import type { Opening } from '../log/entry.ts';
import { checkOpening } from '../log/entry.ts';
import type { Verifier } from '../log/keys.ts';
import { LogError } from '../log/log-error.ts';
import { checkLogProof, type LogProof } from '../log/proof.ts';
import { SupplyError, type SupplyErrorCode } from './supply-error.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().min(0);
const file = { file: z.string(), digest: sha256, bytes: count };

// Other keys are for other readers: the digest of the whole is what binds them.
const manifestSchema = z.object({
  format: z.literal('astold/manifest/2'),
  release: z.string(),
  mark: z.literal('reconstruction').nullable(),
  day: z.iso.date(),
  cutOff: z.iso.datetime({ offset: true }),
  /** Which of the organisation's keys its pseudonyms, trace codes and sleepers were made under. */
  key: z.string().regex(/^[0-9a-f]{16}$/),
  documents: z.array(z.object({ kind: z.string(), id: z.string(), digest: sha256 })),
  /** `files`: SHA-256 of every file that was read of the source, its preference events too. */
  source: z.object({ id: z.string(), files: z.array(sha256) }),
  list: z.object({ ...file, rows: count, columns: z.array(z.string()).min(1) }),
  decisions: z.object({ file: z.string(), digest: sha256 }),
  roster: z.object({ root: sha256, rows: count }),
  /** Null: the agreement speaks of none. */
  sleepers: z.object({ count, commitment: sha256 }).nullable(),
  /** Entries of the log that it was decided with. */
  logSize: z.string().regex(/^(0|[1-9]\d{0,18})$/),
});
export type ManifestRead = z.infer<typeof manifestSchema>;

/** Throws SupplyError `manifest-malformed`. */
export function readManifest(text: string): ManifestRead {
  const manifest = parsed(manifestSchema, text, 'manifest-malformed', 'manifest.json');
  if (manifest.roster.rows !== manifest.list.rows)
    throw new SupplyError(
      'manifest-malformed',
      `manifest.json has ${manifest.list.rows} rows in its list and ${manifest.roster.rows} in its roster`,
    );
  return manifest;
}

const proofSchema = z.object({
  entry: z.string(),
  salt: z.string(),
  content: z.looseObject({
    kind: z.literal('release'),
    at: z.string(),
    release: z.string(),
    manifest: sha256,
  }),
  index: z.string(),
  size: z.string(),
  proof: z.array(z.string()),
  checkpoint: z.string(),
});

/**
 * Requires that the proof's entry is of this release and this manifest and, with the log's key, that the log holds it.
 * Gives the log's checkpoint, null where nobody gave the key. Throws SupplyError `proof-malformed`, `not-logged`.
 */
export function checkReleaseLogged(
  text: string,
  release: string,
  manifestDigest: string,
  log: Verifier | null,
): Checkpoint | null {
  const { content, salt, ...rest } = parsed(proofSchema, text, 'proof-malformed', 'log-proof.json');
  if (content.release !== release || content.manifest !== manifestDigest)
    throw notLogged('the log entry given with it is of another release, or of another manifest');
  try {
    // Its shape was checked: what is left of it is canonical JSON or refused below.
    const opening = { salt, content } as Opening;
    if (log !== null) return checkLogProof(rest satisfies LogProof, opening, log);
    checkOpening(Buffer.from(rest.entry, 'hex'), opening);
    return null;
  } catch (cause) {
    if (!(cause instanceof LogError)) throw cause;
    throw notLogged(cause.message, cause);
  }
}

const notLogged = (why: string, cause?: unknown): SupplyError =>
  new SupplyError('not-logged', `no log, no release: ${why}`, { cause });

function parsed<T>(schema: z.ZodType<T>, text: string, code: SupplyErrorCode, name: string): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new SupplyError(code, `${name} is no JSON`, { cause });
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const at = result.error.issues[0]?.path.join('.') ?? '';
  throw new SupplyError(
    code,
    `${name} is not in the form of a release${at === '' ? '' : `: look at its ${at}`}`,
  );
}
