/** Why nothing was backed up, or put back. */
export type BackupErrorCode =
  /** A file of that name is there. */
  | 'backup-exists'
  /** There is nothing to back up. */
  | 'backup-empty'
  /** A file has a name that no archive can hold. */
  | 'name-refused'
  /** It is no backup, or not as it was written. */
  | 'backup-unreadable'
  /** The keys are those of another backup. */
  | 'backup-other'
  /** A later version of the program wrote it. */
  | 'backup-newer'
  /** What it is to be put back into holds something. */
  | 'restore-not-empty';

export class BackupError extends Error {
  readonly code: BackupErrorCode;
  constructor(code: BackupErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BackupError';
    this.code = code;
  }
}
