/** What was ingested is committed to, record by record, under secrets that are drawn once (E1, E2). */
import { join } from 'node:path';
import type { Engine } from '../../bulk/engine.ts';
import type { Snapshot } from '../../bulk/ingest/snapshot.ts';
import { ingestTree } from '../../bulk/ingest-tree.ts';
import { ensureSecrets, type Secrets } from '../../bulk/secrets.ts';
import type { Ingested } from './release-log.ts';

/** Cheap where nothing changed. Errors: VaultError, KeyError. */
export async function commitIngest(
  engine: Engine,
  root: string,
  source: string,
  snapshot: Snapshot,
): Promise<{ readonly secrets: Secrets; readonly ingested: Ingested }> {
  const secrets = await ensureSecrets(engine, { root, source, snapshot });
  const { root: commitments, rows } = await ingestTree(engine, secrets.commitments, join(root, 'evidence'));
  const ingested = {
    source,
    snapshot: snapshot.whole,
    records: snapshot.digest,
    files: snapshot.files.map((file) => file.digest),
    commitments,
    rows,
  };
  return { secrets, ingested };
}
