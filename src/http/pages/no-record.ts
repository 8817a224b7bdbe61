/** The page of somebody signed in of whom no record can be shown: no form is a way on for them. */
import { heldDays } from '../../app/flow/contact-changes.ts';
import { done } from '../../app/flow/service.ts';
import { ownKeyed } from '../../app/window/record-key.ts';
import { noRecordBody } from '../../pages/window/details.ts';
import { ownTyped } from '../../pages/window/typed-rows.ts';
import { readTexts } from '../read-form.ts';
import { seen } from './seat.ts';
import { type MemberSeat, showWords, wordsOf } from './window-seat.ts';

/** Whether there is one that they may speak for. */
export const hasRecord = (seat: MemberSeat): Promise<boolean> =>
  seen(seat, 'show-details', null, async () => done((await ownKeyed(seat.service, seat.actor)).length > 0));

/** Says what to do next; of a form that was sent also that nothing came of it, with what they wrote. */
export async function showNoRecord(seat: MemberSeat): Promise<Response> {
  const words = wordsOf(seat);
  const sent = seat.c.req.method === 'POST' ? ownTyped(words, await readTexts(seat.c)) : null;
  const body = noRecordBody(words.details, { club: seat.name, heldDays, sent });
  return showWords(seat, { title: words.details.title, body });
}
