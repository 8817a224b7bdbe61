/** A case with what was said in it and every step; a member's of their own. All that is written in it, they can read. */
import { z } from 'zod';
import { dayOf } from '../../policy/dates.ts';
import type { Tx } from '../../store/postgres/state.ts';
import { readWorkspace } from '../flow/read-workspace.ts';
import { type Actor, type Answer, done, type Service } from '../flow/service.ts';
import {
  type CaseRow,
  caseView,
  clockOfCase,
  type SaidInCase,
  type StepRow,
  saidInCase,
  saidOfCase,
  viewOfCase,
} from './case-row.ts';
import { isAddressHeld, noSuchCase } from './change-case.ts';
import { mayExtend } from './clocks.ts';
import { isName } from './fields-held.ts';
import { isMailGivenUp } from './is-mail-given-up.ts';
import { resolutionsOf } from './may-be-held.ts';
import { othersOpen } from './others-open.ts';
import { ownAddresses } from './own-addresses.ts';
import type { KeyedRecord } from './record-key.ts';
import { isSafe } from './safe-contact.ts';
import { keysOf, placeIn, visibleCase } from './visible-case.ts';

export const showCaseInput = z.strictObject({ case: z.string().max(100) });
export const shownCaseView = caseView
  .extend({
    source: z.string().nullable(),
    /** Whose: for the staff who answer; null to others, and where it was erased. */
    record: z.string().nullable(),
    /** To a member: which of their records it is of, by which pages know it. Null to staff. */
    ofOwn: z.number().int().nullable(),
    said: saidInCase,
    replyTo: z.string().nullable(),
    /** A safe-contact flag stands: nobody sees a new name, and the staff no address to answer to. */
    safe: z.boolean(),
    /** The address on record was changed of late, and no mail goes there: told to the staff who answer. */
    addressHeld: z.boolean(),
    /** The last mail to the person was tried for days, and never went: told to the staff who answer. */
    mailGivenUp: z.boolean(),
    /** Whether it can be given two more months, today. */
    mayExtend: z.boolean(),
    answer: z.string().nullable(),
    /** Of somebody in no record: no mail goes to them, and the staff answer them where they asked to be. */
    isUnmatched: z.boolean(),
    /** Of such a one: the stops that came with it. `waits`: nobody has said whose it is. */
    stops: z.array(z.object({ event: z.string(), waits: z.boolean() })),
    /** Of an erasure that is open, to the staff who answer: what else the person asked for, which is to be answered first. */
    others: z.array(caseView),
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
  const kept = await service.state.as(actor.org, (tx) => keptOf(tx, service, actor.org, own, id));
  if (kept === null) return noSuchCase;
  const { row, steps, safe, addressHeld, mailGivenUp, resolved } = kept;
  const answers = actor.kind !== 'member' && (actor.roles.has('steward') || actor.roles.has('officer'));
  const reads = actor.kind === 'member' || answers;
  const hidden = safe && actor.kind !== 'member';
  const others = answers ? await othersOf(service, row) : [];
  const today = dayOf(service.now().getTime());
  return done({
    ...viewOfCase(row, today),
    ...{ source: row.source, record: answers ? row.record : null, ofOwn: own && placeIn(own, row), safe },
    replyTo: reads && !hidden ? row.reply_to : null,
    // Who stays out of sight is not written to.
    ...{ mailGivenUp: answers && !safe && mailGivenUp, addressHeld: answers && !safe && addressHeld },
    said: !reads ? nothingSaid : safe ? await withoutName(service, row) : saidOfCase(row),
    mayExtend: row.ended_at === null && mayExtend(clockOfCase(row, today), today),
    answer: reads ? row.answer : null,
    isUnmatched: row.record_key === null,
    others: others.map((each) => viewOfCase(each, today)),
    stops: row.stops.map((event) => ({ event, waits: !resolved.has(event) })),
    steps: steps.map(({ deed, by_whom, at, words }) => ({
      ...{ deed, at: at.toISOString(), words: reads ? words : null },
      side: by_whom.startsWith('member:') ? ('person' as const) : ('organisation' as const),
      by: actor.kind === 'member' ? null : by_whom,
    })),
  });
}

const nothingSaid: SaidInCase = { words: null, field: null, value: null };

type Kept = {
  readonly row: CaseRow;
  readonly steps: readonly StepRow[];
  readonly safe: boolean;
  readonly addressHeld: boolean;
  readonly mailGivenUp: boolean;
  /** Of its stops of nobody known. */
  readonly resolved: ReadonlySet<string>;
};

async function keptOf(
  tx: Tx,
  service: Service,
  org: string,
  own: readonly KeyedRecord[] | null,
  id: string,
): Promise<Kept | null> {
  const row = await visibleCase(tx, org, own, id);
  if (row === null) return null;
  const steps = await tx
    .selectFrom('member_case_step')
    .selectAll()
    .where('org', '=', org)
    .where('member_case', '=', id)
    .orderBy('seq')
    .execute();
  const { source, record_key } = row;
  const safe = source !== null && record_key !== null && (await isSafe(tx, org, source, record_key));
  const resolved = new Set((await resolutionsOf(tx, org, row.stops)).map(({ stop }) => stop));
  const addressHeld = await isAddressHeld(tx, service, row);
  return { row, steps, safe, addressHeld, mailGivenUp: await isMailGivenUp(tx, row), resolved };
}

/** What it would wait for, were it ended as done; of none but an erasure. */
async function othersOf(service: Service, row: CaseRow): Promise<readonly CaseRow[]> {
  const { org, kind, source, record, reply_to } = row;
  if (kind !== 'erasure' || row.ended_at !== null || row.stops.length > 0) return [];
  if (source === null || record === null) return [];
  const addresses = await ownAddresses(service, org, { source, record }, reply_to);
  return service.state.as(org, (tx) => othersOpen(tx, row, addresses));
}

/** No name on a screen, a member's own either: not the one that they correct it to. */
async function withoutName(service: Service, row: CaseRow): Promise<SaidInCase> {
  const said = saidOfCase(row);
  const { sources } = await readWorkspace(service, row.org);
  const source = sources.find(({ id }) => id === row.source);
  // Of a source that is not there any more nobody knows which fields are names.
  const names = said.field !== null && (source === undefined || isName(source, said.field));
  return names ? { ...said, value: null } : said;
}
