/** What of all that was said is of the rows of one release. */
import type { Engine } from '../../bulk/engine.ts';
import { suppressed } from '../gate/suppression-key.ts';
import type { Corrected } from './corrections-ended.ts';
import type { Reached } from './reached-since.ts';
import type { ReleaseRows } from './release-rows.ts';
import type { ToPassOn } from './write-passed-on.ts';

/** The cause of a stop of whoever has left: no event and no case is named so. */
const hasLeft = 'record-gone';

/**
 * Whoever is in the release and has left the source counts as stopped, as in a delta: what they say by their details reaches
 * no record any more. `records` is a Parquet file of today's; null leaves nobody out for that.
 */
export async function toPassOn(
  engine: Engine,
  release: ReleaseRows,
  given: {
    readonly key: string;
    readonly reached: readonly Reached[];
    readonly corrected: readonly Corrected[];
    readonly records: string | null;
  },
): Promise<readonly ToPassOn[]> {
  const reached = given.reached.filter(({ scope }) => release.meets(scope));
  const corrected = given.corrected.filter(({ said }) =>
    release.meets({ purpose: 'all', organisation: 'all', contactChannel: 'all', field: said.field }),
  );
  const codes = await release.codesOf(engine, [
    ...new Set([...reached, ...corrected].map(({ record }) => record)),
  ]);
  const row = (record: string, what: Pick<ToPassOn, 'kind' | 'cause' | 'said'>): readonly ToPassOn[] => {
    const code = codes.get(record);
    return code === undefined ? [] : [{ ...what, code, recordKey: suppressed(given.key, record) }];
  };
  return [
    ...reached.flatMap(({ record, kind, cause }) => row(record, { kind, cause, said: null })),
    ...corrected.flatMap(({ record, cause, said }) => row(record, { kind: 'correction', cause, said })),
    ...(await leftSince(engine, release, given.records)),
  ];
}

/** Last, so that whoever said something themselves is told of by that. Of the others nobody knows the record id any more. */
async function leftSince(
  engine: Engine,
  release: ReleaseRows,
  records: string | null,
): Promise<readonly ToPassOn[]> {
  if (records === null) return [];
  const gone = await release.goneFrom(engine, records);
  return [...gone].map(([pseudonym, code]) => ({
    ...{ code, kind: 'stop' as const, cause: hasLeft, said: null, recordKey: pseudonym },
  }));
}
