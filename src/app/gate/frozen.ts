/**
 * What was recorded in this workspace as it stands when a decision begins: the preference events, and the size of the
 * log they are all of. What is logged after that is not decided on; what was logged before is (E3).
 */
import type { Recorded } from '../../bulk/ingest/ingest-source.ts';
import type { Instant } from '../../policy/model.ts';
import type { LedgerPlace } from '../../store/ledger.ts';

export type Frozen = {
  /** Entries of the log, published or not; null where the workspace has logged nothing. */
  readonly logSize: bigint | null;
  readonly recorded: Recorded | null;
  /**
   * The instant, by our own clock, at which nothing could be logged: all that is logged before it is here. It is asked
   * where the instant of an event is asked too, while nobody else can log: asked before or after, an event of an instant
   * before it could still be on its way into the log, and the release would not know of a stop that it is later than.
   */
  readonly at: Instant;
};

/** How long another may keep the ledger. */
const patience = 30_000;

/** `folder` is the caller's to remove, once nothing is read of it any more. Errors: LedgerError, KeyError, BatchFileError. */
export async function freeze(place: LedgerPlace, source: string, folder: string): Promise<Frozen> {
  // A workspace that never logged anything is not given a ledger for being looked at.
  const before = Date.now();
  if (!(await place.begun())) return { logSize: null, recorded: null, at: before };
  const [{ recordedPreferences }, { preparePreferences }, { suppressionKey }] = await Promise.all([
    import('../people/recorded.ts'),
    import('../../store/preferences.ts'),
    import('./suppression-key.ts'),
  ]);
  const { root } = place;
  const ledger = await place.open({ waitMs: patience });
  try {
    await preparePreferences(ledger);
    const { at, size, files } = await ledger.freeze(async (view, at) => ({
      at,
      ...(await recordedPreferences(view, root, source, folder)),
    }));
    const recorded =
      files.length === 0 ? null : { files, suppressionKey: await suppressionKey(root, source) };
    return { logSize: size, recorded, at };
  } finally {
    await ledger.close();
  }
}
