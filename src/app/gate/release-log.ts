/**
 * A release in the log (invariant 4): its entry is on the disk and published before the release appears, and while
 * nobody else publishes. Cut short, an entry without a release is left, which the next run takes up again.
 */
import { deriveKey, KeyError } from '../../documents/key.ts';
import { readLogKey } from '../../documents/log-key.ts';
import type { Workspace } from '../../documents/workspace.ts';
import { type ReleaseContent, releaseContent } from '../../evidence/files.ts';
import { contentText, entryOf, type LogContent, saltBytes } from '../../log/entry.ts';
import type { LogProof } from '../../log/proof.ts';
import type { Alongside, Ledger, LedgerPlace, LedgerTx } from '../../store/ledger.ts';
import { isOfDocument, logDocuments, loggedAt, prepareDocuments } from '../log/log-documents.ts';
import { publishLedger } from '../log/log-publish.ts';

/** How long another may keep the ledger before a release gives up. */
const patience = 30_000;

const tables = [
  'CREATE TABLE evidence_ingest (source TEXT NOT NULL, snapshot TEXT NOT NULL, commitments TEXT NOT NULL, idx INTEGER NOT NULL, PRIMARY KEY (source, snapshot, commitments)) STRICT',
  'CREATE TABLE evidence_release (idx INTEGER PRIMARY KEY, release TEXT NOT NULL, entry BLOB NOT NULL) STRICT',
];

async function withLedger<T>(place: LedgerPlace, work: (ledger: Ledger) => Promise<T>): Promise<T> {
  const ledger = await place.open({ waitMs: patience });
  try {
    await ledger.migrate('evidence', tables);
    await prepareDocuments(ledger);
    return await work(ledger);
  } finally {
    await ledger.close();
  }
}

/** Why this workspace cannot log; null where it can. Throws KeyError where the key is there and cannot be used. */
export async function logWanting(root: string): Promise<string | null> {
  try {
    await readLogKey(root);
    return null;
  } catch (error) {
    if (error instanceof KeyError && error.code === 'key-missing') return error.message;
    throw error;
  }
}

export type Ingested = {
  readonly source: string;
  /** Of everything ingested, and of the records alone. */
  readonly snapshot: string;
  readonly records: string;
  /** Digests of the files of the source. */
  readonly files: readonly string[];
  /** Root of the tree over the commitments to the raw values, and how many they are (E2). */
  readonly commitments: string;
  readonly rows: number;
};

/** Sees to it that what was ingested is in the log, once. */
export async function logIngested(
  workspace: Workspace,
  place: LedgerPlace,
  ingested: Ingested,
): Promise<void> {
  await withLedger(place, (ledger) =>
    ledger.commit((tx) => appendIngest(tx, ingested, loggedAt(workspace, tx))),
  );
}

/** `entry`: where the ingest stands in the log. */
export type IngestLogged = { readonly logSize: bigint; readonly entry: bigint };

/**
 * As `logIngested`, before a release, and of the documents it rests on; gives the size of the log that the release is
 * decided at (E3): of the `frozen` entries, those before the last ones that are attempts at the very release, of an ingest,
 * or of documents, which are in the evidence themselves. They decide nothing, and a release that was cut short is made
 * again as it was (E11).
 */
export function logIngest(
  workspace: Workspace,
  place: LedgerPlace,
  release: string,
  ingested: Ingested,
  frozen: bigint,
): Promise<IngestLogged> {
  return withLedger(place, async (ledger) => {
    await logDocuments(ledger, workspace);
    return ledger.commit(async (tx) => {
      const entry = await appendIngest(tx, ingested, loggedAt(workspace, tx));
      let size = frozen;
      while (size > 0n && (await decidesNothing(tx, release, size - 1n))) size -= 1n;
      return { logSize: size, entry };
    });
  });
}

async function appendIngest(tx: LedgerTx, ingested: Ingested, at: string): Promise<bigint> {
  const { source, snapshot, commitments } = ingested;
  const [before] = await tx.all(
    'SELECT idx FROM evidence_ingest WHERE source = ? AND snapshot = ? AND commitments = ?',
    source,
    snapshot,
    commitments,
  );
  if (typeof before?.idx === 'bigint') return before.idx;
  const content = { kind: 'source-ingested', at, ...ingested } as const;
  const [appended] = await tx.append([content], null);
  if (!appended) throw new TypeError('an entry was appended and is not there');
  await tx.run(
    'INSERT INTO evidence_ingest (source, snapshot, commitments, idx) VALUES (?, ?, ?, ?)',
    source,
    snapshot,
    commitments,
    appended.index,
  );
  return appended.index;
}

async function decidesNothing(tx: LedgerTx, release: string, index: bigint): Promise<boolean> {
  const attempt = 'SELECT 1 AS one FROM evidence_release WHERE idx = ? AND release = ?';
  return (
    (await tx.all(attempt, index, release)).length > 0 ||
    (await tx.all('SELECT 1 AS one FROM evidence_ingest WHERE idx = ?', index)).length > 0 ||
    (await isOfDocument(tx, index))
  );
}

/** What `log-proof.json` holds: the entry, what opens it, and where it stands in the published log. */
export type ReleaseProof = LogProof & { readonly salt: string; readonly content: ReleaseContent };
/** The same of the ingest it was decided on, in the tree of the same checkpoint. */
export type IngestProof = LogProof & { readonly salt: string; readonly content: LogContent };

/** A release in the log; `rows` of its list. */
export type ReleaseLogged = {
  readonly release: string;
  readonly request: string;
  /** Of its entry. */
  readonly index: bigint;
  readonly cutOff: string;
  /** SHA-256 of `manifest.json`. */
  readonly manifest: string;
  readonly rows: number;
};
type ToLog = Omit<ReleaseLogged, 'index'> & {
  /** The organisation's key: the salt follows from it and the release (E11). */
  readonly key: Buffer;
  /** Where the ingest stands in the log. */
  readonly ingest: bigint;
  /**
   * Runs in the transaction of the entry; again where a run that was cut short is taken up, or made another entry of the
   * release: what it writes may be there already. When it runs, nothing has appeared yet.
   */
  readonly alongside: Alongside<ReleaseLogged> | null;
};

/**
 * Appends the entry of a release, publishes the log, and has the release appear while nobody else publishes. Throws
 * LedgerError, LogError, WitnessError, KeyError, and what `alongside` throws: then nothing appears.
 */
export async function logRelease(
  { config }: Workspace,
  place: LedgerPlace,
  given: ToLog,
  appear: (proof: ReleaseProof, ingest: IngestProof) => Promise<void>,
): Promise<ReleaseProof> {
  const content = releaseContent(given.release, given.cutOff, given.manifest);
  const secret = deriveKey(given.key, `astold/1/log-salt/${given.release}`);
  const salt = Buffer.from(secret, 'base64url').subarray(0, saltBytes);
  return withLedger(place, (ledger) =>
    ledger.alone(async () => {
      const index = await commitEntry(ledger, given, content, salt);
      const { text } = await publishLedger(ledger, config);
      const [proof, ingested] = [await ledger.prove(index, text), await ledger.prove(given.ingest, text)];
      const opening = await ledger.opening(given.ingest);
      if (proof === null || ingested === null || opening === null || opening === 'destroyed')
        throw new TypeError('the log was published without the entry of the release, or of its ingest');
      const opened = { ...proof, salt: salt.toString('hex'), content };
      await appear(opened, { ...ingested, ...opening });
      return opened;
    }),
  );
}

/** The entry of an earlier run that was cut short, where it is the very same; else a new one. */
function commitEntry(
  ledger: Ledger,
  { alongside, key: _, ingest: __, ...given }: ToLog,
  content: ReleaseContent,
  salt: Buffer,
): Promise<bigint> {
  const entry = entryOf(contentText(content), salt);
  return ledger.commit(async (tx) => {
    const [found] = await tx.all('SELECT idx FROM evidence_release WHERE entry = ? ORDER BY idx', entry);
    const index = typeof found?.idx === 'bigint' ? found.idx : await appendRelease(tx, content, salt);
    await alongside?.(tx, { ...given, index });
    return index;
  });
}

async function appendRelease(tx: LedgerTx, content: ReleaseContent, salt: Buffer): Promise<bigint> {
  const [appended] = await tx.append([content], [salt]);
  if (!appended) throw new TypeError('an entry was appended and is not there');
  await tx.run(
    'INSERT INTO evidence_release (idx, release, entry) VALUES (?, ?, ?)',
    appended.index,
    content.release,
    appended.entry,
  );
  return appended.index;
}
