/** Plain words first, the legal name beside them. Of the letter in the hand, receipts, checking one, and the start page. */
import { day, moment, number } from '../../policy/figures.ts';
import type { Scope } from '../../policy/model.ts';
import type { PreferenceType } from '../../policy/preference-event.ts';
import { label } from '../../policy/vocab.ts';
import { byWhat, forWhat, listed } from './terms.ts';

const said: Readonly<Record<PreferenceType, string>> = {
  objection: 'You said stop',
  withdrawal: 'You took back your yes',
  restriction: 'You asked us to stop using your details for now',
  erasure: 'You asked us to erase your details',
  consent: 'You said yes',
  lift: 'You took back an earlier stop',
  presented: 'We showed you a notice',
  resolution: 'We settled whom an earlier stop was from',
};
/** As the law calls it. */
const legal: Readonly<Record<PreferenceType, string>> = {
  objection: 'objection, UK GDPR Article 21',
  withdrawal: 'withdrawal of consent, UK GDPR Article 7(3)',
  restriction: 'restriction of processing, UK GDPR Article 18',
  erasure: 'erasure, UK GDPR Article 17',
  consent: 'consent, UK GDPR Article 6(1)(a)',
  lift: 'an objection taken back',
  presented: 'privacy information, UK GDPR Articles 13 and 14',
  resolution: 'an entry of the organisation itself',
};

/** Those whose scope says nothing of what was said: a yes is to its words, a stop taken back is that stop. */
const unscoped: ReadonlySet<PreferenceType> = new Set(['presented', 'lift', 'resolution', 'consent']);

/** What it is about: nothing of what has no scope. `named` gives the name of an organisation. */
const about = (type: PreferenceType, scope: Scope, named: (id: string) => string): string | null =>
  unscoped.has(type) ? null : scopeWords(scope, named);

function scopeWords(scope: Scope, named: (id: string) => string): string {
  const parts = [
    scope.purpose === 'all' ? 'every use' : forWhat(scope.purpose),
    scope.organisation === 'all' ? 'by anybody' : `by ${named(scope.organisation)}`,
    scope.contactChannel === 'all' ? 'in every way' : byWhat(scope.contactChannel),
    ...(scope.field === 'all' ? [] : [`of your ${label(scope.field)}`]),
  ];
  return parts.join(', ');
}

const minutes = (seconds: number): string =>
  seconds < 90
    ? 'a minute'
    : seconds < 5400
      ? `${Math.ceil(seconds / 60)} minutes`
      : `${Math.ceil(seconds / 3600)} hours`;

export const letter = {
  purpose: forWhat,
  channel: byWhat,
  list: listed,
  /** Of a form that cannot be taken as it is. */
  problem: 'There is a problem',

  start: {
    title: 'What happens with your details',
    lead: 'You are a member of a club that passes details on, or you got a letter from somebody you do not know? Here you can see why, and stop it.',
    letter: {
      title: 'I have a letter with a code',
      help: 'See who sent it and why, and stop it. You need no account.',
    },
    details: {
      title: 'I am a member',
      help: 'See who has your details, what you were told, and what you have said.',
    },
    check: { title: 'I have a receipt or a proof', help: 'Find out whether it holds.' },
    staff: 'Do you work here?',
    signIn: 'Sign in as staff',
  },

  form: {
    title: 'Where did they get my address?',
    lead: 'Type the code from the letter. It tells you who sent the letter and why, and lets you stop it. You need no account.',
    label: 'Code on the letter',
    help: '13 letters and digits, often printed near your address, such as 4F7K-9XQ2-MNB3T. Spaces, dashes and small letters do not matter.',
    button: 'Look it up',
    kept: 'We do not ask who you are, and we do not write the code down.',
  },
  /** Beside the field. */
  faults: {
    empty: 'Put in the code from the letter',
    length: (typed: number): string =>
      `The code has 13 letters and digits, and this has ${number(typed)}. Look at the letter again.`,
    symbol: 'The code has only letters and digits, and never the letter U. Look at the letter again.',
    check:
      'One letter or digit is not right, or two have changed places. Look at the letter again, sign by sign.',
  },
  unknown: {
    title: 'We do not know this code',
    lead: 'The code is typed as codes are, but it belongs to no letter that we know of.',
    next: 'What you can do',
    steps: [
      'Look at the letter again: is it this code, or a customer number?',
      'If there is more than one code on the letter, try the others.',
      'The sender may have your address from somebody else. Write to the sender and ask where they got it. By law they must tell you.',
      'If you are a member of a club, you can see there who has your details.',
    ],
    again: 'Try another code',
    member: 'See what a club holds about you',
  },
  wait: {
    title: 'Please wait a little',
    codes: (seconds: number): string =>
      `Several codes were tried from where you are, so we make everybody there wait for a while. Try again in ${minutes(seconds)}. If you cannot wait, write to the sender of the letter and ask where they got your address. By law they must tell you.`,
    /** Of a code looked up on and on, whether or not there is a letter with it. */
    looks: (seconds: number): string =>
      `This code was looked up many times, so it can be used again only in ${minutes(seconds)}. If you have a receipt of a stop, that stop counts. If you cannot wait, write to the sender of the letter. By law they must tell you where they got your address.`,
    stops: (seconds: number): string =>
      `This letter was used many times. What was said with it counts. You can use it again in ${minutes(seconds)}.`,
    /** Of files to check. */
    files: (seconds: number): string =>
      `Much was checked from where you are. Try again in ${minutes(seconds)}.`,
  },
  gone: {
    title: 'We cannot do this here',
    lead: (club: string): string =>
      `We know this letter: the address came from ${club}. But what we would need is not kept here any more.`,
    steps: (club: string): readonly string[] => [
      `Write to ${club} or phone them. Say "stop", and give them the code on the letter. It counts from the day they get it.`,
      'You can also write to the sender of the letter. They must stop as well.',
    ],
  },
  before: {
    title: 'Your stop was recorded',
    lead: 'You sent this page before. Your stop was recorded then, and it counts. You need not send it again.',
    steps: (club: string): readonly string[] => [
      'Its receipt is not kept here any more. If you saved it, it still holds.',
      `If you did not, or if such letters still come, write to ${club} or phone them, and give them the code on the letter.`,
    ],
  },

  facts: {
    title: 'About your letter',
    lead: (club: string): string => `Your address came from ${club}.`,
    sender: 'Who sent it',
    behalf: 'For whom',
    itself: 'For themselves',
    purpose: 'What for',
    channel: 'How',
    source: 'Where your address came from',
    released: 'When it was passed on',
    told: 'What people were told',
    toldLead: 'These are the words of the notice that your details were collected under.',
    ticked: 'This was ticked:',
    none: 'We cannot show the words here.',
    notice: 'Read the whole notice',
    stopTitle: 'Do you want this to stop?',
    stopLead: (senders: string, what: string): string =>
      `We tell ${senders} to stop ${what}. No reason is asked. You get a receipt.`,
    button: 'Stop this',
    only: 'This stops what this letter was for, and nothing else. To see or stop more, a member can sign in.',
    signIn: 'Sign in as a member',
    releasedOn: (date: string): string => day(date),
  },
  notice: {
    title: 'The notice',
    lead: 'The marked words are those that this letter rests on.',
    layer: (n: number): string => `Part ${number(n)}`,
    back: 'Back to the letter',
    upstream:
      'This part of your details was bought from somebody else, under terms that no person was shown.',
  },
  stopped: {
    title: 'We have noted your stop',
    lead: (club: string): string => `It counts from now. ${club} has it in writing, and so do you.`,
    next: 'What happens next',
    /** `by`: the day by which they must have stopped. */
    steps: (club: string, by: string): readonly string[] => [
      `${club} does not give your details for this again.`,
      `Everybody who still has your details from this letter is told to stop. They must stop by ${day(by)}.`,
      'A letter that is already printed or in the post may still come.',
    ],
    receipt: 'Your receipt',
    receipts: 'Your receipts',
    receiptLead: 'Print it or save it. With it you can show later that you said stop, and when.',
    member: 'Are you a member? Then you can see all that is held about you, and stop more.',
  },

  receipt: {
    title: 'Your receipt',
    of: (club: string): string => `Receipt of ${club}`,
    reconstruction: 'This is a reconstruction of the past: it holds for nothing.',
    said: (type: PreferenceType): string => said[type],
    legal: (type: PreferenceType): string => legal[type],
    about,
    /** Of a stop that was taken back. */
    scope: scopeWords,
    /** Of words that are not here any more. */
    unkept: 'The words are not kept here any more.',
    /** Of words that may have been others then. */
    asNow:
      'This is as the notice says it now. It said it in other words before, and maybe when you answered.',
    rows: {
      what: 'What you said',
      legal: 'In law',
      about: 'About',
      words: 'The words',
      yes: 'The yes you took back',
      lifts: 'The stop you took back',
      when: 'When',
      /** Where it did not come as it was said. */
      said: 'You said it on',
      signed: 'You signed it on',
      received: 'It reached us on',
      from: 'From',
      notice: 'Notice',
      how: 'How it came',
      log: 'In the public log',
      event: 'Number of this receipt',
    },
    when: (received: string): string => moment(received),
    how: { web: 'on the web', app: 'in the app', phone: 'by phone', letter: 'by letter', email: 'by e-mail' },
    promised: 'Not yet. We have promised it, signed, and it appears there soon.',
    logged: (index: string): string => `Yes, entry number ${number(BigInt(index))}`,
    token: 'Your own key',
    tokenHelp:
      'This key is yours alone. Whoever has it can see in which lists you are. Keep this receipt as you would keep a key.',
    tokenApart:
      'This receipt does not hold your own key, because we cannot know who holds the letter. The key is given only to the person it is of, when they sign in.',
    nobody: 'We could not say which record of ours this is of, so this receipt has no key.',
    file: 'Save the receipt as a file',
    keep: 'To print it, use the print command of your browser.',
    qr: 'The number of this receipt, for a camera',
    check: 'How to check it',
    checkSteps: (address: string): readonly string[] => [
      `Go to ${address} and give it the saved file, or type what the square says.`,
      'You need not trust us: the program "astold verify" checks the file on any computer, without asking us.',
    ],
    square: 'What the square says',
    erasedTitle: 'What is left of this receipt',
    erased:
      'What you said here was erased. The file says only where it stands in the public log. Put it beside the receipt that you kept.',
    back: 'Back to your details',
  },

  check: {
    title: 'Check a receipt or a proof',
    lead: 'Give us the file that you were given, and we say whether it holds. You need no account. We keep nothing of it.',
    file: 'The file',
    fileHelp: 'It ends in .json.',
    or: 'or',
    text: 'What is in the file, or what the square on a printed receipt says',
    textHelp: 'The words of the square begin with ASTOLD1.',
    button: 'Check it',
    faults: {
      empty: 'Choose a file, or put in its text',
      both: 'Give the file or its text, not both',
      large: 'This is larger than any receipt or proof: it must be another file',
    },
    holds: {
      receipt: 'This receipt holds',
      absent: 'This proof holds: not among the records committed for this membership',
      present: 'This proof holds: in this list',
      unsettled: 'We cannot say for sure',
      square: 'We know this receipt',
    },
    /** Of a yes: the words, held apart; null where they are not here. Of a stop taken back: its number. */
    yes: (said: string, words: string): string => `${said} to these words: ${words}`,
    /** Of words that may have been others then. */
    yesNow: (said: string, notice: string, words: string): string =>
      `${said} to words of the notice ${notice}. They were others at some time, and maybe when you answered. As the notice says them now: ${words}`,
    yesUnkept: (said: string, notice: string): string =>
      `${said} to words of the notice ${notice} that are not kept here any more.`,
    lift: (said: string, number: string): string => `${said}. Its number is ${number}.`,
    receipt: (club: string, at: string): string => `${club} noted it on ${moment(at)}, by its own clock.`,
    logged: (index: string): string =>
      `It is entry number ${number(BigInt(index))} of the public log. Nobody can take it out or change it without being seen.`,
    promised:
      'It is not in the public log yet. We have promised it, signed. Come back in some minutes and check it again.',
    completed: 'We have added the place in the public log. Save this file instead of the old one.',
    completedFile: 'Save the receipt with its place',
    absent: (club: string, release: string): string =>
      `For the list "${release}" of ${club}: this membership was not among the records committed for it. It says no more than that.`,
    present: (club: string, release: string): string =>
      `For the list "${release}" of ${club}: this membership was among the records committed for it.`,
    square: (club: string): string =>
      `${club} has a receipt with this number, and it says the same as what you gave us.`,
    mark: 'It is of a reconstruction of the past, and holds for nothing.',
    details: 'What exactly was checked',
    checked: 'Found to hold',
    unchecked: 'Not looked at',
    yourself:
      'We have checked it with our own key. If you do not trust us, check it with "astold verify" and a key that you got from somebody you trust.',
    wrong: {
      title: 'This does not hold',
      lead: 'Something in it does not fit. It was changed, or cut short, after it was written.',
      steps: [
        'Give us the file again as you first got it, not a copy out of a letter or a mail.',
        'If it still does not hold, ask whoever gave it to you for a new one.',
      ],
    },
    unreadable: {
      title: 'We cannot read this',
      lead: 'This is no receipt and no proof that we know.',
      steps: [
        'Choose the file that you saved, with a name that ends in .json.',
        'From a printed receipt, type what the square says. It begins with ASTOLD1.',
      ],
    },
    future: {
      title: 'This is from the future',
      lead: 'The time on it is still to come. A clock is wrong, here or where it was written.',
      steps: ['Check it again later.'],
    },
    release: {
      title: 'We do not have that list',
      lead: 'The proof is of a list that is not kept here.',
      steps: [
        'Check it with "astold verify" and the manifest of the list, which whoever gave you the proof can give you.',
      ],
    },
    unknown: {
      title: 'We do not know who wrote this',
      lead: (log: string | null): string =>
        log === null
          ? 'It names nobody whose key we have.'
          : `It is signed in the name of "${log}", and none of the organisations here has that name.`,
      steps: [
        'It may hold all the same. Ask whoever gave it to you where it can be checked.',
        'Anybody can check it with "astold verify" and the public key of the one who signed it.',
      ],
    },
    squareUnknown: {
      title: 'We do not know this receipt',
      lead: 'No organisation here has a receipt with this number that says the same.',
      steps: [
        'Look at the printed receipt again, sign by sign.',
        'If you have the file as well, check that.',
      ],
    },
    message: 'What the program says',
    again: 'Check another',
  },
} as const;
