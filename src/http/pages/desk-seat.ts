/** Staff at the desk. */
import type { DeskPlace } from '../../pages/window/desk-find.ts';
import { HttpProblem } from '../problems.ts';
import { type PagesParts, type Seat, seated } from './seat.ts';
import { wordsOf } from './window-seat.ts';

/** To a member nothing is there. */
export const atDesk = (parts: PagesParts, work: (seat: Seat) => Promise<Response>) =>
  seated(parts, async (seat) => {
    if (seat.actor.kind === 'member')
      throw new HttpProblem({ code: 'not-found', detail: 'the desk is for the staff' });
    return work(seat);
  });

export const deskOf = (seat: Seat): DeskPlace => ({ words: wordsOf(seat).desk, home: seat.home });
