/**
 * Whether every preference event that was logged still stands, as it was logged: a stop whose row is gone from the
 * ledger would be a stop that nobody obeys, while its log entry looks whole.
 */
import { entryOf, type LogContent, saltBytes } from '../log/entry.ts';
import { keyedHash } from '../roster/token.ts';
import type { LedgerReader } from './ledger.ts';
import { bytesOf, damaged } from './ledger-cells.ts';
import type { LedgerDialect } from './ledger-dialect.ts';
import { type PreferenceBatch, preferencesIn } from './preferences.ts';

/**
 * Reads every opening: each is what its entry commits to, and where it speaks of preferences it has its row, which says
 * the same; and no row is without one. `view` is of one state of the ledger. Who an event is of is not asked: the log does not say it. A million take seconds.
 * Throws LedgerError `ledger-damaged`.
 */
export async function requireAsLogged(view: LedgerReader): Promise<void> {
  const preferences = preferencesIn(view);
  await requireOpenings(view);
  const [first] = await view.all(faults(view.dialect));
  if (first !== undefined) throw damaged(`entry ${first.idx} ${first.fault}`);
  for (const { source } of await view.all('SELECT DISTINCT source FROM preference_batch'))
    for (const batch of await preferences.batches(String(source)))
      if (!isAsLogged(batch, await view.opening(batch.index)))
        throw damaged(
          `entry ${batch.index} is of a batch of preference events that is not there as it was logged`,
        );
}

/** A page of them is checked in a few milliseconds: a server answers others in between. */
const rowsAtOnce = 1_000;

/** Each entry has its opening, or a note that it was destroyed; each opening is that of its entry. */
async function requireOpenings(view: LedgerReader): Promise<void> {
  const page = `SELECT o.idx, o.destroyed, o.salt, o.content, e.hash FROM opening o LEFT JOIN entry e ON e.idx = o.idx
    WHERE o.idx > ? ORDER BY o.idx LIMIT ${rowsAtOnce}`;
  let seen = 0n;
  for (let last = -1n; ; ) {
    const rows = await view.all(page, last);
    for (const row of rows) {
      seen += 1n;
      if (row.destroyed !== 0n) continue;
      const [salt, content] = [bytesOf(row.salt), bytesOf(row.content)];
      const opens = content !== null && salt?.length === saltBytes ? entryOf(content, salt) : null;
      if (opens === null || bytesOf(row.hash)?.equals(opens) !== true)
        throw damaged(`entry ${row.idx} is not what its salt and content give`);
    }
    const end = rows.at(-1)?.idx;
    if (typeof end !== 'bigint') break;
    last = end;
  }
  const { size } = await view.head();
  if (seen !== size) throw damaged(`of ${size} entries it has ${seen} openings`);
}

const columns = {
  kind: "'preference'",
  event: 'p.event',
  source: 'p.source',
  type: 'p.type',
  'scope.purpose': 'p.purpose',
  'scope.organisation': 'p.organisation',
  'scope.contactChannel': 'p.contact_channel',
  'scope.field': 'p.field',
  notice: 'p.notice',
  consent: 'p.consent',
  lifts: 'p.lifts',
  delivery: 'p.delivery',
  signed: 'p.signed',
  received: 'p.received',
  receivedBy: 'p.received_by',
  at: 'p.logged',
};

/**
 * The first entry and row that do not fit, and why. Only an erasure destroys openings, and what it leaves names nobody;
 * it blanks events before it destroys what opens them, and until it ends it is known to have begun (E8).
 */
const faults = ({ said, array }: LedgerDialect): string => {
  const isSaid = (names: readonly string[], values: readonly string[]): string =>
    `${said('o.content', names)} IS NOT DISTINCT FROM ${array(values)}`;
  return `SELECT idx, fault FROM (
  SELECT coalesce(o.idx, p.idx, b.idx) AS idx, CASE
    WHEN o.idx IS NULL THEN 'has a preference event, and is in no log'
    WHEN o.destroyed <> 0 THEN CASE
      WHEN p.event IS NULL THEN 'had its opening destroyed, and its preference event is not there'
      WHEN p.erased = 0 AND p.who IS NOT NULL THEN 'had its opening destroyed, and its preference event was not erased' END
    WHEN p.event IS NOT NULL AND b.id IS NOT NULL THEN 'has both a preference event and a batch of them'
    WHEN p.erased = 0 THEN CASE
      WHEN NOT (${isSaid(Object.keys(columns), Object.values(columns))})
      THEN 'is of a preference event that is not there as it was logged' END
    WHEN p.event IS NOT NULL THEN CASE
      WHEN NOT (${isSaid(['kind', 'event'], ["'preference'", 'p.event'])}) OR NOT EXISTS (
        SELECT 1 FROM preference_erasure x JOIN preference q ON q.event = x.event
        WHERE x.ended = 0 AND q.source = p.source AND q.key = p.key)
      THEN 'is of a preference event that is taken for erased, and nobody erased it' END
    WHEN b.id IS NULL AND ${said('o.content', ['kind'])} IN (${array(["'preference'"])}, ${array(["'preference-batch'"])})
    THEN 'is of a preference event, or a batch, that is not there' END AS fault
  FROM opening o FULL JOIN preference p ON p.idx = o.idx FULL JOIN preference_batch b ON b.idx = coalesce(o.idx, p.idx)) found
  WHERE fault IS NOT NULL LIMIT 1`;
};

function isAsLogged(
  batch: PreferenceBatch,
  opening: { readonly content: LogContent } | 'destroyed' | null,
): boolean {
  if (opening === null || opening === 'destroyed') return false;
  const { content } = opening;
  return (
    content.kind === 'preference-batch' &&
    content.batch === batch.id &&
    content.source === batch.source &&
    content.rows === batch.rows &&
    content.root === batch.root &&
    content.at === batch.logged &&
    /^[0-9a-f]{32}$/.test(batch.salt) &&
    content.file === keyedHash(batch.salt, batch.digest)
  );
}
