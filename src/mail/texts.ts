/** The words of every mail: plain text, to be understood by somebody who had ten others today. */
import { counted, day } from '../policy/figures.ts';
import type { CivilDate } from '../policy/model.ts';
import type { DutyKind } from '../store/postgres/tables.ts';

export type MailKind = 'sign-in' | 'password' | 'invitation' | 'role-granted' | 'duty-reminder';
export type MailText = { readonly kind: MailKind; readonly subject: string; readonly body: string };

const letter = (...paragraphs: readonly string[]): string => `${paragraphs.join('\n\n')}\n`;

/** A member's link; `name` is of the organisation. */
export function signInMail(to: {
  readonly name: string;
  readonly url: string;
  readonly minutes: number;
}): MailText {
  return {
    kind: 'sign-in',
    subject: `Your link to ${to.name}`,
    body: letter(
      `You asked ${to.name} for a link to see what it holds about you, and to whom it went. Open it within ${counted(to.minutes, 'minute')}; it works once:`,
      to.url,
      'If you did not ask for it, leave it: nobody gets in without it, and nothing changes.',
    ),
  };
}

/** Of the service itself: a password is not of one organisation. */
export function newPasswordMail(to: { readonly url: string; readonly minutes: number }): MailText {
  return {
    kind: 'password',
    subject: 'Set a new password',
    body: letter(
      `You asked for a new password. Set it within ${counted(to.minutes, 'minute')}; the link works once, and your second factor is asked for as before:`,
      to.url,
      'If you did not ask for it, leave it: your password stays as it is.',
    ),
  };
}

/** For somebody who has no password here yet. `role` as it is read after "as": `data protection officer`. */
export function invitationMail(to: {
  readonly name: string;
  readonly url: string;
  readonly hours: number;
  readonly role: string;
}): MailText {
  return {
    kind: 'invitation',
    subject: `${to.name} invites you`,
    body: letter(
      `${to.name} asks you to work with it as ${to.role}. Set your password within ${counted(to.hours, 'hour')}; the link works once:`,
      to.url,
      'You will then set up a second factor: an authenticator app on your telephone does.',
      'If you do not know why you are asked, leave it, and tell them.',
    ),
  };
}

/** For somebody who can sign in already. */
export function roleGrantedMail(to: {
  readonly name: string;
  readonly url: string;
  readonly role: string;
}): MailText {
  return {
    kind: 'role-granted',
    subject: `You now work with ${to.name}`,
    body: letter(
      `${to.name} has made you its ${to.role}. Sign in as you do:`,
      to.url,
      'If you do not know why, tell them.',
    ),
  };
}

/** `days` until it is due, negative after that; `what` as `duty-words.ts` says it. */
export function dutyReminderMail(of: {
  readonly name: string;
  readonly party: string;
  readonly kind: DutyKind;
  readonly what: string;
  readonly due: CivilDate;
  readonly days: number;
  /** To the organisation's officers, as nobody acts for the party. */
  readonly instead: boolean;
  readonly url: string;
}): MailText {
  const { name, party, kind, what, due, days, instead, url } = of;
  const when = whenDue(due, days);
  return {
    kind: 'duty-reminder',
    subject: days < 0 ? `Overdue: ${what}` : `Due ${days === 0 ? 'today' : `on ${day(due)}`}: ${what}`,
    body: letter(
      ...(instead
        ? [`Nobody acts for ${party} on this service: this comes to you, an officer of ${name}.`]
        : []),
      `${party} owes ${name} this: ${what}. ${when}`,
      days < 0
        ? `Until you say that it is done, ${name} releases nothing more to ${party}.`
        : kind === 'countersign'
          ? 'Fetch it, open it with "astold receive --sign", and send back the countersignature:'
          : 'Once it is done, say so, signed with your key ("astold attest"):',
      url,
    ),
  };
}

function whenDue(due: CivilDate, days: number): string {
  if (days === 0) return 'It is due today.';
  return days > 0
    ? `It is due on ${day(due)}, in ${counted(days, 'day')}.`
    : `It was due on ${day(due)}, ${counted(-days, 'day')} ago.`;
}
