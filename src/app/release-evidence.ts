/** The evidence of a release: all that is needed to decide it again, but for the predicates, written before it (E2). */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonical, type FileDigest, fileDigest, saltedDigest } from '../bulk/outputs/manifest.ts';
import type { Secrets } from '../bulk/secrets.ts';
import { deriveKey } from '../documents/key.ts';
import { countsOf } from '../evidence/counts.ts';
import { documentEntries } from '../evidence/documents.ts';
import { type EvidenceContext, evidenceFile, evidenceFiles } from '../evidence/files.ts';
import { judgementJson } from '../evidence/judged.ts';
import { addPeriod } from '../policy/dates.ts';
import type { Gate } from './context.ts';
import type { DecidedAll } from './decide-all.ts';

/** What a release rests on beside the documents: secrets of the records, and the log as it was when it was decided. */
export type ReleaseGround = {
  readonly id: string;
  readonly secrets: Secrets;
  /** SHA-256 of the file of commitments to the raw values. */
  readonly commitments: string;
  readonly logSize: bigint;
};

export type WrittenEvidence = {
  /** Digest of `evidence.json`, which has that of every file. */
  readonly index: FileDigest;
  /** Of the salted counts. */
  readonly counts: string;
};

/** `dir` holds the predicates and the decisions already. */
export async function writeEvidence(
  gate: Gate,
  { judgement, outcome, tally }: DecidedAll,
  { id, logSize }: ReleaseGround,
  dir: string,
): Promise<WrittenEvidence> {
  const write = (name: string, value: unknown): Promise<void> => writeFile(join(dir, name), canonical(value));
  const context: EvidenceContext = {
    release: id,
    mark: gate.mark === 'reconstruction' ? 'reconstruction' : null,
    cutOff: new Date(gate.cutOff).toISOString(),
    day: gate.day,
    expires: addPeriod(judgement.end, gate.workspace.config.evidenceKept),
    preferencesReadable: gate.context.preferencesReadable,
    listsReadable: gate.context.lists.map(({ list, readable }) => ({ list: list.id, readable })),
    postKeyedTo: gate.source.preferences?.postKeyedTo ?? null,
    logSize: logSize.toString(),
    snapshot: gate.snapshot.whole,
    records: gate.snapshot.digest,
    versions: outcome.versions,
  };
  const salt = deriveKey(gate.key, `astold/1/counts/${id}`);
  const counts = countsOf(tally.decided);
  await write('documents.json', documentEntries(gate.context));
  await write('context.json', context);
  await write('histories.json', judgement.histories);
  await write('verdicts.json', judgementJson(judgement));
  await write('counts.json', { salt, counts });
  const files: (FileDigest & { readonly file: string })[] = [];
  for (const file of evidenceFiles) files.push({ file, ...(await fileDigest(join(dir, file))) });
  await write(evidenceFile, { format: 'astold/evidence/1', release: id, files });
  return { index: await fileDigest(join(dir, evidenceFile)), counts: saltedDigest(salt, counts) };
}
