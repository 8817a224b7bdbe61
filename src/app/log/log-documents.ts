/**
 * What a workspace's documents say has happened, in the log: notices published, agreements signed, duties discharged,
 * freezes. Each is committed to once, as it stands; a wording changed afterwards is another entry, and shows.
 */
import { digestOf } from '../../documents/digest.ts';
import type { Workspace } from '../../documents/workspace.ts';
import type { LogContent } from '../../log/entry.ts';
import type { Ledger, LedgerTx } from '../../store/ledger.ts';

/** A table of its own; `digest` is that of the document, or of what a list of them says of one case. */
const tables = [
  'CREATE TABLE document_entry (kind TEXT NOT NULL, digest TEXT NOT NULL, idx INTEGER NOT NULL, PRIMARY KEY (kind, digest)) STRICT',
];
const owner = 'documents';

type Happened = { readonly digest: string; readonly content: LogContent };

/** The table is there afterwards. */
export const prepareDocuments = (ledger: Ledger): Promise<void> => ledger.migrate(owner, tables);

/** Whether an entry is of a document. */
export const isOfDocument = async (tx: LedgerTx, index: bigint): Promise<boolean> =>
  (await tx.all('SELECT 1 AS one FROM document_entry WHERE idx = ?', index)).length > 0;

/** The instant an entry of a workspace states: of a reconstruction its fixed clock, as of all that it makes (B6, E11). */
export const loggedAt = ({ config }: Workspace, tx: LedgerTx): string =>
  new Date(config.clock ?? tx.now()).toISOString();

/** Appends what is not in the log yet; gives how many entries. */
export async function logDocuments(ledger: Ledger, workspace: Workspace): Promise<number> {
  await prepareDocuments(ledger);
  return ledger.commit(async (tx) => {
    let appended = 0;
    for (const { digest, content } of happenings(workspace, loggedAt(workspace, tx))) {
      if (await isLogged(tx, content.kind, digest)) continue;
      const [entry] = await tx.append([content], null);
      if (!entry) throw new TypeError('an entry was appended and is not there');
      await tx.run(
        'INSERT INTO document_entry (kind, digest, idx) VALUES (?, ?, ?)',
        content.kind,
        digest,
        entry.index,
      );
      appended += 1;
    }
    return appended;
  });
}

const isLogged = async (tx: LedgerTx, kind: string, digest: string): Promise<boolean> =>
  (await tx.all('SELECT 1 AS one FROM document_entry WHERE kind = ? AND digest = ?', kind, digest)).length >
  0;

function happenings({ notices, agreements, duties, freezes }: Workspace, at: string): readonly Happened[] {
  const discharged = (duties ?? []).filter((duty) => duty.done !== null);
  return [
    ...notices.map(({ id, digest }) => ({
      digest,
      content: { kind: 'notice-published' as const, at, notice: id, digest },
    })),
    ...agreements.map(({ id, digest }) => ({
      digest,
      content: { kind: 'agreement-signed' as const, at, agreement: id, digest },
    })),
    // What a duty or a freeze says stays in its document: the entry holds its digest.
    ...discharged.map((duty) => {
      const digest = digestOf(duty);
      return { digest, content: { kind: 'duty-discharged' as const, at, party: duty.party, digest } };
    }),
    ...(freezes ?? []).map((freeze) => {
      const digest = digestOf(freeze);
      return { digest, content: { kind: 'freeze' as const, at, digest } };
    }),
  ];
}
