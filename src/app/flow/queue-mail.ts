/** Puts a mail into the outbox, in the transaction of what it tells of: both, or neither. `mail/outbox.ts` sends it. */
import { randomUUID } from 'node:crypto';
import type { Tx } from '../../store/postgres/state.ts';
import { type Cover, ofMail } from './cover.ts';
import { linkLasts } from './link-lasts.ts';

export type MailToQueue = {
  /** The organisation it is sent for; `*` is the service itself. */
  readonly org: string;
  /** One bare address. */
  readonly recipient: string;
  readonly kind: string;
  readonly subject: string;
  readonly body: string;
};

/** Its id. Throws RangeError for a mail with a link that lets its reader in: its words are sealed as long as they wait. */
export function queueMail(tx: Tx, mail: MailToQueue, now: Date): Promise<string> {
  if (linkLasts.has(mail.kind))
    throw new RangeError(`a mail of kind ${mail.kind} is queued as one with a link`);
  return put(tx, { ...mail, id: randomUUID() }, now);
}

/** Its id. */
export function queueLinkMail(tx: Tx, cover: Cover, mail: MailToQueue, now: Date): Promise<string> {
  const id = randomUUID();
  const { org, body } = mail;
  return put(tx, { ...mail, id, body: cover.seal(ofMail({ org, id }), body) }, now);
}

async function put(tx: Tx, mail: MailToQueue & { readonly id: string }, now: Date): Promise<string> {
  await tx
    .insertInto('mail')
    .values({ ...mail, made_at: now, next_at: now, attempts: 0 })
    .execute();
  return mail.id;
}
