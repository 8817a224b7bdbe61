/** Why the ledger cannot be used. */
export type LedgerErrorCode =
  /** There was one under this key, and it is not there. */
  | 'ledger-missing'
  /** Another process has it. */
  | 'ledger-held'
  /** It knows less than its published checkpoint, or than a witness: an old backup. */
  | 'ledger-behind'
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
  /** A transaction within a transaction, or one that waits for something. */
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
