/** Generates the data of `2017-parenting-club` into a workspace folder; the same bytes on every machine. */
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDraw } from './draw.ts';
import { type GeographyName, geographyAtHand, loadGeography } from './geography.ts';
import { writeAreas, writeMembers } from './members.ts';
import { loadNames } from './names.ts';
import { writePreferences } from './preferences.ts';
import { writeSuppressions } from './suppressions.ts';

export type GenerateOptions = {
  /** The workspace; the files go into its `data/`. */
  readonly dir: string;
  readonly members: number;
  /** Rows of the preference events file. */
  readonly events: number;
  /** Entries of the three suppression lists together. */
  readonly suppressions: number;
  readonly geography: GeographyName | 'at-hand';
  readonly seed: number;
};
export type Generated = {
  readonly dir: string;
  readonly geography: GeographyName;
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
  /** True where all was there already, made by the same generator from the same options. */
  readonly reused: boolean;
};

/** The numbers of the case as the demo tells it. */
export const theCase = { members: 1_065_200, events: 24_000, suppressions: 120_000, seed: 2017 } as const;

/** Raised whenever the same options would give other bytes. */
const generatorVersion = 1;
const names = [
  'members.csv',
  'areas.csv',
  'seats.csv',
  'preferences.csv',
  'own-stops.csv',
  'mps.txt',
  'baby-mps.txt',
];

/**
 * Writes members, postcodes with areas, the seats, preference events and suppression lists. Files that the same
 * options have already made are left alone. An interrupted run is begun again.
 */
export function generate(options: GenerateOptions): Generated {
  const geographyName = options.geography === 'at-hand' ? geographyAtHand() : options.geography;
  const { members, events, suppressions, seed } = options;
  const dir = join(options.dir, 'data');
  const stamp = join(dir, 'generated.json');
  const made = { generatorVersion, geography: geographyName, members, events, suppressions, seed };
  const before = readStamp(stamp);
  if (
    before !== null &&
    JSON.stringify(before.made) === JSON.stringify(made) &&
    before.files.every((f) => isWhole(dir, f))
  ) {
    return { dir, geography: geographyName, files: before.files, reused: true };
  }
  rmSync(stamp, { force: true });
  mkdirSync(dir, { recursive: true });
  const geography = loadGeography(geographyName);
  const world = { draw: createDraw(seed), geography, names: loadNames(geographyName === 'real'), seed };
  writeMembers(world, dir, members);
  writeAreas(geography, dir);
  writePreferences(world, dir, members, events);
  writeSuppressions(world, dir, members, suppressions);
  const files = names.map((name) => ({ name, bytes: statSync(join(dir, name)).size }));
  writeFileSync(stamp, `${JSON.stringify({ made, files }, null, 2)}\n`);
  return { dir, geography: geographyName, files, reused: false };
}

type Stamp = { readonly made: unknown; readonly files: Generated['files'] };

/** What an earlier run left; null where it left nothing that can be read. */
function readStamp(path: string): Stamp | null {
  if (!existsSync(path)) return null;
  try {
    const found: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isStamp(found) ? found : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function isStamp(value: unknown): value is Stamp {
  return (
    typeof value === 'object' &&
    value !== null &&
    'made' in value &&
    'files' in value &&
    Array.isArray(value.files) &&
    value.files.length === names.length
  );
}

function isWhole(dir: string, file: Generated['files'][number]): boolean {
  return statSync(join(dir, file.name), { throwIfNoEntry: false })?.size === file.bytes;
}
