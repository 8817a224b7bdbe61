/** The body of C2SP tlog-witness `add-checkpoint`: an old size, a consistency proof, and the checkpoint. */
import { type Checkpoint, parseCheckpoint, parseHash, parseSize } from './checkpoint.ts';
import { LogError } from './log-error.ts';
import { noteText } from './note.ts';

export type AddCheckpoint = {
  readonly oldSize: bigint;
  readonly proof: readonly Buffer[];
  readonly checkpoint: Checkpoint;
};

/** Hashes of the longest proof there can be. */
const longestProof = 63;

export function formatAddCheckpoint(oldSize: bigint, proof: readonly Buffer[], note: string): string {
  return `old ${oldSize}\n${proof.map((hash) => `${hash.toString('base64')}\n`).join('')}\n${note}`;
}

/** Throws LogError `checkpoint-malformed`, `note-malformed`. No signature is checked. */
export function parseAddCheckpoint(body: Uint8Array): AddCheckpoint {
  const text = noteText(body);
  const cut = text.indexOf('\n\n');
  const [first = '', ...lines] = (cut < 0 ? '' : text.slice(0, cut)).split('\n');
  const oldSize = first.startsWith('old ') ? parseSize(first.slice(4)) : null;
  const proof = lines.flatMap((line) => parseHash(line) ?? []);
  if (oldSize === null || proof.length !== lines.length || proof.length > longestProof) {
    throw new LogError(
      'checkpoint-malformed',
      'expected "old SIZE", the hashes of a proof, an empty line and a checkpoint',
    );
  }
  return { oldSize, proof, checkpoint: parseCheckpoint(text.slice(cut + 2)) };
}
