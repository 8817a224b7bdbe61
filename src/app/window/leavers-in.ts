/** Whether a release is to be looked through for people who have left the source since: not while the source is as it was. */
import { join } from 'node:path';
import type { Snapshot } from '../../bulk/ingest/snapshot.ts';
import type { State } from '../../store/postgres/state.ts';

export type Leavers = {
  /** Today's records, to hold the release against; null where there is nothing new to see. */
  readonly records: string | null;
  /** Once what was found is written. */
  lookedThrough(): void;
};

/** By organisation and release, the records it was last held against. Forgotten with the process: to look again does no harm. */
const looked = new WeakMap<State, Map<string, string>>();

/** Null: the records cannot be seen now, and nobody knows who has left. */
export function leaversIn(
  state: State,
  { org, release }: { readonly org: string; readonly release: string },
  snapshot: Snapshot | null,
): Leavers {
  const name = `${org} ${release}`;
  const ofState = looked.get(state) ?? new Map<string, string>();
  looked.set(state, ofState);
  if (snapshot === null || ofState.get(name) === snapshot.digest)
    return { records: null, lookedThrough() {} };
  return {
    records: join(snapshot.dir, 'records.parquet'),
    lookedThrough() {
      ofState.set(name, snapshot.digest);
    },
  };
}
