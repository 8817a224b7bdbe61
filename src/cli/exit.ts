/** Exit statuses, and which error has which: the one place. */
export const exitStatus = { something: 0, failed: 1, wrongUse: 2, nothing: 3 } as const;
export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];

/**
 * Wrong use or invalid input, by the `code` of an error. Every other error is a failure: of the machine, or of this
 * program.
 */
const wrongUse: ReadonlySet<string> = new Set([
  // The command line.
  'usage',
  'workspace-missing',
  'out-exists',
  'contacts-missing',
  'config-invalid',
  // Documents and keys.
  'document-invalid',
  'init-refused',
  'request-unknown',
  'source-unknown',
  'record-unknown',
  'notice-unknown',
  'as-of-future',
  'no-notices',
  'key-missing',
  'key-permissions',
  'key-malformed',
  // Paths that lead nowhere, or to something else than they should.
  'EACCES',
  'EPERM',
  'EISDIR',
  'ENOTDIR',
  'EEXIST',
  'ENOENT',
  'ELOOP',
  'ENAMETOOLONG',
  'EROFS',
  // Files of people's data.
  'file-missing',
  'not-a-file',
  'file-too-large',
  'file-changed',
  'E_ENCODING',
  'E_DIALECT',
  'E_HEADERS',
  'E_CSV_PARSE',
  'E_PARQUET',
  'column-missing',
  'column-unknown',
  'date-format',
  'duplicate-record-id',
  'release-exists',
  'release-running',
  'package-unreadable',
  // Backups.
  'backup-empty',
  'backup-exists',
  'backup-unreadable',
  'backup-other',
  'backup-newer',
  'restore-not-empty',
]);

/** What a refusal of `release` ends with: wrong use where another command is meant, nothing where the gate is shut. */
const refusals: Readonly<Record<string, ExitStatus>> = {
  'release-refuses-as-of': exitStatus.wrongUse,
  'release-exists': exitStatus.wrongUse,
  'release-needs-log': exitStatus.nothing,
  'source-not-synthetic': exitStatus.nothing,
};

export function statusOfError(error: unknown): ExitStatus {
  return wrongUse.has(codeOf(error) ?? '') ? exitStatus.wrongUse : exitStatus.failed;
}

/** A refusal nobody has listed lets nothing go. */
export function statusOfRefusal(code: string): ExitStatus {
  return refusals[code] ?? exitStatus.nothing;
}

/** The stable code of an error of this program, or of Node. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
