/** `astold release`: decides, and writes the package of who may go; whole, or not at all. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDecisions, writeList } from '../bulk/outputs/files.ts';
import {
  canonical,
  type DocumentDigest,
  fileDigest,
  type Manifest,
  saltedDigest,
} from '../bulk/outputs/manifest.ts';
import { PackageError, type PackagePart, standingManifest, writePackage } from '../bulk/outputs/package.ts';
import { digestOf } from '../documents/digest.ts';
import { deriveKey } from '../documents/key.ts';
import type { Workspace } from '../documents/workspace.ts';
import { askedOf, type Gate, type GateOptions, openGate, pseudonymKey, releaseId } from './context.ts';
import { type DecidedAll, decideAll } from './decide-all.ts';
import type { Outcome } from './outcome.ts';

export type ReleaseRefusal =
  | 'release-needs-log'
  | 'release-refuses-as-of'
  | 'source-not-synthetic'
  | 'release-exists';
export type Release =
  | {
      readonly kind: 'released';
      readonly release: string;
      readonly folder: string;
      readonly manifest: Manifest;
      readonly outcome: Outcome;
    }
  /** Nothing may go, and nothing was written. */
  | { readonly kind: 'nothing'; readonly outcome: Outcome }
  /** The gate was not asked. For `release-exists`, `standing` is the manifest of what is there. */
  | {
      readonly kind: 'refused';
      readonly code: ReleaseRefusal;
      readonly message: string;
      readonly standing: unknown;
    };

export async function release(
  workspace: Workspace,
  requestId: string,
  options: GateOptions,
): Promise<Release> {
  if (options.asOf !== null)
    return refused(
      'release-refuses-as-of',
      'a release happens now: --as-of can check the past, never release it',
    );
  const asked = askedOf(workspace, requestId, null);
  if (workspace.config.kind !== 'reconstruction') {
    return refused(
      'release-needs-log',
      'no log, no release: a live workspace releases nothing until its releases can be logged',
    );
  }
  if (!asked.source.synthetic) {
    return refused(
      'source-not-synthetic',
      `a reconstruction writes lists only from synthetic sources, and "${asked.source.id}" is not declared one`,
    );
  }
  const releases = join(workspace.root, 'releases');
  const id = releaseId(asked);
  const standing = await standingManifest(releases, id);
  if (standing !== null) return exists(id, standing);
  const gate = await openGate(workspace, asked, true, options);
  try {
    options.onProgress('decide', 0, gate.snapshot.records);
    const decided = await decideAll(gate, pseudonymKey(gate.key, asked));
    options.onProgress('decide', gate.snapshot.records, gate.snapshot.records);
    if (decided.outcome.released === 0) return { kind: 'nothing', outcome: decided.outcome };
    options.onProgress('write', 0, decided.outcome.released);
    const written = await writeRelease(gate, decided, releases, id);
    options.onProgress('write', decided.outcome.released, decided.outcome.released);
    return { kind: 'released', release: id, outcome: decided.outcome, ...written };
  } catch (error) {
    if (!(error instanceof PackageError) || error.code !== 'release-exists') throw error;
    return refused('release-exists', error.message);
  } finally {
    gate.close();
  }
}

const refused = (code: ReleaseRefusal, message: string): Release => ({
  kind: 'refused',
  code,
  message,
  standing: null,
});

function exists(id: string, standing: unknown): Release {
  return {
    kind: 'refused',
    code: 'release-exists',
    message: `release ${id} is already there; it is not changed`,
    standing,
  };
}

async function writeRelease(gate: Gate, decided: DecidedAll, releases: string, id: string) {
  let manifest: Manifest | null = null;
  const list = `list.${gate.request.format}`;
  // Each part is written in turn, the manifest last: it commits to those before it. A roster or evidence goes between.
  const parts: readonly PackagePart[] = [
    {
      name: 'decisions.parquet',
      write: (dir) => writeDecisions(gate.engine, join(dir, 'decisions.parquet')),
    },
    {
      name: list,
      write: (dir) => writeList(gate.engine, join(dir, list), { ...gate, records: gate.files.records }),
    },
    {
      name: 'manifest.json',
      write: async (dir) => {
        manifest = await manifestOf(gate, decided, id, dir, list);
        await writeFile(join(dir, 'manifest.json'), canonical(manifest));
      },
    },
  ];
  const folder = await writePackage(releases, id, parts);
  if (manifest === null) throw new TypeError('a package without a manifest');
  return { folder, manifest };
}

async function manifestOf(
  gate: Gate,
  { outcome }: DecidedAll,
  id: string,
  dir: string,
  list: string,
): Promise<Manifest> {
  const salt = deriveKey(gate.key, `astold/1/counts/${id}`);
  const counts = {
    reasons: outcome.reasons.map(({ code, records, alone }) => ({ code, records, alone })),
    known: outcome.known,
  };
  return {
    format: 'astold/manifest/1',
    release: id,
    mark: gate.mark === 'reconstruction' ? 'reconstruction' : null,
    day: gate.day,
    cutOff: new Date(gate.cutOff).toISOString(),
    documents: documentsOf(gate),
    source: {
      id: gate.source.id,
      files: gate.snapshot.files.map(({ digest, bytes }) => ({ digest, bytes })),
      snapshot: gate.snapshot.whole,
      postKeyedTo: gate.source.preferences?.postKeyedTo ?? null,
    },
    suppressions: gate.lists.map(({ list: each, snapshot: { file } }) => ({
      list: each.id,
      file: file && { digest: file.digest, bytes: file.bytes },
    })),
    list: {
      file: list,
      ...(await fileDigest(join(dir, list))),
      rows: outcome.released,
      columns: gate.request.fields.map((field) => field.name),
    },
    decisions: {
      file: 'decisions.parquet',
      ...(await fileDigest(join(dir, 'decisions.parquet'))),
      rows: outcome.evaluated,
    },
    counts: saltedDigest(salt, { ...counts, evaluated: outcome.evaluated, released: outcome.released }),
    versions: outcome.versions,
  };
}

/** Every document the decision rests on, in a fixed order. */
function documentsOf({ context, request, source, lists }: Gate): readonly DocumentDigest[] {
  const found: DocumentDigest[] = [
    { kind: 'request', id: request.id, digest: request.digest },
    { kind: 'source', id: source.id, digest: source.digest },
  ];
  const add = (kind: string, entries: readonly { readonly id: string; readonly digest: string }[]): void => {
    found.push(...entries.map(({ id, digest }) => ({ kind, id, digest })));
  };
  if (context.agreement) add('agreement', [context.agreement]);
  if (context.rules) add('rules', [context.rules]);
  if (context.approval.given)
    add('approval', [{ id: context.approval.given.by, digest: context.approval.given.digest }]);
  const whole = { organisations: context.organisations, duties: context.duties, freezes: context.freezes };
  for (const [kind, document] of Object.entries(whole))
    found.push({ kind, id: kind, digest: digestOf(document) });
  // What a second person has signed for, as the notices were judged with it.
  const signed = context.notices.map((n) => [n.id, n.statements.map((s) => [s.id, s.signedTerms])]);
  found.push({ kind: 'signoffs', id: 'signoffs', digest: digestOf(signed) });
  add('notice', context.notices);
  add('upstream', context.upstream);
  add('assessment', context.assessments);
  add(
    'suppression-list',
    lists.map(({ list }) => list),
  );
  return found.sort((a, b) => compareText(`${a.kind}\n${a.id}`, `${b.kind}\n${b.id}`));
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
