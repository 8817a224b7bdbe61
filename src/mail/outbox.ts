/**
 * Sends what is in the outbox. A mail is taken with a lease before it is sent and marked after it: a server that ends
 * between the two leaves a mail that another takes again once the lease is over. So each goes at least once, and twice only
 * where a server ended, or lost the database, just then; its Message-ID stays the same. Nothing is held in the database
 * while a mail server thinks.
 */
import type { Selectable } from 'kysely';
import { type Cover, CoverError, ofMail } from '../app/flow/cover.ts';
import { linkLasts } from '../app/flow/link-lasts.ts';
import type { Service } from '../app/flow/service.ts';
import type { State, Tx } from '../store/postgres/state.ts';
import type { Tables } from '../store/postgres/tables.ts';
import { mailFault } from './mail-fault.ts';
import { forgetMailFiles, type Transport } from './send.ts';

type Mail = Selectable<Tables['mail']>;
export type MailSent = { readonly sent: number; readonly failed: number; readonly givenUp: number };

const minute = 60_000;
/** Longer than the patience with a mail server. */
const lease = 10 * minute;
/** Of one call: the rest is due still. */
const mostAtOnce = 500;
/** How long it is tried, from when it was made: with a link that lets its reader in, as long as that works. */
const patienceWith = (kind: string): number => linkLasts.get(kind) ?? 5 * 24 * 60 * minute;
const toErased: ReadonlySet<string> = new Set(['erased']);
/** An address is kept no longer than somebody may ask whether they were written to. */
const keptFor = 30 * 24 * 60 * minute;

/** All that is due, of every organisation and of the service itself. Where the mail server is away it stops, and nothing is lost. */
export async function sendDueMail(
  service: Pick<Service, 'state' | 'cover' | 'now' | 'log'>,
  transport: Transport,
): Promise<MailSent> {
  const counts = { sent: 0, failed: 0, givenUp: 0 };
  for (const { org } of [...(await service.state.organisations()), { org: '*' }]) {
    for (;;) {
      if (counts.sent + counts.failed >= mostAtOnce) return counts;
      const mail = await takeDue(service.state, org, service.now());
      if (mail === null) break;
      const fault = isOver(mail, service.now())
        ? ({ code: 'link-over', of: 'mail' } as const)
        : await trySend(transport, service.cover, mail);
      if (fault === null) {
        await service.state.as(org, (tx) => markSent(tx, mail, service.now()));
        counts.sent += 1;
        continue;
      }
      counts.failed += 1;
      if (await putBack(service, mail, fault.code)) counts.givenUp += 1;
      if (fault.of === 'server') return counts;
    }
  }
  return counts;
}

/** Of two servers, one gets it: the row is locked while it is taken, and not due for the other afterwards. */
function takeDue(state: State, org: string, now: Date): Promise<Mail | null> {
  return state.as(org, async (tx) => {
    const due = await tx
      .selectFrom('mail')
      .selectAll()
      .where('org', '=', org)
      .where('sent_at', 'is', null)
      .where('given_up_at', 'is', null)
      .where('next_at', '<=', now)
      .orderBy('next_at')
      .orderBy('id')
      .limit(1)
      .forUpdate()
      .skipLocked()
      .executeTakeFirst();
    if (due === undefined) return null;
    const taken = { attempts: due.attempts + 1, next_at: new Date(now.getTime() + lease) };
    await tx.updateTable('mail').set(taken).where('org', '=', org).where('id', '=', due.id).execute();
    return { ...due, ...taken };
  });
}

/** Nothing was tried in time, or not for long enough: the link in it opens nothing any more. */
const isOver = ({ kind, made_at }: Mail, now: Date): boolean =>
  linkLasts.has(kind) && now.getTime() - made_at.getTime() >= patienceWith(kind);

async function trySend(
  transport: Transport,
  cover: Cover,
  mail: Mail,
): Promise<ReturnType<typeof mailFault> | null> {
  const { id, recipient, subject, kind, made_at } = mail;
  try {
    const body = linkLasts.has(kind) ? cover.open(ofMail(mail), mail.body) : mail.body;
    await transport.send({ id, recipient, subject, body, madeAt: made_at });
    return null;
  } catch (error) {
    return error instanceof CoverError ? { code: error.code, of: 'mail' } : mailFault(error);
  }
}

/** The words go with it: nobody needs them here any more; of somebody who was erased the address too. */
async function markSent(tx: Tx, { org, id, kind }: Mail, now: Date): Promise<void> {
  if (toErased.has(kind)) {
    await tx.deleteFrom('mail').where('org', '=', org).where('id', '=', id).execute();
    return;
  }
  const sent = { sent_at: now, fault: null, body: '' };
  await tx.updateTable('mail').set(sent).where('org', '=', org).where('id', '=', id).execute();
}

/** Tried again a minute later, then two, four, at most six hours later. Gives whether it is given up. */
async function putBack(
  { state, now, log }: Pick<Service, 'state' | 'now' | 'log'>,
  mail: Mail,
  fault: string,
): Promise<boolean> {
  const { org, id, kind, attempts, made_at } = mail;
  const at = now();
  const next_at = new Date(at.getTime() + Math.min(2 ** (attempts - 1), 360) * minute);
  const linked = linkLasts.has(kind);
  const givenUp = next_at.getTime() - made_at.getTime() >= patienceWith(kind);
  const bare = {
    ...(linked ? { body: '' } : {}),
    ...(toErased.has(kind) ? { recipient: '', body: '' } : {}),
  };
  const change = givenUp ? { fault, given_up_at: at, ...bare } : { fault, next_at };
  await state.as(org, (tx) =>
    tx.updateTable('mail').set(change).where('org', '=', org).where('id', '=', id).execute(),
  );
  const said = { mail: id, kind, fault, attempts };
  if (givenUp) log.error(said, 'a mail was given up');
  else log.warn(said, 'a mail did not go, and will be tried again');
  return givenUp;
}

/** What was sent or given up a month ago is forgotten; in the folder that mail goes to where no server takes it, too. */
export async function forgetSentMail(
  { state, now }: Pick<Service, 'state' | 'now'>,
  folder: string,
): Promise<void> {
  const before = new Date(now().getTime() - keptFor);
  await forgetMailFiles(folder, before);
  for (const { org } of [...(await state.organisations()), { org: '*' }])
    await state.as(org, (tx) =>
      tx
        .deleteFrom('mail')
        .where('org', '=', org)
        .where(({ eb, or }) => or([eb('sent_at', '<', before), eb('given_up_at', '<', before)]))
        .execute(),
    );
}
