/** A check as it is shown: to those of the supplier in full; to a party what it may know of the outcome (D3). */
import type { Selectable } from 'kysely';
import { z } from 'zod';
import { dayOf } from '../../policy/dates.ts';
import type { RequestState, Tables } from '../../store/postgres/tables.ts';
import type { Outcome } from '../gate/outcome.ts';
import { progressView, runFields, toProgress, toRun } from './run-view.ts';

export const checkView = z
  .object({
    ...runFields,
    request: z.string(),
    progress: progressView,
    /** The digest of the request that an approval of this check names. */
    digest: z.string().nullable(),
    cutOff: z.iso.datetime().nullable(),
    evaluated: z.number().int().nullable(),
    released: z.number().int().nullable(),
    /** The whole report; never shown to a party. */
    outcome: z.looseObject({}).nullable(),
    /** To a party, and only once it is approved: how many people at least, rounded down, and null for few (D3). */
    atLeast: z.number().int().nullable(),
  })
  .meta({ id: 'Check' });
export type CheckView = z.output<typeof checkView>;
export type CheckRow = Selectable<Tables['check_run']>;

/** What a check keeps: the report, and the digest of the documents it was made on. */
export type KeptOutcome = { readonly documents: string; readonly outcome: Outcome };

export const keptOutcome = (row: Pick<CheckRow, 'outcome'>): KeptOutcome | null =>
  row.outcome as KeptOutcome | null;

export const toCheckView = (row: CheckRow): CheckView => ({
  ...toRun(row),
  request: row.request,
  progress: toProgress(row),
  digest: row.to_approve,
  cutOff: row.cut_off?.toISOString() ?? null,
  evaluated: row.evaluated === null ? null : Number(row.evaluated),
  released: row.released === null ? null : Number(row.released),
  outcome: (keptOutcome(row)?.outcome as Record<string, unknown> | undefined) ?? null,
  atLeast: null,
});

/** A total is told in tens: who asks twice learns of no household. */
const step = 10n;

const toMinute = (at: Date): string => new Date(Math.floor(at.getTime() / 60_000) * 60_000).toISOString();

/**
 * To a party: no progress, for it counts the records; no reasons; no total before this very check is approved, nor one
 * below `smallest`. Times to the minute: how long a check took says how many records there are. Why a check failed may say what is in the supplier's files.
 */
export function toPartyCheckView(
  row: CheckRow,
  { approved, smallest }: { readonly approved: boolean; readonly smallest: number },
): CheckView {
  const { released } = row;
  const told = approved && released !== null && released >= BigInt(smallest);
  return {
    ...toCheckView(row),
    askedAt: toMinute(row.asked_at),
    finishedAt: row.finished_at === null ? null : toMinute(row.finished_at),
    progress: null,
    digest: null,
    cutOff: approved && row.cut_off !== null ? `${dayOf(row.cut_off.getTime())}T00:00:00.000Z` : null,
    evaluated: null,
    released: null,
    outcome: null,
    atLeast: told ? Number(released - (released % step)) : null,
    faultCode: row.fault_code === null ? null : 'check-failed',
    faultWords: row.fault_code === null ? null : 'the check could not be made; the supplier knows why',
  };
}

/** In these an approval stands. */
export const isApproved = (state: RequestState): boolean => state === 'AGREED' || state === 'FINALIZED';
