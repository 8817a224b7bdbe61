/** The receipt of a recorded event written again, with its proof once the log is published; a member's of their own. */
import { z } from 'zod';
import { receiptOf } from '../people/receipt.ts';
import { itemsOf } from './list-own-preferences.ts';
import { ownRecords } from './own-records.ts';
import { peopleOptions } from './people-options.ts';
import { readWorkspace } from './read-workspace.ts';
import { type Actor, type Answer, done, refused, type Service } from './service.ts';

export const readReceiptInput = z.strictObject({ receipt: z.string().max(100) });
export const receiptView = z.looseObject({}).meta({ id: 'Receipt' });

/** Refuses `not-found`. */
export async function readReceipt(
  service: Service,
  actor: Actor,
  { receipt: event }: z.output<typeof readReceiptInput>,
): Promise<Answer<z.output<typeof receiptView>>> {
  const unknown = refused('not-found', 'there is no such receipt');
  if (actor.kind === 'member' && !(await isOwn(service, actor, event))) return unknown;
  const workspace = await readWorkspace(service, actor.org);
  const found = await receiptOf(workspace, event, peopleOptions(service, actor.org));
  if (found.kind === 'refused')
    return found.code === 'event-unknown' ? unknown : refused('not-found', found.message);
  const shown: unknown = found.kind === 'receipt' ? found.receipt : found.place;
  return done(shown as Record<string, unknown>);
}

async function isOwn(
  service: Service,
  { org, email }: Extract<Actor, { kind: 'member' }>,
  event: string,
): Promise<boolean> {
  for (const own of await ownRecords(service, org, email))
    if ((await itemsOf(service, org, own)).some((item) => item.event === event)) return true;
  return false;
}
