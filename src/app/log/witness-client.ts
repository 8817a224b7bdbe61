/** Asking witnesses for their cosignatures on a checkpoint (C2SP tlog-witness, the log's side). */
import type { Witness } from '../../documents/config.ts';
import { formatAddCheckpoint } from '../../log/add-checkpoint.ts';
import { judgeCosignatures, parseCheckpoint, parseSize, type WitnessPolicy } from '../../log/checkpoint.ts';
import { parseVkey, type Verifier, verifiedBy } from '../../log/keys.ts';
import { LogError } from '../../log/log-error.ts';
import { type NoteSignature, parseNote, parseSignature, signatureLine } from '../../log/note.ts';
import type { TreeReader } from '../../log/tree-reader.ts';
import type { WitnessReach } from '../../store/ledger.ts';

export type WitnessErrorCode =
  /** It has cosigned more than there is here: this is an old copy of the log. */
  | 'witness-ahead'
  /** What it has cosigned is not the beginning of what is here. */
  | 'witness-forked';
export class WitnessError extends Error {
  readonly code: WitnessErrorCode;
  constructor(code: WitnessErrorCode, message: string) {
    super(message);
    this.name = 'WitnessError';
    this.code = code;
  }
}

export type WitnessOutcome =
  | { readonly kind: 'cosigned'; readonly name: string; readonly seconds: bigint }
  | { readonly kind: 'wanting'; readonly name: string; readonly why: string };

export type Cosigned = { readonly text: string; readonly outcomes: readonly WitnessOutcome[] };

/** The witnesses of a workspace as a policy: `needed` of them must have cosigned. */
export function policyOf(witnesses: readonly Witness[], needed: number): WitnessPolicy {
  return { witnesses: witnesses.map(({ key }) => parseVkey(key)), needed };
}

/**
 * The checkpoint with the cosignatures of the witnesses that gave one. `guess` is the size they probably cosigned
 * last; `now` is in seconds; a witness that is not within `reach` is not asked. Throws LogError `witnesses-too-few` where fewer than `needed` did, WitnessError where one
 * of them shows that this log is an old copy or another past: then nothing may be published, whoever else agrees.
 */
export async function cosign(
  signed: string,
  tree: TreeReader,
  witnesses: readonly Witness[],
  needed: number,
  guess: bigint,
  now: () => bigint,
  reach: WitnessReach,
): Promise<Cosigned> {
  const asked = await Promise.all(witnesses.map((witness) => askOne(signed, tree, witness, guess, reach)));
  const lines = asked.flatMap(({ signature }) => (signature === null ? [] : [signatureLine(signature)]));
  const text = signed + lines.join('');
  const outcomes = asked.map(({ outcome }) => outcome);
  const found = judgeCosignatures(parseNote(text), policyOf(witnesses, needed), now());
  if (found.kind === 'too-few') {
    const why = outcomes.flatMap((o) => (o.kind === 'wanting' ? [`${o.name}: ${o.why}`] : []));
    throw new LogError(
      'witnesses-too-few',
      `${found.by.length} of ${witnesses.length} witnesses cosigned and ${needed} must; nothing was published (${why.join('; ')})`,
    );
  }
  return { text, outcomes };
}

type Asked = { readonly signature: NoteSignature | null; readonly outcome: WitnessOutcome };
const wanting = (name: string, why: string): Asked => ({
  signature: null,
  outcome: { kind: 'wanting', name, why },
});

async function askOne(
  signed: string,
  tree: TreeReader,
  witness: Witness,
  guess: bigint,
  reach: WitnessReach,
): Promise<Asked> {
  const { name } = witness;
  // What speaks HTTP is slow to load, and most logs have no witness.
  const { postCheckpoint } = await import('./post-checkpoint.ts');
  let oldSize = guess <= tree.size ? guess : 0n;
  // Once with what we guess, and once with what it says.
  for (const last of [false, true]) {
    const proof = oldSize === 0n || oldSize === tree.size ? [] : await tree.consistencyProof(oldSize);
    const answer = await postCheckpoint(witness.url, formatAddCheckpoint(oldSize, proof, signed), reach);
    if (answer.kind === 'failed') return wanting(name, answer.why);
    if (answer.status === 200) return taken(signed, parseVkey(witness.key), answer.text);
    if (answer.status === 422) throw forked(name, oldSize);
    if (answer.status !== 409) return wanting(name, `it answered ${answer.status}`);
    const size = parseSize(answer.text.replace(/\n$/, ''));
    if (size === null) return wanting(name, 'it answered 409 without a size');
    if (size > tree.size) {
      throw new WitnessError(
        'witness-ahead',
        `the witness ${name} has cosigned this log at ${size} entries, and here it has ${tree.size}: it is an old copy; put the latest back`,
      );
    }
    if (size === oldSize) {
      // It knows a tree of that very size, and not this one.
      if (size === tree.size) throw forked(name, size);
      return wanting(name, 'it contradicts itself about what it cosigned');
    }
    if (last) return wanting(name, 'it changed its mind about what it cosigned');
    oldSize = size;
  }
  return wanting(name, 'it did not answer');
}

const forked = (name: string, size: bigint): WitnessError =>
  new WitnessError(
    'witness-forked',
    `the ${size} entries that the witness ${name} has cosigned are not the first ${size} of this log; put the right ledger back`,
  );

/** Of the lines of its answer, the one by its own key, found true. */
function taken(signed: string, verifier: Verifier, body: string): Asked {
  const { text } = parseCheckpoint(signed).note;
  try {
    const lines = body.split('\n').filter((line) => line !== '');
    const own = lines.map(parseSignature).find((s) => s.name === verifier.name && s.keyId === verifier.keyId);
    const [found] = own === undefined ? [] : verifiedBy({ text, signatures: [own] }, [verifier]);
    if (own === undefined || found?.seconds == null)
      return wanting(verifier.name, 'its answer is not signed by its key');
    return { signature: own, outcome: { kind: 'cosigned', name: verifier.name, seconds: found.seconds } };
  } catch (error) {
    if (error instanceof LogError) return wanting(verifier.name, `its answer is refused: ${error.message}`);
    throw error;
  }
}
