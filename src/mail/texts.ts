/** The words of every mail: plain text, to be understood by somebody who had ten others today. */
import { counted, day } from '../policy/figures.ts';
import type { CivilDate } from '../policy/model.ts';
import type { CaseDeed, CaseKind, DutyKind } from '../store/postgres/tables.ts';

export type MailKind =
  | 'sign-in'
  | 'password'
  | 'invitation'
  | 'role-granted'
  | 'duty-reminder'
  | 'passed-on'
  | 'case'
  | 'erased';
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

const caseWords: Readonly<Record<CaseKind, string>> = {
  access: 'for a copy of your details',
  correction: 'to have your details put right',
  erasure: 'to have your details erased',
  complaint: 'to look into your complaint',
  objection: 'to stop using your details',
};

/** To the person a case is of, at a step of it: no word of what they said, or were told; that is where they sign in. */
export function caseMail(of: {
  readonly name: string;
  readonly number: number;
  readonly kind: CaseKind;
  readonly deed: CaseDeed;
  readonly due: { readonly what: string; readonly on: CivilDate | null };
  readonly url: string;
}): MailText {
  const { name, number, kind, deed, due, url } = of;
  if (kind === 'erasure' && deed === 'done') return erasedMail({ name, number });
  return {
    kind: 'case',
    subject: `Your request to ${name}${caseNumbered(number)}`,
    body: letter(
      `You asked ${name} ${caseWords[kind]}. Your number is ${number}.`,
      stepWords[deed](name),
      ...(due.on === null || deed === 'asked' ? [] : [caseDue(due.what, due.on)]),
      'See it here, after signing in:',
      url,
      'If you did not ask for it, write or phone and say so.',
    ),
  };
}

/** How the subject of a case's mail ends: by it they are found when the person is erased. */
export const caseNumbered = (number: number): string => `, number ${number}`;

const stepWords: Readonly<Record<CaseDeed, (name: string) => string>> = {
  opened: (name) => `${name} has it.`,
  acknowledged: (name) => `${name} has read it, and is looking into it.`,
  asked: (name) =>
    `${name} needs something from you before it can go on. Until you answer, its time stands still.`,
  answered: (name) => `${name} has your answer.`,
  extended: (name) => `${name} needs more time, and says why.`,
  done: (name) => `${name} has done it.`,
  refused: (name) => `${name} has answered no, or not all of it, and says why, and what you can do.`,
  note: (name) => `${name} has written something down with it.`,
};

const caseDue = (what: string, on: CivilDate): string =>
  what === 'acknowledge'
    ? `They must say that they have it by ${day(on)}.`
    : `They must answer by ${day(on)}.`;

/** The last mail to somebody who is erased: nobody can sign in to see more. */
function erasedMail({ name, number }: { readonly name: string; readonly number: number }): MailText {
  return {
    kind: 'erased',
    subject: `${name} has answered your request to be erased`,
    body: letter(
      `You asked ${name} to erase your details. Your number was ${number}. What this service kept of you is erased. Nobody can sign in here with your record.`,
      `Your record may still stand in the file that ${name} keeps. A person there has been told to take it out. Your stop is obeyed all the same.`,
      'What is kept: a code, made from the number you had there, so that your stop is still obeyed if your details ever come back. Nobody can read who you are from it. If you asked to stay out of sight, that is kept with it.',
      'Keep the receipt you were given when you asked. It is proof, and nobody can make it again.',
      'Those who had your details from them were told to erase them too. If you think something is wrong, write to them, or to the Information Commissioner (ico.org.uk).',
      'This address is forgotten once this mail has gone.',
    ),
  };
}

/** `count` tasks that a party has to see to, the first `due`; never of whom. */
export function passedOnMail(of: {
  readonly name: string;
  readonly party: string;
  readonly count: number;
  readonly due: CivilDate;
  readonly overdue: boolean;
  /** To the organisation's officers, as nobody acts for the party. */
  readonly instead: boolean;
  readonly url: string;
}): MailText {
  const { name, party, count, due, overdue, instead, url } = of;
  const what = counted(count, 'stop or change', 'stops or changes');
  return {
    kind: 'passed-on',
    subject: overdue ? `Overdue: ${what} from ${name}` : `To do by ${day(due)}: ${what} from ${name}`,
    body: letter(
      ...(instead
        ? [`Nobody acts for ${party} on this service: this comes to you, an officer of ${name}.`]
        : []),
      `People whose details ${party} had from ${name} have said something about them: ${what} ${count === 1 ? 'is' : 'are'} to be seen to. The first ${overdue ? 'was' : 'is'} due on ${day(due)}.`,
      overdue
        ? `Until you say what you have done, ${name} releases nothing more to ${party}.`
        : 'Sign in, take these rows out of use or mend them, and say that you have:',
      url,
      'This mail names nobody. The rows are named there, by the codes that they carry.',
    ),
  };
}
