/** The workspaces that are measured, made in `.bench/` and kept between runs. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setUp } from '../examples/2017-parenting-club/set-up.ts';
import { copyExample } from '../examples/copy.ts';

export const request = 'party-mailing-corrected';
export const members = 1_065_200;
const events = 1_000_000;
const suppressions = 1_000_000;
const here = resolve(import.meta.dirname, '../.bench');

/** The club with its members times `times`; events too, and a million entries on the suppression lists. */
export async function clubOf(times: number): Promise<string> {
  const dir = join(here, `${times}x`);
  await setUp({
    dir,
    members: members * times,
    events: events * times,
    suppressions,
    seed: 2017,
    geography: 'at-hand',
  });
  return dir;
}

/** A hundred records, with everything that stands around them. */
export async function smallWorkspace(): Promise<string> {
  const example = resolve(import.meta.dirname, '../examples/toy-offer');
  const dir = join(here, 'small');
  await copyExample(example, dir);
  const path = join(dir, 'data/members.csv');
  const lines = readFileSync(join(example, 'data/members.csv'), 'utf8').split('\n');
  writeFileSync(path, `${lines.slice(0, 101).join('\n')}\n`);
  return dir;
}

/** Forgets the release, and with `ingested` false what was ingested too, secrets and log with it. */
export function forget(dir: string, keep: { readonly ingested: boolean }): void {
  const made = keep.ingested
    ? ['releases', 'evidence']
    : ['releases', 'evidence', '.astold', 'vault', 'log', 'keys/log.begun'];
  for (const name of made) rmSync(join(dir, name), { recursive: true, force: true });
}

/** Where the release of a workspace stands. */
export function released(dir: string): string {
  const folder = join(dir, 'releases', `2017-05-05-${request}`);
  if (!existsSync(folder)) throw new RangeError(`${folder}: nothing was released`);
  return folder;
}

/** Where a log is measured: not there before, nor after. */
export function logFolder(): string {
  const folder = join(here, 'log');
  rmSync(folder, { recursive: true, force: true });
  return folder;
}

/** Where a run of the floor writes. */
export function floorFolder(dir: string): string {
  const folder = join(dir, 'floor');
  rmSync(folder, { recursive: true, force: true });
  return folder;
}
