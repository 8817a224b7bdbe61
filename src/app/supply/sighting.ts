/** `astold sighting`: which release a trace code or a sleeper that turned up somewhere came from (E7, E9). */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../../bulk/engine.ts';
import { openDuckdb } from '../../bulk/engines/duckdb.ts';
import { readKeyOf } from '../../documents/key.ts';
import { readRegular } from '../../documents/regular-file.ts';
import type { Sleeper } from '../../documents/sleeper.ts';
import type { Workspace } from '../../documents/workspace.ts';
import { type ManifestRead, readManifest } from '../../supply/manifest-read.ts';
import { codesIn, sleeperSeen } from '../../supply/sightings.ts';
import { type SleeperRow, sleeperRows } from '../../supply/sleeper-rows.ts';
import { SupplyError } from '../../supply/supply-error.ts';
import { traceCode, traceFilterSql, traceKey } from '../../supply/trace-code.ts';

/** A release that a sighting points to. */
export type Origin = {
  readonly release: string;
  readonly day: string;
  readonly request: string | null;
  /** For whom it was sealed, as `kind-organisation`. */
  readonly sealedFor: readonly string[];
};
export type Sighting =
  | { readonly kind: 'trace-code'; readonly code: string; readonly from: readonly Origin[] }
  /** `told`: the words tell one release from all others; else it is one of those named. */
  | {
      readonly kind: 'sleeper';
      readonly sleeper: string;
      readonly told: boolean;
      readonly from: readonly Origin[];
    };
export type Sightings = {
  /** How many releases were looked through. */
  readonly releases: number;
  readonly sightings: readonly Sighting[];
};

type Past = {
  readonly id: string;
  readonly folder: string;
  readonly manifest: ManifestRead;
  /** The organisation's key that the release was made under. */
  readonly key: Buffer;
  readonly origin: Origin;
};

/** Each is looked for in every release; a whole list is not what turns up on a doormat. */
const mostCodes = 1000;

/** Looks through every release of the workspace. Throws SupplyError for a single code that cannot be one. */
export async function sighting(workspace: Workspace, text: string): Promise<Sightings> {
  const codes = codesIn(text).map((parsed) => {
    if (parsed.kind === 'code') return parsed.code;
    throw new SupplyError(
      'trace-code-check',
      'the trace code is mistyped: its last symbol does not fit the others; read it again from the letter',
    );
  });
  if (codes.length > mostCodes) {
    throw new SupplyError(
      'too-many-codes',
      `the text holds ${codes.length} trace codes, and at most ${mostCodes} are looked for at once; give a part of it`,
    );
  }
  const past = await releasesOf(workspace);
  const found: Sighting[] = sleepersIn(workspace, text, past);
  if (codes.length > 0 && past.length > 0) {
    const engine = await openDuckdb({ tempDirectory: join(workspace.root, '.astold', 'tmp') });
    try {
      for (const code of codes) {
        const from: Origin[] = [];
        for (const each of past) if (await carries(engine, workspace, each, code)) from.push(each.origin);
        found.push({ kind: 'trace-code', code, from });
      }
    } finally {
      engine.close();
    }
  } else found.push(...codes.map((code): Sighting => ({ kind: 'trace-code', code, from: [] })));
  return { releases: past.length, sightings: found };
}

async function releasesOf({ root }: Workspace): Promise<readonly Past[]> {
  const past: Past[] = [];
  for (const id of await namesIn(join(root, 'releases'))) {
    const folder = join(root, 'releases', id);
    const manifest = await manifestIn(folder, id);
    const request = manifest.documents.find(({ kind }) => kind === 'request')?.id ?? null;
    const sealedFor = await namesIn(join(root, 'supplies', id));
    const { key } = await readKeyOf(root, manifest.key);
    past.push({ id, folder, manifest, key, origin: { release: id, day: manifest.day, request, sealedFor } });
  }
  return past;
}

/** A release that cannot be read may be the one: it is not passed over. */
async function manifestIn(folder: string, id: string): Promise<ManifestRead> {
  const text = (await readRegular(join(folder, 'manifest.json'))).toString('utf8');
  try {
    return readManifest(text);
  } catch (cause) {
    if (!(cause instanceof SupplyError)) throw cause;
    throw new SupplyError(cause.code, `release ${id}: ${cause.message}`, { cause });
  }
}

/** Whether a row of the release, or one of its sleepers, carries the code. */
async function carries(
  engine: Engine,
  { supply }: Workspace,
  { id, folder, manifest, key, origin }: Past,
  code: string,
): Promise<boolean> {
  const { dialect } = engine;
  const codes = traceKey(key, id);
  const rows = await engine.rows(
    `SELECT pseudonym FROM (SELECT pseudonym, ${dialect.keyedHash(codes, 'pseudonym')} AS hash
       FROM ${dialect.parquet(join(folder, manifest.decisions.file))} d WHERE reasons = 0) h
     WHERE ${traceFilterSql(dialect, 'hash', code)}`,
  );
  const asleep = sleeperRows(supply.sleepers, key, id, origin.request ?? '');
  const all = [...rows.map((row) => String(row.pseudonym)), ...asleep.map((row) => row.pseudonym)];
  return all.some((pseudonym) => traceCode(codes, pseudonym) === code);
}

function sleepersIn({ supply }: Workspace, text: string, past: readonly Past[]): Sighting[] {
  return supply.sleepers.flatMap((sleeper): readonly Sighting[] => {
    // Sleepers are in supplies alone.
    const sealed = past.filter(({ origin }) => origin.sealedFor.length > 0);
    const seen = sealed.flatMap(({ id, key, origin }) => {
      const rows = sleeperRows([sleeper], key, id, origin.request ?? '');
      const how = rows.map((row) => sleeperSeen(text, row, changedBy(sleeper, row)));
      return how.includes('variant')
        ? [{ origin, told: true }]
        : how.includes('some')
          ? [{ origin, told: false }]
          : [];
    });
    const told = seen.filter((each) => each.told);
    const from = (told.length > 0 ? told : seen).map((each) => each.origin);
    return from.length === 0 ? [] : [{ kind: 'sleeper', sleeper: sleeper.id, told: told.length === 1, from }];
  });
}

const changedBy = (sleeper: Sleeper, { variant }: SleeperRow): readonly string[] =>
  Object.keys(sleeper.variants[variant] ?? {});

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
