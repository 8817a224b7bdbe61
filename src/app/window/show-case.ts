/** A case with what was said in it and every step; a member's of their own. All that is written in it, they can read. */
import { z } from 'zod';
import { dayOf } from '../../policy/dates.ts';
import { type Actor, type Answer, done, type Service } from '../flow/service.ts';
import { caseView, clockOfCase, saidInCase, saidOfCase, viewOfCase } from './case-row.ts';
import { noSuchCase } from './change-case.ts';
import { mayExtend } from './clocks.ts';
import { keysOf, visibleCase } from './visible-case.ts';

export const showCaseInput = z.strictObject({ case: z.string().max(100) });
export const shownCaseView = caseView
  .extend({
    source: z.string().nullable(),
    /** Whose: for the staff who answer; null to others, and where it was erased. */
    record: z.string().nullable(),
    said: saidInCase,
    replyTo: z.string().nullable(),
    /** Whether it can be given two more months, today. */
    mayExtend: z.boolean(),
    answer: z.string().nullable(),
    steps: z.array(
      z.object({
        deed: z.enum(['opened', 'acknowledged', 'asked', 'answered', 'extended', 'done', 'refused', 'note']),
        /** `person`: who asked; else the organisation. */
        side: z.enum(['person', 'organisation']),
        /** Of the staff; null to a member. */
        by: z.string().nullable(),
        at: z.iso.datetime(),
        words: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'ShownCase' });
export type ShownCase = z.output<typeof shownCaseView>;

/** Refuses `not-found`. */
export async function showCase(
  service: Service,
  actor: Actor,
  { case: id }: z.output<typeof showCaseInput>,
): Promise<Answer<ShownCase>> {
  const own = await keysOf(service, actor);
  return service.state.as(actor.org, async (tx) => {
    const row = await visibleCase(tx, actor.org, own, id);
    if (row === null) return noSuchCase;
    const steps = await tx
      .selectFrom('member_case_step')
      .selectAll()
      .where('org', '=', actor.org)
      .where('member_case', '=', id)
      .orderBy('seq')
      .execute();
    const answers = actor.kind !== 'member' && (actor.roles.has('steward') || actor.roles.has('officer'));
    const reads = actor.kind === 'member' || answers;
    const today = dayOf(service.now().getTime());
    return done({
      ...viewOfCase(row, today),
      ...{ source: row.source, record: answers ? row.record : null, replyTo: reads ? row.reply_to : null },
      said: reads ? saidOfCase(row) : { words: null, field: null, value: null },
      mayExtend: row.ended_at === null && mayExtend(clockOfCase(row, today), today),
      answer: row.answer,
      steps: steps.map(({ deed, by_whom, at, words }) => ({
        ...{ deed, at: at.toISOString(), words },
        side: by_whom.startsWith('member:') ? ('person' as const) : ('organisation' as const),
        by: actor.kind === 'member' ? null : by_whom,
      })),
    });
  });
}
