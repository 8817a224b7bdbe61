/** `astold prove`: a small file that shows that a person is, or is not, among the records of a release (E5). */
import { proveLeaf } from '../../roster/roster-file.ts';
import { sayings, verifyRosterProof } from '../../roster/roster-proof.ts';
import { leafOf, parseToken, releaseToken } from '../../roster/token.ts';
import { openRelease, type ReleaseFolder } from '../gate/release-folder.ts';
import { withPersons } from './person-token.ts';
import { type ProofFile, proofFormat } from './proof-file.ts';

/** Who is looked for: the holder of a master token, or a record that the holder of the key names. */
export type Sought =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'person'; readonly record: string };
export type Proved = { readonly result: 'present' | 'absent'; readonly proof: ProofFile };

/**
 * `root` is the workspace, which only a search for a person needs; `release` an id in it, or `folder` that of a release.
 * Errors: ProofError, RosterError, VaultError, KeyError; a person whose token cannot be told is never said to be absent.
 */
export async function prove(
  root: string | null,
  release: string,
  folder: string,
  sought: Sought,
): Promise<Proved> {
  const opened = await openRelease(root, release, folder);
  return sought.kind === 'token'
    ? proofOf(opened, parseToken(sought.token))
    : withPersons(root, (persons) =>
        persons.prove(opened.manifest, sought.record, (master) => proofOf(opened, master)),
      );
}

async function proofOf({ manifest, rosterFile, logged }: ReleaseFolder, master: string): Promise<Proved> {
  const token = releaseToken(master, manifest.release);
  const leaf = leafOf(token);
  const { bucket, path } = await proveLeaf(rosterFile, manifest.roster, leaf);
  const result = verifyRosterProof({ bucket, path }, leaf, manifest.roster);
  return {
    result,
    proof: {
      format: proofFormat,
      release: manifest.release,
      mark: manifest.mark,
      manifest: manifest.digest,
      roster: manifest.roster,
      token,
      bucket: [...bucket],
      path: [...path],
      says: sayings[result],
      log: logged,
    },
  };
}
