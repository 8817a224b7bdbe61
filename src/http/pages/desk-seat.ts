/** Staff at the desk. */
import type { UseCase } from '../../app/flow/access.ts';
import { refuseUnlessAllowed } from '../../app/flow/perform.ts';
import type { DeskPlace } from '../../pages/window/desk-find.ts';
import { HttpProblem } from '../problems.ts';
import { type PagesParts, type Seat, seated } from './seat.ts';
import { wordsOf } from './window-seat.ts';

/** To a member nothing is there; to whoever may not do what the page is for, nothing of it is shown, an empty form no more. */
export const atDesk = (parts: PagesParts, useCase: UseCase, work: (seat: Seat) => Promise<Response>) =>
  seated(parts, async (seat) => {
    if (seat.actor.kind === 'member')
      throw new HttpProblem({ code: 'not-found', detail: 'the desk is for the staff' });
    const shut = await refuseUnlessAllowed(seat.service, seat.actor, useCase, null);
    if (shut !== null) throw new HttpProblem({ code: shut.code, detail: shut.message });
    return work(seat);
  });

export const deskOf = (seat: Seat): DeskPlace => ({ words: wordsOf(seat).desk, home: seat.home });
