/** The state's transaction behind a ledger's: for what is to be written with its entries. */
import type { LedgerTx } from '../ledger.ts';
import { LedgerError } from '../ledger-error.ts';
import type { Tx } from './state.ts';

const behind = new WeakMap<LedgerTx, Tx>();

/** Throws LedgerError `ledger-misused` where the ledger is not in Postgres. */
export function transactionOf(tx: LedgerTx): Tx {
  const found = behind.get(tx);
  if (found === undefined)
    throw new LedgerError(
      'ledger-misused',
      'this transaction is of no ledger in Postgres, or another wrapped it',
    );
  return found;
}

export function asTransaction(tx: LedgerTx, state: Tx): LedgerTx {
  behind.set(tx, state);
  return tx;
}
