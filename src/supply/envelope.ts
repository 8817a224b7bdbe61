/**
 * What a supply says of itself: canonical JSON that names every member with its digest, as a note signed by the
 * supplier's log key. Its text is one line that begins with `{`: no checkpoint can be taken for it, nor it for one.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonical } from '../bulk/outputs/manifest.ts';
import { type Signer, signNote, type Verifier, verifiedBy } from '../log/keys.ts';
import { LogError } from '../log/log-error.ts';
import { formatNote, type Note, parseNote } from '../log/note.ts';
import { SupplyError } from './supply-error.ts';

/** The members of a supply, in the order they stand in the zip. */
export const envelopeFile = 'supply.note';
export const listFile = 'list.csv.age';
export const documentFiles = ['manifest.json', 'log-proof.json', 'terms.jsonld', 'words.json'] as const;
export const memberFiles: readonly string[] = [envelopeFile, ...documentFiles, listFile];

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().min(0);
const fileDigest = { digest: sha256, bytes: count };
const instant = z.string().refine((text) => {
  const at = Date.parse(text);
  return !Number.isNaN(at) && new Date(at).toISOString() === text;
});
const id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/);

const schema = z.strictObject({
  format: z.literal('astold/supply/1'),
  release: id,
  /** `mailing`: name and address alone, for whoever prints letters. */
  kind: z.enum(['whole', 'mailing']),
  supplier: id,
  recipient: id,
  ageKey: z.string(),
  sealedAt: instant,
  list: z.strictObject({
    file: z.literal('list.csv'),
    ...fileDigest,
    rows: count,
    columns: z.array(z.string()).min(1),
  }),
  roster: z.strictObject({ root: sha256, rows: count }),
  /** As in the manifest; null: the agreement speaks of none. */
  sleepers: z.strictObject({ count, commitment: sha256 }).nullable(),
  manifest: sha256,
  members: z.array(z.strictObject({ name: z.string(), ...fileDigest })),
});
export type Envelope = z.infer<typeof schema>;

/** The signed note. */
export function sealEnvelope(envelope: Envelope, signer: Signer): string {
  const text = `${canonical(envelope)}\n`;
  return formatNote({ text, signatures: [signNote(text, signer)] });
}

/** SHA-256 of the signed text, in hex: which supply it is. */
export const supplyDigest = (note: Note): string => createHash('sha256').update(note.text).digest('hex');

export type OpenedEnvelope = { readonly envelope: Envelope; readonly digest: string };

/**
 * Reads an envelope. With the supplier's `log` key its signature is required; without it (null) nobody knows who made
 * it, and whoever asked must say so. Throws SupplyError `envelope-malformed`, `signed-by-other`.
 */
export function openEnvelope(text: string, log: Verifier | null): OpenedEnvelope {
  const note = noteOf(text);
  if (log !== null) {
    const signed = genuine(() => verifiedBy(note, [log]));
    if (signed.length === 0) {
      throw new SupplyError(
        'signed-by-other',
        `the supply is not signed by the log key given, of ${log.name}; ask the supplier for its keys/log.pub`,
      );
    }
  }
  const envelope = envelopeOf(note.text);
  const named = envelope.members.map((member) => member.name).sort();
  const expected = memberFiles.filter((name) => name !== envelopeFile).sort();
  if (canonical(named) !== canonical(expected))
    throw malformed('it does not name just the members of a supply');
  return { envelope, digest: supplyDigest(note) };
}

function noteOf(text: string): Note {
  try {
    return parseNote(text);
  } catch (cause) {
    if (!(cause instanceof LogError)) throw cause;
    throw malformed('it is no signed note', cause);
  }
}

/** A signature line that is by this key and wrong is as bad as none. */
function genuine<T>(check: () => T): T {
  try {
    return check();
  } catch (cause) {
    if (!(cause instanceof LogError)) throw cause;
    throw new SupplyError('signed-by-other', `the supply was changed after it was signed: ${cause.message}`, {
      cause,
    });
  }
}

function envelopeOf(text: string): Envelope {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw malformed('its text is no JSON', cause);
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const at = parsed.error.issues[0]?.path.join('.') ?? '';
    throw malformed(
      `astold/supply/1 is expected, and ${at === '' ? 'its keys are not those' : `its ${at} is not as it should be`}`,
    );
  }
  // What two programs could read in two ways is refused: keys given twice, for one.
  if (`${canonical(parsed.data)}\n` !== text) throw malformed('its text is not canonical JSON');
  return parsed.data;
}

const malformed = (what: string, cause?: unknown): SupplyError =>
  new SupplyError('envelope-malformed', `${envelopeFile} cannot be read: ${what}`, { cause });
