/** The roster of a release: who is in it, as leaves that only they can tell for their own (E1). */
import type { RosterCommitment } from '../../roster/buckets.ts';
import { RosterError } from '../../roster/roster-error.ts';
import { commitRoster } from '../../roster/roster-file.ts';
import type { Engine } from '../engine.ts';

/**
 * Writes the leaves that `leafSelect` gives (one column, `leaf`, in any order) to a file, sorted, and gives what the
 * release commits to. Throws RosterError where a leaf is missing, malformed or there twice.
 */
export async function writeRoster(
  engine: Engine,
  path: string,
  leafSelect: string,
): Promise<RosterCommitment> {
  // A leaf that is null is no leaf: the blank line it makes is refused below.
  const written = await engine.copy(
    `SELECT COALESCE(l.leaf, '') AS leaf FROM (${leafSelect}) l ORDER BY l.leaf`,
    path,
    'lines',
  );
  const committed = await commitRoster(path);
  if (committed.rows !== written)
    throw new RosterError('roster-truncated', `${path} holds ${committed.rows} of ${written} leaves`);
  return committed;
}
