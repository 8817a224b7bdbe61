/** The mails of sign-in: put into the outbox, sent with the others. */
import { coverOf } from '../../app/flow/cover.ts';
import { queueLinkMail } from '../../app/flow/queue-mail.ts';
import { newPasswordMail, signInMail } from '../../mail/texts.ts';
import { wordsFor } from '../../words/words.ts';
import type { AuthSettings } from './auth-options.ts';

type MemberLink = {
  readonly org: string;
  readonly email: string;
  readonly token: string;
  readonly minutes: number;
  /** Where they were going. */
  readonly to: string | null;
  /** In which it was asked for. */
  readonly language: string;
};

/** Where the link is opened: a page that asks once more, since what scans mail follows links. */
export function memberLinkUrl(
  url: string,
  { org, token, to }: Pick<MemberLink, 'org' | 'token' | 'to'>,
): string {
  const query = new URLSearchParams({ org, token, ...(to === null ? {} : { to }) });
  return `${url}/auth/members/arrive?${query}`;
}

export function passwordUrl(url: string, token: string): string {
  return `${url}/auth/staff/set-password?${new URLSearchParams({ token })}`;
}

export async function mailMemberLink(settings: AuthSettings, link: MemberLink): Promise<void> {
  await settings.state.as(link.org, async (tx) => {
    const { name } = await tx
      .selectFrom('organisation')
      .select('name')
      .where('org', '=', link.org)
      .executeTakeFirstOrThrow();
    const words = wordsFor(link.language);
    const mail = signInMail(words, { name, url: memberLinkUrl(settings.url, link), minutes: link.minutes });
    await queueLinkMail(
      tx,
      coverOf(settings.secret),
      { org: link.org, recipient: link.email, ...mail },
      settings.now(),
    );
  });
}

/** Of the service itself: a password is not of one organisation. */
export async function mailNewPassword(
  settings: AuthSettings,
  to: { readonly email: string; readonly token: string; readonly minutes: number },
): Promise<void> {
  const mail = newPasswordMail({ url: passwordUrl(settings.url, to.token), minutes: to.minutes });
  await settings.state.as('*', (tx) =>
    queueLinkMail(tx, coverOf(settings.secret), { org: '*', recipient: to.email, ...mail }, settings.now()),
  );
}
