/**
 * A release in the log (invariant 4): its entry is on the disk and published before the release appears, and while
 * nobody else has the ledger. Cut short, an entry without a release is left, which the next run takes up again.
 */
import { deriveKey, KeyError } from '../../documents/key.ts';
import { readLogKey } from '../../documents/log-key.ts';
import type { Workspace } from '../../documents/workspace.ts';
import { type ReleaseContent, releaseContent } from '../../evidence/files.ts';
import { contentText, entryOf, type LogContent, saltBytes } from '../../log/entry.ts';
import type { LogProof } from '../../log/proof.ts';
import { type Ledger, type LedgerTx, openLedger } from '../../store/ledger.ts';
import { isOfDocument, logDocuments, loggedAt, prepareDocuments } from '../log/log-documents.ts';
import { publishLedger } from '../log/log-publish.ts';

/** How long another process may keep the ledger before a release gives up. */
const patience = 30_000;

const tables = [
  'CREATE TABLE evidence_ingest (source TEXT NOT NULL, snapshot TEXT NOT NULL, commitments TEXT NOT NULL, idx INTEGER NOT NULL, PRIMARY KEY (source, snapshot, commitments)) STRICT',
  'CREATE TABLE evidence_release (idx INTEGER PRIMARY KEY, release TEXT NOT NULL, entry BLOB NOT NULL) STRICT',
];

async function withLedger<T>(root: string, work: (ledger: Ledger) => Promise<T>): Promise<T> {
  const ledger = await openLedger(root, { waitMs: patience });
  try {
    ledger.migrate('evidence', tables);
    prepareDocuments(ledger);
    return await work(ledger);
  } finally {
    ledger.close();
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
export async function logIngested(workspace: Workspace, ingested: Ingested): Promise<void> {
  await withLedger(workspace.root, async (ledger) =>
    ledger.commit((tx) => appendIngest(tx, ingested, loggedAt(workspace))),
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
  release: string,
  ingested: Ingested,
  frozen: bigint,
): Promise<IngestLogged> {
  return withLedger(workspace.root, async (ledger) => {
    logDocuments(ledger, workspace);
    return ledger.commit((tx) => {
      const entry = appendIngest(tx, ingested, loggedAt(workspace));
      let size = frozen;
      while (size > 0n && decidesNothing(tx, release, size - 1n)) size -= 1n;
      return { logSize: size, entry };
    });
  });
}

function appendIngest(tx: LedgerTx, ingested: Ingested, at: string): bigint {
  const { source, snapshot, commitments } = ingested;
  const found = tx.all(
    'SELECT idx FROM evidence_ingest WHERE source = ? AND snapshot = ? AND commitments = ?',
    source,
    snapshot,
    commitments,
  );
  const [before] = found;
  if (typeof before?.idx === 'bigint') return before.idx;
  const content = { kind: 'source-ingested', at, ...ingested } as const;
  const [appended] = tx.append([content], null);
  if (!appended) throw new TypeError('an entry was appended and is not there');
  tx.run('INSERT INTO evidence_ingest VALUES (?, ?, ?, ?)', source, snapshot, commitments, appended.index);
  return appended.index;
}

function decidesNothing(tx: LedgerTx, release: string, index: bigint): boolean {
  return (
    tx.all('SELECT 1 FROM evidence_release WHERE idx = ? AND release = ?', index, release).length > 0 ||
    tx.all('SELECT 1 FROM evidence_ingest WHERE idx = ?', index).length > 0 ||
    isOfDocument(tx, index)
  );
}

/** What `log-proof.json` holds: the entry, what opens it, and where it stands in the published log. */
export type ReleaseProof = LogProof & { readonly salt: string; readonly content: ReleaseContent };
/** The same of the ingest it was decided on, in the tree of the same checkpoint. */
export type IngestProof = LogProof & { readonly salt: string; readonly content: LogContent };

/**
 * Appends the entry of a release, publishes the log, and has the release appear while no other process has the ledger.
 * Throws LedgerError, LogError, WitnessError, KeyError: then nothing appears.
 */
export async function logRelease(
  { root, config }: Workspace,
  given: {
    readonly release: string;
    readonly cutOff: string;
    /** SHA-256 of `manifest.json`. */
    readonly manifest: string;
    /** The organisation's key: the salt follows from it and the release (E11). */
    readonly key: Buffer;
    /** Where the ingest stands in the log. */
    readonly ingest: bigint;
  },
  appear: (proof: ReleaseProof, ingest: IngestProof) => Promise<void>,
): Promise<ReleaseProof> {
  const content = releaseContent(given.release, given.cutOff, given.manifest);
  const secret = deriveKey(given.key, `astold/1/log-salt/${given.release}`);
  const salt = Buffer.from(secret, 'base64url').subarray(0, saltBytes);
  return withLedger(root, async (ledger) => {
    const index = indexOf(ledger, content, salt);
    const { text } = await publishLedger(ledger, config);
    const [proof, ingested] = [await ledger.prove(index, text), await ledger.prove(given.ingest, text)];
    const opening = ledger.opening(given.ingest);
    if (proof === null || ingested === null || opening === null || opening === 'destroyed')
      throw new TypeError('the log was published without the entry of the release, or of its ingest');
    const opened = { ...proof, salt: salt.toString('hex'), content };
    await appear(opened, { ...ingested, ...opening });
    return opened;
  });
}

/** The entry of an earlier run that was cut short, where it is the very same; else a new one. */
function indexOf(ledger: Ledger, content: ReleaseContent, salt: Buffer): bigint {
  const entry = entryOf(contentText(content), salt);
  const [found] = ledger.all('SELECT idx FROM evidence_release WHERE entry = ? ORDER BY idx', entry);
  if (typeof found?.idx === 'bigint') return found.idx;
  return ledger.commit((tx) => {
    const [appended] = tx.append([content], [salt]);
    if (!appended) throw new TypeError('an entry was appended and is not there');
    tx.run('INSERT INTO evidence_release VALUES (?, ?, ?)', appended.index, content.release, appended.entry);
    return appended.index;
  });
}
