/**
 * `node bench/log.ts FOLDER [ENTRIES]`: entries a second that the ledger acknowledges, in batches of a thousand, each
 * on the disk before the next; then once published. FOLDER must not be there; it is removed.
 */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import nodeModule from 'node:module';

// As the launcher does.
nodeModule.enableCompileCache();
const [{ createLogKey, readLogKey }, { sqliteLedger }, { publishLog }, { answer }] = await Promise.all([
  import('../src/documents/log-key.ts'),
  import('../src/store/sqlite/place.ts'),
  import('../src/store/publish-log.ts'),
  import('./child.ts'),
]);

const [root, count = '200000'] = process.argv.slice(2);
const entries = Number(count);
const batch = 1000;
if (root === undefined || existsSync(root) || !Number.isInteger(entries) || entries < batch)
  throw new RangeError('usage: log.ts FOLDER [ENTRIES], FOLDER being none yet, ENTRIES at least 1000');
mkdirSync(root, { recursive: true });
try {
  await createLogKey(root, 'astold.example/bench');
  const ledger = await sqliteLedger(root).open({ waitMs: 0 });
  const from = performance.now();
  let last = 0n;
  for (let done = 0; done < entries; done += batch) {
    const contents = Array.from({ length: batch }, (_, i) => ({
      kind: 'preference' as const,
      at: '2026-01-01T00:00:00Z',
      event: `event-${done + i}`,
      scope: { purpose: 'all', organisation: 'all', channel: 'all', field: 'all' },
    }));
    last = (await ledger.append(contents)).at(-1)?.index ?? last;
  }
  const appended = performance.now();
  const { checkpoint, tilesWritten } = await publishLog(
    ledger,
    await readLogKey(root),
    () => false,
    async (signed) => signed,
  );
  const published = performance.now();
  if (last + 1n !== BigInt(entries) || checkpoint.size !== last + 1n)
    throw new RangeError(`expected ${entries} entries, and the log has ${checkpoint.size}`);
  await ledger.close();
  const perSecond = (until: number): number => Math.round((entries / (until - from)) * 1000);
  answer({
    stages: {
      append: { seconds: (appended - from) / 1000 },
      publish: { seconds: (published - appended) / 1000 },
    },
    notes: {
      log_entries_per_s: perSecond(appended),
      log_entries_published_per_s: perSecond(published),
      tiles: tilesWritten,
    },
  });
} finally {
  rmSync(root, { recursive: true, force: true });
}
