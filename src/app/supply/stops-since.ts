/**
 * What people said after a release was decided: it is not in the release, and what was said before the data were handed
 * over must be.
 */
import { fileDigest } from '../../bulk/outputs/manifest.ts';
import { counted } from '../../policy/figures.ts';
import type { Source } from '../../policy/model.ts';
import type { Ledger, LedgerPlace } from '../../store/ledger.ts';
import { preferencesIn, preparePreferences } from '../../store/preferences.ts';
import { requireAsLogged } from '../../store/preferences-logged.ts';

/** How long another may keep the ledger. */
const patience = 30_000;

async function withLedger<T>(place: LedgerPlace, work: (ledger: Ledger) => Promise<T>): Promise<T> {
  const ledger = await place.open({ waitMs: patience });
  try {
    await preparePreferences(ledger);
    return await work(ledger);
  } finally {
    await ledger.close();
  }
}

/**
 * Preference events, and imported files of them, logged for the source at or after the size, which is that of the
 * release's manifest. Throws LedgerError, KeyError.
 */
export function saidSince(place: LedgerPlace, source: string, logSize: bigint): Promise<number> {
  return withLedger(place, (ledger) =>
    ledger.read(async (view) => {
      await requireAsLogged(view);
      return preferencesIn(view).since(source, logSize);
    }),
  );
}

/** The same, and where it is nothing, `work` is done while nobody can say anything more. */
export function unlessSaidSince(
  place: LedgerPlace,
  source: string,
  logSize: bigint,
  work: () => Promise<void>,
): Promise<number> {
  return withLedger(place, (ledger) =>
    ledger.commit(async (tx) => {
      const events = await preferencesIn(tx).since(source, logSize);
      if (events === 0) await work();
      return events;
    }),
  );
}

/** Whether the source's own file of preference events is one of those that a release was decided on, by their SHA-256. */
export async function sameEvents({ preferences }: Source, files: readonly string[]): Promise<boolean> {
  if (preferences === null) return true;
  try {
    return files.includes((await fileDigest(preferences.file.path)).digest);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

/** Why a release may not be handed over any more, and what to do; `events` null: the source's own file is another. */
export function sinceText(release: string, source: string, events: number | null): string {
  const said =
    events === null
      ? `the preference events file of "${source}" was changed`
      : `${counted(events, 'preference event or file', 'preference events or files')} of "${source}" ${events === 1 ? 'was' : 'were'} recorded`;
  return `${said} since release ${release} was decided, and nobody looked whom that stops; for whoever has it already: astold delta ${release}; else release tomorrow, which decides anew`;
}
