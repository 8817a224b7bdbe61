/** Questions that a transaction asks again and again, and that have one answer in it. */
import type { Tx } from './state.ts';

/** Asked once in each transaction, which is of one organisation. */
export function onceIn<T>(ask: (tx: Tx, org: string) => Promise<T>): (tx: Tx, org: string) => Promise<T> {
  const asked = new WeakMap<Tx, Promise<T>>();
  return (tx, org) => {
    const found = asked.get(tx) ?? ask(tx, org);
    asked.set(tx, found);
    return found;
  };
}
