/**
 * `node bench/audit.ts WORKSPACE [MEMORY-LIMIT]`: the audit of the release that stands in the workspace, as the command line
 * makes it: its package and the published log with it.
 */
import nodeModule from 'node:module';
import { join } from 'node:path';

// As the launcher does.
nodeModule.enableCompileCache();
const [{ audit }, { readLogVerifier }, { answer }, { request }] = await Promise.all([
  import('../src/app/proof/audit.ts'),
  import('../src/documents/log-key.ts'),
  import('./child.ts'),
  import('./workspaces.ts'),
]);

const [root, memoryLimit = null] = process.argv.slice(2);
if (root === undefined) throw new RangeError('usage: audit.ts WORKSPACE [MEMORY-LIMIT]');
const id = `2017-05-05-${request}`;
const stages: Record<string, { readonly seconds: number }> = {};
let since = performance.now() / 1000;
stages.load = { seconds: since };
const done = await audit(join(root, 'evidence', id), {
  package: join(root, 'releases', id),
  log: join(root, 'log'),
  logKey: await readLogVerifier(root),
  witnesses: { witnesses: [], needed: 0 },
  threads: null,
  memoryLimit,
  onProgress: (name, so, total) => {
    const now = performance.now() / 1000;
    const stage = total !== null && so >= total ? name : 'files';
    stages[stage] = { seconds: (stages[stage]?.seconds ?? 0) + now - since };
    since = now;
  },
});
stages.compare = { seconds: performance.now() / 1000 - since };
if (done.kind !== 'consistent')
  throw new RangeError(`expected a consistent audit: ${JSON.stringify(done.differences)}`);
answer({ released: done.counts?.released ?? 0, stages });
