/**
 * `node append-loop.fixture.ts WORKSPACE`: appends and publishes without end, and says what was acknowledged, until it
 * is killed. A line is `index entry` in hex, or `published size root`.
 */
import { writeSync } from 'node:fs';
import nodeModule from 'node:module';

nodeModule.enableCompileCache();
const [{ readLogKey }, { sqliteLedger }, { publishLog }] = await Promise.all([
  import('../documents/log-key.ts'),
  import('./sqlite/place.ts'),
  import('./publish-log.ts'),
]);
// It never ends by itself, which is when the cache would be written.
nodeModule.flushCompileCache();
const [root = ''] = process.argv.slice(2);
const ledger = await sqliteLedger(root).open({ waitMs: 0 });
const signer = await readLogKey(root);
const say = (text: string): void => void writeSync(1, text);
say('open\n');
for (let n = 0; ; n++) {
  const contents = Array.from({ length: 1 + (n % 17) }, (_, i) => ({
    kind: 'preference' as const,
    at: '2026-01-01T00:00:00Z',
    n: n * 100 + i,
  }));
  const appended = await ledger.append(contents);
  say(appended.map(({ index, entry }) => `${index} ${entry.toString('hex')}\n`).join(''));
  if (n % 3 !== 2) continue;
  const { checkpoint } = await publishLog(
    ledger,
    signer,
    () => false,
    async (signed) => signed,
  );
  say(`published ${checkpoint.size} ${checkpoint.root.toString('hex')}\n`);
}
