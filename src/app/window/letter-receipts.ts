/** The receipts of a letter's stop said again, to whoever has the very page that it was said from. */
import { type Receipt, withoutToken } from '../../evidence/receipt.ts';
import { peopleOptions } from '../flow/people-options.ts';
import { readWorkspace } from '../flow/read-workspace.ts';
import { type Answer, done, type LetterHolder, type Service } from '../flow/service.ts';
import { receiptOf } from '../people/receipt.ts';
import type { LetterStopped } from './stop-by-letter.ts';

/** `events` are those that the holder was given. Of what was erased since there is none: they may be fewer, or none. */
export async function letterReceipts(
  service: Service,
  { org }: LetterHolder,
  events: readonly string[],
): Promise<Answer<LetterStopped>> {
  const workspace = await readWorkspace(service, org);
  const receipts: Receipt[] = [];
  for (const event of events) {
    const found = await receiptOf(workspace, event, peopleOptions(service, org));
    if (found.kind === 'receipt') receipts.push(withoutToken(found.receipt));
  }
  return done({ receipts });
}
