/**
 * When somebody is erased, the plain lists they are on go from what was released. What was handed over is in the sealed supply,
 * which nobody here can open; its digest stays in the manifest, and an audit does not need the list.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { OwnRecord } from '../flow/own-records.ts';
import { peopleOptions } from '../flow/people-options.ts';
import type { Service } from '../flow/service.ts';
import { rootOf } from '../flow/workspace-of.ts';
import { findReleases } from '../gate/find-releases.ts';

/**
 * To be done before their token is destroyed, which finds the releases; safe to be done again. A release that is being made
 * keeps its list. Gives the releases that have none of them any more.
 */
export async function forgetLists(
  service: Service,
  org: string,
  { source, record }: OwnRecord,
): Promise<readonly string[]> {
  const root = rootOf(service, org);
  const token = (await peopleOptions(service, org).tokens?.of(source, record)) ?? null;
  if (token === null) return [];
  const { present } = await findReleases(root, { kind: 'token', token: token.master });
  const forgotten: string[] = [];
  for (const release of present) {
    if (await isBeingMade(service, org, release)) continue;
    for (const list of ['list.csv', 'list.parquet'])
      await rm(join(root, 'releases', release, list), { force: true });
    forgotten.push(release);
  }
  return forgotten;
}

async function isBeingMade({ state }: Service, org: string, release: string): Promise<boolean> {
  const run = await state.as(org, (tx) =>
    tx
      .selectFrom('release')
      .innerJoin('release_run', (join) =>
        join
          .onRef('release_run.org', '=', 'release.org')
          .onRef('release_run.request', '=', 'release.request'),
      )
      .select('release_run.id')
      .where('release.org', '=', org)
      .where('release.id', '=', release)
      .where('release_run.state', 'in', ['queued', 'running'])
      .limit(1)
      .executeTakeFirst(),
  );
  return run !== undefined;
}
