/** Plain words first, the legal name beside them. */
import { counted, day } from '../../policy/figures.ts';
import { atBriefly, atInstant } from './figures.ts';
import { frame } from './frame.ts';

export type PassedOnKindNamed = 'stop' | 'correction' | 'restriction' | 'erasure';
export type AnswerNamed = 'done' | 'not-held' | 'refused';

const asked: Readonly<Record<PassedOnKindNamed, string>> = {
  stop: 'Stop using this row',
  correction: 'Correct this row',
  restriction: 'Keep this row, and do nothing with it',
  erasure: 'Delete this row',
};
const said: Readonly<Record<PassedOnKindNamed, string>> = {
  stop: 'Stop using your details',
  correction: 'Correct your details',
  restriction: 'Keep your details, and do nothing with them (restriction)',
  erasure: 'Delete your details (erasure)',
};
const answers: Readonly<Record<AnswerNamed, string>> = {
  done: 'We have done it',
  'not-held': 'We do not have this row',
  refused: 'We will not do it',
};
const answersOfThem: Readonly<Record<AnswerNamed, string>> = {
  done: 'They say they have done it',
  'not-held': 'They say they do not have this row',
  refused: 'They say they will not do it',
};
export type CameNamed = 'phone' | 'letter' | 'email';
const ways: Readonly<Record<CameNamed, string>> = {
  phone: 'by telephone',
  letter: 'by letter',
  email: 'by e-mail',
};
const stands = {
  done: (): string => 'They say they have done it',
  'not-held': (): string => 'They say they do not have your details',
  refused: (): string => 'They say they will not do it',
  deleted: (): string => 'They say they have deleted the whole list.',
  'refused-then-deleted': (): string =>
    'They said they would not do it, and say now that they have deleted the whole list',
  waiting: (due: string): string => `No answer yet. They have until ${day(due)}.`,
  late: (due: string): string =>
    `No answer. It was due on ${day(due)}. They get no new list until they answer.`,
} as const;

export const passedOn = {
  date: day,
  brief: atBriefly,
  further: frame.further,
  title: 'Passed on',
  intro:
    'People on a list you were given have said something about their details. Each is named by the code that is printed on their row, and by nothing else.',
  introStaff:
    'What people said, as it was passed on to those who hold their details. What a party answers is shown as its claim.',
  webhook: (on: string): string =>
    `Our messages to your program (webhook) were given up on ${day(on)}. Use this list.`,
  webhookOf: (party: string, on: string): string =>
    `Our messages to the program (webhook) of ${party} were given up on ${day(on)}. What is asked of them stands in this list.`,
  refused: {
    title: 'Refused by recipients',
    none: 'Nothing is refused.',
    lead: [
      'These parties say that they will not do it. Each person sees the refusal, and that they may complain.',
      'A party may not refuse a stop, or a request to keep and not use: until it is done, the party is given no new list once its day is past. A correction or an erasure may be refused for a reason that the law knows.',
      'Speak with them, and choose a party by its name to enter what it tells you. If they keep to it, freeze what goes to them, or end the agreement: then they owe the deletion of the list.',
    ],
  },
  silent: {
    title: 'Not answered in time',
    none: 'All that is due was answered.',
    lead: [
      'These parties were told, and have not answered by the day. They are given no new list until they do. They were reminded by mail; where nobody acts for a party here, the mail went to your officers.',
      'Choose a party by its name: there is the file to send to it, and the form to enter what it tells you.',
      'Speak with them. If they do not answer, freeze what goes to them, or end the agreement: then they owe the deletion of the list.',
    ],
  },
  agreements: 'Agreements are among the documents',
  all: 'All that was passed on',
  caption: 'What is to be done first',
  none: 'Nothing was passed on.',
  heads: {
    choose: 'Choose',
    code: 'Code',
    what: 'What to do',
    release: 'List',
    party: 'Who',
    due: 'By',
    state: 'Where it stands',
  },
  asked: (kind: PassedOnKindNamed): string => asked[kind],
  correction: (field: string, value: string): string => `${field} is now: ${value}`,
  correctionGone: 'The person has been erased since: delete the row.',
  state: {
    open: 'To do',
    overdue: 'Overdue',
    answered: 'Answered',
    deleted: 'The list was deleted, you say',
  },
  deletedStaff: 'They say the list is deleted',
  answer: (answer: AnswerNamed): string => answers[answer],
  answerStaff: (answer: AnswerNamed): string => answersOfThem[answer],
  choose: (code: string): string => `Choose ${code}`,
  formTitle: 'Answer for the rows you have chosen',
  answerLabel: 'What have you done?',
  wordsLabel: 'If you will not do it, say why',
  wordsHelp: 'The person will read this. Name nobody.',
  button: 'Send the answer',
  chooseFirst: 'Choose at least one row in the list.',
  chooseFewer: 'Choose no more than 500 rows at once.',
  answerFirst: 'Say what you have done with the rows you chose.',
  wordsFirst: 'Say why you will not do it.',
  wordsFewer: 'Say why in no more than 1,000 characters.',
  download: 'Download the codes that are still to be done (CSV)',
  overdueNote: 'While anything here is overdue, you are given no new list.',

  /** To a party: staff wrote its answer down. */
  enteredForYou: (by: CameNamed, on: string): string =>
    `They entered this, as you told them ${ways[by]} on ${day(on)}. If it is not so, answer here yourself.`,
  /** To staff. */
  entered: (by: CameNamed, on: string): string => `Entered as they told you ${ways[by]} on ${day(on)}.`,
  /** To the person. */
  toldUs: (by: CameNamed, on: string): string => `They told us so ${ways[by]} on ${day(on)}.`,
  party: {
    title: 'One party',
    lead: (name: string): string => `What was passed on to ${name}, and what they say they did.`,
    nobodyActs:
      'Nobody acts for them on this service. Send them the file, and enter below what they tell you.',
    somebodyActs:
      'Somebody acts for them on this service, and can answer there. Enter an answer here only if they told you in another way.',
    file: 'Download what they are still to do (CSV)',
    fileHelp:
      'Each row is named by the code printed on it, with what to do and by when. A correction has its new value: send the file so that nobody else can read it. Once they have answered, you can enter the answer to the whole file at once.',
    fileHelpActs:
      'Each row is named by the code printed on it, with what to do and by when. The new values of corrections are not in it: they see these where they answer. Once they have answered, you can enter the answer to the whole file at once.',
    none: 'Nothing was passed on to them.',
    formTitle: 'Enter what they told you',
    upTo: 'Did they answer a whole file?',
    upToHelp:
      'Then choose it: the answer goes to all that was in it, that they still hold and have not answered. What was passed on in the last minute before it was downloaded, or after, you choose in the list.',
    upToNone: 'No: only the rows I chose in the list',
    fileOf: (at: string, number: number): string =>
      `The file of ${atInstant(at)}: ${counted(number, 'row')} without an answer`,
    answer: 'What do they say they did with these rows?',
    words: 'If they will not do it, why do they say so?',
    wordsHelp: 'The person will read this. Name nobody.',
    by: 'How did they tell you?',
    ways: { phone: 'By telephone', letter: 'By letter', email: 'By e-mail' } satisfies Record<
      CameNamed,
      string
    >,
    on: 'On which day?',
    onHelp: 'The day the call or the answer came.',
    allTheSame: 'They could answer here themselves, and told me in another way',
    kept: 'It is shown to the person, and to them, as what they told you. That you entered it is kept.',
    button: 'Enter the answer',
    chooseFirst: 'Choose at least one row in the list.',
    chooseOne: 'Choose either rows in the list or a whole file, not both.',
    nothingOpen: 'All of that file has been answered meanwhile.',
    chooseFewer: 'Choose no more than 500 rows at once.',
    answerFirst: 'Say what they say they did.',
    wordsFirst: 'Say why they will not do it, in no more than 1,000 characters.',
    byFirst: 'Say how they told you.',
    onWrong: 'Give the day on which they told you: not one before they were told, and none to come.',
    sameFirst: 'Somebody acts for them here. Tick this if they told you all the same.',
  },

  deltaTitle: 'Rows that may not be used any more',
  deltaHelp:
    'For a recipient without this program: a file of the codes whose rows are not to be used from now on. All is decided again, as of now.',
  deltaMore: 'What is to be corrected, deleted, or kept and not used is in the file of each party:',
  deltaLink: 'Download the file (CSV)',

  answersTitle: 'Who has answered',
  answersIntro: (club: string): string =>
    `When you say stop, or have your details corrected or deleted, ${club} tells everybody who was given them. Here is whom it told, and what they say they did. ${club} cannot see for itself whether it is so.`,
  answersNone: 'Nothing was passed on yet. If you have just said something, look again in a minute.',
  answersCaption: 'Whom we told, the latest first',
  answerHeads: {
    who: 'Who',
    whose: 'Whose',
    what: 'What we told them',
    when: 'When',
    answer: 'Their answer',
  },
  said: (kind: PassedOnKindNamed): string => said[kind],
  stands: (how: keyof typeof stands, due: string): string => stands[how](due),
  why: (words: string): string => `Why: “${words}”`,
  /** Beside what was passed on of a stop that they may not have said. */
  toBeSafe: 'To be safe',
  /** Where they will not, or do not answer. */
  complain: (club: string): string =>
    `You can complain of it to them, to ${club}, or to the Information Commissioner: ico.org.uk, telephone 0303 123 1113.`,
  complainHere: 'Complain',
} as const;
