/**
 * `astold delta`: which rows of a past release may not be used any more, because of what people or lists have said since;
 * by trace code, for recipients that have nothing but the list.
 */
import { link } from 'node:fs/promises';
import { join } from 'node:path';
import { decisionsTable } from '../../bulk/compile.ts';
import { closeWorkplace, openWorkplace } from '../../bulk/ingest/workplace.ts';
import { fileDigest } from '../../bulk/outputs/manifest.ts';
import { readKeyOf } from '../../documents/key.ts';
import { readRegular } from '../../documents/regular-file.ts';
import type { Workspace } from '../../documents/workspace.ts';
import { bitsOf, type ReasonCode } from '../../policy/reasons.ts';
import { type ManifestRead, readManifest } from '../../supply/manifest-read.ts';
import { SupplyError } from '../../supply/supply-error.ts';
import { traceColumn } from '../../supply/supply-list.ts';
import { traceCodesSql, traceKey } from '../../supply/trace-code.ts';
import { askedOf, type Gate, type GateOptions, openGate, pseudonymKey } from '../gate/context.ts';
import { decideAll } from '../gate/decide-all.ts';

/** What someone said since, or what was found of them, and forbids further use; not that time has gone by. */
const stopping: readonly ReasonCode[] = [
  'stopped',
  'stopped-other-record',
  'stopped-plausible',
  'consent-missing',
  'suppressed-own',
  'suppressed-mps',
  'suppressed-baby-mps',
  'suppressed-tps',
  'suppressed-near',
  'not-screened',
  'deceased',
  'gone-away',
];
/** Where one of these holds nobody knows who stopped: a delta would be short. */
const blinding: readonly ReasonCode[] = ['preferences-unreadable', 'list-missing', 'list-unreadable'];

export type DeltaRefusal = 'release-unknown' | 'documents-changed' | 'stops-unreadable';
export type Delta =
  | {
      readonly kind: 'delta';
      readonly release: string;
      readonly file: string;
      /** Up to when stops are in it. */
      readonly cutOff: string;
      readonly released: number;
      readonly stopped: number;
      /** A suppression list is stale: who is on the next one is not in it. */
      readonly stale: boolean;
    }
  | { readonly kind: 'refused'; readonly code: DeltaRefusal; readonly message: string };

const refused = (code: DeltaRefusal, message: string): Extract<Delta, { kind: 'refused' }> => ({
  kind: 'refused',
  code,
  message,
});

/**
 * Writes the trace codes, and nothing else, of the released rows that may not be used any more to `out`, a CSV. Why is
 * not told (D3). A record that is not there any more counts as stopped. Where anything refuses, nothing is written.
 * Throws KeyError where the key that the release was made under is not here, SupplyError where its folder is damaged.
 */
export async function delta(
  workspace: Workspace,
  release: string,
  out: string,
  options: GateOptions,
): Promise<Delta> {
  const folder = join(workspace.root, 'releases', release);
  const manifest = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/.test(release) ? await manifestIn(folder) : null;
  if (manifest === null)
    return refused('release-unknown', `there is no release ${release} in this workspace`);
  const requested = manifest.documents.find(({ kind }) => kind === 'request');
  const request = workspace.requests.find(({ id }) => id === requested?.id);
  if (request === undefined || request.digest !== requested?.digest)
    return refused(
      'documents-changed',
      `the request of release ${release} is not what it was: its scope would be another`,
    );
  const decisions = join(folder, manifest.decisions.file);
  if ((await fileDigest(decisions)).digest !== manifest.decisions.digest)
    throw new SupplyError(
      'release-damaged',
      `${manifest.decisions.file} of release ${release} is not what its manifest says`,
    );
  const { key } = await readKeyOf(workspace.root, manifest.key);
  const asked = askedOf(workspace, request.id, null);
  const gate = await openGate(workspace, asked, false, options);
  try {
    await decideAll(gate, pseudonymKey(key, { ...asked, day: manifest.day }));
    return await write(gate, { release, decisions, out, key });
  } finally {
    gate.close();
  }
}

async function manifestIn(folder: string): Promise<ManifestRead | null> {
  try {
    return readManifest((await readRegular(join(folder, 'manifest.json'))).toString('utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

async function write(
  gate: Gate,
  given: {
    readonly release: string;
    readonly decisions: string;
    readonly out: string;
    readonly key: Buffer;
  },
): Promise<Delta> {
  const { engine } = gate;
  const { dialect } = engine;
  const blind = await count(
    gate,
    `SELECT COUNT(*) AS n FROM ${decisionsTable} WHERE (reasons & ${bitsOf(blinding)}) <> 0`,
  );
  if (blind > 0)
    return refused(
      'stops-unreadable',
      'the preferences or a suppression list cannot be read now: nobody knows who stopped; see astold check',
    );
  const stale = await count(
    gate,
    `SELECT COUNT(*) AS n FROM ${decisionsTable} WHERE (reasons & ${bitsOf(['list-stale'])}) <> 0`,
  );
  const then = `${dialect.parquet(given.decisions)} d WHERE d.reasons = 0`;
  const released = await count(gate, `SELECT COUNT(*) AS n FROM ${then}`);
  const codesKey = traceKey(given.key, given.release);
  const gone = `(SELECT o.pseudonym FROM (SELECT d.pseudonym FROM ${then}) o
    LEFT JOIN ${decisionsTable} n ON n.pseudonym = o.pseudonym
    WHERE n.pseudonym IS NULL OR (n.reasons & ${bitsOf(stopping)}) <> 0)`;
  const aside = openWorkplace(join(given.out, '..'));
  try {
    const path = join(aside, 'delta.csv');
    const stopped = await engine.copy(
      `SELECT code AS ${dialect.identifier(traceColumn)} FROM (${traceCodesSql(dialect, codesKey, gone)}) c ORDER BY code`,
      path,
      'csv',
    );
    await link(path, given.out).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      throw new SupplyError('out-exists', `${given.out} is there already; name a file that is not`);
    });
    const cutOff = new Date(gate.cutOff).toISOString();
    return {
      kind: 'delta',
      release: given.release,
      file: given.out,
      cutOff,
      released,
      stopped,
      stale: stale > 0,
    };
  } finally {
    closeWorkplace(aside);
  }
}

async function count({ engine }: Gate, sql: string): Promise<number> {
  const [row] = await engine.rows(sql);
  return Number(row?.n);
}
