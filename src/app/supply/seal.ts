/** `astold seal`: a release sealed for one recipient of its chain; whole, or not at all. */
import { copyFile, link, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../../bulk/engine.ts';
import { canonical, fileDigest } from '../../bulk/outputs/manifest.ts';
import { readKeyOf } from '../../documents/key.ts';
import { readLogKey } from '../../documents/log-key.ts';
import type { Workspace } from '../../documents/workspace.ts';
import type { Signer } from '../../log/keys.ts';
import { dayOf } from '../../policy/dates.ts';
import type { LedgerPlace } from '../../store/ledger.ts';
import { encryptTo, isRecipient } from '../../supply/age-list.ts';
import { type Envelope, envelopeFile, listFile, memberFiles, sealEnvelope } from '../../supply/envelope.ts';
import { type HandOverRefusal, handOverRefusal } from '../../supply/hand-over.ts';
import { mailingColumns } from '../../supply/mailing.ts';
import { checkReleaseLogged, type ManifestRead } from '../../supply/manifest-read.ts';
import { publishFolder } from '../../supply/publish-folder.ts';
import { commitSleepers, type SleeperRow, sleeperRows } from '../../supply/sleeper-rows.ts';
import { SupplyError } from '../../supply/supply-error.ts';
import { supplyList, traceColumn, writeCodes } from '../../supply/supply-list.ts';
import { odrlTerms } from '../../supply/terms.ts';
import { toldWords } from '../../supply/told.ts';
import { traceKey } from '../../supply/trace-code.ts';
import { writeZip } from '../../supply/zip-write.ts';
import { approvalOf } from '../gate/context.ts';
import { type Ground, type GroundRefusal, groundOf, textOf } from './seal-ground.ts';
import { saidSince, sameEvents, sinceText, unlessSaidSince } from './stops-since.ts';

export type SealRefusal =
  | HandOverRefusal
  | 'reconstruction-not-sealed'
  | GroundRefusal
  | 'recipient-not-in-chain'
  | 'recipient-key-missing'
  | 'recipient-key-wrong'
  | 'column-taken'
  | 'no-address'
  /** People have said something since it was decided. */
  | 'stops-since'
  | 'sleepers-changed'
  | 'supply-exists';
export type SealKind = Envelope['kind'];
export type Sealed =
  | {
      readonly kind: 'sealed';
      readonly release: string;
      readonly recipient: string;
      /** The zip to hand over. */
      readonly file: string;
      readonly rows: number;
      readonly sleepers: number;
      readonly digest: string;
    }
  | { readonly kind: 'refused'; readonly code: SealRefusal; readonly message: string };

/** Where a supply is kept, below the workspace: the zip, its envelope, and the receipt once it has come. */
export function supplyFolder(root: string, release: string, recipient: string, kind: SealKind): string {
  return join(root, 'supplies', release, `${kind}-${recipient}`);
}
export const zipFile = 'supply.zip';

/**
 * Seals the release `releases/<release>/` for `recipient`, an organisation of its request's chain. Nothing is written
 * where anything refuses. What people said since it was decided refuses, but where it was decided no longer than
 * `decidedWithin` milliseconds ago: then their stops are passed on as those of people it has already. Throws KeyError, and
 * SupplyError where the release's folder does not fit its manifest.
 */
export async function seal(
  workspace: Workspace,
  place: LedgerPlace,
  release: string,
  recipient: string,
  kind: SealKind,
  decidedWithin?: number,
): Promise<Sealed> {
  if (workspace.config.kind === 'reconstruction')
    return refused('reconstruction-not-sealed', 'a reconstruction is not sealed for anyone (B6)');
  const ground = await groundOf(workspace, release);
  if (ground.kind === 'refused') return ground;
  const { manifest, request, source } = ground;
  if (manifest.mark !== null)
    return refused(
      'reconstruction-not-sealed',
      `release ${release} is marked ${manifest.mark}: it is sealed for nobody (B6)`,
    );
  const party = workspace.organisations.find((each) => each.id === recipient);
  if (party === undefined || !request.chain.some((each) => each.organisation === recipient)) {
    const chain = request.chain.map((each) => each.organisation).join(', ');
    return refused(
      'recipient-not-in-chain',
      `"${recipient}" is not in the chain of ${request.id}, which is: ${chain}`,
    );
  }
  const refusal = handOverRefusal({
    ...workspace,
    request,
    approval: approvalOf(workspace.approvals, request),
    supplier: source.organisation,
    today: dayOf(Date.now()),
    day: manifest.day,
  });
  if (refusal !== null) return refused(refusal.code, refusal.message);
  const age = Date.now() - Date.parse(manifest.cutOff);
  const fresh = decidedWithin !== undefined && age >= 0 && age <= decidedWithin;
  const since = fresh ? 0 : await saidSince(place, source.id, BigInt(manifest.logSize));
  if (since > 0) return refused('stops-since', sinceText(release, source.id, since));
  if (!(await sameEvents(source, manifest.source.files)))
    return refused('stops-since', sinceText(release, source.id, null));
  const ageKey = workspace.supply.keys.get(recipient)?.age ?? null;
  if (ageKey === null) {
    return refused(
      'recipient-key-missing',
      `${recipient} has no age-key in organisations.yaml; ask them for it: astold recipient-keys ${recipient}`,
    );
  }
  if (!isRecipient(ageKey))
    return refused(
      'recipient-key-wrong',
      `the age-key of ${recipient} in organisations.yaml is mistyped: age does not take it`,
    );
  if (manifest.list.columns.includes(traceColumn))
    return refused(
      'column-taken',
      `the list has a column ${traceColumn} of its own; name it otherwise in ${request.id}`,
    );
  const only = kind === 'mailing' ? mailingColumns(request, source) : null;
  if (only?.length === 0)
    return refused(
      'no-address',
      `the list of ${request.id} holds no name and no address that letters could be sent to`,
    );
  try {
    return await write(workspace, place, ground, { release, recipient, kind, ageKey, only, fresh });
  } catch (error) {
    if (!(error instanceof SupplyError) || error.code !== 'stops-since') throw error;
    return refused('stops-since', error.message);
  }
}

const refused = (code: SealRefusal, message: string): Extract<Sealed, { kind: 'refused' }> => ({
  kind: 'refused',
  code,
  message,
});

type Order = {
  readonly release: string;
  readonly recipient: string;
  readonly kind: SealKind;
  readonly ageKey: string;
  readonly only: readonly string[] | null;
  /** Decided just now: nobody is asked what was said since. */
  readonly fresh: boolean;
};

async function write(
  workspace: Workspace,
  place: LedgerPlace,
  ground: Ground,
  order: Order,
): Promise<Sealed> {
  const { release, recipient, kind } = order;
  const { folder, manifest, manifestDigest, request } = ground;
  const [signer, { key }] = await Promise.all([
    readLogKey(workspace.root),
    readKeyOf(workspace.root, manifest.key),
  ]);
  const proof = await textOf(folder, 'log-proof.json');
  if (proof === null)
    throw new SupplyError('not-logged', `no log, no release: ${release} has no log-proof.json`);
  checkReleaseLogged(proof, release, manifestDigest, signer.verifier);
  const agreed = workspace.supply.sleeperTerms.has(request.agreement);
  const sleepers = agreed ? sleeperRows(workspace.supply.sleepers, key, release, request.id) : [];
  const commitment = agreed ? commitSleepers(sleepers, key, release) : null;
  if (canonical(manifest.sleepers) !== canonical(commitment)) {
    return refused(
      'sleepers-changed',
      `the sleepers are not those that release ${release} committed to; put them back`,
    );
  }
  const path = supplyFolder(workspace.root, release, recipient, kind);
  let digest = '';
  const fill = async (dir: string, scratch: string): Promise<void> => {
    const list = await sealList(workspace, ground, order, { key, sleepers, dir: scratch });
    await copyFile(join(folder, 'manifest.json'), join(scratch, 'manifest.json'));
    await copyFile(join(folder, 'log-proof.json'), join(scratch, 'log-proof.json'));
    await writeFile(join(scratch, 'terms.jsonld'), canonical(termsOf(workspace, ground, order)));
    await writeFile(
      join(scratch, 'words.json'),
      canonical(
        toldWords({ release, ...ground, organisations: workspace.organisations, rules: workspace.rules }),
      ),
    );
    const envelope: Envelope = {
      format: 'astold/supply/1',
      release,
      kind,
      supplier: ground.supplier.id,
      recipient,
      ageKey: order.ageKey,
      sealedAt: new Date().toISOString(),
      list: {
        file: 'list.csv',
        ...list,
        rows: manifest.list.rows + sleepers.length,
        columns: [...(order.only ?? manifest.list.columns), traceColumn],
      },
      roster: { root: manifest.roster.root, rows: manifest.roster.rows },
      sleepers: commitment,
      manifest: manifestDigest,
      members: await membersOf(scratch),
    };
    digest = await zip(envelope, signer, scratch, dir);
  };
  const source = ground.source.id;
  const published = await publishFolder(path, fill, async (appear) => {
    if (order.fresh) return appear();
    // Asked again, and nobody can say anything more until the supply is there.
    const since = await unlessSaidSince(place, source, BigInt(manifest.logSize), appear);
    if (since > 0) throw new SupplyError('stops-since', sinceText(release, source, since));
  });
  if (published === 'exists')
    return refused(
      'supply-exists',
      `release ${release} was sealed for ${recipient} before; that supply is not changed`,
    );
  const rows = manifest.list.rows + sleepers.length;
  return {
    kind: 'sealed',
    release,
    recipient,
    file: join(path, zipFile),
    rows,
    sleepers: sleepers.length,
    digest,
  };
}

function termsOf(workspace: Workspace, ground: Ground, { release, recipient }: Order) {
  const organisation = workspace.organisations.find((each) => each.id === recipient);
  if (organisation === undefined) throw new RangeError(`no organisation ${recipient}`);
  return odrlTerms({ release, day: ground.manifest.day, ...ground, recipient: organisation });
}

/** Encrypts the supplied list; its plaintext is nowhere on the disk but where the release put it. */
async function sealList(
  workspace: Workspace,
  { folder, manifest }: Ground,
  { release, ageKey, only }: Order,
  given: { readonly key: Buffer; readonly sleepers: readonly SleeperRow[]; readonly dir: string },
) {
  for (const { file, digest } of [manifest.list, manifest.decisions]) {
    const found = file.includes('/') ? null : await fileDigest(join(folder, file)).catch(() => null);
    if (found?.digest !== digest)
      throw new SupplyError(
        'release-damaged',
        `${file} of release ${release} is not what its manifest says; nothing was sealed`,
      );
  }
  const { openDuckdb } = await import('../../bulk/engines/duckdb.ts');
  const engine = await openDuckdb({ tempDirectory: join(workspace.root, '.astold', 'tmp') });
  try {
    const codesKey = traceKey(given.key, release);
    const codes = await writeCodes(engine, join(folder, manifest.decisions.file), codesKey, given.dir);
    const list = await asCsv(engine, folder, manifest, given.dir);
    const { columns, rows } = manifest.list;
    const pieces = supplyList({
      list,
      codes,
      columns,
      rows,
      sleepers: given.sleepers,
      traceKey: codesKey,
      only,
    });
    return await encryptTo(ageKey, pieces, join(given.dir, listFile));
  } finally {
    engine.close();
  }
}

/** A list goes to a recipient as CSV, whatever it is at home. Parquet keeps the order of its rows. */
async function asCsv(engine: Engine, folder: string, { list }: ManifestRead, dir: string): Promise<string> {
  const path = join(folder, list.file);
  if (list.file.endsWith('.csv')) return path;
  const { dialect } = engine;
  // Under this name the engine gives each row its place.
  const placed = join(dir, 'placed');
  await mkdir(placed, { mode: 0o700 });
  const records = join(placed, 'records.parquet');
  await link(path, records).catch(() => copyFile(path, records));
  const out = join(placed, 'list.csv');
  const columns = list.columns.map((column) => dialect.identifier(column)).join(', ');
  await engine.copy(`SELECT ${columns} FROM ${dialect.parquet(records)} r ORDER BY "row"`, out, 'csv');
  return out;
}

async function membersOf(dir: string): Promise<Envelope['members']> {
  const members: Envelope['members'] = [];
  for (const name of memberFiles.filter((each) => each !== envelopeFile))
    members.push({ name, ...(await fileDigest(join(dir, name))) });
  return members;
}

/** Writes the envelope and the zip into `dir`; gives the digest of the zip. */
async function zip(envelope: Envelope, signer: Signer, scratch: string, dir: string): Promise<string> {
  const note = sealEnvelope(envelope, signer);
  await writeFile(join(scratch, envelopeFile), note);
  await writeFile(join(dir, envelopeFile), note, { mode: 0o600 });
  await writeZip(scratch, memberFiles, new Set([listFile]), join(dir, zipFile));
  return (await fileDigest(join(dir, zipFile))).digest;
}
