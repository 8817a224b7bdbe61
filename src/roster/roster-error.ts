/** What can be wrong with a roster, a proof or a token. No message holds a token or a leaf. */
export type RosterErrorCode =
  | 'roster-missing'
  | 'roster-truncated'
  | 'roster-malformed'
  | 'roster-unsorted'
  | 'roster-duplicate'
  /** Not the roster that was committed. */
  | 'roster-other'
  | 'commitment-malformed'
  | 'token-malformed'
  | 'proof-malformed'
  /** The bucket of a proof is not the one that the leaf would stand in. */
  | 'proof-bucket'
  /** The audit path of a proof does not lead to the root. */
  | 'proof-path';
export class RosterError extends Error {
  readonly code: RosterErrorCode;
  constructor(code: RosterErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RosterError';
    this.code = code;
  }
}
