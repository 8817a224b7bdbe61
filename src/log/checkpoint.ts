/** Checkpoints (C2SP tlog-checkpoint): a log's origin, size and root as a signed note. */
import { type Signer, signNote, type Verifier, verifiedBy } from './keys.ts';
import { LogError } from './log-error.ts';
import { hashBytes } from './merkle.ts';
import { formatNote, fromBase64, type Note, parseNote } from './note.ts';

export type TreeHead = { readonly size: bigint; readonly root: Buffer };
export type Checkpoint = TreeHead & {
  readonly origin: string;
  /** The note it was read from: its text is what is signed. */
  readonly note: Note;
};

/** Sizes up to 2^63 - 1. */
const sizePattern = /^(0|[1-9][0-9]{0,18})$/;

/** A size in decimal without leading zeros; null where it is anything else. */
export function parseSize(text: string): bigint | null {
  if (!sizePattern.test(text)) return null;
  const size = BigInt(text);
  return size < 1n << 63n ? size : null;
}

/** One hash in base64; null where it is anything else. */
export function parseHash(text: string): Buffer | null {
  const bytes = fromBase64(text);
  return bytes?.length === hashBytes ? bytes : null;
}

/** The signed text: no extension lines. */
export function checkpointText(origin: string, { size, root }: TreeHead): string {
  return `${origin}\n${size}\n${root.toString('base64')}\n`;
}

/** Reads a checkpoint without trusting it: no signature is checked. Throws LogError `note-malformed`, `checkpoint-malformed`. */
export function parseCheckpoint(note: string): Checkpoint {
  const parsed = parseNote(note);
  const [origin = '', sizeLine = '', rootLine = '', ...extensions] = parsed.text.slice(0, -1).split('\n');
  const [size, root] = [parseSize(sizeLine), parseHash(rootLine)];
  if (origin === '' || size === null || root === null || extensions.includes('')) {
    throw new LogError(
      'checkpoint-malformed',
      'this is no checkpoint: expected an origin, a size and a root hash, each on a line',
    );
  }
  return { origin, size, root, note: parsed };
}

/** Reads a checkpoint and requires the log's own signature under its own origin. Throws LogError. */
export function openCheckpoint(note: string, log: Verifier): Checkpoint {
  const checkpoint = parseCheckpoint(note);
  if (log.kind !== 'log')
    throw new LogError('vkey-malformed', `the key of ${log.name} is a witness's, and a log's is needed`);
  if (checkpoint.origin !== log.name) {
    throw new LogError(
      'checkpoint-other-log',
      `the checkpoint is of the log ${checkpoint.origin}, and the key is of ${log.name}`,
    );
  }
  if (verifiedBy(checkpoint.note, [log]).length === 0) {
    throw new LogError(
      'note-unsigned',
      `the checkpoint of ${log.name} is not signed by the key given: it is another log's, or not genuine`,
    );
  }
  return checkpoint;
}

/** How many lines beside the log's own stand under a checkpoint: what they say of themselves, and nobody has checked. */
export const cosignatures = ({ signatures }: Note): number => signatures.length - 1;

/** A log's checkpoint, signed by it. */
export function signCheckpoint(head: TreeHead, signer: Signer): string {
  const text = checkpointText(signer.verifier.name, head);
  return formatNote({ text, signatures: [signNote(text, signer)] });
}

/** `needed` of these witnesses must have cosigned; one public key counts once, whatever names it bears. */
export type WitnessPolicy = { readonly witnesses: readonly Verifier[]; readonly needed: number };
export type Witnessed = {
  readonly kind: 'witnessed' | 'own-clock' | 'too-few';
  /** Who cosigned, and when by their clocks. */
  readonly by: readonly { readonly name: string; readonly seconds: bigint }[];
  readonly needed: number;
};

/** How far a witness's clock may run ahead of ours, in seconds. */
const clockSkew = 300n;

/**
 * What the cosignatures on a checkpoint amount to. With none, a time is by our own clock (E4). `now` is in seconds; a
 * cosignature from later throws LogError `cosignature-future`, one that is wrong `signature-wrong`.
 */
export function judgeCosignatures(note: Note, policy: WitnessPolicy, now: bigint): Witnessed {
  const byKey = new Map<string, { name: string; seconds: bigint }>();
  for (const { verifier, seconds } of verifiedBy(note, policy.witnesses)) {
    if (seconds === null) continue;
    if (seconds > now + clockSkew) {
      throw new LogError(
        'cosignature-future',
        `the cosignature by ${verifier.name} is from ${timeOf(seconds)}, which is yet to come`,
      );
    }
    const raw = verifier.publicKey.export({ format: 'der', type: 'spki' }).toString('hex');
    if (!byKey.has(raw)) byKey.set(raw, { name: verifier.name, seconds });
  }
  const by = [...byKey.values()];
  const enough = Number.isInteger(policy.needed) && policy.needed >= 0 && by.length >= policy.needed;
  return {
    kind: !enough ? 'too-few' : by.length > 0 ? 'witnessed' : 'own-clock',
    by,
    needed: policy.needed,
  };
}

/** As `judgeCosignatures`, and too few throw LogError `witnesses-too-few`. */
export function requireCosigned(note: Note, policy: WitnessPolicy, now: bigint): Witnessed {
  const witnessed = judgeCosignatures(note, policy, now);
  if (witnessed.kind === 'too-few')
    throw new LogError(
      'witnesses-too-few',
      `${witnessed.by.length} of the ${policy.witnesses.length} witnesses named cosigned the checkpoint, and ${policy.needed} must; ask for one that they have, or say with --needed how many will do`,
    );
  return witnessed;
}

/**
 * By when at the latest the checkpoint was there, in seconds: as many as must have seen it, and one at the least, had
 * cosigned it by then. Null where nobody did.
 */
export function seenBy({ by, needed }: Witnessed): bigint | null {
  const times = by.map(({ seconds }) => seconds).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return times[Math.max(needed, 1) - 1] ?? null;
}

const timeOf = (seconds: bigint): string =>
  seconds < 8_640_000_000_000n ? new Date(Number(seconds) * 1000).toISOString() : `second ${seconds}`;
