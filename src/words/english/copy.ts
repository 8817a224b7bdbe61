/** What a copy says around what is held: as a table for a spreadsheet, and as a paper. */
import { moment } from '../../policy/figures.ts';
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
    text: (signs: string): string =>
      `Its font does not have these signs, which stand as [U+...] above: ${signs}. They are written in the JSON copy.`,
  },
  parts: {
    held: ['What is held of you', 'Nothing is held.'],
    told: ['What you were told', 'No notice is on record.'],
    releases: ['Who got your details', 'Your details were given to nobody.'],
    said: ['What you have said', 'You have said nothing.'],
    requests: ['What you have asked for', 'You have asked for nothing.'],
    lookUps: ['When somebody looked you up', 'Nobody has.'],
  },
  number: (number: number): string => `record ${number}`,
  record: 'Record',
  notice: (notice: string): string => `Notice ${notice}`,
  release: (release: string): string => `Release ${release}`,
  notKept: (recipient: string): string => `to ${recipient}; what it was made of is not kept any more`,
  party: (name: string, role: string): string => `to ${name}, who ${role}`,
  delivered: (data: string): string => `with ${data}`,
  deleteBy: (date: string): string => `to be deleted by ${date}`,
  claim: (party: string, duty: string): string => `${party} says that it did this: ${duty}`,
  others: 'Other releases',
  unknown: (releases: number): string => `of ${releases} nobody can say whether they hold you`,
  file: 'from the file of the members',
  ownRecord: 'from your record',
  request: (number: number, what: string): string => `Request ${number}: ${what}`,
  answer: 'the answer',
  replyTo: (address: string): string => `to be answered to ${address}`,
  lookedUp: 'Looked up',
} as const;
