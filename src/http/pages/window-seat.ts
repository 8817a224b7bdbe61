/** A member at a page of the window: in the language they read, with what is wrong with a form said by its status as well. */
import type { Actor } from '../../app/flow/service.ts';
import type { FormFault } from '../../pages/window/form-parts.ts';
import type { SayPlace } from '../../pages/window/say.ts';
import type { Words } from '../../words/words.ts';
import { wordsAsked } from '../language.ts';
import { HttpProblem } from '../problems.ts';
import { type PagesParts, type Seat, type Shown, seatedAsPerson, showIn } from './seat.ts';

export type MemberSeat = Seat & { readonly actor: Extract<Actor, { kind: 'member' }> };

/** To staff nothing is there: they enter what people say at their desk. */
export const asMember = (parts: PagesParts, work: (seat: MemberSeat) => Promise<Response>) =>
  seatedAsPerson(parts, async (seat) => {
    const { actor } = seat;
    if (actor.kind !== 'member')
      throw new HttpProblem({ code: 'not-found', detail: 'only a member has records of their own' });
    return work({ ...seat, actor });
  });

export const wordsOf = ({ c }: Seat): Words => wordsAsked(c);

export const placeOf = (seat: Seat): SayPlace => ({
  words: wordsOf(seat).cases,
  home: seat.home,
  club: seat.name,
});

/** In the language that was asked for, as all of the window and the desk. */
export const showWords = (seat: Seat, shown: Shown): Promise<Response> => showIn(wordsOf(seat), seat, shown);

export async function showStep(
  seat: Seat,
  shown: Shown,
  faults: readonly FormFault[] = [],
): Promise<Response> {
  const page = await showWords(seat, { ...shown, faulty: faults.length > 0 });
  if (faults.length === 0) return page;
  return new Response(page.body, { status: 422, headers: page.headers });
}
