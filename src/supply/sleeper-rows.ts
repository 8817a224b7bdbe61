/** The sleepers of one release (E7): which variant of each, and where it stands among the rows. */
import { createHash } from 'node:crypto';
import { digestOf } from '../documents/digest.ts';
import { deriveKey } from '../documents/key.ts';
import type { Sleeper } from '../documents/sleeper.ts';

export type SleeperRow = {
  readonly sleeper: string;
  /** Which of its variants, from 0. */
  readonly variant: number;
  /** 32 hex digits like those of records: its place in the list, and what its trace code is made of. */
  readonly pseudonym: string;
  /** By the name of the column. */
  readonly cells: Readonly<Record<string, string>>;
};
export type SleeperCommitment = { readonly count: number; readonly commitment: string };

/**
 * The rows of a request's sleepers in a release, in order of pseudonym. Which variant is drawn by the organisation's
 * key and the release id, so that the same release has the same rows (E11), and nobody without the key knows which.
 */
export function sleeperRows(
  sleepers: readonly Sleeper[],
  organisationKey: Buffer,
  release: string,
  request: string,
): readonly SleeperRow[] {
  const key = deriveKey(organisationKey, `astold/1/sleepers/${release}`);
  return sleepers
    .filter((sleeper) => sleeper.requests.includes(request))
    .map((sleeper): SleeperRow => {
      const drawn = createHash('sha256').update(key).update(sleeper.id).digest();
      const variant = drawn.readUInt32BE(16) % sleeper.variants.length;
      return {
        sleeper: sleeper.id,
        variant,
        pseudonym: drawn.toString('hex', 0, 16),
        cells: { ...sleeper.fields, ...sleeper.variants[variant] },
      };
    })
    .sort((a, b) => (a.pseudonym < b.pseudonym ? -1 : 1));
}

/** What a release commits to of its sleepers: how many, and under a secret salt which. */
export function commitSleepers(
  rows: readonly SleeperRow[],
  organisationKey: Buffer,
  release: string,
): SleeperCommitment {
  const salt = deriveKey(organisationKey, `astold/1/sleepers-commitment/${release}`);
  return {
    count: rows.length,
    commitment: createHash('sha256').update(salt).update(digestOf(rows)).digest('hex'),
  };
}
