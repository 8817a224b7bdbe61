/** Beginning an organisation's log in the database, or finding that the one there may not go on. */
import type { Verifier } from '../../log/keys.ts';
import { damaged } from '../ledger-cells.ts';
import { LedgerError } from '../ledger-error.ts';
import { hasBegun, lost, markBegun } from '../log-begun.ts';
import { rowsIn } from './ledger-query.ts';
import { borneOut, headVersion, type OwnLog, readHead } from './log-head.ts';
import type { State } from './state.ts';

const place = 'in the database of the service';

/**
 * The log of the organisation is there afterwards, under this key, and bears out what was published. Throws LedgerError,
 * LogError.
 */
export async function beginLog(state: State, { org, root }: OwnLog, { name }: Verifier): Promise<void> {
  // Asked before the database: another that begins the log has its head there before the mark beside the key.
  const begunBefore = hasBegun(root);
  await requireSecured(state, org, ['log_head', 'entry', 'opening', 'node']);
  await state.as(org, async (tx) => {
    const all = rowsIn(tx);
    const head = await readHead(all, org);
    if (head === null) {
      if (begunBefore) throw lost(`the log of "${org}" in the database`, 'the database');
      await all(
        `INSERT INTO log_head (org, version, origin, size, edge, latest, published) VALUES (?, ?, ?, 0, ''::bytea, 0, '')
         ON CONFLICT (org) DO NOTHING`,
        org,
        headVersion,
        name,
      );
      return;
    }
    if (head.origin !== name)
      throw new LedgerError(
        'ledger-other-log',
        `the log of "${org}" in the database is ${head.origin}, and the key of ${name}; put the right one back`,
      );
    // In one question: between two others may append.
    const [found] = await all(
      'SELECT h.size, (SELECT max(e.idx) FROM entry e) AS last FROM log_head h WHERE h.org = ?',
      org,
    );
    if (typeof found?.size !== 'bigint' || (found.last ?? -1n) !== found.size - 1n)
      throw damaged('its head and its entries do not agree');
    await borneOut(all, root, head);
  });
  markBegun(root, place);
}

/** Of each table, what came of asking; of many who want to know at once, one asks. */
const secured = new WeakMap<State, Map<string, Promise<void>>>();

/**
 * That tables are there, and that row-level security binds whoever asks: the ledger's SQL names no organisation. Asked
 * once of a table: the login of a state does not change. Throws LedgerError `ledger-version`.
 */
export async function requireSecured(state: State, org: string, tables: readonly string[]): Promise<void> {
  const known = secured.get(state) ?? new Map<string, Promise<void>>();
  secured.set(state, known);
  const wanted = tables.filter((table) => !known.has(table));
  if (wanted.length > 0) {
    const asked = askSecured(state, org, wanted);
    for (const table of wanted) known.set(table, asked);
    asked.catch(() => {
      for (const table of wanted) if (known.get(table) === asked) known.delete(table);
    });
  }
  await Promise.all(tables.map((table) => known.get(table)));
}

function askSecured(state: State, org: string, wanted: readonly string[]): Promise<void> {
  return state.as(org, async (tx) => {
    for (const table of wanted) {
      const [row] = await rowsIn(tx)(
        'SELECT count(*) AS n FROM pg_class WHERE oid = to_regclass(?) AND row_security_active(oid)',
        table,
      );
      if (row?.n !== 1n)
        throw new LedgerError(
          'ledger-version',
          `the database has no table ${table} that shows each organisation its own rows alone: migrate it with this program`,
        );
    }
  });
}
