/** Finding a release that proofs are made of: by its id in the workspace, or by the path of its folder. */
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readRegular } from '../../documents/regular-file.ts';
import { ProofError } from '../proof/proof-error.ts';
import { type ManifestRoster, type ReleaseLogged, readLogged, readManifest } from '../proof/proof-file.ts';

export type ReleaseFolder = {
  readonly manifest: ManifestRoster;
  /** Path of `roster.txt`. */
  readonly rosterFile: string;
  /** Null where the release has no `log-proof.json`. */
  readonly logged: ReleaseLogged | null;
};

const idPattern = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** `folder`, where it is one, is taken before an id. Throws ProofError. */
export async function openRelease(root: string | null, id: string, folder: string): Promise<ReleaseFolder> {
  const dir = existsSync(join(folder, 'manifest.json')) ? folder : null;
  const found = dir ?? (root !== null && idPattern.test(id) ? join(root, 'releases', id) : null);
  if (found === null || !(await isFolder(found))) {
    throw new ProofError(
      'release-unknown',
      `no release "${id}"${root === null ? ' here, and no workspace to look in' : ' in releases/'}; give its id, or the folder that holds its manifest.json`,
    );
  }
  const manifest = readManifest(await readRegular(join(found, 'manifest.json')));
  const logPath = join(found, 'log-proof.json');
  return {
    manifest,
    rosterFile: join(found, 'roster.txt'),
    logged: existsSync(logPath) ? readLogged(await readRegular(logPath)) : null,
  };
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
