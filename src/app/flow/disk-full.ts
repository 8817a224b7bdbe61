/** Whether something was not done because a disk is full: as the system, the engine, SQLite and Postgres say it. */

const codes: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', '53100']);
const sqliteFull = 13;
/** The engine has no codes: it passes on what the system says, or says that what it put aside reached its limit. */
const engineWords = /No space left on device|Disk quota exceeded|max_temp_directory_size/;

export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && codes.has(String(error.code))) return true;
  if ('errcode' in error && Number(error.errcode) % 256 === sqliteFull) return true;
  return engineWords.test(error.message) || isDiskFull(error.cause);
}
