/** Checking a receipt: by itself, and against a release. Offline, with the log's public key alone. */
import { readRegular } from '../../documents/regular-file.ts';
import { batchReceiptFormat, checkBatchReceipt } from '../../evidence/batch-receipt.ts';
import { whenSeen } from '../../evidence/own-clock.ts';
import { personOf } from '../../evidence/preference.ts';
import {
  type CheckedReceipt,
  checkReceipt,
  ReceiptError,
  receiptFormat,
  tokenApart,
} from '../../evidence/receipt.ts';
import type { WitnessPolicy } from '../../log/checkpoint.ts';
import type { Verifier } from '../../log/keys.ts';
import { parseToken } from '../../roster/token.ts';
import { type Held, holdAgainst } from './breach.ts';
import { jsonIn } from './proof-file.ts';

export type ReceiptAgainst = {
  /** Id of a release in the workspace, and the path it would be as a folder. */
  readonly release: string;
  readonly folder: string;
  /** Folder of the release's evidence; null looks where a release leaves it. */
  readonly evidence: string | null;
  /** Path of a receipt that the supplier answers with; null where there is none. */
  readonly answer: string | null;
};
export type VerifiedReceipt = {
  readonly kind: 'receipt';
  readonly event: string;
  readonly type: string;
  readonly scope: CheckedReceipt['said']['scope'];
  /** By which the words of a yes are found. */
  readonly notice: string | null;
  readonly consent: string | null;
  /** The stop that was taken back. */
  readonly lifts: string | null;
  readonly mark: 'reconstruction' | null;
  /** By the clock of whoever gave it. */
  readonly at: string;
  /** When it was said, a date or a time; null of a file of them. */
  readonly signed: string | null;
  /** Its place in the log; null where it is a promise alone. */
  readonly index: string | null;
  readonly checked: readonly string[];
  readonly unchecked: readonly string[];
  /** What it says of the release; null where none was given. */
  readonly held: Held | null;
};
type Check = (value: unknown, log: Verifier, now: number) => CheckedReceipt;
type Options = {
  readonly token: string | null;
  readonly root: string | null;
  readonly receipt?: ReceiptAgainst;
};

/** `policy`: who must have cosigned the checkpoints of the receipt and of the release. Errors: ReceiptError, ProofError, EvidenceError, RosterError, LogError, KeyError, and of the paths. */
export async function verifyReceipt(
  check: Check,
  value: unknown,
  { token, root, receipt: against }: Options,
  log: Verifier | null,
  policy: WitnessPolicy,
): Promise<VerifiedReceipt> {
  if (log === null)
    throw new ReceiptError(
      'receipt-key-needed',
      'a receipt is checked with the public key of the log it is of: give it with --log-key',
    );
  const now = Date.now();
  const receipt = withToken(check(value, log, now), token);
  // A promise alone stands under no checkpoint that anybody could have cosigned.
  const when =
    receipt.note === null ? { checked: [], unchecked: [], seen: null } : whenSeen(receipt.note, policy, now);
  const held =
    against === undefined
      ? null
      : await holdAgainst(
          { ...receipt, seen: when.seen },
          against.answer === null ? null : await readAnswer(against.answer, log),
          { ...against, root },
          log,
          policy,
        );
  const { said, index, checked, unchecked } = receipt;
  return {
    kind: 'receipt',
    event: said.event,
    type: said.type,
    ...{ scope: said.scope, notice: said.notice, consent: said.consent, lifts: said.lifts },
    mark: said.mark,
    at: said.at,
    signed: said.signed,
    index: index?.toString() ?? null,
    checked: [...checked, ...when.checked, ...(held?.checked ?? [])],
    unchecked: [...unchecked, ...when.unchecked, ...(held?.unchecked ?? [])],
    held,
  };
}

/** A receipt that went out without its token is held against releases with the one that the person was given apart. */
function withToken(receipt: CheckedReceipt, token: string | null): CheckedReceipt {
  if (token === null) return receipt;
  const master = parseToken(token);
  if (receipt.master === master) return receipt;
  if (receipt.master !== null || receipt.said.person !== personOf(master))
    throw new ReceiptError('receipt-other-person', 'the receipt is not of the holder of the token given');
  const checked = [...receipt.checked, 'the token given is that of the person it is of'];
  return { ...receipt, master, checked, unchecked: receipt.unchecked.filter((each) => each !== tokenApart) };
}

const checks: ReadonlyMap<unknown, Check> = new Map([
  [receiptFormat, checkReceipt],
  [batchReceiptFormat, checkBatchReceipt],
]);

async function readAnswer(path: string, log: Verifier): Promise<CheckedReceipt> {
  const value = jsonIn(await readRegular(path), 'file-malformed', 'the answer');
  const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : null;
  const check = checks.get(format);
  if (check === undefined)
    throw new ReceiptError('receipt-malformed', 'the answer is no receipt; give the file of one');
  return check(value, log, Date.now());
}
