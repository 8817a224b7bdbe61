/**
 * A release whose entry is in the log and which did not appear: it is finished from the package that was held, never
 * decided again. Another decision would be at another instant, and a second release.
 */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { appearHeld, forgetHeld, heldDirs, isHeld } from '../../bulk/outputs/held-package.ts';
import { canonical } from '../../bulk/outputs/manifest.ts';
import type { Workspace } from '../../documents/workspace.ts';
import type { Ledger, LedgerPlace } from '../../store/ledger.ts';
import { publishLedger } from '../log/log-publish.ts';

/** `lost`: it is in the log, and neither in its place nor held. */
export type TakenUp = 'stands' | 'finished' | 'lost';

const patience = 30_000;
const manifestSchema = z.object({
  source: z.object({ id: z.string(), snapshot: z.string(), commitments: z.string() }),
});

/** `index` is that of its entry, `manifest` the SHA-256 that the entry names. Throws LedgerError, LogError, WitnessError. */
export async function takeUpRelease(
  workspace: Workspace,
  place: LedgerPlace,
  {
    release,
    manifest,
    index,
  }: { readonly release: string; readonly manifest: string; readonly index: bigint },
): Promise<TakenUp> {
  const { root } = workspace;
  if (existsSync(join(root, 'releases', release))) {
    await forgetHeld(root, release);
    return 'stands';
  }
  if (!(await isHeld(root, release, manifest))) return 'lost';
  const ledger = await place.open({ waitMs: patience });
  try {
    await ledger.alone(async () => {
      await writeProofs(workspace, ledger, release, index);
      await appearHeld(root, release, manifest);
    });
    return 'finished';
  } finally {
    await ledger.close();
  }
}

async function writeProofs(
  { root, config }: Workspace,
  ledger: Ledger,
  release: string,
  index: bigint,
): Promise<void> {
  const held = heldDirs(root, release);
  const ingest = await ingestOf(ledger, await readFile(join(held.release, 'manifest.json'), 'utf8'));
  const { text } = await publishLedger(ledger, config);
  const [entry, ingested] = [await proofOf(ledger, index, text), await proofOf(ledger, ingest, text)];
  for (const dir of [held.release, held.evidence]) await writeFile(join(dir, 'log-proof.json'), entry);
  await writeFile(join(held.evidence, 'ingest-proof.json'), ingested);
}

/** Where the ingest that it was decided on stands in the log. */
async function ingestOf(ledger: Ledger, manifest: string): Promise<bigint> {
  const { source } = manifestSchema.parse(JSON.parse(manifest));
  const [row] = await ledger.all(
    'SELECT idx FROM evidence_ingest WHERE source = ? AND snapshot = ? AND commitments = ?',
    source.id,
    source.snapshot,
    source.commitments,
  );
  if (typeof row?.idx !== 'bigint') throw new TypeError('a release is in the log, and its ingest is not');
  return row.idx;
}

async function proofOf(ledger: Ledger, index: bigint, checkpoint: string): Promise<string> {
  const [proof, opening] = [await ledger.prove(index, checkpoint), await ledger.opening(index)];
  if (proof === null || opening === null || opening === 'destroyed')
    throw new TypeError('the log was published without the entry of a release, or of its ingest');
  return canonical({ ...proof, ...opening });
}
