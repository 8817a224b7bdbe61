/** Files that a command makes: never over what is there, and for their owner alone. */
import { type FileHandle, open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Session, UsageError } from './session.ts';

/** Takes the file, as it was typed. Throws UsageError `out-exists`, and what the system says. */
export async function openNew({ terminal }: Pick<Session, 'terminal'>, file: string): Promise<FileHandle> {
  try {
    return await open(resolve(terminal.cwd, file), 'wx', 0o600);
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
    throw new UsageError('out-exists', `${file} is there already; name a file that is not`);
  }
}

/** Writes a value as JSON. Throws as `openNew`. */
export async function writeNewJson(
  session: Pick<Session, 'terminal'>,
  file: string,
  value: unknown,
): Promise<void> {
  const handle = await openNew(session, file);
  try {
    await handle.writeFile(`${JSON.stringify(value, null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
