/** Where the files that documents name lie in a copy of the documents: always within it, wherever they were. */
import { createHash } from 'node:crypto';
import { isAbsolute, posix } from 'node:path';

/** A workspace as people write it; or a copy kept with a release, which is read with nothing beside it. */
export type DocumentsPlace = 'workspace' | 'copy';

/** The pack that comes with the program, as a copy has it. */
export const builtInCopy = (name: string): string => `built-in/${name}.yaml`;

/**
 * The path, relative to the root with forward slashes, at which a copy has a file that a document in `folder` names. What
 * lies outside the root, or hidden in it, gets a name made of how it was written: a copy leads nowhere else.
 */
export function copiedTo(folder: string, file: string): string {
  const path = posix.normalize(posix.join(folder, file.replaceAll('\\', '/')));
  const within = !isAbsolute(file) && !/^[A-Za-z]:/.test(file) && !/(^|\/)\./.test(path);
  return within ? path : `outside/${createHash('sha256').update(file).digest('hex').slice(0, 16)}.txt`;
}
