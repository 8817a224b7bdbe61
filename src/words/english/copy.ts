/** What a copy says around what is held: as a table for a spreadsheet, and as a paper. */
import { day, moment } from '../../policy/figures.ts';
import { atInstant } from './figures.ts';

export const copy = {
  date: moment,
  instant: atInstant,
  columns: ['part', 'what', 'value', 'from', 'when'],
  title: (club: string): string => `What ${club} holds of you`,
  made: (at: string): string => `Made on ${at}.`,
  page: (title: string, page: number, of: number): string => `${title}, page ${page} of ${of}`,
  nothing: 'nothing',
  line: (what: string, value: string, more: string): string =>
    `${what}: ${value}${more === '' ? '' : ` (${more})`}`,
  unwritten: {
    title: 'What this paper cannot write',
    /** Stands for a sign that the font of the paper does not have. */
    sign: '□',
    /** Behind each line that has such signs. */
    line: '[not all of its signs can be written on this paper: see its end]',
    heading: 'The heading of this paper',
    where: (part: string, what: string): string => `${part}: ${what}`,
    text: [
      'This paper has the letters of the alphabets of Europe, of Arabic and of Hebrew, and not of every other. Each sign that it does not have stands as a square (□).',
      'What is held is whole, and nothing of it is lost. The copies for a spreadsheet (CSV) and for programs (JSON) show every sign as it is held: take one of those, or ask us for it.',
      'It is so in these lines:',
    ],
  },
  parts: {
    held: ['What is held of you', 'Nothing is held.'],
    told: ['What you were told', 'No notice is on record.'],
    releases: ['Who got your details', 'Your details were given to nobody.'],
    said: ['What you have said', 'You have said nothing.'],
    passedOn: ['Whom we told to stop, correct or delete', 'Nobody was told anything.'],
    requests: ['What you have asked for', 'You have asked for nothing.'],
    lookUps: ['When somebody looked you up', 'Nobody has.'],
  },
  number: (number: number): string => `record ${number}`,
  record: 'Record',
  notice: (notice: string): string => `Notice ${notice}`,
  noticeBefore: (notice: string, until: string): string => `Notice ${notice}, as it was until ${day(until)}`,
  shown: 'What you were shown',
  shownLater: 'What you were shown later',
  inUse: (from: string, until: string | null): string =>
    until === null ? `in use since ${day(from)}` : `in use from ${day(from)} until ${day(until)}`,
  release: (release: string): string => `Release ${release}`,
  notKept: (recipient: string): string => `to ${recipient}; what it was made of is not kept any more`,
  party: (name: string, role: string): string => `to ${name}, who ${role}`,
  delivered: (data: string): string => `with ${data}`,
  chosenBy: (data: string): string => `chosen by ${data}`,
  givesAway: (data: string): string => `being on the list tells them: ${data}`,
  use: (days: string): string => `to be used ${days}`,
  deleteBy: (date: string): string => `to be deleted by ${date}`,
  claim: (party: string, duty: string): string => `${party} says that it did this: ${duty}`,
  owed: (party: string, duty: string, by: string): string => `${party} must do this, ${by}: ${duty}`,
  by: (date: string): string => `by ${date}`,
  until: (date: string): string => `until ${date}`,
  theySay: (what: string): string => `what they say: ${what}`,
  toldTo: (name: string): string => `Told to ${name}`,
  /** Of a stop that they may not have said. */
  toBeSafe: 'told to be safe: you may not have said it yourself',
  answered: (at: string): string => `answered on ${atInstant(at)}`,
  others: 'Other releases',
  unknown: (releases: number): string => `of ${releases} nobody can say whether they hold you`,
  file: 'from the file of the members',
  ownRecord: 'from your record',
  request: (number: number, what: string): string => `Request ${number}: ${what}`,
  answer: 'the answer',
  replyTo: (address: string): string => `to be answered to ${address}`,
  lookedUp: 'Looked up',
} as const;
