/** The evidence of a release: all that is needed to decide it again, but for the predicates, written before it (E2). */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  canonical,
  type FileDigest,
  fileDigest,
  type Manifest,
  saltedDigest,
} from '../../bulk/outputs/manifest.ts';
import type { Secrets } from '../../bulk/secrets.ts';
import { deriveKey, keyId } from '../../documents/key.ts';
import { countsOf } from '../../evidence/counts.ts';
import { documentCopies, documentDigests, documentsFolder } from '../../evidence/documents.ts';
import { EvidenceError } from '../../evidence/evidence-error.ts';
import { type EvidenceContext, evidenceFile, evidenceFiles, evidenceFormat } from '../../evidence/files.ts';
import { judgementJson } from '../../evidence/judged.ts';
import { addPeriod } from '../../policy/dates.ts';
import { commitSleepers, sleeperRows } from '../../supply/sleeper-rows.ts';
import { judgedDocuments } from '../proof/judged-documents.ts';
import type { Gate } from './context.ts';
import type { DecidedAll } from './decide-all.ts';

/** What a release rests on beside the documents: secrets of the records, and the log as it was when it was decided. */
export type ReleaseGround = {
  readonly id: string;
  readonly secrets: Secrets;
  /** Root of the tree over the commitments to the raw values; where the ingest stands in the log. */
  readonly commitments: string;
  readonly ingest: bigint;
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
  { id, logSize, secrets }: ReleaseGround,
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
    lists: gate.lists.map(({ list, snapshot }) => ({
      list: list.id,
      readable: snapshot.readable,
      file: snapshot.file?.digest ?? null,
    })),
    postKeyedTo: gate.source.preferences?.postKeyedTo ?? null,
    logSize: logSize.toString(),
    snapshot: gate.snapshot.whole,
    records: gate.snapshot.digest,
    keys: { release: keyId(gate.key), tokens: secrets.keyId },
    sleepers: sleepersOf(gate, id),
    versions: outcome.versions,
  };
  const salt = deriveKey(gate.key, `astold/1/counts/${id}`);
  const counts = countsOf(tally.decided);
  const copies = await writeCopies(gate, dir, context);
  await write('context.json', context);
  await write('histories.json', judgement.histories);
  await write('verdicts.json', judgementJson(judgement));
  await write('counts.json', { salt, counts });
  const files: (FileDigest & { readonly file: string })[] = [];
  for (const file of [...evidenceFiles, ...copies])
    files.push({ file, ...(await fileDigest(join(dir, file))) });
  await write(evidenceFile, { format: evidenceFormat, release: id, files });
  return { index: await fileDigest(join(dir, evidenceFile)), counts: saltedDigest(salt, counts) };
}

/**
 * Writes the documents and reads them back, as an audit will: a release that nobody could judge again is not made. Gives
 * their paths within the evidence, in order. Throws EvidenceError.
 */
async function writeCopies(gate: Gate, dir: string, stated: EvidenceContext): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const [file, text] of documentCopies(gate.workspace, gate.context)) {
    const path = `${documentsFolder}/${file}`;
    await mkdir(dirname(join(dir, path)), { recursive: true, mode: 0o700 });
    await writeFile(join(dir, path), text);
    paths.push(path);
  }
  const { context } = await judgedDocuments(dir, stated);
  if (canonical(documentDigests(context)) !== canonical(documentDigests(gate.context)))
    throw new EvidenceError(
      'evidence-malformed',
      'the documents, read back from their copies, are not those that were judged; nothing was released',
    );
  return paths.sort();
}

/** E7: only where the agreement speaks of them. */
export function sleepersOf({ workspace, request, key }: Gate, release: string): Manifest['sleepers'] {
  const { sleeperTerms, sleepers } = workspace.supply;
  if (!sleeperTerms.has(request.agreement)) return null;
  return commitSleepers(sleeperRows(sleepers, key, release, request.id), key, release);
}
