/** That the release is in the log, by the log's key alone, and in the log as it is published (invariant 4). */

import type { TreeHead } from '../log/checkpoint.ts';
import type { LogContent } from '../log/entry.ts';
import type { Verifier } from '../log/keys.ts';
import { LogError } from '../log/log-error.ts';
import type { Note } from '../log/note.ts';
import { checkLogProof } from '../log/proof.ts';
import type { Differing } from './difference.ts';
import type { EvidenceFolder } from './folder.ts';

/** A published log, as `readLog` opens it. */
export type LogFolder = {
  entry(index: bigint): Promise<Buffer>;
  requireGrownFrom(earlier: TreeHead): Promise<void>;
};

/** Gives the tree head that the proof stands on; null, and told, where it does not hold. */
export function checkEntry(
  { logProof }: EvidenceFolder,
  log: Verifier,
  differing: Differing,
): (TreeHead & { readonly note: Note }) | null {
  const { salt, content, ...proof } = logProof;
  try {
    // Its shape was checked; what else a content must be, opening the entry checks.
    const opening = { salt, content: content as LogContent };
    const { size, root, note } = checkLogProof(proof, opening, log);
    return { size, root, note };
  } catch (error) {
    if (!(error instanceof LogError)) throw error;
    differing.add('log-wrong', 'log-proof.json', `${error.message} [${error.code}]`);
    return null;
  }
}

/** That the log holds the entry of the ingest, in the tree of the same checkpoint. */
export function checkIngest({ ingestProof }: EvidenceFolder, log: Verifier, differing: Differing): void {
  const { salt, content, ...proof } = ingestProof;
  try {
    checkLogProof(proof, { salt, content }, log);
  } catch (error) {
    if (!(error instanceof LogError)) throw error;
    differing.add('log-wrong', 'ingest-proof.json', `${error.message} [${error.code}]`);
  }
}

export async function checkPublished(
  { logProof }: EvidenceFolder,
  head: TreeHead,
  open: () => Promise<LogFolder>,
  differing: Differing,
): Promise<void> {
  try {
    const published = await open();
    await published.requireGrownFrom(head);
    const entry = await published.entry(BigInt(logProof.index));
    if (entry.toString('hex') !== logProof.entry)
      differing.add(
        'published-log-differs',
        'log-proof.json',
        `entry ${logProof.index} of the published log is another`,
      );
  } catch (error) {
    if (!(error instanceof LogError)) throw error;
    differing.add('published-log-differs', 'log-proof.json', `${error.message} [${error.code}]`);
  }
}
