/** A recipient's countersignature (E5): on receipt it signs the row count and the roster's root, as a signed note. */
import { z } from 'zod';
import { canonical } from '../bulk/outputs/manifest.ts';
import { type Signer, signNote, type Verifier, verifiedBy } from '../log/keys.ts';
import { LogError } from '../log/log-error.ts';
import { formatNote, type Note, parseNote } from '../log/note.ts';
import { SupplyError } from './supply-error.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
// They name folders: no path climbs out of one.
const id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/);
const schema = z.strictObject({
  format: z.literal('astold/countersignature/1'),
  release: id,
  recipient: id,
  /** The digest of the supply's envelope. */
  supply: sha256,
  manifest: sha256,
  /** Of the list as supplied, its header aside. */
  rows: z.int().min(0),
  rosterRoot: sha256,
  /** By the recipient's clock. */
  at: z.string().refine((text) => !Number.isNaN(Date.parse(text)) && new Date(text).toISOString() === text),
});
export type Countersignature = z.infer<typeof schema>;

/** The note that goes back to the supplier. */
export function countersign(content: Countersignature, signer: Signer): string {
  const text = `${canonical(content)}\n`;
  return formatNote({ text, signatures: [signNote(text, signer)] });
}

/** Which recipient a countersignature says it is of; no signature is checked yet. Throws SupplyError. */
export function parseCountersignature(text: string): {
  readonly content: Countersignature;
  readonly note: Note;
} {
  let note: Note;
  let json: unknown;
  try {
    note = parseNote(text);
    json = JSON.parse(note.text);
  } catch (cause) {
    if (!(cause instanceof LogError || cause instanceof SyntaxError)) throw cause;
    throw malformed(cause);
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success || `${canonical(parsed.data)}\n` !== note.text) throw malformed(null);
  return { content: parsed.data, note };
}

/** Requires the recipient's own signature. Throws SupplyError `countersignature-by-other`. */
export function requireSigned(note: Note, recipient: Verifier): void {
  try {
    if (verifiedBy(note, [recipient]).length > 0) return;
  } catch (cause) {
    if (!(cause instanceof LogError)) throw cause;
  }
  throw new SupplyError(
    'countersignature-by-other',
    `the countersignature is not signed by the key of ${recipient.name} in organisations.yaml, or was changed since`,
  );
}

const malformed = (cause: unknown): SupplyError =>
  new SupplyError(
    'countersignature-malformed',
    'this is no countersignature: a signed note of canonical JSON astold/countersignature/1 is expected',
    { cause },
  );
