/** Plain words first, the legal name beside them. */
import { counted, day } from '../../policy/figures.ts';
import { atBriefly, atInstant } from './figures.ts';
import { called, capitalised, detailCalled, reachedBy, toDoWhat } from './terms.ts';

const asked = {
  access: 'A copy of your details',
  correction: 'Put something right',
  erasure: 'Erase your details',
  complaint: 'A complaint',
  objection: 'Stop using your details',
} as const;

export const cases = {
  /** The legal name of each, beside its plain one. */
  asked,
  legal: {
    access: 'Right of access, UK GDPR Article 15',
    correction: 'Right to rectification, UK GDPR Article 16',
    erasure: 'Right to erasure, UK GDPR Article 17',
    complaint: 'Complaint to the organisation, section 164A of the Data Protection Act 2018',
    objection: 'Right to object, UK GDPR Article 21',
    withdraw: 'Withdrawal of consent, UK GDPR Article 7',
    lift: 'An objection taken back',
    consent: 'Consent, UK GDPR Article 7',
  },
  purpose: toDoWhat,
  channel: reachedBy,
  called,
  detail: detailCalled,
  capital: capitalised,
  date: day,
  instant: atInstant,
  brief: atBriefly,

  form: {
    problem: 'There is a problem',
    next: 'Go on',
    change: 'Change it',
    check: 'Check your answers',
    choose: 'Choose one',
    which: 'Which of your records?',
    whichNone: 'Choose which record',
    record: (n: number): string => `Record ${n}`,
    /** Whose it is, where more records than one are theirs. */
    for: 'For',
    back: 'Back to what you can say',
    legalName: 'In law',
    unknown: 'Choose one of the list',
  },

  say: {
    title: 'What do you want to do?',
    lead: (club: string): string =>
      `Say it once. ${club} must then do it, and you get a receipt or a number.`,
    loss: {
      button: 'Stop everything, I have had a loss',
      help: 'One touch. For everybody in your home. It works at once. Nobody asks why, and nobody is told why.',
    },
    stop: ['Stop everything', 'Nobody gets your details any more, and nobody is written to about you.'],
    stopOne: ['Stop one thing', 'One use, one organisation, or one way of reaching you.'],
    withdraw: ['Take back a yes', 'You ticked a box, or said yes. You can take that back.'],
    allow: ['Take back a stop, or say yes again', 'You see the old stop first.'],
    correct: ['Put something right', 'A detail is wrong, or out of date.'],
    copy: ['Get a copy', 'Everything that is held about you. You can have it now.'],
    erase: ['Have it all erased', 'You ask for everything held about you to go.'],
    complain: ['Complain', 'You think something was done wrong.'],
    safe: ['Stay out of sight', 'No letters, no e-mail, and no name on the screen.'],
    cases: 'See what you asked for, and where it stands',
  },

  stop: {
    title: 'Stop everything',
    what: (club: string): readonly string[] => [
      `From now on ${club} gives your details to nobody.`,
      'Those who have them already are told to stop.',
      'You get a receipt. If your details are passed on after it, anybody can see that it was wrong.',
    ],
    button: 'Stop everything now',
    ask: 'For whom do you stop it?',
    me: 'Stop it for me',
    home: 'You can say it for everybody in your home too: who lives at your address, and has your surname, your e-mail address or your telephone number.',
    homeButton: 'Stop it for my whole home',
    legal: 'This is an objection to every use. Right to object, UK GDPR Article 21.',
  },
  stopOne: {
    title: 'Stop one thing',
    purpose: ['One use', 'What do you not want your details used for?'],
    organisation: ['One organisation', 'Who should not get your details?'],
    channel: ['One way of reaching you', 'How do you not want to be reached?'],
    checkTitle: 'Stop this?',
    all: 'Everything else stays as it is.',
    button: 'Stop this now',
    labels: {
      purpose: 'Stop this use',
      organisation: 'Stop this organisation',
      channel: 'Stop being reached by',
    },
    /** Of somebody who got their details. */
    left: 'They are not in the register any more.',
    gone: {
      title: 'Stop everything instead?',
      lead: (name: string): string =>
        `${name} cannot be stopped alone: they are not in the register any more. Nothing was recorded.`,
      unnamed: 'They cannot be stopped alone: they are not in the register any more. Nothing was recorded.',
      instead:
        'You can stop everything instead: then nobody gets your details from here any more, and nor do they. Do they have them already? Then write to them as well. By law they must answer you.',
    },
  },
  withdraw: {
    title: 'Take back a yes',
    none: 'You have said yes to nothing that still stands.',
    ask: 'Which yes do you take back?',
    said: 'You said yes to this',
    /** Of words that may have been others when it was said. */
    saidNow: 'The words, as they are now',
    changed:
      'You said yes here once. The words were changed since then, so you may have said yes to other words than these.',
    changedShort: 'These are the words as they are now. They were changed since you said yes.',
    covers: 'You take back all of it: what the words say now, and what they said before.',
    when: 'When',
    on: (date: string | null): string => (date === null ? 'On a day nobody wrote down' : `On ${day(date)}`),
    who: 'Who it named',
    what: 'For what',
    how: 'How they may reach you',
    checkTitle: 'Take this back?',
    after: 'From now on it counts as a no. It does not change what was done before.',
    button: 'Take it back now',
  },
  allow: {
    title: 'Take back a stop, or say yes again',
    stops: 'Your stops',
    none: 'No stop of yours stands.',
    consents: 'What you once said yes to',
    look: 'Look at it',
    checkTitle: 'Take back this stop?',
    yesTitle: 'Say yes again?',
    oldStop: 'The stop as you gave it',
    /** Said of every stop alike: whether there is another is not told. */
    also: 'If the very same stop also reaches your record from another record with the same details, it is taken back with this one, for your record alone. Every other stop stays.',
    lift: (what: string): string => `I have read this, and I take this stop back: ${what}`,
    liftNone: 'Tick the box to say that you take the stop back',
    notYet:
      'This stop came today, or on a day nobody wrote down, so it cannot be taken back here yet. Try again tomorrow, or phone. Nothing is recorded.',
    still: 'If you leave a box empty, that stop stays. Your yes then changes nothing that it stops.',
    yes: 'I say yes to this',
    yesNone: 'Tick the box to say yes',
    button: 'Take it back',
    yesButton: 'Say yes',
    legal: 'An objection taken back. Or consent, UK GDPR Article 7.',
  },
  correct: {
    title: 'Put something right',
    ask: 'What is wrong?',
    now: 'What is held now',
    empty: 'Nothing',
    value: 'What should it say?',
    valueHelp: 'Leave it empty if nothing should be there.',
    same: 'That is what is held now. Write what it should say',
    tooLong: 'Write it in no more than 400 characters',
    /** Of a sign that is no letter, such as one that a program copied along. */
    control: 'This holds a sign that cannot be written. Type it anew in one line',
    day: 'Write the day, the month and the year, such as 19 8 2023. Leave it empty if nothing should be there.',
    dayNone: 'Write a day that there is, such as 19 8 2023',
    dayAhead: 'That day has not come yet. Write a day that has',
    yesOrDay: 'Write yes, no, or the day, such as 19 8 2023. Leave it empty if nothing should be there.',
    yesOrDayNone: 'Write yes, no, or a day that there is, such as 19 8 2023',
    yes: 'yes',
    no: 'no',
    button: 'Send it',
    next: (club: string): string =>
      `A person at ${club} looks at it. Nothing changes until they have. They must answer within one month. Those who got the wrong detail are then told the right one.`,
  },
  erase: {
    title: 'Have it all erased',
    what: (club: string): readonly string[] => [
      `At once, ${club} gives your details to nobody any more.`,
      'A person there then erases what this service keeps of you, or says why something must be kept. They must answer within one month.',
      'Your record stands in a file of theirs too. They are told to take it out. Until they have, nobody can sign in with it, and your stop is obeyed.',
      'Those who got your details are told to erase them too.',
      'You get a receipt now. Keep it: once you are erased, nobody can make it again, and you cannot sign in here any more.',
      'A code stays, made from the number of your record, so that your stop is still obeyed. Nobody can read who you are from it. If you stay out of sight, that stays with it.',
    ],
    button: 'Ask to be erased',
    record: 'What will be erased',
  },
  copy: {
    title: 'Get a copy',
    lead: 'You can have it now. It says what is held of you, where it came from, what you were told, who got it, and what you have said.',
    pdf: ['To read, or print', 'PDF'],
    csv: ['For a spreadsheet', 'CSV'],
    json: ['For a program', 'JSON'],
    ends: 'You have asked for a copy before. That request ends when you take one here.',
    more: 'Do you want something that is not in it?',
    moreHelp: 'Such as letters about you, or notes of calls. Say what you want a copy of.',
    moreNone: 'Say what you want a copy of',
    button: 'Ask for it',
    checkTitle: 'Ask for this?',
    next: (club: string): string => `A person at ${club} looks for it. They must answer within one month.`,
  },
  complain: {
    title: 'Complain',
    ask: 'What went wrong?',
    help: 'In your own words. You need not know the law.',
    none: 'Say what went wrong',
    tooLong: 'Write it in no more than 4,000 characters',
    next: (club: string): string =>
      `${club} must say within 30 days that it has your complaint, and must then answer it without delay. You can also complain to the Information Commissioner: ico.org.uk, telephone 0303 123 1113.`,
    button: 'Send your complaint',
  },
  safe: {
    title: 'Stay out of sight',
    lead: 'For anybody for whom a letter, an e-mail or a name on a screen is a risk. Nobody asks why.',
    what: [
      'No letters are sent to you.',
      'No e-mail is sent to you, but the link to sign in, which you ask for yourself.',
      'Your name is shown on no screen, here or at their desk.',
    ],
    notAStop: 'It stops nobody from having your details. To stop that too, choose "Stop everything".',
    on: 'It is set.',
    off: 'It is not set.',
    set: 'Set it now',
    clear: 'Take it back',
  },

  done: {
    stopped: ['It has stopped', 'From this moment your details go to nobody for what you stopped.'],
    withdrawn: ['Your yes is taken back', 'From this moment it counts as a no.'],
    lifted: [
      'The stop is taken back',
      'What you stopped is allowed again, where you had said yes or been told of it, and where no other stop stands.',
    ],
    allowed: [
      'Your yes is recorded',
      'You can take it back at any time. Where a wider stop stands, it still holds: your yes does not lift it.',
    ],
    safe: ['It is set', 'No letters, no e-mail, no name on the screen, from now on.'],
    unsafe: ['It is taken back', 'You can be written to again.'],
    next: 'What happens next',
    answers: 'See who was told, and who has answered',
    /** `by`: the day by which they must have stopped. */
    nextStop: (by: string): string =>
      `Those who have your details already are told to stop, and you can see who has answered. They must stop by ${day(by)}. You need do nothing more.`,
    receipts: 'Your receipt',
    receiptsMany: 'Your receipts',
    receipt: 'See it, save it or print it',
    /** Beside the link: what this one is of. */
    receiptOf: (what: string): string => `: ${what}`,
    keep: 'Keep it. It is proof of what you said, and when.',
    receiptsOf: (shown: number, all: number): string =>
      `There are ${counted(all, 'receipt')} of this. Here are the first ${counted(shown, '', '').trim()}.`,
    receiptsAll: 'See all of them, in what you have said',
  },

  list: {
    title: 'What you asked for',
    none: 'You have asked for nothing yet.',
    caption: 'Requests',
    number: 'Number',
    what: 'What',
    whose: 'Whose',
    asked: 'Asked on',
    state: 'Where it stands',
    further: 'Further',
  },
  one: {
    title: (number: number): string => `Request ${counted(number, '', '').trim()}`,
    received: 'We got it on',
    state: 'Where it stands',
    clock: 'By when',
    signed: 'Signed on',
    said: 'What you said',
    /** Null: a name, of who stays out of sight. */
    correction: (field: string, value: string | null): string => {
      if (value === null) return `${field}: the new name is not shown`;
      return value === '' ? `${field}: nothing should be there` : `${field}: it should say "${value}"`;
    },
    next: {
      access: (club: string): string => `A person at ${club} looks for it, and answers you here.`,
      correction: (club: string): string =>
        `A person at ${club} looks at it. Nothing changes until they have. Those who got the wrong detail are then told the right one.`,
      erasure: (club: string): string =>
        `${club} gives your details to nobody any more. A person there erases what this service keeps of you, and takes your record out of their file, or says why something must be kept. Save your receipt now: once you are erased, nobody can make it again.`,
      complaint: (club: string): string => `A person at ${club} looks into it, and answers you here.`,
      objection: (club: string): string => `${club} has stopped. A person there answers you here.`,
    },
    steps: 'What has happened',
    answer: 'The answer',
    erased: 'What was said in it was erased with the person.',
    receipt: 'Your stop has a receipt. Keep it.',
    reply: 'Your answer',
    replyHelp: 'What they asked you. Everybody who works on it can read what you write.',
    replyNone: 'Write your answer',
    replyButton: 'Send your answer',
    add: 'Add something',
    addHelp: 'Everybody who works on it can read what you write.',
    addButton: 'Send it',
    regulator:
      'If you are not happy with this, you can complain to the Information Commissioner: ico.org.uk, telephone 0303 123 1113. You can also go to a court.',
    passedOn: 'Who was told, and who has answered',
  },
  states: {
    open: 'Being looked at',
    waiting: 'They need something from you',
    done: 'Done',
    refused: 'Answered: no, or not all of it',
  },
  /** Where a clock stands, in words. */
  clock: {
    answer: (on: string): string => `We must answer by ${day(on)}.`,
    acknowledge: (on: string): string => `We must tell you by ${day(on)} that we have it.`,
    outcome: 'We have it, and must answer without delay.',
    nothing: 'It has ended.',
    overdue: (on: string): string =>
      `We should have answered by ${day(on)}. That is late, and you may complain of it.`,
    acknowledgeOverdue: (on: string): string =>
      `We should have told you by ${day(on)} that we have it. That is late, and you may complain of it.`,
    stopped: (on: string): string => `Stopped on ${day(on)}.`,
    stands: 'The clock stands until you answer.',
    extended: 'We took two more months, and told you why.',
  },
  deeds: {
    opened: 'Asked',
    acknowledged: 'We told you that we have it',
    asked: 'We asked you something',
    answered: 'You answered',
    extended: 'We took two more months',
    done: 'Done',
    refused: 'Answered: no, or not all of it',
    note: 'Noted',
  },
  sides: { person: 'You', organisation: 'The organisation' },
} as const;
