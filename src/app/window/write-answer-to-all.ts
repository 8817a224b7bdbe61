/** One answer to all that a party was told up to an instant, as staff enter it of a file that it was sent. */
import { dayOf } from '../../policy/dates.ts';
import type { Tx } from '../../store/postgres/state.ts';
import { stillHeld } from '../flow/overdue-passed-on.ts';
import { type Actor, type Answer, done, type Refused, refused, type Service } from '../flow/service.ts';
import { type PassedOnRow, type PassedOnView, seesCorrection, viewOfPassedOn } from './list-passed-on.ts';
import { type AnswerGiven, changeOf, refusedWordless } from './write-answer.ts';

type Given = Omit<AnswerGiven, 'tasks'> & { readonly upTo: Date };
/** `items`: up to 500 of the `number` of tasks. */
type Answered = { readonly items: PassedOnView[]; readonly number: number };
const atOnce = 500;

/**
 * All of them, in one transaction; `bar` is asked of the one told last. What was answered, even refused, stays as it is: that is
 * put right task by task. Refuses `input-invalid` for an instant to come and a refusal without words, `not-found` where nothing
 * is left to answer, and what `bar` refuses.
 */
export async function writeAnswerToAll(
  service: Service,
  actor: Actor,
  given: Given,
  bar: (tx: Tx, rows: readonly Pick<PassedOnRow, 'code' | 'made_at'>[]) => Promise<Refused | null>,
): Promise<Answer<Answered>> {
  const now = service.now();
  if (given.upTo > now) return refused('input-invalid', `${given.upTo.toISOString()} is yet to come`);
  const wordless = refusedWordless(given);
  if (wordless !== null) return wordless;
  return service.state.as(actor.org, async (tx) => {
    const last = await unanswered(tx, actor.org, given)
      .select(['code', 'made_at'])
      .orderBy('made_at', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (last === undefined) return nothingOpen(given);
    const fault = await bar(tx, [last]);
    if (fault !== null) return fault;
    // What comes in meanwhile was not asked of: no later than the last that `bar` has seen.
    const ids = await lock(tx, actor.org, { party: given.party, upTo: last.made_at });
    if (ids.length === 0) return nothingOpen(given);
    for (let start = 0; start < ids.length; start += atOnce)
      await tx
        .updateTable('passed_on')
        .set(changeOf(actor, given, now))
        .where('org', '=', actor.org)
        .where('id', 'in', ids.slice(start, start + atOnce))
        .execute();
    const first = await rowsOf(tx, actor.org, ids.slice(0, atOnce));
    const today = dayOf(now.getTime());
    const items = first.map((row) => viewOfPassedOn(row, today, seesCorrection(actor)));
    return done({ items, number: ids.length });
  });
}

const nothingOpen = ({ party, upTo }: Given): Refused =>
  refused('not-found', `nothing that ${party} was told up to ${upTo.toISOString()} waits for an answer`);

type Which = Pick<Given, 'party' | 'upTo'>;

/** What a party was told up to an instant, holds, and has not answered. */
export const unanswered = (tx: Tx, org: string, { party, upTo }: Which) =>
  tx
    .selectFrom('passed_on')
    .where('org', '=', org)
    .where('party', '=', party)
    .where('acknowledged_at', 'is', null)
    .where('made_at', '<=', upTo)
    .where(stillHeld);

/** In one order, as those of a single answer are. */
async function lock(tx: Tx, org: string, which: Which): Promise<readonly string[]> {
  const rows = await unanswered(tx, org, which).select('id').orderBy('id').forUpdate('passed_on').execute();
  return rows.map(({ id }) => id);
}

const rowsOf = (tx: Tx, org: string, ids: readonly string[]): Promise<readonly PassedOnRow[]> =>
  tx
    .selectFrom('passed_on')
    .selectAll()
    .select(stillHeld.as('held'))
    .where('org', '=', org)
    .where('id', 'in', [...ids])
    .orderBy('id')
    .execute();
