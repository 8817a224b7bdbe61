/**
 * Receipts (E1, E3): what a person said, a promise that it is in the log, signed at once, and the proof of it once the
 * log is published. A receipt holds against whoever gave it: it needs nothing of theirs but the log's public key.
 */
import { z } from 'zod';
import { checkOpening, type LogContent, type Opening } from '../log/entry.ts';
import { type Signer, signNote, type Verifier, verifiedBy } from '../log/keys.ts';
import { formatNote, type Note, parseNote } from '../log/note.ts';
import { checkLogProof, type LogProof } from '../log/proof.ts';
import { moment, placeIn } from '../policy/figures.ts';
import { parseToken, printToken } from '../roster/token.ts';
import { type Preference, personOf, preferenceSchema } from './preference.ts';

export const receiptFormat = 'astold/receipt/1';

export type ReceiptErrorCode =
  | 'receipt-malformed'
  /** The promise is by another key, or of another entry or time. */
  | 'receipt-promise-wrong'
  /** The token is not that of the person it is of. */
  | 'receipt-other-person'
  | 'receipt-from-future'
  /** A row that is not in the batch it says it is of. */
  | 'receipt-row-wrong'
  | 'receipt-key-needed'
  | 'place-malformed'
  /** A place in the log that is another entry's. */
  | 'place-of-other';
export class ReceiptError extends Error {
  readonly code: ReceiptErrorCode;
  constructor(code: ReceiptErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ReceiptError';
    this.code = code;
  }
}

export const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`));
/** Where the entry stands in the published log. */
export const loggedSchema = z.strictObject({
  index: z.string(),
  size: z.string(),
  proof: z.array(z.string()).max(64),
  checkpoint: z.string().max(10_000),
});
const receiptSchema = z.strictObject({
  format: z.literal(receiptFormat),
  /**
   * The person's master token, with its check digits. Null where nobody could say which record it is of; and where it was
   * left out, because the receipt went to somebody who may be another: `content.person` then names them by a commitment.
   */
  token: z.string().nullable(),
  /** The log entry, and what opens it. */
  entry: hex(64),
  salt: hex(32),
  content: preferenceSchema,
  /** A note signed by the log's key. */
  promise: z.string().max(2000),
  /** Null until the log is published. */
  logged: loggedSchema.nullable(),
});
export type Receipt = z.infer<typeof receiptSchema>;

/** What is promised of: an entry, when it was made by our own clock, and the id of the event or batch. */
export type Promised = { readonly entry: string; readonly at: string; readonly id: string };

/** The text of a promise. Its first line is none that a checkpoint has. */
const promiseText = ({ entry, at, id }: Promised): string => `astold/promise/1\n${entry}\n${at}\n${id}\n`;

/** A signed note. */
export function promiseOf(promised: Promised, signer: Signer): string {
  const text = promiseText(promised);
  return formatNote({ text, signatures: [signNote(text, signer)] });
}

export type ReceiptOf = {
  readonly entry: Buffer;
  readonly opening: Opening;
  readonly content: Preference;
  /** The master token, 32 hex digits. */
  readonly master: string | null;
};

/** The receipt given at once: a promise, and no proof yet. The same event gives the same bytes. */
export function makeReceipt({ entry, opening, content, master }: ReceiptOf, signer: Signer): Receipt {
  const hash = entry.toString('hex');
  return {
    format: receiptFormat,
    token: master === null ? null : printToken(master),
    entry: hash,
    salt: opening.salt,
    content,
    promise: promiseOf({ entry: hash, at: content.at, id: content.event }, signer),
    logged: null,
  };
}

type Entered = { readonly entry: string; readonly logged: Receipt['logged'] };

/** The same receipt with the proof that the published log holds its entry; null where it is not published yet. */
export function withProof<T extends Entered>(receipt: T, proof: LogProof | null): T {
  if (proof === null) return receipt;
  if (proof.entry !== receipt.entry) throw new RangeError('the proof is of another entry than the receipt');
  const { index, size, proof: path, checkpoint } = proof;
  return { ...receipt, logged: { index, size, proof: [...path], checkpoint } };
}

/** What was said, whatever kind of receipt says it; times as they were written. */
export type Said = Omit<Preference, 'kind' | 'delivery' | 'signed' | 'received' | 'receivedBy'> & {
  /** Of the event or the batch: what the promise names. */
  readonly id: string;
  readonly signed: string | null;
  readonly received: string | null;
  readonly receivedBy: Preference['receivedBy'] | null;
};

export type CheckedReceipt = {
  readonly said: Said;
  /** The master token, 32 hex digits. */
  readonly master: string | null;
  /** Its place in the log; null where the receipt is a promise alone. */
  readonly index: bigint | null;
  /** The checkpoint it is proved under: who cosigned it is for the caller to ask (E4). Null where `index` is. */
  readonly note: Note | null;
  readonly checked: readonly string[];
  readonly unchecked: readonly string[];
};

/** How far two clocks may differ before a receipt is of the future. */
const clockToleranceMs = 5 * 60_000;

/** `now` in milliseconds. Throws ReceiptError, LogError, RosterError where anything does not hold. */
export function checkReceipt(value: unknown, log: Verifier, now: number): CheckedReceipt {
  const receipt = parseReceipt(receiptSchema, value);
  const { kind: _, delivery: __, ...said } = receipt.content;
  const opening: Opening = { salt: receipt.salt, content: receipt.content satisfies LogContent };
  checkOpening(Buffer.from(receipt.entry, 'hex'), opening);
  return checkAgainstLog(receipt, { ...said, id: said.event }, opening, log, now, 'may-lack-token');
}

/** The receipt without the token: for whoever may not be the person it is of (E1). */
export const withoutToken = (receipt: Receipt): Receipt => ({ ...receipt, token: null });

/** Throws ReceiptError `receipt-malformed`, which names the part and quotes nothing. */
export function parseReceipt<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const at = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new ReceiptError(
    'receipt-malformed',
    `the receipt is not in its format${at === '' ? '' : `: look at "${at}"`}; it was changed, or is of another version`,
  );
}

type Claimed = Pick<Receipt, 'token' | 'entry' | 'promise' | 'logged'>;

/** What holds of every receipt whose opening was found to be that of its entry. */
export function checkAgainstLog(
  receipt: Claimed,
  said: Said,
  opening: Opening,
  log: Verifier,
  now: number,
  token: 'may-lack-token' | 'needs-token',
): CheckedReceipt {
  if (said.mark === null && Date.parse(said.at) > now + clockToleranceMs) {
    throw new ReceiptError(
      'receipt-from-future',
      `the receipt is of ${moment(said.at)}, which is not yet; a clock is wrong, here or where it was made`,
    );
  }
  requirePromise(receipt.promise, { entry: receipt.entry, at: said.at, id: said.id }, log);
  const master = receipt.token === null ? null : parseToken(receipt.token);
  const apart = master === null && said.person !== null && token === 'may-lack-token';
  if (!apart && (master === null ? null : personOf(master)) !== said.person) {
    throw new ReceiptError(
      'receipt-other-person',
      'the token on the receipt is not that of the person the log entry is of',
    );
  }
  const checked = [
    `${log.name} promised on ${moment(said.at)}, by its own clock, to keep this`,
    ...(master === null ? [] : ['the token is that of the person it is of']),
  ];
  const unchecked = apart
    ? [tokenApart]
    : master === null
      ? ['whose it is: nobody could say which record it is of, and it has no token']
      : [];
  if (receipt.logged === null) {
    const proof =
      'that it is in the published log: it was not yet when this was written; ask for it again, or for its place in the log and give that with --logged';
    return { said, master, index: null, note: null, checked, unchecked: [...unchecked, proof] };
  }
  const { size, note } = checkLogProof({ entry: receipt.entry, ...receipt.logged }, opening, log);
  const index = BigInt(receipt.logged.index);
  return {
    said,
    master,
    index,
    note,
    checked: [...checked, `the log holds it as ${placeIn(index, size)}`],
    unchecked,
  };
}

/** Of a receipt that went out without the token. */
export const tokenApart =
  'whose it is: it names the person without their token, which is given to them alone when they sign in';

function requirePromise(promise: string, promised: Promised, log: Verifier): void {
  const note = parseNote(promise);
  if (note.text !== promiseText(promised) || verifiedBy(note, [log]).length === 0) {
    throw new ReceiptError(
      'receipt-promise-wrong',
      `the promise on the receipt is not one of ${log.name} for this event; ask whoever gave it for a new one`,
    );
  }
}
