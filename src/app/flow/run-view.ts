/** Runs of jobs as they are shown: how far they are, and what came of them, in people's words. */
import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { RunState, Tables } from '../../store/postgres/tables.ts';

const run = {
  id: z.string(),
  state: z.enum(['queued', 'running', 'done', 'failed']),
  askedBy: z.string(),
  askedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  /** Why it failed: a code, and the same in words. */
  faultCode: z.string().nullable(),
  faultWords: z.string().nullable(),
};
export const progressView = z
  .object({ stage: z.string(), done: z.number().int(), total: z.number().int().nullable() })
  .nullable();

export const ingestView = z
  .object({ ...run, source: z.string(), records: z.number().int().nullable() })
  .meta({ id: 'Ingest' });
export const releaseRunView = z
  .object({ ...run, request: z.string(), progress: progressView })
  .meta({ id: 'ReleaseRun' });
export const runFields: typeof run = run;

type RunRow = {
  readonly id: string;
  readonly state: RunState;
  readonly asked_by: string;
  readonly asked_at: Date;
  readonly finished_at: Date | null;
  readonly fault_code: string | null;
  readonly fault_words: string | null;
};
export const toRun = (row: RunRow) => ({
  id: row.id,
  state: row.state,
  askedBy: row.asked_by,
  askedAt: row.asked_at.toISOString(),
  finishedAt: row.finished_at?.toISOString() ?? null,
  faultCode: row.fault_code,
  faultWords: row.fault_words,
});

type StagedRow = {
  readonly stage: string | null;
  readonly progress_done: bigint | null;
  readonly progress_total: bigint | null;
};
export const toProgress = (row: StagedRow): z.output<typeof progressView> =>
  row.stage === null
    ? null
    : {
        stage: row.stage,
        done: Number(row.progress_done ?? 0n),
        total: row.progress_total === null ? null : Number(row.progress_total),
      };

export const toIngestView = (row: Selectable<Tables['ingest']>): z.output<typeof ingestView> => ({
  ...toRun(row),
  source: row.source,
  records: row.records === null ? null : Number(row.records),
});

export const toReleaseRunView = (
  row: Selectable<Tables['release_run']>,
): z.output<typeof releaseRunView> => ({ ...toRun(row), request: row.request, progress: toProgress(row) });
