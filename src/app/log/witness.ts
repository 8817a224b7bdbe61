/**
 * A witness: cosigns a log's checkpoint if it grew from the one it cosigned before, and nothing else (C2SP
 * tlog-witness). It sees roots and sizes, never an entry.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { KeyError } from '../../documents/key.ts';
import { createSigningKey, readSigningKey } from '../../documents/log-key.ts';
import { parseAddCheckpoint } from '../../log/add-checkpoint.ts';
import type { Checkpoint, TreeHead } from '../../log/checkpoint.ts';
import { cosignNote, parseVkey, type Signer, type Verifier, verifiedBy } from '../../log/keys.ts';
import { LogError } from '../../log/log-error.ts';
import { emptyRoot, verifyConsistency } from '../../log/merkle.ts';
import { signatureLine } from '../../log/note.ts';
import { openWitnessState, type WitnessState } from '../../store/witness-state.ts';

export type Witness = {
  readonly verifier: Verifier;
  /** The logs it knows, by their public keys. */
  readonly logs: readonly Verifier[];
  /** Judges the body of an `add-checkpoint`. `now` is in seconds. Throws only what the disk says. */
  addCheckpoint(body: Uint8Array, now: bigint): WitnessAnswer;
  close(): void;
};
/** `size` is the one last cosigned, where that is the reason. */
export type WitnessAnswer =
  | { readonly kind: 'cosigned'; readonly line: string }
  | { readonly kind: 'refused'; readonly status: 400 | 403 | 404 | 422; readonly message: string }
  | { readonly kind: 'conflict'; readonly size: bigint };

/**
 * Opens the witness in `dir`: its key (made under `name` where there is none) and its memory. Throws KeyError, LogError
 * for the key of a log, LedgerError where another process has the folder.
 */
export async function openWitness(
  dir: string,
  name: string | null,
  logs: readonly string[],
): Promise<Witness> {
  const known = logs.map((vkey) => {
    const log = parseVkey(vkey);
    if (log.kind === 'log') return log;
    throw new LogError('vkey-malformed', `the key of ${log.name} is a witness's, and a log's is needed`);
  });
  const [keyPath, publicPath] = [join(dir, 'witness.key'), join(dir, 'witness.pub')];
  if (name !== null) await createSigningKey(keyPath, publicPath, 'witness', name);
  else if (!existsSync(keyPath))
    throw new KeyError(
      'key-missing',
      `${keyPath} is not there: give the witness a name, such as --name witness.example/w1, and its key is made; or name the folder it is in`,
    );
  const signer = await readSigningKey(keyPath, publicPath, 'witness');
  const state = await openWitnessState(dir);
  return {
    verifier: signer.verifier,
    logs: known,
    addCheckpoint: (body, now) => addCheckpoint(state, known, signer, body, now),
    close: state.close,
  };
}

const refused = (status: 400 | 403 | 404 | 422, message: string): WitnessAnswer => ({
  kind: 'refused',
  status,
  message,
});

function addCheckpoint(
  state: WitnessState,
  logs: readonly Verifier[],
  signer: Signer,
  body: Uint8Array,
  now: bigint,
): WitnessAnswer {
  let asked: ReturnType<typeof parseAddCheckpoint>;
  try {
    asked = parseAddCheckpoint(body);
  } catch (error) {
    if (error instanceof LogError) return refused(400, error.message);
    throw error;
  }
  const { checkpoint, oldSize } = asked;
  const trusted = logs.filter((log) => log.name === checkpoint.origin);
  if (trusted.length === 0) return refused(404, 'this witness does not know the log of that origin');
  if (!signedByOne(checkpoint, trusted))
    return refused(403, 'the checkpoint is not signed by a key known for its origin');
  if (oldSize > checkpoint.size) return refused(400, 'the old size is larger than the checkpoint');
  let answer: WitnessAnswer | null = null;
  state.update(checkpoint.origin, (latest) => {
    answer = refusalOf(latest, oldSize, checkpoint, asked.proof);
    return answer === null ? { size: checkpoint.size, root: checkpoint.root } : null;
  });
  // It is remembered, and on the disk, before it is signed for.
  return answer ?? { kind: 'cosigned', line: signatureLine(cosignNote(checkpoint.note.text, signer, now)) };
}

function signedByOne(checkpoint: Checkpoint, trusted: readonly Verifier[]): boolean {
  try {
    return verifiedBy(checkpoint.note, trusted).length > 0;
  } catch (error) {
    if (error instanceof LogError) return false;
    throw error;
  }
}

function refusalOf(
  latest: TreeHead | null,
  oldSize: bigint,
  { size, root }: TreeHead,
  proof: readonly Buffer[],
): WitnessAnswer | null {
  const known = latest?.size ?? 0n;
  if (oldSize !== known) return { kind: 'conflict', size: known };
  if (latest !== null && size === latest.size && !root.equals(latest.root))
    return { kind: 'conflict', size: known };
  // From nothing there is nothing to prove: first contact.
  const grown =
    known === 0n
      ? proof.length === 0 && (size > 0n || root.equals(emptyRoot))
      : verifyConsistency({
          size1: known,
          size2: size,
          root1: latest?.root ?? emptyRoot,
          root2: root,
          proof,
        });
  return grown
    ? null
    : refused(422, 'the proof does not show that the log grew from what was cosigned before');
}
