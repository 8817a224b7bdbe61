/** What one party is still to do, as a file: for its program, or to send to a party that has nobody here. */
import { z } from 'zod';
import type { Tx } from '../../store/postgres/state.ts';
import { stillHeld, unsettled } from '../flow/overdue-passed-on.ts';
import { ownParty } from '../flow/own-party.ts';
import { partyId } from '../flow/role-view.ts';
import { type Actor, type Answer, done, refused, type Service } from '../flow/service.ts';
import { csvCell } from '../people/recorded.ts';
import { inertText } from './copy-csv.ts';
import { type PassedOnRow, viewOfPassedOn } from './list-passed-on.ts';
import { partyName } from './show-party.ts';
import { someoneActs } from './someone-acts.ts';
import { holdPassingOn } from './write-passed-on.ts';

export const makeCodesInput = z.strictObject({ party: partyId });
export type CodesFile = {
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
  readonly stream: AsyncIterable<Uint8Array>;
};

const columns = ['code', 'kind', 'release', 'due', 'task', 'field', 'value'] as const;

/**
 * A line a task ("codes" in docs/formats-evidence.md); a row may have more than one. The new value of a correction is for the
 * party's own people, and for staff of the organisation where nobody acts for the party here: a key gets the line without it.
 * Refuses `not-found` for a party of which nobody knows, or another's.
 */
export async function makeCodes(
  service: Service,
  actor: Actor,
  { party }: z.output<typeof makeCodesInput>,
): Promise<Answer<CodesFile>> {
  const own = ownParty(actor);
  const found = await service.state.as(actor.org, async (tx) => {
    const rows = own === null || own === party ? await openOf(tx, actor.org, party) : null;
    return rows === null ? null : { rows, corrects: await seesValues(tx, actor, party) };
  });
  if (found === null) return refused('not-found', 'there is no such party');
  const lines = found.rows.map((row) => lineOf(row, found.corrects));
  const content = Buffer.from(`${[columns.join(','), ...lines].join('\r\n')}\r\n`);
  return done({
    name: `passed-on-${party}.csv`,
    type: 'text/csv; charset=utf-8',
    bytes: content.length,
    stream: only(content),
  });
}

/** Staff need the values only to send them on; whoever acts for the party fetches them. */
async function seesValues(tx: Tx, actor: Actor, party: string): Promise<boolean> {
  if (actor.kind !== 'staff') return false;
  return actor.party === party || !(await someoneActs(tx, actor.org, party));
}

/** Null of a party that no register and no task names. */
async function openOf(tx: Tx, org: string, party: string): Promise<readonly PassedOnRow[] | null> {
  if ((await partyName(tx, org, party)) === null) return null;
  await holdPassingOn(tx, org);
  const rows = await tx
    .selectFrom('passed_on')
    .selectAll()
    .select(stillHeld.as('held'))
    .where('org', '=', org)
    .where('party', '=', party)
    .where(unsettled)
    .where(stillHeld)
    .orderBy('due_on')
    .orderBy('code')
    .orderBy('id')
    .execute();
  return rows;
}

/** Ids and days of ours: none of them holds a comma or begins a formula. */
function lineOf(row: PassedOnRow, corrects: boolean): string {
  const { code, kind, release, due, task, correction } = viewOfPassedOn(row, row.due_on, corrects);
  const said = correction === null ? ['', ''] : [correction.field, correction.value].map(cell);
  return [code, kind, release, due, task, ...said].join(',');
}

const cell = (text: string): string => csvCell(inertText(text));

async function* only(content: Uint8Array): AsyncIterable<Uint8Array> {
  yield content;
}
