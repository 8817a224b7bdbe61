/** `node bench/release.ts WORKSPACE [MEMORY-LIMIT]`: one release, as the command line makes it, with its stages. */
import nodeModule from 'node:module';

// As the launcher does.
nodeModule.enableCompileCache();
const { loadWorkspace } = await import('../src/documents/workspace.ts');

type Stage = { readonly seconds: number };
const request = 'party-mailing-corrected';
const [root, memoryLimit = null] = process.argv.slice(2);
if (root === undefined) throw new RangeError('usage: release.ts WORKSPACE [MEMORY-LIMIT]');

/** What goes on after a stage has said that it is done. */
const next: Readonly<Record<string, string>> = { preferences: 'lists', log: 'close' };
const stages: Record<string, Stage> = {};
let [stage, since] = ['load', 0];
const enter = (name: string): void => {
  const now = performance.now() / 1000;
  stages[stage] = { seconds: (stages[stage]?.seconds ?? 0) + now - since };
  [stage, since] = [name, now];
};

const workspace = await loadWorkspace(root);
const { beginReading } = await import('../src/app/gate/begin-reading.ts');
const reading = beginReading(workspace, request);
const [{ release }, { sqliteLedger }, { answer }] = await Promise.all([
  import('../src/app/gate/release.ts'),
  import('../src/store/sqlite/place.ts'),
  import('./child.ts'),
]);
const done = await release(workspace, request, {
  asOf: null,
  threads: null,
  memoryLimit,
  ledger: sqliteLedger(root),
  reading,
  onProgress: (name, so, total) => enter(total !== null && so >= total ? (next[name] ?? stage) : name),
});
enter('end');
if (done.kind !== 'released') {
  throw new RangeError(
    `expected a release, and it was ${done.kind === 'refused' ? done.message : done.kind}`,
  );
}
/** What makes a release provable, and not what decides it. */
const proving = ['secrets', 'roster', 'evidence', 'log'].reduce(
  (sum, name) => sum + (stages[name]?.seconds ?? 0),
  0,
);
answer({ released: done.outcome.released, stages, notes: { proving } });
