/** Checking a proof with nothing but the release's manifest and the log's key. */
import { whenSeen } from '../../evidence/own-clock.ts';
import type { WitnessPolicy } from '../../log/checkpoint.ts';
import { checkOpening } from '../../log/entry.ts';
import type { Verifier } from '../../log/keys.ts';
import { checkLogProof } from '../../log/proof.ts';
import { moment, placeIn } from '../../policy/figures.ts';
import { sayings, verifyRosterProof } from '../../roster/roster-proof.ts';
import { leafOf, parseToken, releaseToken } from '../../roster/token.ts';
import { ProofError } from './proof-error.ts';
import { openingOf, type ProofFile, readManifest, readProof } from './proof-file.ts';

export type VerifiedProof = {
  /** `unsettled`: nothing was found to be wrong, and without the log's key nothing says whose manifest it is. */
  readonly kind: 'settled' | 'unsettled';
  readonly result: 'present' | 'absent';
  readonly says: string;
  readonly release: string;
  readonly mark: 'reconstruction' | null;
  readonly manifest: string;
  /** What was found to hold, and what was not looked at, in words. */
  readonly checked: readonly string[];
  readonly unchecked: readonly string[];
};
export type ProofAgainst = {
  /** Bytes of `manifest.json`. */
  readonly manifest: Buffer;
  /** Null: the answer is unsettled. */
  readonly log: Verifier | null;
  /** Who must have cosigned the checkpoint of the proof. */
  readonly witnesses: WitnessPolicy;
  /** The master token of whoever asks: that the proof is of them. */
  readonly token: string | null;
};

/** Throws ProofError, RosterError, LogError where anything does not hold. */
export function verifyProof(value: unknown, against: ProofAgainst): VerifiedProof {
  const { log, token } = against;
  const proof = readProof(value);
  const manifest = readManifest(against.manifest);
  if (manifest.release !== proof.release) {
    throw new ProofError(
      'proof-other-release',
      `the proof is of release ${proof.release}, and the manifest of ${manifest.release}; give the manifest of that release`,
    );
  }
  if (manifest.digest !== proof.manifest) {
    throw new ProofError(
      'proof-other-manifest',
      `the proof is of a manifest with the digest ${proof.manifest.slice(0, 16)}..., and this one has ${manifest.digest.slice(0, 16)}...: one of the two was changed`,
    );
  }
  const { root, rows, bits } = manifest.roster;
  if (
    root !== proof.roster.root ||
    rows !== proof.roster.rows ||
    bits !== proof.roster.bits ||
    manifest.mark !== proof.mark
  )
    throw new ProofError(
      'proof-other-roster',
      'the proof names another roster, or another mark, than the manifest; the proof was changed',
    );
  const result = verifyRosterProof(proof, leafOf(proof.token), manifest.roster);
  if (proof.says !== sayings[result])
    throw new ProofError(
      'proof-malformed',
      `the proof shows that the record ${sayings[result]}, and says otherwise`,
    );
  if (token !== null && releaseToken(parseToken(token), proof.release) !== proof.token)
    throw new ProofError(
      'proof-other-person',
      'the proof is of another person than the holder of this token',
    );
  const logged = checkLogged(proof, log, against.witnesses);
  const [checked, unchecked] = [
    [
      'the bucket and its path lead to the root of the roster',
      'the roster is the one that the manifest commits to',
    ],
    [] as string[],
  ];
  if (token === null)
    unchecked.push('whose token the proof shows: give --token-file to check that it is yours');
  else checked.push('the proof is of the holder of the token given');
  checked.push(...logged.checked);
  unchecked.push(...logged.unchecked);
  return {
    kind: log === null ? 'unsettled' : 'settled',
    result,
    says: sayings[result],
    release: proof.release,
    mark: proof.mark,
    manifest: manifest.digest,
    checked,
    unchecked,
  };
}

type Said = { readonly checked: readonly string[]; readonly unchecked: readonly string[] };

function checkLogged(
  { log: logged, release, manifest }: ProofFile,
  log: Verifier | null,
  witnesses: WitnessPolicy,
): Said {
  if (logged === null) {
    if (log === null)
      return { checked: [], unchecked: ['that the release is in a log: the proof says nothing of one'] };
    throw new ProofError(
      'log-proof-missing',
      `the proof does not show that release ${release} is in the log of ${log.name}; ask for one made after it was published`,
    );
  }
  const { salt: _, content, ...inclusion } = logged;
  if (content.release !== release || content.manifest !== manifest)
    throw new ProofError(
      'log-proof-other',
      'the log entry in the proof is of another release, or of another manifest',
    );
  if (log === null) {
    checkOpening(Buffer.from(logged.entry, 'hex'), openingOf(logged));
    return { checked: [], unchecked: ['that the release is in the log: give --log-key'] };
  }
  const { origin, size, note } = checkLogProof(inclusion, openingOf(logged), log);
  const when = whenSeen(note, witnesses, Date.now());
  const place = placeIn(BigInt(logged.index), size);
  return {
    checked: [
      `the log of ${origin} holds the release as ${place}, by its own clock on ${moment(content.at)}`,
      ...when.checked,
    ],
    unchecked: when.unchecked,
  };
}
