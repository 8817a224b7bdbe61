/**
 * Preference events as they were recorded here, in tables of their own beside the ledger: what was said is in columns,
 * whom it is of in one cell that erasure overwrites where it stands (E8). Each row is written with its log entry.
 */

import type { Scope } from '../policy/model.ts';
import type { PreferenceType, receivedBy } from '../policy/preference-event.ts';
import type { SqlCell, SqlRow } from './database.ts';
import type { Ledger, LedgerTx } from './ledger.ts';
import { bytesOf, damaged } from './ledger-tables.ts';

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

export type Preferences = {
  add(tx: LedgerTx, event: PreferenceEvent, who: Who | null, key: string | null, index: bigint): void;
  find(event: string): StoredPreference | null;
  /** In the order of the log, at most `most` of those after entry `after`; erased ones are left out. */
  after(source: string, after: bigint, most: number): readonly StoredPreference[];
  /** Every event of a person, erased or not. */
  of(source: string, keys: readonly string[]): readonly StoredPreference[];
  /** Overwrites who an event is of and what was said; its key and its place in the log stay. */
  blank(tx: LedgerTx, event: string): void;
  /** `csv`: SHA-256 of what the vault keeps of it, which an ingest reads. */
  addBatch(tx: LedgerTx, batch: PreferenceBatch, csv: string): void;
  batch(id: string): PreferenceBatch | null;
  /** The batch that was made of a file with that digest, of any source. */
  batchOf(digest: string): PreferenceBatch | null;
  /** In the order of the log. */
  batches(source: string): readonly PreferenceBatch[];
  /** SHA-256 of what the vault keeps of a batch: one; two while rows are taken out of it; none where nobody noted it. */
  batchFiles(digest: string): readonly string[];
  /** To be committed before the file of a batch that stands as `from` is replaced by `to`. */
  replaceBatchFile(tx: LedgerTx, digest: string, from: string, to: string): void;
  /** To be committed once it is replaced. */
  batchFileReplaced(tx: LedgerTx, digest: string, to: string): void;
  /** An erasure begins with its event, and ends when nothing is left to destroy: a run that was cut short is found again. */
  beginErasure(tx: LedgerTx, event: string): void;
  /** The event of a person's erasure that has not ended; null where there is none. */
  openErasure(source: string, key: string): StoredPreference | null;
  endErasure(tx: LedgerTx, event: string): void;
  /** How many events, and batches, of a source were logged at or after entry `size`. */
  since(source: string, size: bigint): number;
  /** Every event of the source that names no record and was not erased, in the order of the log. */
  withoutRecord(source: string): readonly StoredPreference[];
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

const inserted = `INSERT INTO preference VALUES (${new Array(19).fill('?').join(', ')})`;

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
];
const blanked = `UPDATE preference SET erased = 1, who = zeroblob(length(who)), ${said
  .map((column) => `${column} = CAST(zeroblob(length(CAST(${column} AS BLOB))) AS TEXT)`)
  .join(', ')} WHERE event = ?`;

/** The preference events of a ledger that is open. Throws LedgerError. */
export function openPreferences(ledger: Ledger): Preferences {
  ledger.migrate('preferences', steps);
  return {
    add(tx, event, who, key, index) {
      const { scope } = event;
      const cells = [event.event, event.source, index, 0, key, who === null ? null : bytesOfWho(who)];
      const said = [event.type, scope.purpose, scope.organisation, scope.contactChannel, scope.field];
      const about = [event.notice, event.consent, event.lifts, event.delivery];
      const when = [event.signed, event.received, event.logged, event.receivedBy];
      tx.run(inserted, ...cells, ...said, ...about, ...when);
    },
    find: (event) => ledger.all('SELECT * FROM preference WHERE event = ?', event).map(stored)[0] ?? null,
    after: (source, after, most) =>
      ledger
        .all(
          'SELECT * FROM preference WHERE source = ? AND idx > ? AND erased = 0 ORDER BY idx LIMIT ?',
          source,
          after,
          most,
        )
        .map(stored),
    of: (source, keys) =>
      keys.flatMap((key) =>
        ledger
          .all('SELECT * FROM preference WHERE source = ? AND key = ? ORDER BY idx', source, key)
          .map(stored),
      ),
    blank(tx, event) {
      // Each cell as long as what stood there, so that it is overwritten where it stands: a row that moved would leave
      // a copy of itself, or of its neighbours.
      tx.run(blanked, event);
    },
    addBatch(tx, { id, source, digest, salt, rows, root, logged, index }, csv) {
      tx.run(
        'INSERT INTO preference_batch VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        id,
        source,
        digest,
        salt,
        rows,
        root,
        logged,
        index,
      );
      tx.run('INSERT INTO preference_batch_file VALUES (?, ?, ?)', digest, csv, csv);
    },
    batch: (id) => ledger.all('SELECT * FROM preference_batch WHERE id = ?', id).map(storedBatch)[0] ?? null,
    batchOf: (digest) =>
      ledger.all('SELECT * FROM preference_batch WHERE digest = ?', digest).map(storedBatch)[0] ?? null,
    batches: (source) =>
      ledger.all('SELECT * FROM preference_batch WHERE source = ? ORDER BY idx', source).map(storedBatch),
    batchFiles(digest) {
      const [row] = ledger.all('SELECT now, next FROM preference_batch_file WHERE digest = ?', digest);
      return row === undefined ? [] : [...new Set([text(row.now), text(row.next)])];
    },
    replaceBatchFile(tx, digest, from, to) {
      tx.run('UPDATE preference_batch_file SET now = ?, next = ? WHERE digest = ?', from, to, digest);
    },
    batchFileReplaced(tx, digest, to) {
      tx.run('UPDATE preference_batch_file SET now = ?, next = ? WHERE digest = ?', to, to, digest);
    },
    beginErasure(tx, event) {
      tx.run('INSERT INTO preference_erasure VALUES (?, 0)', event);
    },
    openErasure: (source, key) =>
      ledger
        .all(
          `SELECT p.* FROM preference p JOIN preference_erasure e ON e.event = p.event
           WHERE p.source = ? AND p.key = ? AND e.ended = 0 ORDER BY p.idx DESC LIMIT 1`,
          source,
          key,
        )
        .map(stored)[0] ?? null,
    endErasure(tx, event) {
      tx.run('UPDATE preference_erasure SET ended = 1 WHERE event = ?', event);
    },
    since: (source, size) =>
      Number(
        ledger.all(
          `SELECT (SELECT count(*) FROM preference WHERE source = ?1 AND idx >= ?2)
             + (SELECT count(*) FROM preference_batch WHERE source = ?1 AND idx >= ?2) AS n`,
          source,
          size,
        )[0]?.n,
      ),
    withoutRecord: (source) =>
      ledger
        .all('SELECT * FROM preference WHERE source = ? AND key IS NULL AND erased = 0 ORDER BY idx', source)
        .map(stored),
  };
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
