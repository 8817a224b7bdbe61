/**
 * The ledger of an organisation in the service's database. Several servers have it at once: whoever appends locks the
 * log's head, in the transaction that writes what the entries speak of. Each sees its own organisation's rows alone, by
 * row-level security.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { readLogVerifier } from '../../documents/log-key.ts';
import { type CompactRange, rangeRoot } from '../../log/compact-range.ts';
import type { Verifier } from '../../log/keys.ts';
import { groupedAppends } from '../grouped-appends.ts';
import type { Appended, Ledger, LedgerPlace, LedgerReader, LedgerTx, ReadRows } from '../ledger.ts';
import { damaged } from '../ledger-cells.ts';
import { postgresDialect } from '../ledger-dialect.ts';
import { ledgerReader, proveEntry } from '../ledger-entries.ts';
import { LedgerError, nested, over } from '../ledger-error.ts';
import { hasBegun } from '../log-begun.ts';
import { type Prepared, prepareEntries } from '../prepared-entries.ts';
import { type Turns, turns } from '../turns.ts';
import { aloneWith } from './alone.ts';
import { grow, insertGrowth, writeHead } from './append.ts';
import { blankOpenings, vacuumErased } from './destroy-openings.ts';
import { rowsIn } from './ledger-query.ts';
import { beginLog, requireSecured } from './log-begin.ts';
import { lockHead, readHead } from './log-head.ts';
import { closing, inSnapshot, openSnapshot } from './snapshot.ts';
import type { State } from './state.ts';
import { asTransaction } from './transaction-of.ts';

export type PostgresPlace = {
  readonly state: State;
  readonly org: string;
  /** The organisation's workspace, on a disk that all servers see. */
  readonly root: string;
};

/** Opening locks nothing: `waitMs`, a second at least, is how long each transaction waits for another's. */
export function postgresLedger(place: PostgresPlace): LedgerPlace {
  const { state, org, root } = place;
  return {
    root,
    begun: async () => hasBegun(root) || (await state.as(org, (tx) => readHead(rowsIn(tx), org))) !== null,
    async open({ waitMs }) {
      const verifier = await readLogVerifier(root);
      await beginLog(state, place, verifier);
      return ledgerOn(place, verifier, Math.max(waitMs, leastWait));
    },
  };
}

const leastWait = 1_000;
/** How often a cut-off is asked for before whoever logs is made to wait for the whole of it. */
const attempts = 3;

/** Of which state a transaction is open here: under PGlite another would wait for it, and it for the other. */
const within = new AsyncLocalStorage<State>();

function ledgerOn(place: PostgresPlace, verifier: Verifier, waitMs: number): Ledger {
  const { state, org, root } = place;
  let closed = false;
  const requireFree = (): void => {
    if (closed) throw new LedgerError('ledger-closed', 'the ledger is closed');
    if (within.getStore() === state) throw nested();
  };
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    requireFree();
    return within.run(state, work);
  };
  const once = <T>(work: (view: LedgerReader) => Promise<T>): Promise<T> =>
    guarded(() => state.as(org, (tx) => work(readerOf(rowsIn(tx), org))));
  const commit = <T>(work: (tx: LedgerTx) => Promise<T>): Promise<T> =>
    guarded(() => transact(place, waitMs, work));
  const snapshot = <T>(work: (view: LedgerReader) => Promise<T>): Promise<T> =>
    guarded(() => inSnapshot(state, org, (all) => work(readerOf(all, org))));
  const outside: LedgerReader = {
    dialect: postgresDialect,
    all: (sql, ...values) => once((view) => view.all(sql, ...values)),
    head: () => once((view) => view.head()),
    entry: (index) => once((view) => view.entry(index)),
    opening: (index) => once((view) => view.opening(index)),
    readTile: (path) => once((view) => view.readTile(path)),
  };

  return {
    ...outside,
    root,
    verifier,
    // An embedded database is for trying out, where witnesses may be tried as well.
    witnessReach: state.kind === 'postgres' ? 'internet' : 'internet-or-here',
    read: snapshot,
    async freeze(work) {
      if (state.kind === 'postgres') return guarded(() => frozen(place, waitMs, work));
      // One session: a snapshot cannot be taken while another has the head.
      for (let i = 0; i < attempts; i++) {
        const { at, size } = await commit(async (tx) => ({ at: tx.now(), size: (await tx.head()).size }));
        // Of the very size at that instant, or of a later state, in which something was logged after it.
        const done = await snapshot(async (view) =>
          (await view.head()).size === size ? { result: await work(view, at) } : null,
        );
        if (done !== null) return done.result;
      }
      return commit((tx) => work(tx, tx.now()));
    },
    commit,
    async append(contents) {
      requireFree();
      return appenderOf(place)(contents);
    },
    async alone(work) {
      requireFree();
      return aloneWith(place, waitMs, work);
    },
    migrate: (_, steps) => guarded(() => requireSecured(state, org, tablesOf(steps))),
    async destroyOpenings(indices) {
      await guarded(() =>
        state.as(org, async (tx) => {
          await lockHead(rowsIn(tx), place);
          await blankOpenings(rowsIn(tx), indices);
        }),
      );
      await vacuumErased(state);
    },
    prove: (index, checkpoint) => proveEntry(outside.readTile, verifier, index, checkpoint),
    async close() {
      closed = true;
    },
  };
}

const freezing = new WeakMap<State, Turns>();

/**
 * A snapshot that is taken while nobody else can log, and read once they can again. For a moment it takes two connections,
 * so it is one at a time here: many would each have one and wait for another.
 */
async function frozen<T>(
  place: PostgresPlace,
  waitMs: number,
  work: (view: LedgerReader, at: number) => Promise<T>,
): Promise<T> {
  const { state, org } = place;
  const turn = freezing.get(state) ?? turns();
  freezing.set(state, turn);
  const { snapshot, at } = await turn.take(async () => {
    const snapshot = await openSnapshot(state, org);
    try {
      const at = await transact(place, waitMs, async (tx) => {
        await readHead(snapshot.all, org);
        return tx.now();
      });
      return { snapshot, at };
    } catch (error) {
      throw await snapshot.fail(error);
    }
  });
  return closing(snapshot, () => work(readerOf(snapshot.all, org), at));
}

const readerOf = (all: ReadRows, org: string): LedgerReader =>
  ledgerReader(postgresDialect, all, async () => {
    const head = await readHead(all, org);
    if (head === null) throw damaged('its head is gone');
    return treeOf(head);
  });

const treeOf = (range: CompactRange) => ({ size: range.size, root: rangeRoot(range) });

/** A transaction that takes entries made before it began. */
type GrowingTx = LedgerTx & { growBy(prepared: readonly Prepared[]): Promise<readonly Appended[]> };

/** A transaction that has the log's head for itself. */
function transact<T>(place: PostgresPlace, waitMs: number, work: (tx: GrowingTx) => Promise<T>): Promise<T> {
  const { org } = place;
  const run = place.state.as(org, async (state) => {
    const all = rowsIn(state);
    await all("SELECT set_config('lock_timeout', ?, true)", String(waitMs));
    const head = await lockHead(all, place);
    let range: CompactRange = head;
    let told = head.latest;
    let ended = false;
    const growBy = async (prepared: readonly Prepared[]): Promise<readonly Appended[]> => {
      if (ended) throw over();
      // Before anything is waited for: entries that are appended at once each have a place of their own.
      const growth = grow(range, prepared);
      range = growth.range;
      await insertGrowth(state, org, growth);
      return growth.appended;
    };
    const tx: GrowingTx = {
      ...ledgerReader(postgresDialect, all, async () => treeOf(range)),
      // Clocks of servers differ: nobody is told an instant before one that was told already.
      now: () => {
        told = Math.max(told, Date.now());
        return told;
      },
      append: async (contents, salts) => growBy(prepareEntries(contents, salts)),
      growBy,
      async run(sql, ...values) {
        if (ended) throw over();
        await all(sql, ...values);
      },
    };
    asTransaction(tx, state);
    try {
      const result = await work(tx);
      if (range !== head || told !== head.latest) await writeHead(state, org, range, told);
      return result;
    } finally {
      ended = true;
    }
  });
  return run.catch((error: unknown) => {
    throw asLedgerError(error, org);
  });
}

const diskFull = '53100';
/** The lock was not to be had in time, or each had what the other wanted. */
const lockStates: ReadonlySet<string> = new Set(['55P03', '40P01']);

function asLedgerError(cause: unknown, org: string): unknown {
  const code = cause instanceof Error && 'code' in cause ? cause.code : null;
  if (code !== null && lockStates.has(String(code)))
    return new LedgerError('ledger-held', `the log of "${org}" is being written; try again`, { cause });
  if (code === diskFull)
    return new LedgerError('ledger-full', 'the disk of the database is full: nothing was recorded', {
      cause,
    });
  return cause;
}

type Append = Ledger['append'];
const appenders = new WeakMap<State, Map<string, Append>>();

/** One for all who have the same ledger open: what they append together is one transaction. */
function appenderOf(place: PostgresPlace): Append {
  const known = appenders.get(place.state) ?? new Map<string, Append>();
  appenders.set(place.state, known);
  const found = known.get(place.org);
  if (found !== undefined) return found;
  const made = groupedAppends((groups) =>
    within.run(place.state, () =>
      transact(place, leastWait * 30, async (tx) => {
        const appended = [...(await tx.growBy(groups.flat()))];
        return groups.map(({ length }) => appended.splice(0, length));
      }),
    ),
  );
  known.set(place.org, made);
  return made;
}

const tablesOf = (steps: readonly string[]): readonly string[] =>
  steps.flatMap((sql) => /^CREATE TABLE (\w+)/.exec(sql)?.[1] ?? []);
