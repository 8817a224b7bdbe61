/** Every mail: plain text, to be understood by somebody who had ten others today. Those to members are said in `src/words`. */
import { counted, day } from '../policy/figures.ts';
import type { CivilDate } from '../policy/model.ts';
import type { CaseDeed, CaseKind, DutyKind } from '../store/postgres/tables.ts';
import { languages, type Words } from '../words/words.ts';

export type MailKind =
  | 'sign-in'
  | 'password'
  | 'factor-reset'
  | 'invitation'
  | 'role-granted'
  | 'role-given'
  | 'role-ended'
  | 'role-withdrawn'
  | 'key-made'
  | 'person-reset'
  | 'log-resumed'
  | 'duty-reminder'
  | 'passed-on'
  | 'case'
  | 'erased';
export type MailText = { readonly kind: MailKind; readonly subject: string; readonly body: string };

const letter = (...paragraphs: readonly string[]): string => `${paragraphs.join('\n\n')}\n`;

/** A member's link; `name` is of the organisation. */
export function signInMail(
  { mail: { signIn } }: Words,
  to: { readonly name: string; readonly url: string; readonly minutes: number },
): MailText {
  return {
    kind: 'sign-in',
    subject: signIn.subject(to.name),
    body: letter(signIn.asked(to.name, to.minutes), to.url, signIn.unasked),
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

/** To whoever lost their second factor, from whoever runs the server. */
export function factorResetMail(to: { readonly url: string; readonly hours: number }): MailText {
  return {
    kind: 'factor-reset',
    subject: 'Sign in anew: your second factor was taken away',
    body: letter(
      `Whoever runs this server has taken away your password and your second factor, as you had lost them. Set a new password within ${counted(to.hours, 'hour')}; the link works once:`,
      to.url,
      'You will then set up a second factor again: an authenticator app on your telephone does.',
      'If you did not ask for it, leave it, and tell them at once: you cannot sign in before.',
    ),
  };
}

/** To those who watch over an organisation: the account of one of its people was reset. */
export function personResetMail(of: {
  readonly name: string;
  readonly email: string;
  readonly url: string;
}): MailText {
  return {
    kind: 'person-reset',
    subject: `${of.name}: the second factor of ${of.email} was taken away`,
    body: letter(
      `Whoever runs the server has taken away the password and the second factor of ${of.email}, who has a role with ${of.name}, and has sent a link to that address to set them up again. It stands in the list of deeds.`,
      `Ask ${of.email} whether they wanted it. If not, withdraw their role:`,
      of.url,
    ),
  };
}

const toldWords = {
  published: 'the newest checkpoint that was published of it, which they gave',
  'nothing-since': 'their word that nothing was published of it after what is here',
  witnesses: 'the word of its witnesses that no more was published than is here',
} as const;

/** To those who watch over an organisation: whoever runs the server let its log go on. `url` is of its freezes. */
export function logResumedMail(of: {
  readonly name: string;
  readonly told: keyof typeof toldWords;
  /** Entries. */
  readonly lost: bigint;
  readonly url: string;
}): MailText {
  const goesOn = `The log of ${of.name} was held, because more may have been published of it than the server has, as after a restore from a backup. Whoever runs the server let it go on, by ${toldWords[of.told]}. It stands in the log and in the list of deeds.`;
  if (of.lost === 0n)
    return {
      kind: 'log-resumed',
      subject: `${of.name}: the log goes on after a restore`,
      body: letter(
        goesOn,
        'By that none of its entries is lost. What was said after the backup and not published is not there.',
      ),
    };
  return {
    kind: 'log-resumed',
    subject: `${of.name}: entries of the log are lost (${of.lost}), and everything is frozen`,
    body: letter(
      goesOn,
      `Of its entries ${of.lost} are lost: the service knows only that they were. Stops may be among them, and only who has a receipt can show theirs. So everything is frozen: nothing is released or handed out.`,
      'Tell your people, and ask whoever said something since the backup to say it again. An officer lifts the freeze after that:',
      of.url,
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

/** For the officers and auditors who did not give it: nobody becomes a second person unseen. `url` is of the people. */
export function roleGivenMail(of: {
  readonly name: string;
  readonly url: string;
  readonly email: string;
  readonly role: string;
  readonly by: string;
}): MailText {
  return {
    kind: 'role-given',
    subject: `${of.name}: ${of.email} is now ${of.role}`,
    body: letter(
      `${of.by} has made ${of.email} ${of.role}, for ${of.name}. Two people are wanted for a release: make sure that this is somebody else than ${of.by}.`,
      'If it should not be so, an officer withdraws the role:',
      of.url,
    ),
  };
}

/** To whoever had it; `role` as of an invitation. */
export function roleEndedMail(to: {
  readonly name: string;
  readonly role: string;
  readonly by: string;
}): MailText {
  return {
    kind: 'role-ended',
    subject: `${to.name}: you are no longer ${to.role}`,
    body: letter(
      `${to.by} has withdrawn your role with ${to.name}: you are no longer ${to.role}. What your keys could do by it ends with it.`,
      `If you do not know why, ask somebody at ${to.name} whom you know, by another way than mail: who withdraws a role may be about to give one that nobody should see.`,
    ),
  };
}

/** For those who watched when it was withdrawn, so that nobody is put out of hearing first. `url` is of the people. */
export function roleWithdrawnMail(of: {
  readonly name: string;
  readonly url: string;
  readonly email: string;
  readonly role: string;
  readonly by: string;
}): MailText {
  return {
    kind: 'role-withdrawn',
    subject: `${of.name}: ${of.email} is no longer ${of.role}`,
    body: letter(
      `${of.by} has withdrawn a role from ${of.email}, who is no longer ${of.role}, for ${of.name}. An officer or auditor without a role no longer hears of new roles and keys.`,
      'If it should not be so, an officer grants it again:',
      of.url,
    ),
  };
}

/** The same of a machine's key. `url` is of the deeds; `key` is its name, which whoever made it chose. */
export function keyMadeMail(of: {
  readonly name: string;
  readonly url: string;
  readonly id: string;
  readonly key: string;
  readonly roles: string;
  readonly by: string;
}): MailText {
  return {
    kind: 'key-made',
    subject: `${of.name}: a key was made, ${of.id}`,
    body: letter(
      `${of.by} has made a key for a machine, ${of.id}, called "${of.key}", as ${of.roles}, for ${of.name}. It counts as ${of.by}.`,
      'If it should not be so, an officer stops it by the API (stop-key). What was done with it stands in the list of deeds:',
      of.url,
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
        ? instead
          ? `Until ${party} says that it is done, ${name} releases nothing more to it.`
          : `Until you say that it is done, ${name} releases nothing more to ${party}.`
        : kind === 'countersign'
          ? 'Fetch it, open it with "astold receive --sign", and send back the countersignature:'
          : instead
            ? 'What it signs with its key ("astold attest") and sends you, you can enter:'
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

/** To the person a case is of, at a step of it: no word of what they said, or were told; that is where they sign in. */
export function caseMail(
  words: Words,
  of: {
    readonly name: string;
    readonly number: number;
    readonly kind: CaseKind;
    readonly deed: CaseDeed;
    readonly due: { readonly what: string; readonly on: CivilDate | null };
    readonly url: string;
  },
): MailText {
  const { name, number, kind, deed, due, url } = of;
  if (kind === 'erasure' && deed === 'done') return erasedMail(words, { name, number });
  const said = words.mail.case;
  // As `mayStand` of the clocks has it.
  const stands = deed === 'asked' && kind === 'access';
  const dueBy = due.what === 'acknowledge' ? said.acknowledge : said.answer;
  return {
    kind: 'case',
    subject: `${said.subject(name)}${said.numbered(number)}`,
    body: letter(
      said.asked(name, said.what[kind], number),
      said.steps[deed](name),
      ...(stands ? [said.stands] : due.on === null ? [] : [dueBy(due.on)]),
      said.see,
      url,
      said.unasked,
    ),
  };
}

/** How the subjects of a case's mails end, in whichever language: by it they are found when the person is erased. */
export const caseEndings = (number: number): readonly string[] =>
  [...languages.values()].map((words) => words.mail.case.numbered(number));

/** The last mail to somebody who is erased: nobody can sign in to see more. */
function erasedMail(
  { mail: { erased } }: Words,
  { name, number }: { readonly name: string; readonly number: number },
): MailText {
  return { kind: 'erased', subject: erased.subject(name), body: letter(...erased.paragraphs(name, number)) };
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
  /** The list; to the officers, the page of the party. */
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
      ...(instead
        ? [
            ...(overdue ? [`Until its answer is entered, ${name} releases nothing more to ${party}.`] : []),
            `Send ${party} the file of these rows, and enter what it tells you. Both are here:`,
          ]
        : [
            overdue
              ? `Until you say what you have done, ${name} releases nothing more to ${party}.`
              : 'Sign in, take these rows out of use or mend them, and say that you have:',
          ]),
      url,
      'This mail names nobody. The rows are named there, by the codes that they carry.',
    ),
  };
}
