/** `astold release`: decides, and writes the package of who may go with its evidence; whole, or not at all. */
import { createHash } from 'node:crypto';
import { copyFile, link, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  leavesTable,
  makeLeaves,
  writeDecisions,
  writeList,
  writePredicates,
} from '../../bulk/outputs/files.ts';
import { canonical, type Manifest } from '../../bulk/outputs/manifest.ts';
import {
  type PackageDirs,
  PackageError,
  standingManifest,
  writePackage,
} from '../../bulk/outputs/package.ts';
import { writeRoster } from '../../bulk/outputs/roster.ts';
import type { Workspace } from '../../documents/workspace.ts';
import type { Alongside } from '../../store/ledger.ts';
import { commitIngest } from './commit-ingest.ts';
import { askedOf, type Gate, type GateOptions, openGate, pseudonymKey, releaseId } from './context.ts';
import { type DecidedAll, decideAll } from './decide-all.ts';
import type { Outcome } from './outcome.ts';
import { type ReleaseGround, writeEvidence } from './release-evidence.ts';
import { logIngest, logRelease, logWanting, type ReleaseLogged } from './release-log.ts';
import { manifestOf } from './release-manifest.ts';

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
      /** Where its evidence is. */
      readonly evidence: string;
      /** Where it stands in the log, and of how many entries that was published. */
      readonly logged: { readonly index: string; readonly size: string };
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

/** `alongside` writes with the log's entry of the release: both, or neither. See `logRelease`. */
export type ReleaseOptions = GateOptions & {
  readonly alongside?: Alongside<ReleaseLogged>;
  /** Once the package is whole, and before anything is logged of it: for keeping it where a crash leaves it. */
  readonly hold?: (dirs: PackageDirs, manifest: string) => Promise<void>;
};

type Released = Extract<Release, { kind: 'released' }>;

export async function release(
  workspace: Workspace,
  requestId: string,
  options: ReleaseOptions,
): Promise<Release> {
  if (options.asOf !== null)
    return refused(
      'release-refuses-as-of',
      'a release happens now: --as-of can check the past, never release it',
    );
  const asked = askedOf(workspace, requestId, null);
  if (workspace.config.kind === 'reconstruction' && !asked.source.synthetic) {
    return refused(
      'source-not-synthetic',
      `a reconstruction writes lists only from synthetic sources, and "${asked.source.id}" is not declared one`,
    );
  }
  const wanting = await logWanting(workspace.root);
  if (wanting !== null) return refused('release-needs-log', `no log, no release: ${wanting}`);
  const releases = join(workspace.root, 'releases');
  const id = releaseId(asked);
  const standing = await standingManifest(releases, id);
  if (standing !== null) return exists(id, standing);
  const gate = await openGate(workspace, asked, true, options);
  try {
    options.onProgress('secrets', 0, null);
    const ground = await groundOf(gate, id, options);
    options.onProgress('decide', 0, gate.snapshot.records);
    const decided = await decideAll(gate, pseudonymKey(gate.key, asked));
    options.onProgress('decide', gate.snapshot.records, gate.snapshot.records);
    if (decided.outcome.released === 0) return { kind: 'nothing', outcome: decided.outcome };
    const written = await writeRelease(gate, decided, ground, options);
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

async function groundOf(gate: Gate, id: string, { ledger }: ReleaseOptions): Promise<ReleaseGround> {
  const { engine, workspace, source, snapshot } = gate;
  const { secrets, ingested } = await commitIngest(engine, workspace.root, source.id, snapshot);
  const { logSize, entry } = await logIngest(workspace, ledger, id, ingested, gate.logSize ?? 0n);
  return { id, secrets, commitments: ingested.commitments, logSize, ingest: entry };
}

async function writeRelease(
  gate: Gate,
  decided: DecidedAll,
  ground: ReleaseGround,
  options: ReleaseOptions,
): Promise<Omit<Released, 'kind' | 'release' | 'outcome'>> {
  const { released } = decided.outcome;
  const { onProgress } = options;
  const during = async <T>(stage: string, work: () => Promise<T>): Promise<T> => {
    onProgress(stage, 0, released);
    return work();
  };
  const { folder, evidence, result } = await writePackage(
    gate.workspace.root,
    ground.id,
    async (dirs, appear) => {
      // Each part in turn: the evidence commits to those before it, the manifest to the evidence, the log to the manifest.
      const list = await during('write', () => writeRows(gate, dirs));
      const roster = await during('roster', () => writeLeaves(gate, ground, dirs.release));
      const written = await during('evidence', async () => {
        await writePredicates(gate.engine, join(dirs.evidence, 'predicates.parquet'), {
          judgement: decided.judgement,
          release: ground.id,
          commitments: ground.secrets.commitments,
        });
        return writeEvidence(gate, decided, ground, dirs.evidence);
      });
      const manifest = await manifestOf(gate, decided, ground, { dirs, list, roster, evidence: written });
      const logged = await during('log', () => seal(gate, ground, manifest, dirs, appear, options));
      return { manifest, logged };
    },
  );
  onProgress('log', released, released);
  return { folder, evidence, ...result };
}

/** The list and the decisions; the evidence has the decisions under the same bytes. Gives the name of the list. */
async function writeRows(gate: Gate, dirs: PackageDirs): Promise<string> {
  const list = `list.${gate.request.format}`;
  const decisions = join(dirs.release, 'decisions.parquet');
  await writeDecisions(gate.engine, decisions);
  const beside = join(dirs.evidence, 'decisions.parquet');
  // Not every file system has links.
  await link(decisions, beside).catch(() => copyFile(decisions, beside));
  await writeList(gate.engine, join(dirs.release, list), { ...gate, records: gate.files.records });
  return list;
}

async function writeLeaves({ engine, files }: Gate, { id, secrets }: ReleaseGround, dir: string) {
  const { masterKey } = secrets;
  await makeLeaves(engine, { release: id, masterKey, secrets: secrets.secrets, records: files.records });
  return writeRoster(engine, join(dir, 'roster.txt'), `SELECT leaf FROM ${leavesTable}`);
}

/** The manifest, and the log's entry of it, in both folders; then the release appears. */
async function seal(
  { workspace, request, key }: Gate,
  { id, ingest }: ReleaseGround,
  manifest: Manifest,
  dirs: PackageDirs,
  appear: () => Promise<void>,
  { ledger, alongside, hold }: ReleaseOptions,
): Promise<Released['logged']> {
  const text = canonical(manifest);
  const both = async (name: string, content: string): Promise<void> => {
    for (const dir of [dirs.release, dirs.evidence]) await writeFile(join(dir, name), content);
  };
  await both('manifest.json', text);
  const digest = createHash('sha256').update(text).digest('hex');
  await hold?.(dirs, digest);
  const { index, size } = await logRelease(
    workspace,
    ledger,
    {
      release: id,
      request: request.id,
      cutOff: manifest.cutOff,
      manifest: digest,
      rows: manifest.list.rows,
      key,
      ingest,
      alongside: alongside ?? null,
    },
    async (proof, ingested) => {
      await both('log-proof.json', canonical(proof));
      await writeFile(join(dirs.evidence, 'ingest-proof.json'), canonical(ingested));
      await appear();
    },
  );
  return { index, size };
}
