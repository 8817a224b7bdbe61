/** An attestation: a party's signed word that it has done a duty. It shows who said so, and when; not that it is so. */
import { z } from 'zod';
import { canonical } from '../bulk/outputs/manifest.ts';
import { type Signer, signNote, type Verifier, verifiedBy } from '../log/keys.ts';
import { LogError } from '../log/log-error.ts';
import { formatNote, type Note, parseNote } from '../log/note.ts';
import { SupplyError } from './supply-error.ts';

const id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/);

/** What a duty can be attested of. A countersignature is no attestation: it is held against what was sealed. */
export const attestedKinds = ['inform', 'stop-using', 'delete', 'obey-stops'] as const;

/** The duty, as the supplier shows it to whoever owes it. */
export const dutyToAttest = z.strictObject({
  format: z.literal('astold/attestation/1'),
  /** The supplier, as its service names it. */
  supplier: id,
  duty: id,
  release: id,
  party: id,
  kind: z.enum(attestedKinds),
});
export type DutyToAttest = z.infer<typeof dutyToAttest>;

const schema = dutyToAttest.extend({
  /** What was done, where and how. */
  words: z
    .string()
    .max(2000)
    .refine((text) => text.trim() !== '' && text.isWellFormed()),
  /** By the party's clock. */
  at: z.string().refine((text) => !Number.isNaN(Date.parse(text)) && new Date(text).toISOString() === text),
});
export type Attestation = z.infer<typeof schema>;

/** The note that goes to the supplier. Throws SupplyError `attestation-malformed`. */
export function attest(content: Attestation, signer: Signer): string {
  const text = `${canonical(parsed(content))}\n`;
  return formatNote({ text, signatures: [signNote(text, signer)] });
}

/** What a note says; no signature is checked yet. Throws SupplyError `attestation-malformed`. */
export function parseAttestation(text: string): { readonly content: Attestation; readonly note: Note } {
  let note: Note;
  let json: unknown;
  try {
    note = parseNote(text);
    json = JSON.parse(note.text);
  } catch (cause) {
    if (!(cause instanceof LogError || cause instanceof SyntaxError)) throw cause;
    throw malformed(cause);
  }
  const content = parsed(json);
  if (`${canonical(content)}\n` !== note.text) throw malformed(null);
  return { content, note };
}

/** Requires the party's own signature. Throws SupplyError `attestation-by-other`. */
export function requireAttestedBy(note: Note, party: Verifier): void {
  try {
    if (verifiedBy(note, [party]).length > 0) return;
  } catch (cause) {
    if (!(cause instanceof LogError)) throw cause;
  }
  throw new SupplyError(
    'attestation-by-other',
    `the attestation is not signed by the key of ${party.name} in organisations.yaml, or was changed since`,
  );
}

function parsed(json: unknown): Attestation {
  const found = schema.safeParse(json);
  if (found.success) return found.data;
  throw malformed(found.error);
}

const malformed = (cause: unknown): SupplyError =>
  new SupplyError(
    'attestation-malformed',
    'this is no attestation: a signed note of canonical JSON astold/attestation/1, with words and a time, is expected',
    { cause },
  );
