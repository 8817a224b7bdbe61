/** `astold verify RECEIPT --against RELEASE`: what a receipt and a release say of each other (E6). */
import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { readRegular } from '../documents/regular-file.ts';
import { type BreachFinding, findBreach, type ReleaseSeen } from '../evidence/breach.ts';
import { contextOf, readDocuments } from '../evidence/documents.ts';
import { EvidenceError } from '../evidence/evidence-error.ts';
import { contextSchema, evidenceFile, evidenceSchema } from '../evidence/files.ts';
import type { CheckedReceipt } from '../evidence/receipt.ts';
import type { Verifier } from '../log/keys.ts';
import { checkLogProof } from '../log/proof.ts';
import type { GateContext } from '../policy/judgement.ts';
import { proveLeaf } from '../roster/roster-file.ts';
import { verifyRosterProof } from '../roster/roster-proof.ts';
import { leafOf, releaseToken } from '../roster/token.ts';
import { ProofError } from './proof-error.ts';
import { jsonIn, openingOf } from './proof-file.ts';
import { openRelease, type ReleaseFolder } from './release-folder.ts';

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

/**
 * Holds receipts, which were checked under `log`, against a release of the same log. Errors: ProofError, LogError,
 * RosterError, EvidenceError where the release itself does not hold.
 */
export async function holdAgainst(
  receipt: CheckedReceipt,
  answer: CheckedReceipt | null,
  against: Against,
  log: Verifier,
): Promise<Held> {
  const opened = await openRelease(against.root, against.release, against.folder);
  const { manifest } = opened;
  const index = requireLogged(opened, log);
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
      `the manifest states a log of ${logSize} entries, and its own entry is number ${index}: it cannot have been`,
    );
  const context = await contextIn(against, dir, manifest.release, evidence.digest);
  const holds = receipt.master === null ? null : await isIn(opened, receipt.master);
  const seen: ReleaseSeen = {
    release: manifest.release,
    mark: manifest.mark,
    source: manifest.source,
    cutOff: Date.parse(cutOff),
    logSize: BigInt(logSize),
    postKeyedTo: source.postKeyedTo,
    holds,
    context,
  };
  const checked = [
    `the log of ${log.name} holds the release at ${index}; it states that it was decided at ${cutOff}, at ${logSize} entries`,
    ...(holds === null ? [] : [`the roster it commits to ${holds ? 'holds' : 'does not hold'} the person`]),
    ...(context === null ? [] : ['the documents it was judged on are those of the evidence it commits to']),
  ];
  const unchecked = context === null ? ['what was asked: give the evidence of the release, --evidence'] : [];
  const finding = findBreach(receipt, seen, answer);
  return { release: manifest.release, mark: manifest.mark, finding, checked, unchecked };
}

/** The place of the release in the log. Without its entry nobody can say that it is theirs. */
function requireLogged({ manifest, logged }: ReleaseFolder, log: Verifier): bigint {
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
  checkLogProof(inclusion, openingOf(logged), log);
  return BigInt(logged.index);
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
  const read = async (name: string, wanted: string): Promise<unknown> => {
    const bytes = await readRegular(join(folder, name));
    if (hash('sha256', bytes) !== wanted)
      throw malformed(`${name} is not what ${release} committed to; give the evidence of that release`);
    return JSON.parse(bytes.toString('utf8'));
  };
  const index = evidenceSchema.safeParse(await read(evidenceFile, digest));
  if (!index.success) throw malformed(`${evidenceFile} is not in its format; it is of another version`);
  const digestOf = (name: string): string =>
    index.data.files.find(({ file }) => file === name)?.digest ?? 'none';
  const entries = readDocuments(await read('documents.json', digestOf('documents.json')));
  const judged = contextSchema.safeParse(await read('context.json', digestOf('context.json')));
  if (!judged.success) throw malformed('context.json is not in its format; it is of another version');
  const { cutOff, day, preferencesReadable, listsReadable } = judged.data;
  return contextOf(entries, {
    cutOff: Date.parse(cutOff),
    day,
    preferencesReadable,
    listsReadable: listsReadable.map(({ readable }) => readable),
  });
}

const malformed = (what: string): EvidenceError => new EvidenceError('evidence-malformed', what);
