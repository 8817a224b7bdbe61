/** Puts a mail into the outbox, in the transaction of what it tells of: both, or neither. `mail/outbox.ts` sends it. */
import { randomUUID } from 'node:crypto';
import type { Tx } from '../../store/postgres/state.ts';

export type MailToQueue = {
  /** The organisation it is sent for; `*` is the service itself. */
  readonly org: string;
  /** One bare address. */
  readonly recipient: string;
  readonly kind: string;
  readonly subject: string;
  readonly body: string;
};

/** Its id. */
export async function queueMail(tx: Tx, mail: MailToQueue, now: Date): Promise<string> {
  const id = randomUUID();
  await tx
    .insertInto('mail')
    .values({ ...mail, id, made_at: now, next_at: now, attempts: 0 })
    .execute();
  return id;
}
