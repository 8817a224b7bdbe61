/** The page of somebody signed in of whom no record can be shown: no form is a way on for them. */
import { heldDays } from '../../app/flow/contact-changes.ts';
import { noRecordBody } from '../../pages/window/details.ts';
import { fieldsOf } from './seat.ts';
import { type MemberSeat, showWords, wordsOf } from './window-seat.ts';

/** Says what to do next; of a form that was sent also that nothing came of it, with what they wrote. */
export async function showNoRecord(seat: MemberSeat): Promise<Response> {
  const words = wordsOf(seat).details;
  const sent = seat.c.req.method === 'POST' ? ((await fieldsOf(seat.c)).words ?? '') : null;
  const body = noRecordBody(words, { club: seat.name, heldDays, sent });
  return showWords(seat, { title: words.title, body });
}
