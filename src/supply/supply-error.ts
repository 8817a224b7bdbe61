/** What is wrong with a supply, its keys or its countersignature. No message holds a person's data or a key. */
export type SupplyErrorCode =
  // The zip.
  | 'supply-unreadable'
  | 'too-many-members'
  | 'member-duplicate'
  | 'member-unknown'
  | 'member-missing'
  | 'member-encrypted'
  | 'path-absolute'
  | 'path-climbs'
  | 'link-refused'
  | 'member-too-large'
  | 'zip-bomb'
  | 'crc-wrong'
  // What it says of itself.
  | 'envelope-malformed'
  | 'signed-by-other'
  | 'digest-wrong'
  | 'manifest-malformed'
  | 'manifest-of-other-release'
  | 'reconstruction-refused'
  | 'proof-malformed'
  | 'not-logged'
  | 'terms-malformed'
  // The list.
  | 'wrong-recipient'
  | 'age-tampered'
  | 'list-malformed'
  | 'list-differs'
  // Keys and places.
  | 'identity-malformed'
  | 'log-key-missing'
  | 'log-key-unused'
  | 'out-exists'
  // Countersignatures.
  | 'countersignature-malformed'
  | 'countersignature-by-other'
  | 'countersignature-of-other-release'
  | 'countersignature-differs'
  | 'countersignature-future'
  | 'countersignature-early'
  | 'receipt-exists'
  | 'signing-key-missing'
  // Attestations.
  | 'attestation-malformed'
  | 'attestation-by-other'
  // The supplier's own folder of a release.
  | 'release-damaged'
  /** People have said something since it was decided. */
  | 'stops-since'
  // What turned up.
  | 'too-many-codes'
  | 'trace-code-check'
  | 'trace-index-broken';

export class SupplyError extends Error {
  readonly code: SupplyErrorCode;
  constructor(code: SupplyErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SupplyError';
    this.code = code;
  }
}
