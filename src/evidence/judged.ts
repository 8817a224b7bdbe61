/** What was judged and how it came out, as evidence: histories, and everything that a verdict says (E2). */
import { z } from 'zod';
import type { Judgement, ReducedHistory } from '../policy/judgement.ts';
import { reasonsIn } from '../policy/reasons.ts';
import { EvidenceError } from './evidence-error.ts';

const historySchema = z.strictObject({
  collection: z.string(),
  origin: z.string().nullable(),
  known: z.enum(['recorded', 'derived', 'reconstructed', 'unknown']),
  unknownNotice: z.boolean(),
  candidates: z.array(z.string()),
  later: z.array(
    z.strictObject({
      notice: z.string().nullable(),
      delivery: z.enum(['delivered', 'sent', 'earlier']),
      when: z.enum(['unknown', 'impossible', 'recent', 'past']),
      sameDay: z.boolean(),
    }),
  ),
});

/** The histories of `histories.json`, each once, in the order of their numbers. Throws EvidenceError `evidence-malformed`. */
export function readHistories(value: unknown): readonly ReducedHistory[] {
  const result = z.array(historySchema).safeParse(value);
  if (!result.success)
    throw new EvidenceError(
      'evidence-malformed',
      `histories.json is not in its format: look at "${result.error.issues[0]?.path.join('.') ?? ''}"`,
    );
  return result.data;
}

/** The judgement as plain JSON: bit sets as the codes of their reasons, in the order of the table. */
export function judgementJson(judgement: Judgement): Readonly<Record<string, unknown>> {
  const codes = (bits: bigint): readonly string[] => reasonsIn(bits).map((reason) => reason.code);
  return {
    request: { reasons: codes(judgement.requestBits), findings: judgement.requestFindings },
    verdicts: judgement.verdicts.map(({ bits, ...verdict }) => ({ reasons: codes(bits), ...verdict })),
    conditionSets: judgement.conditionSets,
    consents: judgement.consents,
    retentions: judgement.retentions,
    collections: judgement.collections,
    lists: judgement.lists,
    lifting: judgement.lifting,
    needs: judgement.needs,
    cutOff: judgement.cutOff,
    day: judgement.day,
    end: judgement.end,
  };
}
