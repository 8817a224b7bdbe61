/** `snapshot.json`: what a snapshot says of itself, and whether it is whole. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import canonicalize from 'canonicalize';
import { z } from 'zod';
import { unmatchedFile } from './attribute.ts';
import { isWholeParquet } from './publish.ts';
import type { Snapshot } from './snapshot.ts';

export const snapshotFile = 'snapshot.json';

const count = z.int().nonnegative();
const keptSchema = z.strictObject({
  digest: z.string(),
  records: count,
  rejected: count,
  shortRows: count,
  events: count,
  shortEvents: count,
  eventsUnmatched: count,
  preferencesReadable: z.boolean(),
  preferencesCause: z.string().nullable(),
  preferencesUnknownColumns: z.array(z.string()).readonly(),
  areasConflicting: count,
  files: z.array(z.strictObject({ digest: z.string(), bytes: count })),
  columns: z.array(z.string()).readonly(),
  /** Bytes of each Parquet file. */
  sizes: z.record(z.string(), count),
});
export type Kept = z.infer<typeof keptSchema>;

const required = ['records.parquet', 'later.parquet', 'stops.parquet', 'permissions.parquet'];

/** What was kept in a folder; null where anything of it is missing, cut short or cannot be read: it is made again. */
export function readKept(dir: string): Kept | null {
  const kept = keptSchema.safeParse(jsonOf(join(dir, snapshotFile))).data;
  if (!kept) return null;
  const names = [...new Set([...required, ...Object.keys(kept.sizes)])];
  const whole = names.every((name) => isWholeParquet(join(dir, name), kept.sizes[name] ?? -1));
  return whole ? kept : null;
}

/** SHA-256 of the canonical JSON. */
export function digestOf(value: object): string {
  return createHash('sha256')
    .update(canonicalize(value) ?? '')
    .digest('hex');
}

/** The JSON of a file; undefined where there is none that can be read. */
export function jsonOf(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Of the Parquet files that are there. */
export function sizesOf(dir: string): Readonly<Record<string, number>> {
  const names = readdirSync(dir).filter((name) => name.endsWith('.parquet'));
  return Object.fromEntries(names.map((name) => [name, statSync(join(dir, name)).size]));
}

export function snapshotOf(
  { sizes: _, ...kept }: Kept,
  dir: string,
  files: Snapshot['files'],
): Omit<Snapshot, 'reused' | 'leftovers'> {
  const there = (name: string): string | null => (existsSync(join(dir, name)) ? join(dir, name) : null);
  const preferencesRejectsFile = there('preferences-rejects.csv');
  return {
    ...kept,
    dir,
    files,
    rejectsFile: there('rejects.csv') ?? preferencesRejectsFile,
    preferencesRejectsFile,
    eventsUnmatchedFile: there(unmatchedFile),
  };
}
