/** Receipts by their numbers in the address of a page that says what was recorded: who loads it again records nothing. */
import type { Seat } from './seat.ts';

/** What is no number of one is passed over. */
export const receiptsAsked = ({ c }: Seat): readonly string[] =>
  (c.req.query('receipts') ?? '').split(',').filter((event) => /^pe-[0-9a-f]{16}$/.test(event));

/** `partly`: something came in between, and the rest of it was not recorded. */
export function sendRecorded(
  { c, home }: Seat,
  path: string,
  events: readonly string[],
  partly = false,
): Response {
  return c.redirect(`${home}${path}?receipts=${events.join(',')}${partly ? '&partly=yes' : ''}`, 303);
}
