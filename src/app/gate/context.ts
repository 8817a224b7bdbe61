/**
 * What a use case of the gate works in: the engine, the snapshot, the lists, and everything the request is judged
 * on. The engine and the ingest are loaded only when a gate is opened.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { SnapshotFiles } from '../../bulk/compile.ts';
import type { Engine } from '../../bulk/engine.ts';
import type { ListSnapshot, Snapshot } from '../../bulk/ingest/snapshot.ts';
import { deriveKey, readKey } from '../../documents/key.ts';
import type { Workspace } from '../../documents/workspace.ts';
import { dayOf } from '../../policy/dates.ts';
import type { GateContext } from '../../policy/judgement.ts';
import type {
  Approval,
  CivilDate,
  FileSpec,
  Instant,
  Request,
  Source,
  SuppressionList,
} from '../../policy/model.ts';
import type { LedgerPlace } from '../../store/ledger.ts';
import { beginReadingSource, type Reading } from './begin-reading.ts';
import { freeze } from './frozen.ts';

export type GateErrorCode =
  | 'request-unknown'
  | 'source-unknown'
  | 'record-unknown'
  | 'as-of-future'
  | 'day-turned'
  | 'deciders-disagree';
export class GateError extends Error {
  readonly code: GateErrorCode;
  constructor(code: GateErrorCode, message: string) {
    super(message);
    this.name = 'GateError';
    this.code = code;
  }
}

export type Progress = (stage: string, done: number, total: number | null) => void;
export type GateOptions = {
  /** Decide as of this past instant; null is now, or the reconstruction's clock (B6). */
  readonly asOf: Instant | null;
  readonly onProgress: Progress;
  readonly threads: number | null;
  /** As the engine takes it: `512MB`. */
  readonly memoryLimit: string | null;
  /** Of the workspace that is decided in. */
  readonly ledger: LedgerPlace;
  /** Begun for the same request of the same workspace, where it could be before the gate was loaded. */
  readonly reading?: Reading | null;
};
/** Where a request is asked: which instant, which documents. Needs no engine. */
export type Asked = {
  readonly request: Request;
  readonly source: Source;
  readonly cutOff: Instant;
  readonly day: CivilDate;
  readonly mark: 'reconstruction' | 'as-of' | null;
};
export type ScreenedList = { readonly list: SuppressionList; readonly snapshot: ListSnapshot };
export type Gate = Asked & {
  readonly workspace: Workspace;
  readonly engine: Engine;
  readonly key: Buffer;
  readonly snapshot: Snapshot;
  readonly files: SnapshotFiles;
  readonly lists: readonly ScreenedList[];
  /** Entries of the log when the recorded events were read; null where nothing was ever logged. */
  readonly logSize: bigint | null;
  readonly context: GateContext;
  close(): void;
};

/** Finds the request and its source, and fixes the instant of the decision. */
export function askedOf(workspace: Workspace, requestId: string, asOf: Instant | null): Asked {
  const request = workspace.requests.find((r) => r.id === requestId);
  if (!request) {
    const known = workspace.requests.map((r) => r.id).join(', ') || 'none';
    throw new GateError(
      'request-unknown',
      `no request "${requestId}"; the requests of this workspace are: ${known}`,
    );
  }
  const source = workspace.sources.find((s) => s.id === request.source);
  if (!source)
    throw new GateError(
      'source-unknown',
      `request "${requestId}" names the source "${request.source}", which is not on file`,
    );
  const { kind, clock } = workspace.config;
  const present = kind === 'reconstruction' ? clock : Date.now();
  if (present === null) throw new GateError('as-of-future', 'a reconstruction needs a clock in astold.yaml');
  if (asOf !== null && !(asOf <= present)) {
    throw new GateError(
      'as-of-future',
      `--as-of checks the past, and ${new Date(asOf).toISOString()} is not past`,
    );
  }
  const cutOff = asOf ?? present;
  const mark = kind === 'reconstruction' ? 'reconstruction' : asOf === null ? null : 'as-of';
  return { request, source, cutOff, day: dayOf(cutOff), mark };
}

/** Opens the engine, ingests what has changed, and gathers what the request is judged on. Close it. */
export async function openGate(
  workspace: Workspace,
  asked: Asked,
  approvalRequired: boolean,
  options: GateOptions,
): Promise<Gate> {
  const state = join(workspace.root, '.astold');
  const begun = options.reading?.source === asked.source ? options.reading : null;
  const { inputs, memory } = begun ?? beginReadingSource(workspace, asked.source);
  const [{ openDuckdb }, { ingestSource }, { screenList }, { closeWorkplace, openWorkplace }, key] =
    await Promise.all([
      import('../../bulk/engines/duckdb.ts'),
      import('../../bulk/ingest/ingest-source.ts'),
      import('../../bulk/ingest/screen-list.ts'),
      import('../../bulk/ingest/workplace.ts'),
      readKey(workspace.root),
    ]);
  const recordings = openWorkplace(join(state, 'tmp'));
  let opened: Engine | null = null;
  const close = (): void => {
    opened?.close();
    closeWorkplace(recordings);
  };
  try {
    const { logSize, recorded, at } = await freeze(options.ledger, asked.source.id, recordings);
    const now = asOfFreeze(asked, at);
    const threads = options.threads ?? threadsFor([...inputs, ...(recorded?.files ?? [])]);
    const engine = await openDuckdb({
      tempDirectory: join(state, 'tmp'),
      ...(threads === null ? {} : { threads }),
      ...(options.memoryLimit === null ? {} : { memoryLimit: options.memoryLimit }),
    });
    opened = engine;
    const snapshot = await ingestSource(engine, {
      source: asked.source,
      recorded,
      dir: state,
      onProgress: options.onProgress,
    });
    const lists: ScreenedList[] = [];
    for (const list of workspace.lists)
      lists.push({ list, snapshot: await screenList(engine, { list, source: asked.source, snapshot }) });
    memory.save();
    const file = (name: string): string => join(snapshot.eventsDir, `${name}.parquet`);
    const files = {
      records: join(snapshot.dir, 'records.parquet'),
      later: file('later'),
      stops: file('stops'),
      permissions: file('permissions'),
    };
    const context = gateContext(workspace, now, approvalRequired, {
      preferencesReadable: snapshot.preferencesReadable,
      listsReadable: lists.map(({ snapshot: kept }) => kept.readable),
    });
    return { ...now, workspace, engine, key, snapshot, files, lists, logSize, context, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** Where all that is read is less than this, a second thread of the engine costs more than it saves. */
const smallInputs = 4 << 20;

/** One for a little, else null: as many as there are processors. A file that is not there weighs nothing. */
function threadsFor(files: readonly Pick<FileSpec, 'path'>[]): number | null {
  const sizes = files.map(({ path }) => statSync(path, { throwIfNoEntry: false })?.size ?? 0);
  return sizes.reduce((sum, size) => sum + size, 0) < smallInputs ? 1 : null;
}

/**
 * The cut-off of a live workspace is the instant at which its log was frozen, not the one at which somebody asked: a
 * stop that was logged between the two is in (E3).
 */
function asOfFreeze(asked: Asked, cutOff: Instant): Asked {
  if (asked.mark !== null) return asked;
  if (dayOf(cutOff) === asked.day) return { ...asked, cutOff };
  throw new GateError(
    'day-turned',
    'the day turned while this began, and the rules of a day hold for it; run it again',
  );
}

/** What of the data could be read: `listsReadable` in the order of the workspace's lists. */
export type ReadableData = {
  readonly preferencesReadable: boolean;
  readonly listsReadable: readonly boolean[];
};

/** What a request is judged on, of the documents of a workspace or of a copy of them. A list nobody speaks of was not read. */
export function gateContext(
  workspace: Workspace,
  { request, source, cutOff, day }: Pick<Asked, 'request' | 'source' | 'cutOff' | 'day'>,
  approvalRequired: boolean,
  { preferencesReadable, listsReadable }: ReadableData,
): GateContext {
  return {
    request,
    agreement: workspace.agreements.find((a) => a.id === request.agreement) ?? null,
    source,
    organisations: workspace.organisations,
    notices: workspace.notices,
    upstream: workspace.upstream,
    assessments: workspace.assessments,
    duties: workspace.duties,
    freezes: workspace.freezes,
    lists: workspace.lists.map((list, i) => ({ list, readable: listsReadable[i] === true })),
    approval: { required: approvalRequired, given: approvalOf(workspace.approvals, request) },
    rules: workspace.rules,
    cutOff,
    day,
    preferencesReadable,
  };
}

/** The approval of this very request; else one of an earlier wording, which the judgement refuses by its digest. */
export function approvalOf(approvals: readonly Approval[], request: Request): Approval | null {
  const own = approvals.filter((approval) => approval.request === request.id);
  return own.find((approval) => approval.requestDigest === request.digest) ?? own[0] ?? null;
}

/** The id of a release: its day and its request (docs/formats.md). */
export const releaseId = ({ day, request }: ReleaseNamed): string => `${day}-${request.id}`;
type ReleaseNamed = { readonly day: CivilDate; readonly request: { readonly id: string } };

/** The key of a release's pseudonyms (E2, E11). */
export function pseudonymKey(
  key: Buffer,
  asked: ReleaseNamed & { readonly source: { readonly id: string } },
): string {
  return deriveKey(key, `astold/1/decisions/${releaseId(asked)}/${asked.source.id}`);
}
