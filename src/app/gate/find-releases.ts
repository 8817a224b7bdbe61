/** `astold releases`: in which releases of the workspace a person is. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findAcross } from '../../roster/find-across.ts';
import { leafOf, parseToken, releaseToken } from '../../roster/token.ts';
import { withPersons } from '../proof/person-token.ts';
import type { Sought } from '../proof/prove.ts';

export type ReleasesOf = {
  /** Ids of the releases whose roster holds the person, in order. */
  readonly present: readonly string[];
  /** How many rosters were looked into. */
  readonly searched: number;
  /** Ids of releases without a roster: of them nothing can be said. */
  readonly unknown: readonly string[];
};

/** Trusts the rosters of the workspace to be those committed to; `prove` does not. Errors as of `prove`. */
export async function findReleases(root: string, sought: Sought): Promise<ReleasesOf> {
  const masters =
    sought.kind === 'token'
      ? [parseToken(sought.token)]
      : await withPersons(root, (persons) => persons.masters(sought.record));
  const releases = join(root, 'releases');
  const ids = existsSync(releases)
    ? readdirSync(releases, { withFileTypes: true })
        .filter((each) => each.isDirectory() && !each.name.startsWith('.'))
        .map(({ name }) => name)
        .sort()
    : [];
  const unknown = ids.filter((id) => !existsSync(join(releases, id, 'roster.txt')));
  const rosters = ids
    .filter((id) => !unknown.includes(id))
    .map((release) => ({ release, path: join(releases, release, 'roster.txt') }));
  const present = new Set<string>();
  for (const master of masters) {
    for (const found of await findAcross(rosters, (release) => leafOf(releaseToken(master, release))))
      if (found.present) present.add(found.release);
  }
  return { present: [...present].sort(), searched: rosters.length, unknown };
}
