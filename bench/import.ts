/** `node bench/import.ts WORKSPACE`: a million preference events imported as one batch, their records known already. */
import nodeModule from 'node:module';
import { join } from 'node:path';

// As the launcher does.
nodeModule.enableCompileCache();
const [{ ingest }, { importPreferences }, { loadWorkspace }, { sqliteLedger }, { answer }] =
  await Promise.all([
    import('../src/app/gate/ingest.ts'),
    import('../src/app/people/prefer-batch.ts'),
    import('../src/documents/workspace.ts'),
    import('../src/store/sqlite/place.ts'),
    import('./child.ts'),
  ]);

const [root] = process.argv.slice(2);
if (root === undefined) throw new RangeError('usage: import.ts WORKSPACE');
const source = 'members-asked';
const options = { threads: null, memoryLimit: null, onProgress: () => {}, ledger: sqliteLedger(root) };
const workspace = await loadWorkspace(root);
await ingest(workspace, source, options);
const from = performance.now();
const done = await importPreferences(workspace, source, join(root, 'data/preferences.csv'), options);
if (done.kind !== 'imported') throw new RangeError(`expected an import, and it was refused: ${done.message}`);
answer({ notes: { seconds: (performance.now() - from) / 1000, rows: done.batch.rows } });
