/** The manifest of a release: what it was made from, and the digest of everything that was made (E11, D3). */
import { join } from 'node:path';
import { type FileDigest, fileDigest, type Manifest } from '../../bulk/outputs/manifest.ts';
import type { PackageDirs } from '../../bulk/outputs/package.ts';
import { keyId } from '../../documents/key.ts';
import { documentDigests } from '../../evidence/documents.ts';
import { evidenceFile, manifestFormat } from '../../evidence/files.ts';
import type { RosterCommitment } from '../../roster/buckets.ts';
import type { Gate } from './context.ts';
import type { DecidedAll } from './decide-all.ts';
import { type ReleaseGround, sleepersOf, type WrittenEvidence } from './release-evidence.ts';

export type Written = {
  readonly dirs: PackageDirs;
  /** Name of the list. */
  readonly list: string;
  readonly roster: RosterCommitment;
  readonly evidence: WrittenEvidence;
};

export async function manifestOf(
  gate: Gate,
  { outcome }: DecidedAll,
  { id, secrets, commitments, logSize }: ReleaseGround,
  { dirs, list, roster, evidence }: Written,
): Promise<Manifest> {
  const made = async (file: string): Promise<FileDigest & { readonly file: string }> => ({
    file,
    ...(await fileDigest(join(dirs.release, file))),
  });
  const decisions = await made('decisions.parquet');
  return {
    format: manifestFormat,
    release: id,
    mark: gate.mark === 'reconstruction' ? 'reconstruction' : null,
    day: gate.day,
    cutOff: new Date(gate.cutOff).toISOString(),
    key: keyId(gate.key),
    documents: documentDigests(gate.context),
    source: {
      id: gate.source.id,
      files: gate.snapshot.files.map(({ digest }) => digest),
      snapshot: gate.snapshot.whole,
      commitments,
      postKeyedTo: gate.source.preferences?.postKeyedTo ?? null,
    },
    suppressions: gate.lists.map(({ list: each, snapshot: { file } }) => ({
      list: each.id,
      file: file?.digest ?? null,
    })),
    list: {
      ...(await made(list)),
      rows: outcome.released,
      columns: gate.request.fields.map((field) => field.name),
    },
    decisions: { file: decisions.file, digest: decisions.digest },
    roster: { ...(await made('roster.txt')), ...roster, key: secrets.keyId },
    sleepers: sleepersOf(gate, id),
    evidence: { file: evidenceFile, ...evidence.index },
    counts: evidence.counts,
    logSize: logSize.toString(),
    versions: outcome.versions,
  };
}
