/** What may have changed since the release that forbids handing it over: the day (B6), freezes and duties (B5), the approval (B8). */
import type { Approval, CivilDate, Duty, Freeze, Organisation, Request } from '../policy/model.ts';
import { organisationMeets, purposeMeets } from '../policy/promises.ts';
import { approvalFindings } from '../policy/request-rules.ts';

export type HandOver = {
  readonly request: Request;
  readonly supplier: string;
  readonly organisations: readonly Organisation[];
  readonly duties: readonly Duty[] | null;
  readonly freezes: readonly Freeze[] | null;
  /** Of this request; null where there is none any more. */
  readonly approval: Approval | null;
  /** The real day. */
  readonly today: CivilDate;
  /** The day of the release. */
  readonly day: CivilDate;
};
export type HandOverRefusal =
  | 'release-not-today'
  | 'document-missing'
  | 'frozen'
  | 'duty-overdue'
  | 'not-approved';

/** Why the release may not be handed over today; null: nothing here refuses. */
export function handOverRefusal(
  given: HandOver,
): { readonly code: HandOverRefusal; readonly message: string } | null {
  const { request, organisations, duties, freezes, today, day } = given;
  if (day !== today) {
    return {
      code: 'release-not-today',
      message: `the release is of ${day}: who said stop since is in it; release again, and seal that`,
    };
  }
  if (duties === null || freezes === null)
    return { code: 'document-missing', message: 'duties.yaml and freezes.yaml must both be there (B5)' };
  const approval = { required: true, given: given.approval };
  const [withdrawn] = approvalFindings({ approval, request, day: today });
  if (withdrawn !== undefined)
    return {
      code: 'not-approved',
      message: `the release is not approved any more: ${withdrawn.detail}; nothing of it may be handed over`,
    };
  const register = new Map(organisations.map((organisation) => [organisation.id, organisation]));
  const parties = [given.supplier, ...request.chain.map((party) => party.organisation)];
  const meets = (party: string): boolean => organisationMeets(party, parties, register);
  const freeze = freezes.find(
    ({ party, purpose, from, until }) =>
      from <= request.use.until &&
      (until === null || today <= until) &&
      (party === null || meets(party)) &&
      (purpose === null || request.purposes.some((asked) => purposeMeets(purpose, asked))),
  );
  if (freeze !== undefined) return { code: 'frozen', message: `processing is frozen: ${freeze.why}` };
  const duty = duties.find(
    ({ party, due, done }) => (done === null || done > today) && due < today && meets(party),
  );
  if (duty !== undefined)
    return { code: 'duty-overdue', message: `${duty.party} owes since ${duty.due}: ${duty.what}` };
  return null;
}
