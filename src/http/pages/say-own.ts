/** A member's own records, what stands of them, and what is said of them: for the pages on which they say something. */
import { readWorkspace } from '../../app/flow/read-workspace.ts';
import { type Answer, done } from '../../app/flow/service.ts';
import { ownNames } from '../../app/window/own-names.ts';
import { recordOwn, type SaidOfOwn } from '../../app/window/record-own.ts';
import { recordedBefore, SayError } from '../../app/window/said-in-part.ts';
import { type Standing, standingOf } from '../../app/window/standing.ts';
import type { NameOf, Numbered, NumberedStop } from '../../pages/window/say-choice.ts';
import { type Whose, whoseOf } from '../../pages/window/whose.ts';
import { places } from '../places.ts';
import { HttpProblem } from '../problems.ts';
import { madeBy } from '../subject.ts';
import { ask, seen } from './seat.ts';
import { type MemberSeat, placeOf } from './window-seat.ts';

/** Their own records, by the numbers that pages know them by. */
export const whoseAll = (seat: MemberSeat): Promise<readonly Whose[]> =>
  seen(seat, 'show-details', null, async () => done(await ownNames(seat.service, seat.actor)));

export const nothing = (): HttpProblem =>
  new HttpProblem({ code: 'not-found', detail: 'nothing is called that' });

/** Refused where everything was looked at before: a page that says why, and what is recorded of it. Throws HttpProblem, SayError. */
export function mustOf<T>(answer: Answer<T>): T {
  if (answer.kind === 'done') return answer.value;
  const cause = new HttpProblem({ code: answer.code, detail: answer.message });
  const recorded = recordedBefore(answer);
  throw recorded.length === 0 ? cause : new SayError('said-in-part', recorded, { cause });
}

/** No record is theirs. */
export const isNobody = (answer: Answer<unknown>): boolean =>
  answer.kind === 'refused' && answer.code === 'not-found';

/** Of one of their own records. */
export const answerOf = (seat: MemberSeat, own: Standing['own'], said: SaidOfOwn) =>
  ask(seat, 'record-preference', madeBy(places['record-preference']), () =>
    recordOwn(seat.service, seat.actor, own, said),
  );

/** Gives the event. */
export const say = async (seat: MemberSeat, own: Standing['own'], said: SaidOfOwn): Promise<string> =>
  mustOf(await answerOf(seat, own, said)).event;

export const standing = (seat: MemberSeat): Promise<readonly Standing[]> =>
  seen(seat, 'list-own-preferences', null, async () => done(await standingOf(seat.service, seat.actor)));

export async function namesIn(seat: MemberSeat): Promise<NameOf> {
  const { organisations } = await readWorkspace(seat.service, seat.actor.org);
  const names = new Map(organisations.map(({ id, legalName }) => [id, legalName]));
  return (id) => names.get(id) ?? id;
}

/** Numbered by record and place: the list is made again when it is sent, and what is no longer there is asked anew. */
export const consentsIn = (all: readonly Standing[], whose: WhoseAt): readonly Numbered[] =>
  all.flatMap(({ consents }, i) =>
    consents.map((given) => ({
      ...{ at: `${i}:${given.notice}:${given.consent.id}`, whose: whose(i + 1), given },
    })),
  );
export const stopsIn = (all: readonly Standing[], whose: WhoseAt): readonly NumberedStop[] =>
  all.flatMap(({ stops }, i) =>
    stops.map((stop) => ({ at: `${i}:${stop.event}`, whose: whose(i + 1), stop })),
  );
/** Whose the record of that number is; null where they have but one. */
type WhoseAt = (number: number) => Numbered['whose'];
export async function whoseIn(seat: MemberSeat): Promise<WhoseAt> {
  const records = await whoseAll(seat);
  return (number) => whoseOf(placeOf(seat).words.form.record, records, number);
}
export const ownOf = (all: readonly Standing[], at: string): Standing => {
  const found = all[Number(at.split(':')[0])];
  if (found === undefined) throw nothing();
  return found;
};
