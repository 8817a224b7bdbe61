/**
 * Preference events as they were recorded here, in tables of their own beside the ledger: what was said is in columns,
 * whom it is of in one cell that erasure overwrites where it stands (E8). Each row is written with its log entry.
 */

import type { Scope } from '../policy/model.ts';
import type { PreferenceType, receivedBy } from '../policy/preference-event.ts';
import type { Ledger, LedgerReader, LedgerTx, SqlCell, SqlRow } from './ledger.ts';
import { bytesOf, damaged } from './ledger-cells.ts';
import type { LedgerDialect } from './ledger-dialect.ts';

/** What somebody came with, as they wrote it; null where they did not say. */
export type Details = {
  readonly email: string | null;
  readonly phone: string | null;
  readonly surname: string | null;
  readonly addressLine: string | null;
  readonly postcode: string | null;
  readonly birthDate: string | null;
};
/** `record` null: nobody could say which record it is of. */
export type Who = { readonly record: string | null; readonly details: Details };

export type PreferenceEvent = {
  readonly event: string;
  readonly source: string;
  readonly type: PreferenceType;
  readonly scope: Scope;
  readonly notice: string | null;
  readonly consent: string | null;
  readonly lifts: string | null;
  readonly delivery: string | null;
  /** Dates, or times with their offset. */
  readonly signed: string;
  readonly received: string;
  readonly logged: string;
  readonly receivedBy: (typeof receivedBy)[number];
};
/**
 * `key` is the keyed hash of the record id, which stays when the id is gone. `erased`: who it was of, and what was
 * said, are not here any more. An event without `who` that is not erased is of somebody known by `key` alone.
 */
export type StoredPreference = PreferenceEvent & {
  readonly index: bigint;
  readonly key: string | null;
  readonly who: Who | null;
  readonly erased: boolean;
};

export type PreferenceBatch = {
  readonly id: string;
  readonly source: string;
  /** SHA-256 of the file as it came, which names what the vault keeps of it. */
  readonly digest: string;
  /** 32 hex: the log entry commits to the digest under it. */
  readonly salt: string;
  readonly rows: number;
  /** RFC 6962 root over the commitments of its rows, 64 hex. */
  readonly root: string;
  readonly logged: string;
  readonly index: bigint;
};

/** What is read of them, with whatever reads the ledger. */
export type Preferences = {
  find(event: string): Promise<StoredPreference | null>;
  /** In the order of the log, at most `most` of those after entry `after`; erased ones are left out. */
  after(source: string, after: bigint, most: number): Promise<readonly StoredPreference[]>;
  /** Every event of a person, erased or not. */
  of(source: string, keys: readonly string[]): Promise<readonly StoredPreference[]>;
  batch(id: string): Promise<PreferenceBatch | null>;
  /** The batch that was made of a file with that digest, of any source. */
  batchOf(digest: string): Promise<PreferenceBatch | null>;
  /** In the order of the log. */
  batches(source: string): Promise<readonly PreferenceBatch[]>;
  /** SHA-256 of what the vault keeps of a batch: one; two while rows are taken out of it; none where nobody noted it. */
  batchFiles(digest: string): Promise<readonly string[]>;
  /** The event of a person's erasure that has not ended; null where there is none. */
  openErasure(source: string, key: string): Promise<StoredPreference | null>;
  /** How many events, and batches, of a source were logged at or after entry `size`. */
  since(source: string, size: bigint): Promise<number>;
  /** Every event of the source that names no record and was not erased, resolutions of them aside, in the order of the log. */
  withoutRecord(source: string): Promise<readonly StoredPreference[]>;
  /** The resolutions of an event (C4), in the order of the log. */
  resolutionsOf(source: string, event: string): Promise<readonly StoredPreference[]>;
  /** The ids of the events of a source that have a resolution. */
  resolved(source: string): Promise<ReadonlySet<string>>;
};

/** `who` null: the key alone is kept. */
export type NewPreference = {
  readonly event: PreferenceEvent;
  readonly who: Who | null;
  readonly key: string | null;
  readonly index: bigint;
};

/** The same in a transaction, and what is written of them. */
export type PreferencesTx = Preferences & {
  add(event: PreferenceEvent, who: Who | null, key: string | null, index: bigint): Promise<void>;
  /** At most some hundreds. */
  addAll(events: readonly NewPreference[]): Promise<void>;
  /** Of whom an event is that named no record: what is said of a person, and erased of them, is this as well. */
  claim(event: string, key: string): Promise<void>;
  /** Overwrites who an event is of and what was said; its key and its place in the log stay. */
  blank(event: string): Promise<void>;
  /** `csv`: SHA-256 of what the vault keeps of it, which an ingest reads. */
  addBatch(batch: PreferenceBatch, csv: string): Promise<void>;
  /** To be committed before the file of a batch that stands as `from` is replaced by `to`. */
  replaceBatchFile(digest: string, from: string, to: string): Promise<void>;
  /** To be committed once it is replaced. */
  batchFileReplaced(digest: string, to: string): Promise<void>;
  /** An erasure begins with its event, and ends when nothing is left to destroy: a run that was cut short is found again. */
  beginErasure(event: string): Promise<void>;
  endErasure(event: string): Promise<void>;
};

const steps = [
  `CREATE TABLE preference (event TEXT PRIMARY KEY, source TEXT NOT NULL, idx INTEGER NOT NULL UNIQUE,
    erased INTEGER NOT NULL, key TEXT, who BLOB, type TEXT NOT NULL, purpose TEXT NOT NULL, organisation TEXT NOT NULL,
    contact_channel TEXT NOT NULL, field TEXT NOT NULL, notice TEXT, consent TEXT, lifts TEXT, delivery TEXT,
    signed TEXT NOT NULL, received TEXT NOT NULL, logged TEXT NOT NULL, received_by TEXT NOT NULL) STRICT`,
  'CREATE INDEX preference_of ON preference (source, key)',
  'CREATE INDEX preference_order ON preference (source, idx)',
  `CREATE TABLE preference_batch (id TEXT PRIMARY KEY, source TEXT NOT NULL, digest TEXT NOT NULL UNIQUE, salt TEXT NOT NULL,
    rows INTEGER NOT NULL, root TEXT NOT NULL, logged TEXT NOT NULL, idx INTEGER NOT NULL UNIQUE) STRICT`,
  `CREATE TABLE preference_batch_file (digest TEXT PRIMARY KEY REFERENCES preference_batch (digest), now TEXT NOT NULL,
    next TEXT NOT NULL) STRICT`,
  'CREATE TABLE preference_erasure (event TEXT PRIMARY KEY REFERENCES preference (event), ended INTEGER NOT NULL) STRICT',
] as const;

const said = [
  'type',
  'purpose',
  'organisation',
  'contact_channel',
  'field',
  'notice',
  'consent',
  'lifts',
  'delivery',
  'signed',
  'received',
  'logged',
  'received_by',
] as const;
const columns = ['event', 'source', 'idx', 'erased', 'key', 'who', ...said];
const inserted = (rows: number): string => {
  const row = `(${columns.map(() => '?').join(', ')})`;
  return `INSERT INTO preference (${columns.join(', ')}) VALUES ${Array.from({ length: rows }, () => row).join(', ')}`;
};
const insertedBatch =
  'INSERT INTO preference_batch (id, source, digest, salt, rows, root, logged, idx) VALUES (?, ?, ?, ?, ?, ?, ?, ?)';

const blanked = ({ blankedBytes, blankedText }: LedgerDialect): string =>
  `UPDATE preference SET erased = 1, who = ${blankedBytes('who')}, ${said
    .map((column) => `${column} = ${blankedText(column)}`)
    .join(', ')} WHERE event = ?`;

/** The tables are there afterwards. Throws LedgerError. */
export const preparePreferences = (ledger: Ledger): Promise<void> => ledger.migrate('preferences', steps);

/** The preference events of a ledger in which they were prepared. */
export function preferencesIn({ all }: LedgerReader): Preferences {
  const events = async (rest: string, ...values: readonly SqlCell[]): Promise<readonly StoredPreference[]> =>
    (await all(`SELECT p.* FROM preference p ${rest}`, ...values)).map(stored);
  const batches = async (rest: string, value: SqlCell): Promise<readonly PreferenceBatch[]> =>
    (await all(`SELECT * FROM preference_batch ${rest}`, value)).map(storedBatch);
  return {
    find: async (event) => (await events('WHERE p.event = ?', event))[0] ?? null,
    after: (source, after, most) =>
      events(
        'WHERE p.source = ? AND p.idx > ? AND p.erased = 0 ORDER BY p.idx LIMIT ?',
        source,
        after,
        BigInt(most),
      ),
    async of(source, keys) {
      const found: StoredPreference[] = [];
      for (const key of keys)
        found.push(...(await events('WHERE p.source = ? AND p.key = ? ORDER BY p.idx', source, key)));
      return found;
    },
    batch: async (id) => (await batches('WHERE id = ?', id))[0] ?? null,
    batchOf: async (digest) => (await batches('WHERE digest = ?', digest))[0] ?? null,
    batches: (source) => batches('WHERE source = ? ORDER BY idx', source),
    async batchFiles(digest) {
      const [row] = await all('SELECT now, next FROM preference_batch_file WHERE digest = ?', digest);
      return row === undefined ? [] : [...new Set([text(row.now), text(row.next)])];
    },
    openErasure: async (source, key) =>
      (
        await events(
          `JOIN preference_erasure e ON e.event = p.event
           WHERE p.source = ? AND p.key = ? AND e.ended = 0 ORDER BY p.idx DESC LIMIT 1`,
          source,
          key,
        )
      )[0] ?? null,
    async since(source, size) {
      let logged = 0;
      for (const table of ['preference', 'preference_batch']) {
        const [row] = await all(
          `SELECT count(*) AS n FROM ${table} WHERE source = ? AND idx >= ?`,
          source,
          size,
        );
        logged += Number(whole(row?.n));
      }
      return logged;
    },
    withoutRecord: (source) =>
      events(
        "WHERE p.source = ? AND p.key IS NULL AND p.erased = 0 AND p.type <> 'resolution' ORDER BY p.idx",
        source,
      ),
    resolutionsOf: (source, event) =>
      events("WHERE p.source = ? AND p.type = 'resolution' AND p.lifts = ? ORDER BY p.idx", source, event),
    resolved: async (source) =>
      new Set(
        (
          await all(
            "SELECT lifts FROM preference WHERE source = ? AND type = 'resolution' AND lifts IS NOT NULL",
            source,
          )
        ).map(({ lifts }) => text(lifts)),
      ),
  };
}

export function preferencesOf(tx: LedgerTx): PreferencesTx {
  return {
    ...preferencesIn(tx),
    add: (event, who, key, index) => tx.run(inserted(1), ...cellsOf({ event, who, key, index })),
    async addAll(events) {
      if (events.length > 0) await tx.run(inserted(events.length), ...events.flatMap(cellsOf));
    },
    claim: (event, key) =>
      tx.run('UPDATE preference SET key = ? WHERE event = ? AND key IS NULL', key, event),
    blank: (event) => tx.run(blanked(tx.dialect), event),
    async addBatch({ id, source, digest, salt, rows, root, logged, index }, csv) {
      await tx.run(insertedBatch, id, source, digest, salt, BigInt(rows), root, logged, index);
      await tx.run(
        'INSERT INTO preference_batch_file (digest, now, next) VALUES (?, ?, ?)',
        digest,
        csv,
        csv,
      );
    },
    replaceBatchFile: (digest, from, to) =>
      tx.run('UPDATE preference_batch_file SET now = ?, next = ? WHERE digest = ?', from, to, digest),
    batchFileReplaced: (digest, to) =>
      tx.run('UPDATE preference_batch_file SET now = ?, next = ? WHERE digest = ?', to, to, digest),
    beginErasure: (event) => tx.run('INSERT INTO preference_erasure (event, ended) VALUES (?, 0)', event),
    endErasure: (event) => tx.run('UPDATE preference_erasure SET ended = 1 WHERE event = ?', event),
  };
}

function cellsOf({ event, who, key, index }: NewPreference): readonly SqlCell[] {
  const { scope } = event;
  const cells = [event.event, event.source, index, 0n, key, who === null ? null : bytesOfWho(who)];
  const about = [event.type, scope.purpose, scope.organisation, scope.contactChannel, scope.field];
  const rests = [event.notice, event.consent, event.lifts, event.delivery];
  return [...cells, ...about, ...rests, event.signed, event.received, event.logged, event.receivedBy];
}

/** Who, as one cell. */
function bytesOfWho({ record, details }: Who): Buffer {
  const { email, phone, surname, addressLine, postcode, birthDate } = details;
  return Buffer.from(JSON.stringify([record, email, phone, surname, addressLine, postcode, birthDate]));
}

function whoOf(cell: Buffer): Who {
  const [record, email, phone, surname, addressLine, postcode, birthDate] = JSON.parse(
    cell.toString('utf8'),
  ) as readonly (string | null | undefined)[];
  const part = (value: string | null | undefined): string | null => value ?? null;
  return {
    record: part(record),
    details: {
      email: part(email),
      phone: part(phone),
      surname: part(surname),
      addressLine: part(addressLine),
      postcode: part(postcode),
      birthDate: part(birthDate),
    },
  };
}

function stored(row: SqlRow): StoredPreference {
  const erased = row.erased !== 0n;
  const who = erased ? null : bytesOf(row.who);
  return {
    event: text(row.event),
    source: text(row.source),
    index: whole(row.idx),
    key: textOrNull(row.key),
    who: who === null ? null : whoOf(who),
    erased,
    // Nothing but this module writes here: what stands in the columns is what `add` was given.
    type: text(row.type) as PreferenceType,
    scope: {
      purpose: text(row.purpose),
      organisation: text(row.organisation),
      contactChannel: text(row.contact_channel),
      field: text(row.field),
    },
    notice: textOrNull(row.notice),
    consent: textOrNull(row.consent),
    lifts: textOrNull(row.lifts),
    delivery: textOrNull(row.delivery),
    signed: text(row.signed),
    received: text(row.received),
    logged: text(row.logged),
    receivedBy: text(row.received_by) as PreferenceEvent['receivedBy'],
  };
}

function storedBatch(row: SqlRow): PreferenceBatch {
  return {
    id: text(row.id),
    source: text(row.source),
    digest: text(row.digest),
    salt: text(row.salt),
    rows: Number(whole(row.rows)),
    root: text(row.root),
    logged: text(row.logged),
    index: whole(row.idx),
  };
}

function text(cell: SqlCell | undefined): string {
  if (typeof cell !== 'string') throw damaged('a preference event lacks a text');
  return cell;
}
const textOrNull = (cell: SqlCell | undefined): string | null => (typeof cell === 'string' ? cell : null);
function whole(cell: SqlCell | undefined): bigint {
  if (typeof cell !== 'bigint') throw damaged('a preference event lacks its place in the log');
  return cell;
}
