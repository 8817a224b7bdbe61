/** `astold init`: a small live workspace of invented people that passes its own check, and its keys: the organisation's and the log's. */
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { createKey, keyFile } from '../../documents/key.ts';
import { createLogKey, logKeyFile, logOrigin, logPublicFile } from '../../documents/log-key.ts';
import { workspaceFile } from '../../documents/read-files.ts';
import { pathTrouble, readRegular } from '../../documents/regular-file.ts';
import { dayOf } from '../../policy/dates.ts';
import { organisationId, scaffold } from './scaffold/files.ts';

export type InitErrorCode = 'init-refused';
export class InitError extends Error {
  readonly code: InitErrorCode;
  /** The files that are in the way. */
  readonly files: readonly string[];
  constructor(code: InitErrorCode, message: string, files: readonly string[]) {
    super(message);
    this.name = 'InitError';
    this.code = code;
    this.files = files;
  }
}

export type Initialised = {
  readonly root: string;
  /** What was written, relative to the root; files that were there already with the same words are not among them. */
  readonly written: readonly string[];
  readonly key: 'made' | 'kept';
};

/**
 * Writes a workspace into `dir`, made if need be. Nothing that is there is changed: a file of another content in the
 * way refuses before anything is written (`InitError`), and a key that is there is kept.
 */
export async function init(dir: string): Promise<Initialised> {
  // Resolved, it would be the present folder.
  if (dir.trim() === '') throw new InitError('init-refused', 'an empty name is no folder', []);
  const root = resolve(dir);
  const files = scaffold(dayOf(Date.now()));
  const found = await Promise.all(
    files.map(async (file) => ({ ...file, now: await readOrNull(root, file.path) })),
  );
  const blocked = found
    .filter((f) => f.now !== null && !(f.path === '.gitignore' || f.now === f.text))
    .map((f) => f.path);
  if (blocked.includes(workspaceFile))
    throw new InitError('init-refused', `${root} is a workspace already; nothing was changed`, blocked);
  if (blocked.length > 0) {
    throw new InitError(
      'init-refused',
      `these files are in the way, and nothing was changed: ${blocked.join(', ')}; choose an empty folder`,
      blocked,
    );
  }
  const key = await makeKey(root);
  const written: string[] = key === 'made' ? [keyFile] : [];
  if ((await createLogKey(root, logOrigin(organisationId))) === 'made')
    written.push(logKeyFile, logPublicFile);
  for (const file of found) {
    if (file.path === '.gitignore' && file.now !== null) {
      if (await extend(join(root, file.path), file.now, file.text)) written.push(file.path);
    } else if (file.now === null) {
      await makeFolder(dirname(join(root, file.path)));
      await writeFile(join(root, file.path), file.text, { flag: 'wx' });
      written.push(file.path);
    }
  }
  return { root, written, key };
}

async function readOrNull(root: string, file: string): Promise<string | null> {
  const path = join(root, file);
  try {
    return (await readRegular(path)).toString('utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    const trouble = pathTrouble(error);
    if (trouble === null) throw error;
    throw new InitError(
      'init-refused',
      `${file} in ${root} is in the way (${trouble}), and nothing was changed; choose an empty folder`,
      [relative(root, path)],
    );
  }
}

/** A folder with those above it. One by one: made in one go, on some file systems it is tried for ever. */
async function makeFolder(path: string): Promise<void> {
  try {
    if ((await stat(path)).isDirectory()) return;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT') || dirname(path) === path)
      throw refused(path, error);
    await makeFolder(dirname(path));
  }
  await mkdir(path).catch((error: unknown) => {
    throw refused(path, error);
  });
}

function refused(path: string, error: unknown): unknown {
  const trouble = error instanceof InitError ? null : pathTrouble(error);
  if (trouble === null) return error;
  return new InitError('init-refused', `no folder ${path} can be made (${trouble}); choose another place`, [
    path,
  ]);
}

/** Never overwrites; where something is in the way of it, says so. */
async function makeKey(root: string): Promise<'made' | 'kept'> {
  if ((await readOrNull(root, keyFile)) !== null) return 'kept';
  await makeFolder(dirname(join(root, keyFile)));
  return createKey(root);
}

/** Adds the lines that are not there yet, whole or not at all. True where it added any. */
async function extend(path: string, now: string, wanted: string): Promise<boolean> {
  const there = new Set(now.split(/\r?\n/).map((line) => line.trim()));
  const missing = wanted.split('\n').filter((line) => line !== '' && !there.has(line));
  if (missing.length === 0) return false;
  const aside = `${path}.${process.pid}.partial`;
  try {
    await writeFile(aside, `${now}${now === '' || now.endsWith('\n') ? '' : '\n'}${missing.join('\n')}\n`, {
      flag: 'wx',
    });
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
  return true;
}
