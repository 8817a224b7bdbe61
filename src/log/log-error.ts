/** What is wrong with a log, a note or an entry that came from outside. No message holds an opening or a key. */
export type LogErrorCode =
  /** A verifier key that is no `name+hash+base64`, or of a type that is not used here. */
  | 'vkey-malformed'
  | 'note-malformed'
  /** A note that no known key signed. */
  | 'note-unsigned'
  /** A line that says it is by a known key, and is not. */
  | 'signature-wrong'
  | 'checkpoint-malformed'
  /** A checkpoint of another origin than the key's. */
  | 'checkpoint-other-log'
  /** A cosignature from later than now. */
  | 'cosignature-future'
  | 'witnesses-too-few'
  | 'log-missing'
  | 'log-unreadable'
  /** Smaller than it was. */
  | 'log-shrunk'
  /** Not grown from what it was. */
  | 'log-forked'
  | 'tile-missing'
  | 'tile-altered'
  | 'entry-malformed'
  | 'entry-unknown'
  | 'opening-wrong';

export class LogError extends Error {
  readonly code: LogErrorCode;
  constructor(code: LogErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LogError';
    this.code = code;
  }
}
