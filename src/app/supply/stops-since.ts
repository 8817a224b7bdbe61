/**
 * What people said after a release was decided: it is not in the release, and what was said before the data were handed
 * over must be. While this is asked, and until it is closed, nothing can be logged.
 */
import { fileDigest } from '../../bulk/outputs/manifest.ts';
import { counted } from '../../policy/figures.ts';
import type { Source } from '../../policy/model.ts';
import { openLedger } from '../../store/ledger.ts';
import { openPreferences } from '../../store/preferences.ts';
import { requireAsLogged } from '../../store/preferences-logged.ts';

export type Since = {
  /** Preference events, and imported files of them, logged for the source at or after the size. */
  readonly events: number;
  close(): void;
};

/** How long another process may keep the ledger. */
const patience = 30_000;

/** `logSize` is that of the release's manifest. Throws LedgerError, KeyError. */
export async function saidSince(root: string, source: string, logSize: bigint): Promise<Since> {
  const ledger = await openLedger(root, { waitMs: patience });
  try {
    requireAsLogged(ledger);
    return { events: openPreferences(ledger).since(source, logSize), close: ledger.close };
  } catch (error) {
    ledger.close();
    throw error;
  }
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
