/** Why the ledger cannot be used. */
export type LedgerErrorCode =
  /** There was one under this key, and it is not there. */
  | 'ledger-missing'
  /** Another process has it. */
  | 'ledger-held'
  /** It knows less than its published checkpoint, or than a witness: an old backup. */
  | 'ledger-behind'
  /** It may: it was put back from a backup, or what was published of it is gone. */
  | 'ledger-held-back'
  /** It differs from its published checkpoint. */
  | 'ledger-forked'
  /** It does not agree with itself. */
  | 'ledger-damaged'
  /** It belongs to another log. */
  | 'ledger-other-log'
  /** It was written by another version of the program. */
  | 'ledger-version'
  | 'ledger-unreadable'
  /** The disk has no room for more. */
  | 'ledger-full'
  | 'ledger-closed'
  /** A transaction within a transaction, or after its end. */
  | 'ledger-misused'
  | 'opening-unknown'
  | 'opening-not-destroyed';

export class LedgerError extends Error {
  readonly code: LedgerErrorCode;
  constructor(code: LedgerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LedgerError';
    this.code = code;
  }
}

export const nested = (): LedgerError =>
  new LedgerError(
    'ledger-misused',
    'within a transaction of the ledger only that transaction may be used: the ledger would wait for itself',
  );

export const over = (): LedgerError =>
  new LedgerError('ledger-misused', 'a transaction of the ledger was used after its end');
