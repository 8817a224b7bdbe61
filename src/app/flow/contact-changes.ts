/**
 * Whose e-mail address is another than when their source was last read. A link to sign in opens somebody's whole file: it
 * goes to no address that was changed of late, whoever changed it.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../../bulk/engine.ts';
import { keptColumn, recordPart } from '../../bulk/ingest/keys.ts';
import { addPeriod, dayOf } from '../../policy/dates.ts';
import type { Source } from '../../policy/model.ts';
import type { Tx } from '../../store/postgres/state.ts';
import { suppressionKey } from '../gate/suppression-key.ts';
import { FlowError } from './flow-error.ts';
import type { Service } from './service.ts';

/**
 * Our own choice: no law names a period. Whoever has the address of somebody else put on record is found out by a letter or
 * a call within a month, before the first link goes there; who has moved can write or phone meanwhile.
 */
export const heldDays = 30;
/** Stands for every record of a source: nobody knows whose address was changed. */
const everybody = '*';
/** More than so are no people who moved: the file is of another making, and all of it is held. */
const mostChanges = 200_000;
const rowsAtOnce = 2_000;
/** Stands for every record that ever left a source: more left at once than are written down one by one. */
const whoeverLeft = '*left';
/** Of a record that left: that it was there is written down, and nothing was changed yet. */
const noChange = new Date(0);

export type SnapshotRead = { readonly dir: string; readonly digest: string };
type Changed = { readonly recordKey: string; readonly contactKey: string };
export type ContactsCompared = {
  /** The snapshot it was held against; null where there was none: a first one changes nothing. */
  readonly from: string | null;
  readonly changed: readonly Changed[];
  /** Keys of the records that are there no more. */
  readonly left: readonly string[];
};

/**
 * Holds the addresses of a snapshot against those that stand. A record that is new is no change; one whose address was put
 * back is, and one that left and came back. Where what stood is not on the disk any more, every record
 * counts as changed, and nobody can say who left.
 */
export async function compareContacts(
  { state }: Pick<Service, 'state'>,
  engine: Engine,
  given: {
    readonly org: string;
    readonly root: string;
    readonly source: Source;
    readonly read: SnapshotRead;
  },
): Promise<ContactsCompared> {
  const { org, root, source, read } = given;
  const from = await state.as(org, (tx) => standing(tx, org, source.id));
  if (from === null || from === read.digest) return { from, changed: [], left: [] };
  const before = join(root, '.astold', 'snapshots', from, 'records.parquet');
  if (!existsSync(before)) return { from, changed: [ofEverybody], left: [] };
  const paths = { before, after: join(read.dir, 'records.parquet') };
  const comparing = { engine, source, key: await suppressionKey(root, source.id), ...paths };
  const known = await state.as(org, (tx) => knownBefore(tx, org, source.id));
  const changed = [...(await changedIn(comparing)), ...(await cameBack(comparing, known))];
  const left = await leftIn(comparing);
  return {
    from,
    changed: changed.length > mostChanges ? [ofEverybody] : changed,
    left: left.length > mostChanges ? [whoeverLeft] : left,
  };
}

const ofEverybody: Changed = { recordKey: everybody, contactKey: everybody };

/** Keys of whoever left, and of whoever has another address than once. */
async function knownBefore(tx: Tx, org: string, source: string): Promise<readonly string[]> {
  const rows = await tx
    .selectFrom('contact_change')
    .select('record_key')
    .where('org', '=', org)
    .where('source', '=', source)
    .execute();
  return rows.map(({ record_key }) => record_key);
}

/** What was seen last; before anything was, what the last ingest read. */
async function standing(tx: Tx, org: string, source: string): Promise<string | null> {
  const seen = await tx
    .selectFrom('contact_seen')
    .select('snapshot')
    .where('org', '=', org)
    .where('source', '=', source)
    .executeTakeFirst();
  if (seen !== undefined) return seen.snapshot;
  const ingested = await tx
    .selectFrom('ingest')
    .select('snapshot')
    .where('org', '=', org)
    .where('source', '=', source)
    .where('state', '=', 'done')
    .orderBy('asked_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return ingested?.snapshot ?? null;
}

type Comparing = {
  readonly engine: Engine;
  readonly source: Source;
  readonly key: string;
  readonly before: string;
  readonly after: string;
};

const changedIn = (comparing: Comparing): Promise<readonly Changed[]> =>
  addressesIn(
    comparing,
    `JOIN ${comparing.engine.dialect.parquet(comparing.before)} b ON b.rid = a.rid
     WHERE a.m_email IS NOT NULL AND (b.m_email IS NULL OR b.m_email <> a.m_email)`,
  );

/** Those that were there once, and not when it was read last. With which address they left is not kept: it counts as another. */
async function cameBack(comparing: Comparing, known: readonly string[]): Promise<readonly Changed[]> {
  if (known.length === 0) return [];
  const { engine, key, before } = comparing;
  const { dialect } = engine;
  const added = `WHERE a.m_email IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ${dialect.parquet(before)} b WHERE b.rid = a.rid)`;
  if (known.includes(whoeverLeft)) return addressesIn(comparing, added);
  await engine.run(`CREATE TEMP TABLE ${knownTable} (record VARCHAR)`);
  try {
    for (let at = 0; at < known.length; at += rowsAtOnce) {
      const values = known.slice(at, at + rowsAtOnce).map((record) => `(${dialect.literal(record)})`);
      await engine.run(`INSERT INTO ${knownTable} VALUES ${values.join(', ')}`);
    }
    const one = dialect.keyedHash(key, 'a.rid');
    return await addressesIn(comparing, `${added} AND ${one} IN (SELECT k.record FROM ${knownTable} k)`);
  } finally {
    await engine.run(`DROP TABLE ${knownTable}`);
  }
}
const knownTable = 'astold_known_before';

/** Of the records, `a`, of the snapshot that is read now; in the engine, by the hashes that records are matched by. */
async function addressesIn(
  { engine, source, key, after }: Comparing,
  rest: string,
): Promise<readonly Changed[]> {
  const { dialect } = engine;
  const address = recordPart(engine, source, 'email', keptColumn(engine, 'a'), true);
  if (address === null) return [];
  const rows = await engine.rows(
    `SELECT ${dialect.keyedHash(key, 'a.rid')} AS record, ${dialect.keyedHash(key, `'email/' || ${address}`)} AS contact
     FROM ${dialect.parquet(after)} a ${rest} LIMIT ${mostChanges + 1}`,
  );
  return rows.map(({ record, contact }) => ({ recordKey: String(record), contactKey: String(contact) }));
}

async function leftIn({ engine, key, before, after }: Comparing): Promise<readonly string[]> {
  const { dialect } = engine;
  const rows = await engine.rows(
    `SELECT ${dialect.keyedHash(key, 'b.rid')} AS record FROM ${dialect.parquet(before)} b
     WHERE NOT EXISTS (SELECT 1 FROM ${dialect.parquet(after)} a WHERE a.rid = b.rid) LIMIT ${mostChanges + 1}`,
  );
  return rows.map(({ record }) => String(record));
}

/** Throws FlowError `workspace-busy` where another has compared meanwhile, and what was found is of no use. */
export async function writeContacts(
  tx: Tx,
  {
    org,
    source,
    digest,
    now,
  }: { readonly org: string; readonly source: string; readonly digest: string; readonly now: Date },
  { from, changed, left }: ContactsCompared,
): Promise<void> {
  const moved = await tx
    .updateTable('contact_seen')
    .set({ snapshot: digest })
    .where('org', '=', org)
    .where('source', '=', source)
    .where('snapshot', '=', from ?? '')
    .executeTakeFirst();
  if (moved.numUpdatedRows === 0n) {
    const begun = await tx
      .insertInto('contact_seen')
      .values({ org, source, snapshot: digest })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (begun.numInsertedOrUpdatedRows !== 1n)
      throw new FlowError('workspace-busy', `the addresses of ${source} were looked at meanwhile; try again`);
  }
  for (let at = 0; at < changed.length; at += rowsAtOnce)
    await tx
      .insertInto('contact_change')
      .values(
        changed.slice(at, at + rowsAtOnce).map(({ recordKey, contactKey }) => ({
          ...{ org, source, record_key: recordKey, contact_key: contactKey, changed_at: now },
        })),
      )
      .onConflict((conflict) =>
        conflict
          .columns(['org', 'source', 'record_key'])
          .doUpdateSet(({ ref }) => ({ contact_key: ref('excluded.contact_key'), changed_at: now })),
      )
      .execute();
  for (let at = 0; at < left.length; at += rowsAtOnce)
    await tx
      .insertInto('contact_change')
      .values(
        left.slice(at, at + rowsAtOnce).map((record_key) => ({
          ...{ org, source, record_key, contact_key: '', changed_at: noChange },
        })),
      )
      // Whose address was changed before they left is held as long as anybody.
      .onConflict((conflict) => conflict.doNothing())
      .execute();
}

/** Which of these records, by their keys, no link goes to: their address was changed within `heldDays`, in days of London. */
export async function heldKeys(
  tx: Tx,
  given: {
    readonly org: string;
    readonly source: string;
    readonly keys: readonly string[];
    readonly now: Date;
  },
): Promise<ReadonlySet<string>> {
  const { org, source, keys, now } = given;
  if (keys.length === 0) return new Set();
  const first = addPeriod(dayOf(now.getTime()), { months: 0, days: -heldDays });
  const rows = await tx
    .selectFrom('contact_change')
    .select(['record_key', 'changed_at'])
    .where('org', '=', org)
    .where('source', '=', source)
    .where('record_key', 'in', [...keys, everybody])
    .execute();
  const held = rows.filter(({ changed_at }) => dayOf(changed_at.getTime()) >= first);
  return new Set(
    held.some(({ record_key }) => record_key === everybody) ? keys : held.map((row) => row.record_key),
  );
}
