/** Why the service's state cannot be opened or reached. */
export type StateErrorCode =
  /** Another process has the data folder. */
  | 'data-folder-in-use'
  | 'data-folder-unusable'
  | 'disk-full'
  /** The address is none, or nobody is let in under it. */
  | 'database-address'
  | 'database-unreachable'
  /** The owner's address leads to another database than the login's. */
  | 'database-of-other'
  | 'database-version'
  | 'database-encoding'
  /** Row-level security would not bind the login. */
  | 'database-login-too-strong'
  /** The login may not do what is needed. */
  | 'database-rights'
  /** The login may not use the database, or not migrate it, and nobody said who may. */
  | 'database-owner-wanted'
  /** The database was migrated by a later version of the program. */
  | 'migration-unknown'
  /** A step that was applied reads differently here. */
  | 'migration-changed'
  /** The database went away while a transaction was being committed. */
  | 'commit-unknown'
  /** What a backup is put back into holds something. */
  | 'state-not-empty'
  /** A backup has a table that is not there. */
  | 'table-unknown';

export class StateError extends Error {
  readonly code: StateErrorCode;
  constructor(code: StateErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StateError';
    this.code = code;
  }
}
