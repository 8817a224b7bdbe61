/** What a release obliges each party of its chain to, and by when. Pure: a request in, duties out. */

import { actsAsController } from '../../policy/asked.ts';
import { addPeriod } from '../../policy/dates.ts';
import type { CivilDate, Party, Period, Request } from '../../policy/model.ts';
import type { DutyKind } from '../../store/postgres/tables.ts';
import { informBy } from '../../supply/terms.ts';

export type DutyOwed = { readonly party: string; readonly kind: DutyKind; readonly due: CivilDate };

export type ReleaseMade = {
  readonly request: Pick<Request, 'chain' | 'use' | 'deleteBy'>;
  /** For whom it is sealed. */
  readonly recipient: string;
  /** Whose records they are: it owes nobody what it owes itself. */
  readonly supplier: string;
  /** In London. */
  readonly releasedOn: CivilDate;
};

/** Our own choice (E5 names no period): a week is enough to fetch, open and sign, and soon enough to look for a lost list. */
export const countersignWithin: Period = { months: 0, days: 7 };

/**
 * The duties of a release, those of one party after those of another, in the order of the chain. `inform` is each
 * controller's own: within a month of the release (Art 14(3)(a)), and no later than the use begins (Art 14(3)(b)), as the terms of its
 * supply say. Whoever holds the data deletes them by the request's day, and obeys stops until then. Days are the last
 * on which a duty can be done in time.
 */
export function dutiesOf(release: ReleaseMade): readonly DutyOwed[] {
  const { request, recipient, supplier, releasedOn } = release;
  const others = request.chain.filter(({ organisation }) => organisation !== supplier);
  return others.flatMap((party): readonly DutyOwed[] => {
    const owed = (kind: DutyKind, due: CivilDate): DutyOwed => ({ party: party.organisation, kind, due });
    const receives = party.organisation === recipient;
    return [
      ...(receives ? [owed('countersign', addPeriod(releasedOn, countersignWithin))] : []),
      ...(actsAsController(party)
        ? [owed('inform', informBy(releasedOn, request)), owed('stop-using', request.use.until)]
        : []),
      ...(receives || holds(party)
        ? [owed('delete', request.deleteBy), owed('obey-stops', request.deleteBy)]
        : []),
    ];
  });
}

/** A processor that keeps nothing holds for a controller, which answers for it; one that does not say so keeps (B1). */
const holds = (party: Party): boolean => party.role !== 'processor' || party.keeps !== false;

/** Our own choice: the month that a controller has to act on what is asked of it (Art 12(3)) is enough to delete. */
export const deleteAfterEnd: Period = { months: 1, days: 0 };

/** An agreement that ended: who is yet to delete, by the day they owed anyway or a month from its end, whichever is first. */
export function dutiesOfEnd(
  yetToDelete: readonly { readonly party: string; readonly due: CivilDate }[],
  endedOn: CivilDate,
): readonly DutyOwed[] {
  const within = addPeriod(endedOn, deleteAfterEnd);
  return yetToDelete.map(({ party, due }) => ({
    party,
    kind: 'delete',
    due: [due, within].sort()[0] ?? within,
  }));
}
