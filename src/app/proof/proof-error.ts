/** What is wrong with a proof, or with what it is held against. No message holds a token. */
export type ProofErrorCode =
  | 'release-unknown'
  /** A release of a version that wrote no roster. */
  | 'release-without-roster'
  | 'manifest-malformed'
  /** A proof is held against a manifest, and none was given or found. */
  | 'manifest-needed'
  | 'file-malformed'
  | 'format-unknown'
  | 'proof-malformed'
  | 'proof-other-release'
  | 'proof-other-manifest'
  | 'proof-other-roster'
  | 'proof-other-person'
  | 'log-proof-missing'
  | 'log-proof-malformed'
  | 'log-proof-other';
export class ProofError extends Error {
  readonly code: ProofErrorCode;
  constructor(code: ProofErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ProofError';
    this.code = code;
  }
}
