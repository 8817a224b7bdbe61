/** A public key of a log or a witness on the command line: the key itself, or a file with it. */
import { resolve } from 'node:path';
import type { Verifier } from '../log/keys.ts';
import type { Session } from './session.ts';

/** For the help of an option. */
export const keyForms = 'NAME+HASH+BASE64, or a file with it';

/** Throws LogError `vkey-malformed`, also where the text is neither. */
export async function readKey({ terminal }: Pick<Session, 'terminal'>, given: string): Promise<Verifier> {
  const [{ parseVkey, vkeyFile }, { LogError }, { FileError, readRegular }] = await Promise.all([
    import('../log/keys.ts'),
    import('../log/log-error.ts'),
    import('../documents/regular-file.ts'),
  ]);
  // A key is no path of anything, but a name may look like one: what is a key is taken for one.
  try {
    return parseVkey(given.trim());
  } catch (cause) {
    if (!(cause instanceof LogError)) throw cause;
    let bytes: Buffer;
    try {
      bytes = await readRegular(resolve(terminal.cwd, given));
    } catch (error) {
      const missing = error instanceof Error && 'code' in error;
      if (!missing && !(error instanceof FileError)) throw error;
      throw new LogError('vkey-malformed', `${cause.message}; nor is it a file with one`, { cause });
    }
    return vkeyFile(bytes);
  }
}
