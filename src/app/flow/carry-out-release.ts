/**
 * The job that releases: decides again at its own cut-off, logs, has the release appear, seals it, and opens the duties. Cut
 * short anywhere, it is taken up from what stands: the row of the release is written with its entry in the log, and from then
 * on nothing is decided again.
 */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Selectable } from 'kysely';
import { forgetHeld, holdPackage } from '../../bulk/outputs/held-package.ts';
import { fileDigest } from '../../bulk/outputs/manifest.ts';
import { readLogVerifier } from '../../documents/log-key.ts';
import type { Workspace } from '../../documents/workspace.ts';
import type { Tx } from '../../store/postgres/state.ts';
import type { Tables } from '../../store/postgres/tables.ts';
import { transactionOf } from '../../store/postgres/transaction-of.ts';
import { envelopeFile, openEnvelope } from '../../supply/envelope.ts';
import { askedOf, releaseId } from '../gate/context.ts';
import { release } from '../gate/release.ts';
import { takeUpRelease } from '../gate/take-up-release.ts';
import { seal, supplyFolder, zipFile } from '../supply/seal.ts';
import { makeTraceIndex } from '../supply/trace-indexes.ts';
import { carryOut, type Ended, gateOptions } from './carry-out.ts';
import { changeState, type RequestRow } from './change-request.ts';
import { approvedGroundBar } from './checked-ground.ts';
import { documentSet } from './current-documents.ts';
import { endedAgreement, holdAgreement } from './ended-agreement.ts';
import { FlowError } from './flow-error.ts';
import { openDuties } from './open-duties.ts';
import { queueWebhook } from './queue-webhook.ts';
import { refusalWords } from './refusal-words.ts';
import { failRun, type Job, progressOf, type RunFault } from './run-row.ts';
import type { Service } from './service.ts';
import { standingBar } from './standing-bars.ts';
import { tellChange } from './tell-change.ts';
import type { HeldWorkspace } from './workspace-of.ts';

type ReleaseRow = Selectable<Tables['release']>;
/** `version`: of the request, that was asked for. */
type Asked = { readonly request: RequestRow; readonly by: string; readonly version: number };
/** A release is sealed by the run that decides it. What is said in between reaches the recipient as what is said after. */
const decidedWithin = 15 * 60_000;

const failed = (code: string, words: string): Ended & { readonly kind: 'failed' } => ({
  kind: 'failed',
  fault: { code, words },
});

export function carryOutRelease(service: Service, job: Job): Promise<void> {
  return carryOut(service, 'release_run', job, async (held): Promise<Ended> => {
    const asked = await askedFor(service, job);
    const standing = await releaseOf(service, asked.request);
    const unfit =
      (standing === undefined ? notAsked(asked) : null) ??
      (await changedSince(service, held, asked.request)) ??
      unsealable(held.workspace, asked.request);
    if (unfit !== null) return { kind: 'failed', fault: unfit };
    // Nobody else works here: what is half written is of a run that died.
    await clearHalfWritten(held.workspace.root);
    const made = standing ?? (await decide(service, held, job, asked));
    if ('kind' in made) return made;
    const { index, manifest } = { index: made.log_index, manifest: made.manifest };
    const taken = await takeUpRelease(held.workspace, held.place, { release: made.id, manifest, index });
    if (taken === 'lost')
      throw new FlowError(
        'release-lost',
        `release ${made.id} is in the log, and what it consists of is not on the disk: put the organisation's folder back from its copy`,
      );
    return supply(service, held, job, asked.request, made);
  });
}

async function askedFor({ state }: Service, { org, id }: Job): Promise<Asked> {
  return state.as(org, async (tx) => {
    const run = await tx
      .selectFrom('release_run')
      .select(['request', 'asked_by', 'version'])
      .where('org', '=', org)
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    const request = await tx
      .selectFrom('request')
      .selectAll()
      .where('org', '=', org)
      .where('id', '=', run.request)
      .executeTakeFirstOrThrow();
    return { request, by: run.asked_by, version: run.version };
  });
}

const releaseOf = ({ state }: Service, { org, id }: RequestRow): Promise<ReleaseRow | undefined> =>
  state.as(org, (tx) =>
    tx.selectFrom('release').selectAll().where('org', '=', org).where('request', '=', id).executeTakeFirst(),
  );

/** What is approved now must be what was asked for: an approval that came later is of something else. */
function notAsked({ request: { id, state, version }, version: asked }: Asked): RunFault | null {
  if (state !== 'AGREED')
    return { code: 'wrong-state', words: `request ${id} is ${state}: only what is approved is released` };
  if (version === asked) return null;
  const words = `request ${id} was changed after its release was asked for; look at it, and ask again`;
  return { code: 'changed-meanwhile', words };
}

/** What it is decided on, and sealed by, are the documents that were approved: of a release that stands as well. */
async function changedSince(
  { state }: Service,
  { documents }: HeldWorkspace,
  request: RequestRow,
): Promise<RunFault | null> {
  const bar = await state.as(request.org, (tx) => approvedGroundBar(tx, request, documents));
  return bar === null ? null : { code: bar.code, words: bar.message };
}

/** What plainly stands against sealing is said before anything is released. */
function unsealable({ config, supply: { keys } }: Workspace, { recipient }: RequestRow): RunFault | null {
  if (config.kind === 'reconstruction')
    return { code: 'reconstruction-not-sealed', words: 'a reconstruction is not sealed for anyone (B6)' };
  if ((keys.get(recipient)?.age ?? null) !== null) return null;
  return {
    code: 'recipient-key-missing',
    words: `${recipient} has no age-key in organisations.yaml; ask them for it: astold recipient-keys ${recipient}`,
  };
}

async function clearHalfWritten(root: string): Promise<void> {
  for (const place of ['releases', 'evidence']) {
    const folder = join(root, place);
    const names = await readdir(folder).catch((): readonly string[] => []);
    for (const name of names)
      if (/^\..+\.partial$/.test(name)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Decides and logs; the row of the release comes with its entry. */
async function decide(
  service: Service,
  held: HeldWorkspace,
  job: Job,
  { request, by }: Asked,
): Promise<ReleaseRow | Extract<Ended, { kind: 'failed' }>> {
  const { workspace } = held;
  const id = releaseId(askedOf(workspace, request.id, null));
  const progress = progressOf(service, 'release_run', job);
  const done = await release(workspace, request.id, {
    ...gateOptions(service, held, progress.onProgress),
    hold: (dirs) => holdPackage(workspace.root, id, dirs),
    alongside: async (tx, logged) => {
      const of = { ...logged, request, by, now: service.now() };
      const state = transactionOf(tx);
      await held.requireHeld(state);
      await finalize(state, of);
    },
  }).catch(async (error: unknown) => {
    // Kept only for what is in the log.
    if ((await releaseOf(service, request)) === undefined) await forgetHeld(workspace.root, id);
    throw error;
  });
  await progress.settled();
  if (done.kind === 'nothing') return failed('nothing-to-release', refusalWords(done.outcome));
  if (done.kind === 'refused') return failed(done.code, done.message);
  await forgetHeld(workspace.root, done.release);
  const row = await releaseOf(service, request);
  if (row === undefined) throw new TypeError('a release was logged, and its row is not there');
  return row;
}

/** Stands against a release in the very transaction of its entry; nothing of it is committed. */
class Barred extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = 'Barred';
    this.code = code;
  }
}

type Finalized = {
  readonly request: RequestRow;
  readonly by: string;
  readonly now: Date;
  readonly release: string;
  readonly manifest: string;
  readonly cutOff: string;
  readonly rows: number;
  readonly index: bigint;
};

/**
 * The log is locked: a freeze, or an end of the agreement, is before this and seen, or after it. Documents changed while it was
 * decided are not those that were approved. Throws Barred.
 */
async function finalize(tx: Tx, logged: Finalized): Promise<void> {
  const { request, by, now } = logged;
  const { org, recipient } = request;
  const bar =
    (await approvedGroundBar(tx, request, await documentSet(tx, org))) ??
    (await standingBar(tx, request, now));
  if (bar !== null) throw new Barred(bar.code, bar.message);
  const change = { org, request: request.id, deed: 'released', by, words: null, now } as const;
  const changed = await changeState(tx, { ...change, version: request.version });
  if (changed.kind === 'refused') throw new Barred(changed.code, changed.message);
  await tx
    .insertInto('release')
    .values({
      ...{ org, id: logged.release, request: request.id, recipient, rows: logged.rows },
      ...{
        cut_off: new Date(logged.cutOff),
        manifest: logged.manifest,
        log_index: logged.index,
        released_at: now,
      },
    })
    .execute();
  await tellChange(tx, changed.value, now);
  const data = { release: logged.release, request: request.id };
  await queueWebhook(tx, org, { event: 'release.made', parties: [recipient], data }, now);
}

/** Sealed for its recipient, once; then the duties begin. */
async function supply(
  service: Service,
  { workspace, place }: HeldWorkspace,
  job: Job,
  { org, recipient, agreement }: RequestRow,
  made: ReleaseRow,
): Promise<Ended> {
  const sealed = await seal(workspace, place, made.id, recipient, 'whole', decidedWithin);
  if (sealed.kind === 'refused' && sealed.code !== 'supply-exists')
    return failed(sealed.code, sealed.message);
  await indexCodes(service, workspace, made);
  const { request, source } = askedOf(workspace, made.request, null);
  const row = await sealedRow(workspace, made.id, recipient);
  return {
    kind: 'done',
    async write(tx) {
      const now = service.now();
      await holdAgreement(tx, org, agreement);
      if ((await endedAgreement(tx, org, agreement)) !== null) {
        const words = `the agreement ${agreement} has ended: release ${made.id} is not handed over`;
        return failRun(tx, 'release_run', job, { code: 'agreement-ended', words }, now);
      }
      await tx
        .insertInto('supply')
        .values({ org, release: made.id, recipient, ...row })
        .onConflict((conflict) => conflict.columns(['org', 'release', 'recipient']).doNothing())
        .execute();
      const of = { org, release: made.id, recipient, request, supplier: source.organisation };
      await openDuties(tx, { ...of, releasedAt: made.released_at });
      const data = { release: made.id, supply: row.id };
      await queueWebhook(tx, org, { event: 'supply.ready', parties: [recipient], data }, now);
      await tx
        .updateTable('release_run')
        .set({ state: 'done', finished_at: now })
        .where('org', '=', org)
        .where('id', '=', job.id)
        .where('state', '=', 'running')
        .execute();
    },
  };
}

/** For who types the code of a letter. It can be made again at any time: without it the release is no less a release. */
async function indexCodes({ log, limits }: Service, workspace: Workspace, made: ReleaseRow): Promise<void> {
  const options = { threads: limits.engineThreads ?? null, memoryLimit: limits.engineMemory ?? null };
  try {
    await makeTraceIndex(workspace, made.id, options);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'failed';
    log.warn({ org: made.org, release: made.id, code }, 'the codes of a release were not indexed');
  }
}

/** What was sealed, as it stands on the disk: now, or by a run that was cut short. `path` is below the organisation's folder. */
async function sealedRow({ root }: Workspace, release: string, recipient: string) {
  const folder = supplyFolder(root, release, recipient, 'whole');
  const { envelope } = openEnvelope(
    await readFile(join(folder, envelopeFile), 'utf8'),
    await readLogVerifier(root),
  );
  const { digest, bytes } = await fileDigest(join(folder, zipFile));
  return {
    id: digest,
    path: join('supplies', release, `whole-${recipient}`, zipFile),
    bytes,
    rows: envelope.list.rows,
    roster_root: envelope.roster.root,
    sealed_at: new Date(envelope.sealedAt),
  };
}
