/** How far an organisation's log is from what is published of it, as any server can tell: by its head and its folder. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseCheckpoint } from '../../log/checkpoint.ts';
import type { LogContent } from '../../log/entry.ts';
import { bytesOf } from '../../store/ledger-cells.ts';
import { logFolder } from '../../store/places.ts';
import { rowsIn } from '../../store/postgres/ledger-query.ts';
import { readHead } from '../../store/postgres/log-head.ts';
import type { Tx } from '../../store/postgres/state.ts';
import { publishedText } from '../../store/standing-checkpoint.ts';
import type { Service } from './service.ts';
import { rootOf } from './workspace-of.ts';

export type Unpublished = {
  readonly entries: bigint;
  /** Since the first of them was logged; 0 where there are none. */
  readonly seconds: number;
};

/** Null where the log was never begun. No signature is checked. Throws LogError, LedgerError. */
export async function unpublishedOf(service: Service, org: string): Promise<Unpublished | null> {
  const text = await publishedText(rootOf(service, org));
  const published = text === null ? 0n : parseCheckpoint(text).size;
  const publishedAt = text === null ? null : await writtenAt(rootOf(service, org));
  return service.state.as(org, async (tx) => {
    const all = rowsIn(tx);
    const head = await readHead(all, org);
    if (head === null) return null;
    const entries = head.size - published;
    if (entries <= 0n) return { entries: 0n, seconds: 0 };
    // What was destroyed says no time; the next that was logged does.
    const [first] = await all(
      'SELECT content FROM opening WHERE idx >= ? AND destroyed = 0 ORDER BY idx LIMIT 1',
      published,
    );
    const content = bytesOf(first?.content)?.toString('utf8') ?? null;
    const said = content === null ? head.latest : Date.parse((JSON.parse(content) as LogContent).at);
    // Entries of a reconstruction say its fixed clock; none was there before what was published, or the organisation.
    const at = Math.max(said, publishedAt ?? (await beganAt(tx, org)));
    return { entries, seconds: Math.max(0, (service.now().getTime() - at) / 1000) };
  });
}

/** Milliseconds; of the checkpoint that was published last. */
const writtenAt = async (root: string): Promise<number> =>
  (await stat(join(root, logFolder, 'checkpoint'))).mtimeMs;

async function beganAt(tx: Tx, org: string): Promise<number> {
  const { created_at } = await tx
    .selectFrom('organisation')
    .select('created_at')
    .where('org', '=', org)
    .executeTakeFirstOrThrow();
  return created_at.getTime();
}
