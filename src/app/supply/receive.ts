/** `astold receive`: a supply verified and opened aside, then shown; where anything is wrong, nothing is left of it. */
import { createReadStream } from 'node:fs';
import { copyFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonical, fileDigest } from '../../bulk/outputs/manifest.ts';
import { requirePrivate } from '../../documents/key.ts';
import { readSigningKey } from '../../documents/log-key.ts';
import { readRegular, requireRegular } from '../../documents/regular-file.ts';
import { whenSeen } from '../../evidence/own-clock.ts';
import { parseVkey, type Signer } from '../../log/keys.ts';
import { decryptTo, identityOf, recipientOf } from '../../supply/age-list.ts';
import { countersign } from '../../supply/countersignature.ts';
import { cellText, rawCells, recordsOf } from '../../supply/csv-records.ts';
import {
  documentFiles,
  type Envelope,
  envelopeFile,
  listFile,
  type OpenedEnvelope,
  openEnvelope,
} from '../../supply/envelope.ts';
import { checkReleaseLogged, readManifest } from '../../supply/manifest-read.ts';
import { publishFolder } from '../../supply/publish-folder.ts';
import { SupplyError } from '../../supply/supply-error.ts';
import { traceColumn } from '../../supply/supply-list.ts';
import { readTerms, type SupplyTerms } from '../../supply/terms-read.ts';
import { readZip, type ZipLimits } from '../../supply/zip-read.ts';
import { policyFor, type WitnessesAsked } from '../log/own-log.ts';

export const countersignatureFile = 'countersignature.note';

export type ReceiveOptions = {
  /** The age key file that opens it. */
  readonly keyFile: string;
  /** The supplier's log key, `NAME+HASH+BASE64`; null is refused, but where `unverified` is said. */
  readonly logKey: string | null;
  /** Nobody checks who made the supply, nor that its release is logged, and whoever receives it says so. */
  readonly unverified: boolean;
  /** Who must have cosigned the checkpoint that its release is proved under. */
  readonly witnesses: WitnessesAsked;
  /** The workspace around, whose witnesses are asked where the log is its own; null where there is none. */
  readonly root: string | null;
  /** The secret half of the recipient's own signing key (its `.pub` beside it); null: no countersignature is made. */
  readonly signKey: string | null;
  /** A folder that is not there yet. */
  readonly out: string;
};
export type Received = {
  readonly release: string;
  readonly kind: Envelope['kind'];
  readonly supplier: string;
  readonly recipient: string;
  readonly sealedAt: string;
  readonly out: string;
  readonly rows: number;
  readonly columns: readonly string[];
  /** Whether the supplier's signature and the log were checked: a log key was given. */
  readonly genuine: boolean;
  /** What was found of when the release was logged, and what was not looked at all the same, in words. */
  readonly checked: readonly string[];
  readonly unchecked: readonly string[];
  /** What the recipient may do, and owes. */
  readonly terms: SupplyTerms;
  readonly countersigned: boolean;
};

/** Documents are small, and compress well; an encrypted list does not compress at all. */
const largestNote = 1 << 20;
const largestDocument = 64 << 20;
const ratio = 100;

/** Opens the supply into `options.out`. Throws SupplyError, LogError, KeyError, DocumentError; then nothing is left. */
export async function receive(path: string, options: ReceiveOptions): Promise<Received> {
  const log = options.logKey === null ? null : parseVkey(options.logKey.trim());
  if (log !== null && options.unverified) {
    throw new SupplyError(
      'log-key-unused',
      'a log key was given, and --unverified says that it is not to be used: leave one of the two out',
    );
  }
  if (log === null && options.signKey !== null) {
    throw new SupplyError(
      'log-key-missing',
      'nobody signs for what they have not checked: give --log-key, the line of the supplier’s keys/log.pub',
    );
  }
  if (log === null && !options.unverified) {
    throw new SupplyError(
      'log-key-missing',
      'nothing says who made the supply: give --log-key, the line of the supplier’s keys/log.pub; --unverified opens it all the same',
    );
  }
  const policy = log === null ? null : await policyFor(options.witnesses, log, options.root);
  await requireOwn(options.keyFile);
  const identity = identityOf((await readRegular(options.keyFile)).toString('utf8'));
  const signer = options.signKey === null ? null : await signerAt(options.signKey);
  await requireRegular(path);
  let received: Received | null = null;
  const fill = async (dir: string, scratch: string): Promise<void> => {
    await readZip(path, scratch, await limitsOf(path));
    const opened = openEnvelope(await readFile(join(scratch, envelopeFile), 'utf8'), log);
    const { envelope } = opened;
    await checkMembers(scratch, envelope);
    await checkManifest(scratch, envelope);
    const checkpoint = checkReleaseLogged(
      await readFile(join(scratch, 'log-proof.json'), 'utf8'),
      envelope.release,
      envelope.manifest,
      log,
    );
    const when = checkpoint && policy ? whenSeen(checkpoint.note, policy, Date.now()) : null;
    if ((await recipientOf(identity)) !== envelope.ageKey) {
      throw new SupplyError(
        'wrong-recipient',
        `the supply was sealed for ${envelope.recipient}, under another key than the one given`,
      );
    }
    const terms = readTerms(await readFile(join(scratch, 'terms.jsonld'), 'utf8'));
    await openList(identity, join(scratch, listFile), join(dir, envelope.list.file), envelope);
    for (const name of [envelopeFile, ...documentFiles]) await copyFile(join(scratch, name), join(dir, name));
    if (signer !== null)
      await writeFile(join(dir, countersignatureFile), signed(opened, signer), { mode: 0o600 });
    const { release, kind, supplier, recipient, sealedAt, list } = envelope;
    const { rows, columns } = list;
    received = {
      ...{ release, kind, supplier, recipient, sealedAt, rows, columns },
      ...{ out: options.out, genuine: log !== null, countersigned: signer !== null, terms },
      ...{ checked: when?.checked ?? [], unchecked: when?.unchecked ?? [] },
    };
  };
  const published = await publishFolder(options.out, fill, (appear) => appear());
  if (published === 'exists' || received === null)
    throw new SupplyError('out-exists', `${options.out} is there already; name a folder that is not`);
  return received;
}

/** What opens the list is for its owner alone. Throws KeyError `key-permissions`, and what the system says. */
async function requireOwn(keyFile: string): Promise<void> {
  requirePrivate(keyFile, '600', (await stat(keyFile)).mode);
}

async function limitsOf(path: string): Promise<ZipLimits> {
  const { size } = await stat(path);
  const documents = documentFiles.map((name): [string, number] => [name, largestDocument]);
  return { members: new Map([[envelopeFile, largestNote], ...documents, [listFile, size]]), ratio };
}

async function signerAt(path: string): Promise<Signer> {
  return readSigningKey(path, `${path.replace(/\.key$/, '')}.pub`, 'log');
}

/** Throws SupplyError `digest-wrong` at the first member that is not as the envelope says. */
async function checkMembers(dir: string, { members }: Envelope): Promise<void> {
  for (const { name, digest, bytes } of members) {
    const found = await fileDigest(join(dir, name));
    if (found.digest !== digest || found.bytes !== bytes)
      throw new SupplyError('digest-wrong', `${name} in the supply is not the one that its envelope names`);
  }
}

/** The envelope and the manifest speak of one release, and of the same rows. */
async function checkManifest(dir: string, envelope: Envelope): Promise<void> {
  const manifest = readManifest(await readFile(join(dir, 'manifest.json'), 'utf8'));
  const other = (what: string): SupplyError =>
    new SupplyError('manifest-of-other-release', `the manifest does not fit the supply: ${what}`);
  const { digest } = await fileDigest(join(dir, 'manifest.json'));
  if (manifest.release !== envelope.release)
    throw other(`it is of the release ${manifest.release}, and the supply of ${envelope.release}`);
  if (digest !== envelope.manifest) throw other('its digest is another');
  if (manifest.mark !== null)
    throw new SupplyError(
      'reconstruction-refused',
      `the release is marked ${manifest.mark}: it is for nobody to receive (B6)`,
    );
  if (manifest.roster.root !== envelope.roster.root || manifest.roster.rows !== envelope.roster.rows)
    throw other('its roster is another');
  if (envelope.list.rows !== manifest.list.rows + (envelope.sleepers?.count ?? 0))
    throw other('the rows do not add up');
  if (canonical(manifest.sleepers) !== canonical(envelope.sleepers))
    throw other('the sleepers committed to are others');
  const columns = envelope.list.columns.slice(0, -1);
  const known =
    envelope.kind === 'whole'
      ? canonical(columns) === canonical(manifest.list.columns)
      : columns.length > 0 && columns.every((column) => manifest.list.columns.includes(column));
  if (!known || envelope.list.columns.at(-1) !== traceColumn)
    throw other('the columns of the list are others');
}

/** Decrypts the list and holds it against the envelope: its digest, its columns, and the rows as they are counted here. */
async function openList(identity: string, path: string, out: string, { list }: Envelope): Promise<void> {
  const found = await decryptTo(identity, path, out);
  if (found.digest !== list.digest || found.bytes !== list.bytes)
    throw new SupplyError('list-differs', 'the list in the supply is not the one that its envelope names');
  let records = 0;
  for await (const batch of recordsOf(createReadStream(out, { highWaterMark: 1 << 20 }))) {
    if (records === 0 && canonical(rawCells(batch[0] ?? '').map(cellText)) !== canonical(list.columns))
      throw new SupplyError('list-differs', 'the columns of the list are not those that its envelope names');
    records += batch.length;
  }
  if (records - 1 !== list.rows)
    throw new SupplyError(
      'list-differs',
      `the list has ${records - 1} rows, and its envelope says ${list.rows}`,
    );
}

function signed({ envelope, digest }: OpenedEnvelope, signer: Signer): string {
  const content = {
    format: 'astold/countersignature/1' as const,
    release: envelope.release,
    recipient: envelope.recipient,
    supply: digest,
    manifest: envelope.manifest,
    rows: envelope.list.rows,
    rosterRoot: envelope.roster.root,
    at: new Date().toISOString(),
  };
  return countersign(content, signer);
}
