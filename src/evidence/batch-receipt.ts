/**
 * The receipt of one event of a batch: the row, opened, the path from it to the root that the batch's log entry commits
 * to, and the promise and proof of that entry. It holds as a receipt of a single event does.
 */
import { z } from 'zod';
import { checkOpening, type LogContent, type Opening } from '../log/entry.ts';
import type { Signer, Verifier } from '../log/keys.ts';
import { leafHash, verifyInclusion } from '../log/merkle.ts';
import {
  eventColumns,
  type PreferenceType,
  preferenceTypes,
  receivedBy,
} from '../policy/preference-event.ts';
import { rawCommitment } from '../roster/raw-commitment.ts';
import { printToken } from '../roster/token.ts';
import {
  type CheckedReceipt,
  checkAgainstLog,
  hex,
  loggedSchema,
  parseReceipt,
  promiseOf,
  ReceiptError,
  type Said,
} from './receipt.ts';

export const batchReceiptFormat = 'astold/batch-receipt/1';

const contentSchema = z.strictObject({
  kind: z.literal('preference-batch'),
  at: z.string(),
  mark: z.literal('reconstruction').nullable(),
  batch: z.string().min(1).max(80),
  organisation: z.string().min(1).max(200),
  source: z.string().min(1).max(200),
  rows: z.int().min(1),
  /** RFC 6962 root over the commitments of the rows. */
  root: hex(64),
  /** Keyed hash of the digest of the file, under a key that stays in the vault. */
  file: hex(32),
  /** How all that is in it was received; not there in a batch of which nobody said it. */
  receivedBy: z.enum(receivedBy).exactOptional(),
});
export type BatchContent = z.infer<typeof contentSchema>;

const valueNames: readonly string[] = [...eventColumns, 'person'];
const schema = z.strictObject({
  format: z.literal(batchReceiptFormat),
  token: z.string().nullable(),
  entry: hex(64),
  salt: hex(32),
  content: contentSchema,
  row: z.strictObject({
    /** From 0, in the order of the file. */
    index: z.int().min(0),
    salt: hex(32),
    /** What stands in it, by column; `person` as on a receipt. */
    values: z.record(z.string(), z.string().min(1)),
    path: z.array(hex(64)).max(64),
  }),
  promise: z.string().max(2000),
  logged: loggedSchema.nullable(),
});
export type BatchReceipt = z.infer<typeof schema>;

/** What the log says of a batch, as an opening holds it. Throws ReceiptError `receipt-malformed`. */
export function readBatchContent(content: unknown): BatchContent {
  const parsed = contentSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new ReceiptError('receipt-malformed', 'the log entry of the batch was made by another version');
}

export type BatchReceiptOf = {
  readonly entry: Buffer;
  readonly opening: Opening;
  readonly content: BatchContent;
  readonly index: number;
  readonly salt: string;
  readonly values: Readonly<Record<string, string | null>>;
  readonly path: readonly string[];
  readonly master: string | null;
};

export function makeBatchReceipt(of: BatchReceiptOf, signer: Signer): BatchReceipt {
  const values = Object.entries(of.values).flatMap(([name, value]) =>
    value === null ? [] : [[name, value]],
  );
  const entry = of.entry.toString('hex');
  const { at, batch } = of.content;
  return {
    format: batchReceiptFormat,
    token: of.master === null ? null : printToken(of.master),
    entry,
    salt: of.opening.salt,
    content: of.content,
    row: { index: of.index, salt: of.salt, values: Object.fromEntries(values), path: [...of.path] },
    promise: promiseOf({ entry, at, id: batch }, signer),
    logged: null,
  };
}

/** As `checkReceipt`. */
export function checkBatchReceipt(value: unknown, log: Verifier, now: number): CheckedReceipt {
  const receipt = parseReceipt(schema, value);
  const { content, row } = receipt;
  const opening: Opening = { salt: receipt.salt, content: content as unknown as LogContent };
  checkOpening(Buffer.from(receipt.entry, 'hex'), opening);
  const other = Object.keys(row.values).find((name) => !valueNames.includes(name));
  const leaf = other === undefined ? leafHash(Buffer.from(rawCommitment(row.salt, row.values), 'hex')) : null;
  const included =
    leaf !== null &&
    verifyInclusion({
      index: BigInt(row.index),
      size: BigInt(content.rows),
      leaf,
      proof: row.path.map((hash) => Buffer.from(hash, 'hex')),
      root: Buffer.from(content.root, 'hex'),
    });
  if (!included)
    throw new ReceiptError(
      'receipt-row-wrong',
      `the row on the receipt is not row ${row.index + 1} of the batch that the log entry commits to; one of them was changed`,
    );
  return checkAgainstLog(receipt, saidIn(content, row.values), opening, log, now, 'needs-token');
}

/** As an ingest reads a row: an unknown kind is a stop of everything, a part left out is all (A5). */
function saidIn(content: BatchContent, values: Readonly<Record<string, string>>): Said {
  const kind = (values.kind ?? '').toLowerCase();
  const type: PreferenceType | undefined = preferenceTypes.find((each) => each === kind);
  const part = (name: string): string => (type === undefined ? 'all' : (values[name] ?? 'all'));
  return {
    at: content.at,
    id: content.batch,
    event: values.event ?? '',
    mark: content.mark,
    organisation: content.organisation,
    source: content.source,
    person: values.person ?? null,
    type: type ?? 'objection',
    scope: {
      purpose: part('purpose'),
      organisation: part('organisation'),
      contactChannel: part('contact-channel'),
      field: part('field'),
    },
    notice: values.notice ?? null,
    consent: values.consent ?? null,
    lifts: values.lifts ?? null,
    signed: values.signed ?? null,
    received: values.received ?? null,
    receivedBy: content.receivedBy ?? null,
  };
}
