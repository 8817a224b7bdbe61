/** `snapshot.json`: what a folder of a snapshot says of itself, and whether it is whole. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import canonicalize from 'canonicalize';
import { z } from 'zod';
import { isWholeParquet } from './publish.ts';
import { ingestVersion } from './snapshot.ts';

export const snapshotFile = 'snapshot.json';

const count = z.int().nonnegative();
/** Bytes of each Parquet file. */
const sizes = z.record(z.string(), count);
const recordsSchema = z.strictObject({
  version: z.literal(ingestVersion),
  digest: z.string(),
  records: count,
  rejected: count,
  shortRows: count,
  areasConflicting: count,
  files: z.array(z.strictObject({ digest: z.string(), bytes: count })).readonly(),
  columns: z.array(z.string()).readonly(),
  sizes,
});
export type KeptRecords = z.infer<typeof recordsSchema>;
const eventsSchema = z.strictObject({
  version: z.literal(ingestVersion),
  digest: z.string(),
  events: count,
  shortEvents: count,
  eventsUnmatched: count,
  preferencesReadable: z.boolean(),
  preferencesCause: z.string().nullable(),
  preferencesUnknownColumns: z.array(z.string()).readonly(),
  sizes,
});
export type KeptEvents = z.infer<typeof eventsSchema>;

/** What was kept in a folder; null where anything of it is missing, cut short, of another version or cannot be read: it is made again. */
export const readKeptRecords = (dir: string): KeptRecords | null =>
  whole(dir, recordsSchema.safeParse(jsonOf(join(dir, snapshotFile))).data, [
    'records.parquet',
    'rejected.parquet',
  ]);
export const readKeptEvents = (dir: string): KeptEvents | null =>
  whole(dir, eventsSchema.safeParse(jsonOf(join(dir, snapshotFile))).data, [
    'later.parquet',
    'stops.parquet',
    'permissions.parquet',
  ]);

function whole<T extends { readonly sizes: Readonly<Record<string, number>> }>(
  dir: string,
  kept: T | undefined,
  required: readonly string[],
): T | null {
  if (!kept) return null;
  const names = [...new Set([...required, ...Object.keys(kept.sizes)])];
  return names.every((name) => isWholeParquet(join(dir, name), kept.sizes[name] ?? -1)) ? kept : null;
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
