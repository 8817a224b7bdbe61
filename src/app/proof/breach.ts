/** `astold verify RECEIPT --against RELEASE`: what a receipt and a release say of each other (E6). */
import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { readRegular } from '../../documents/regular-file.ts';
import { type BreachFinding, findBreach, type ReceiptSeen, type ReleaseSeen } from '../../evidence/breach.ts';
import { evidenceFile } from '../../evidence/files.ts';
import { readStated } from '../../evidence/folder.ts';
import { whenSeen } from '../../evidence/own-clock.ts';
import type { CheckedReceipt } from '../../evidence/receipt.ts';
import type { WitnessPolicy } from '../../log/checkpoint.ts';
import type { Verifier } from '../../log/keys.ts';
import type { Note } from '../../log/note.ts';
import { checkLogProof } from '../../log/proof.ts';
import { counted, instant, moment, number, placeIn } from '../../policy/figures.ts';
import type { GateContext } from '../../policy/judgement.ts';
import { proveLeaf } from '../../roster/roster-file.ts';
import { verifyRosterProof } from '../../roster/roster-proof.ts';
import { leafOf, releaseToken } from '../../roster/token.ts';
import { openRelease, type ReleaseFolder } from '../gate/release-folder.ts';
import { judgedDocuments } from './judged-documents.ts';
import { ProofError } from './proof-error.ts';
import { jsonIn, openingOf } from './proof-file.ts';

export type Against = {
  /** Id of a release in the workspace, or path of its folder. */
  readonly release: string;
  readonly folder: string;
  /** Folder of its evidence; null looks beside the release, and in the workspace. */
  readonly evidence: string | null;
  /** The workspace, where there is one. */
  readonly root: string | null;
};
export type Held = {
  readonly release: string;
  readonly mark: 'reconstruction' | null;
  readonly finding: BreachFinding;
  /** What was found to hold of the release, and what was not looked at, in words. */
  readonly checked: readonly string[];
  readonly unchecked: readonly string[];
};

// What else a manifest holds is for other readers: its digest in the log binds it all.
const manifestSchema = z.object({
  cutOff: z.iso.datetime({ offset: true }),
  logSize: z.string().regex(/^(0|[1-9][0-9]{0,18})$/),
  source: z.object({ postKeyedTo: z.iso.date().nullable() }),
  evidence: z.object({ digest: z.string() }),
});

/** How far a witness's clock may be from the supplier's, in milliseconds. */
const clockSkew = 5 * 60_000;

/**
 * Holds receipts, which were checked under `log`, against a release of the same log, whose checkpoint `policy` must
 * have cosigned. Errors: ProofError, LogError, RosterError, EvidenceError where the release itself does not hold.
 */
export async function holdAgainst(
  receipt: ReceiptSeen,
  answer: CheckedReceipt | null,
  against: Against,
  log: Verifier,
  policy: WitnessPolicy,
): Promise<Held> {
  const opened = await openRelease(against.root, against.release, against.folder);
  const { manifest } = opened;
  const { index, size, note } = requireLogged(opened, log);
  const dir = dirname(opened.rosterFile);
  const bytes = await readRegular(join(dir, 'manifest.json'));
  if (hash('sha256', bytes) !== manifest.digest)
    throw new ProofError('manifest-malformed', `the manifest of ${manifest.release} changes as it is read`);
  const parsed = manifestSchema.safeParse(jsonIn(bytes, 'manifest-malformed', 'the manifest'));
  if (!parsed.success) {
    const at = parsed.error.issues[0]?.path.join('.') ?? '';
    throw new ProofError(
      'manifest-malformed',
      `the manifest of ${manifest.release} is not in its format: look at "${at}"; it is of another version`,
    );
  }
  const { cutOff, logSize, source, evidence } = parsed.data;
  if (BigInt(logSize) > index)
    throw new ProofError(
      'manifest-malformed',
      `the manifest states a log of ${counted(BigInt(logSize), 'entry', 'entries')}, and its own entry is number ${number(index)}, counted from 0: it cannot have been`,
    );
  const when = whenSeen(note, policy, Date.now());
  if (manifest.mark === null && when.seen !== null && Date.parse(cutOff) > when.seen + clockSkew)
    throw new ProofError(
      'manifest-malformed',
      `the manifest says that it was decided on ${moment(cutOff)}, and witnesses had seen it in the log by ${instant(when.seen)}: it cannot have been`,
    );
  const context = await contextIn(against, dir, manifest.release, evidence.digest);
  const holds = receipt.master === null ? null : await isIn(opened, receipt.master);
  const seen: ReleaseSeen = {
    release: manifest.release,
    mark: manifest.mark,
    source: manifest.source,
    cutOff: Date.parse(cutOff),
    logSize: BigInt(logSize),
    index,
    postKeyedTo: source.postKeyedTo,
    holds,
    context,
  };
  const checked = [
    `the log of ${log.name} holds the release as ${placeIn(index, size)}; it states that it was decided on ${moment(cutOff)}, when the log had ${counted(BigInt(logSize), 'entry', 'entries')}, those not published yet included`,
    ...(holds === null ? [] : [`the roster it commits to ${holds ? 'holds' : 'does not hold'} the person`]),
    ...(context === null ? [] : ['the documents it was judged on are those of the evidence it commits to']),
    ...when.checked.map((what) => `of the release, ${what}`),
  ];
  const unchecked = [
    ...(context === null ? ['what was asked: give the evidence of the release, --evidence'] : []),
    ...when.unchecked.map((what) => `of the release, ${what}`),
  ];
  const finding = findBreach(receipt, seen, answer);
  return { release: manifest.release, mark: manifest.mark, finding, checked, unchecked };
}

/** The place of the release in the log. Without its entry nobody can say that it is theirs. */
function requireLogged(
  { manifest, logged }: ReleaseFolder,
  log: Verifier,
): { readonly index: bigint; readonly size: bigint; readonly note: Note } {
  if (logged === null)
    throw new ProofError(
      'log-proof-missing',
      `release ${manifest.release} has no log-proof.json: nothing shows that it is in the log of ${log.name}`,
    );
  const { salt: _, content, ...inclusion } = logged;
  if (content.release !== manifest.release || content.manifest !== manifest.digest)
    throw new ProofError(
      'log-proof-other',
      `the log entry of ${manifest.release} is of another release, or of another manifest`,
    );
  const { size, note } = checkLogProof(inclusion, openingOf(logged), log);
  return { index: BigInt(logged.index), size, note };
}

async function isIn({ manifest, rosterFile }: ReleaseFolder, master: string): Promise<boolean> {
  const leaf = leafOf(releaseToken(master, manifest.release));
  const proof = await proveLeaf(rosterFile, manifest.roster, leaf);
  return verifyRosterProof(proof, leaf, manifest.roster) === 'present';
}

/** What was judged; null where no evidence is there. Evidence that is there and is not what was committed to throws. */
async function contextIn(
  { evidence, root }: Against,
  dir: string,
  release: string,
  digest: string,
): Promise<GateContext | null> {
  const plain = /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(release);
  const beside = [dirname(dirname(resolve(dir))), ...(root === null ? [] : [root])];
  const places = plain ? beside.map((place) => join(place, 'evidence', release)) : [];
  const folder = evidence ?? places.find((place) => existsSync(join(place, evidenceFile))) ?? null;
  if (folder === null) return null;
  const { context } = await judgedDocuments(folder, await readStated(folder, digest));
  return context;
}
