/** What can be wrong with a folder of evidence before anything of it is held against anything. No message quotes a person. */
export type EvidenceErrorCode =
  | 'evidence-missing'
  | 'evidence-malformed'
  /** Two files of the documents want the same place in a copy. */
  | 'document-ambiguous'
  | 'release-unknown'
  | 'sample-malformed'
  /** A sample that a checkpoint and nonce do not pick: more, fewer or other rows. */
  | 'sample-other'
  | 'sample-too-early'
  | 'opened-malformed'
  | 'snapshot-gone'
  /** The leaves of the tree that rows were committed to under at ingest are not there. */
  | 'commitments-gone'
  | 'rows-gone'
  | 'log-key-missing'
  | 'out-exists';
export class EvidenceError extends Error {
  readonly code: EvidenceErrorCode;
  constructor(code: EvidenceErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EvidenceError';
    this.code = code;
  }
}
