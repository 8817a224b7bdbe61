/**
 * What `astold verify` says of a receipt or a proof, for whoever puts it in front of the server: under the keys of its own
 * organisations, and with what their published logs hold of it by now. Nothing of it is kept.
 */
import { z } from 'zod';
import { readLogVerifier } from '../../documents/log-key.ts';
import type { Workspace } from '../../documents/workspace.ts';
import { EvidenceError } from '../../evidence/evidence-error.ts';
import { ReceiptError, receiptFormat } from '../../evidence/receipt.ts';
import { type LogPlace, placeOf, withPlace } from '../../evidence/receipt-place.ts';
import { parseSquare, type Square } from '../../evidence/receipt-square.ts';
import { LogError } from '../../log/log-error.ts';
import { parseNote } from '../../log/note.ts';
import { RosterError } from '../../roster/roster-error.ts';
import { preferencesIn, preparePreferences } from '../../store/preferences.ts';
import { publishedCheckpoint } from '../../store/standing-checkpoint.ts';
import { peopleOptions } from '../flow/people-options.ts';
import { readWorkspace } from '../flow/read-workspace.ts';
import type { Service } from '../flow/service.ts';
import { rootOf } from '../flow/workspace-of.ts';
import { nothingAsked } from '../log/own-log.ts';
import { policyOf } from '../log/witness-client.ts';
import { ProofError } from '../proof/proof-error.ts';
import { readGiven, type Verified, verifyGiven } from '../proof/verify.ts';
import { agreedWording, type Wording } from './agreed-wording.ts';

type Known = { readonly org: string; readonly club: string };
export type CheckedGiven =
  | (Known & {
      readonly kind: 'holds';
      readonly verified: Verified;
      /** Of organisations that a receipt may name, by their ids. */
      readonly names: ReadonlyMap<string, string>;
      /** That a yes was to, by the notice as it now is; null where there is none of it, and of what is no receipt of a yes. */
      readonly wording: Wording | null;
      /** The receipt with its place in the log, where the one that was given lacked it. */
      readonly completed: unknown;
    })
  /** What a square says is known, and where the log has it by now. */
  | (Known & { readonly kind: 'square'; readonly place: LogPlace | null })
  | { readonly kind: 'square-unknown' }
  /** Of no organisation here; `log` is in whose name it is signed. */
  | { readonly kind: 'log-unknown'; readonly log: string | null }
  | { readonly kind: 'fails'; readonly code: string; readonly message: string };

/** `bytes` are a file, or what somebody typed. */
export async function checkGiven(service: Service, bytes: Buffer): Promise<CheckedGiven> {
  const square = parseSquare(bytes.subarray(0, 2_000).toString('utf8'));
  if (square !== null) return checkSquare(service, square);
  try {
    const value = readGiven(bytes);
    const signers = signersOf(value);
    const known = await ownerOf(service, signers);
    // What is signed by nobody is first of all in no format.
    if (signers.length === 0) await verifyGiven(value, { ...offline, logKey: null, root: null });
    if (known === null) return { kind: 'log-unknown', log: signers[0] ?? null };
    const completed = await complete(service, known.org, value);
    const { root, vkey } = known;
    // Whether a receipt holds does not depend on them: where they cannot be read, ids are said.
    const workspace = await readWorkspace(service, known.org).catch(() => null);
    const witnesses =
      workspace === null
        ? nothingAsked
        : policyOf(workspace.config.witnesses, workspace.config.witnessPolicy);
    const verified = await verifyGiven(completed ?? value, { ...offline, witnesses, logKey: vkey, root });
    const { names, wording } = await registerOf(service, known.org, workspace, verified);
    return { kind: 'holds', org: known.org, club: known.club, verified, names, wording, completed };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { kind: 'fails', code: error.code, message: error.message };
  }
}

const offline = { manifest: null, witnesses: nothingAsked, token: null } as const;

/** What is wrong with the file, and not with the server. */
const isRefusal = (error: unknown): error is Error & { readonly code: string } =>
  error instanceof ReceiptError ||
  error instanceof ProofError ||
  error instanceof EvidenceError ||
  error instanceof RosterError ||
  error instanceof LogError;

/** In whose name its promise, or its checkpoint, is signed; none where it has neither. Throws ProofError of no object at all. */
function signersOf(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null)
    throw new ProofError('format-unknown', 'the file is no receipt and no proof');
  const within = (of: unknown, name: string): unknown =>
    typeof of === 'object' && of !== null
      ? new Map<string, unknown>(Object.entries(of)).get(name)
      : undefined;
  const format = within(value, 'format');
  if (typeof format !== 'string' || !format.startsWith('astold/'))
    throw new ProofError('format-unknown', 'the file names no format that can be verified');
  const notes = [within(value, 'promise'), within(within(value, 'log'), 'checkpoint')];
  return notes.flatMap((note) =>
    typeof note === 'string' ? parseNote(note).signatures.map(({ name }) => name) : [],
  );
}

async function ownerOf(
  service: Service,
  names: readonly string[],
): Promise<(Known & { readonly root: string; readonly vkey: string }) | null> {
  for (const { org, name } of await service.state.organisations()) {
    const root = rootOf(service, org);
    const verifier = await readLogVerifier(root).catch(() => null);
    if (verifier !== null && names.includes(verifier.name))
      return { org, club: name, root, vkey: verifier.vkey };
  }
  return null;
}

/** What is none is no event of ours: it is looked for nowhere. */
const squareOf = z.object({
  event: z.string().regex(/^[a-z0-9-]{1,80}$/),
  entry: z.string().regex(/^[0-9a-f]{64}$/),
});

/** By the documents as they now are. */
async function registerOf(
  service: Service,
  org: string,
  workspace: Workspace | null,
  verified: Verified,
): Promise<Pick<Extract<CheckedGiven, { kind: 'holds' }>, 'names' | 'wording'>> {
  const names = new Map(workspace?.organisations.map(({ id, legalName }) => [id, legalName]) ?? []);
  if (workspace === null || verified.kind !== 'receipt') return { names, wording: null };
  const { notice, consent, signed, at } = verified;
  const wordingOf = await agreedWording(service, org, workspace);
  return { names, wording: wordingOf(notice, consent, signed ?? at) };
}

/** A receipt that was a promise alone, with its place in the log where it has one by now; null where nothing was added. */
async function complete(service: Service, org: string, value: unknown): Promise<unknown> {
  const { format, logged, entry, content } = value as Record<string, unknown>;
  const event = typeof content === 'object' && content !== null && 'event' in content ? content.event : null;
  const square = squareOf.safeParse({ event, entry });
  if (format !== receiptFormat || logged !== null || !square.success) return null;
  const place = await placeIn(service, org, square.data);
  return place === null || place === 'pending' ? null : withPlace(value, place);
}

async function checkSquare(service: Service, square: Square): Promise<CheckedGiven> {
  for (const { org, name } of await service.state.organisations()) {
    const place = await placeIn(service, org, square);
    if (place !== null) return { kind: 'square', org, club: name, place: place === 'pending' ? null : place };
  }
  return { kind: 'square-unknown' };
}

const patience = 30_000;

/** Where the published log has the entry of an event; null where there is no such event, or its entry is another. */
async function placeIn(
  service: Service,
  org: string,
  { event, entry }: Square,
): Promise<LogPlace | 'pending' | null> {
  const ledger = await peopleOptions(service, org).ledger.open({ waitMs: patience });
  try {
    await preparePreferences(ledger);
    const stored = await preferencesIn(ledger).find(event);
    if (stored === null || (await ledger.entry(stored.index))?.toString('hex') !== entry) return null;
    const published = await publishedCheckpoint(rootOf(service, org), ledger.verifier);
    const proof = published === null ? null : await ledger.prove(stored.index, published.text);
    return proof === null ? 'pending' : placeOf(event, proof);
  } finally {
    await ledger.close();
  }
}
