/** The mails to a person: plain text, to be understood by somebody who had ten others today. */
import { counted, day } from '../../policy/figures.ts';

export const mail = {
  signIn: {
    subject: (club: string): string => `Your link to ${club}`,
    asked: (club: string, minutes: number): string =>
      `You asked ${club} for a link to see what it holds about you, and to whom it went. Open it within ${counted(minutes, 'minute')}; it works once:`,
    unasked: 'If you did not ask for it, leave it: nobody gets in without it, and nothing changes.',
  },
  case: {
    subject: (club: string): string => `Your request to ${club}`,
    /** How the subject ends: by it such a mail is found when the person is erased. */
    numbered: (number: number): string => `, number ${number}`,
    asked: (club: string, what: string, number: number): string =>
      `You asked ${club} ${what}. Your number is ${number}.`,
    what: {
      access: 'for a copy of your details',
      correction: 'to have your details put right',
      erasure: 'to have your details erased',
      complaint: 'to look into your complaint',
      objection: 'to stop using your details',
    },
    steps: {
      opened: (club: string): string => `${club} has it.`,
      acknowledged: (club: string): string => `${club} has read it, and is looking into it.`,
      asked: (club: string): string => `${club} needs something from you before it can go on.`,
      answered: (club: string): string => `${club} has your answer.`,
      extended: (club: string): string => `${club} needs more time, and says why.`,
      done: (club: string): string => `${club} has done it.`,
      refused: (club: string): string =>
        `${club} has answered no, or not all of it, and says why, and what you can do.`,
      note: (club: string): string => `${club} has written something down with it.`,
    },
    stands: 'Until you answer, its time stands still.',
    acknowledge: (on: string): string => `They must say that they have it by ${day(on)}.`,
    answer: (on: string): string => `They must answer by ${day(on)}.`,
    see: 'See it here, after signing in:',
    unasked: 'If you did not ask for it, write or phone and say so.',
  },
  erased: {
    subject: (club: string): string => `${club} has answered your request to be erased`,
    paragraphs: (club: string, number: number): readonly string[] => [
      `You asked ${club} to erase your details. Your number was ${number}. What this service kept of you is erased. Nobody can sign in here with your record.`,
      `Your record may still stand in the file that ${club} keeps. A person there has been told to take it out. Your stop is obeyed all the same.`,
      'What is kept: a code, made from the number you had there, so that your stop is still obeyed if your details ever come back. Nobody can read who you are from it. If you asked to stay out of sight, that is kept with it.',
      'Keep the receipt you were given when you asked. It is proof, and nobody can make it again.',
      'Those who had your details from them were told to erase them too. If you think something is wrong, write to them, or to the Information Commissioner (ico.org.uk).',
      'This address is forgotten once this mail has gone.',
    ],
  },
} as const;
