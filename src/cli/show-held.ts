/** What a receipt was found to be, and what it says of a release. */
import type { VerifiedReceipt } from '../app/proof/verify-receipt.ts';
import type { AnswerFault, Before, NoBreach, Unsettled } from '../evidence/breach.ts';
import { moment } from '../policy/figures.ts';
import { type ExitStatus, exitStatus } from './exit.ts';
import { printable } from './printable.ts';

const before: Readonly<Record<Before, string>> = {
  log: 'it stands in the part of the log that the release says it honoured',
  witnesses: 'witnesses had seen it in the log before the time at which the release says it was decided',
  clock: 'the release was decided after it was promised, by the same clock',
  post: 'it came by post, and the release says that the post of that day had been keyed',
};
const none: Readonly<Record<NoBreach, string>> = {
  'not-a-stop': 'the receipt is not of a stop',
  'other-source': 'the release is of another source, or one of the two is a reconstruction',
  'not-in-release': 'the person is not among the records committed for the release',
  'scope-elsewhere': 'what was stopped is not what the release did',
  'received-later': 'it was logged after the release was',
  answered: 'the person said later what lifts it, before the release was decided',
};
const unsettled: Readonly<Record<Unsettled, string>> = {
  'no-token': 'the receipt has no token: nobody can say whether the release holds the person',
  'no-proof':
    'the receipt is a promise without its place in the log: ask for it again, once the log is published',
  'logged-before-release':
    'it is in the log before the release is, and after the part of the log that the release says it was decided on; when that was, the release alone says',
  'source-contradicts':
    'its roster holds the person, and so it is of the source of the receipt; it says that it is of another source, or one of the two is a reconstruction',
  'way-unknown':
    'the release says that the post of that day had been keyed, and nobody says whether it came by post',
  'no-evidence': 'the evidence of the release is not here, and it says what was asked: give --evidence',
};
const answers: Readonly<Record<AnswerFault, string>> = {
  'answer-other-person': 'it is of another person, or of another source',
  'answer-no-permission': 'it permits nothing',
  'answer-other-scope': 'it is not of the very scope that was stopped, or the stop is of everything',
  'answer-not-later': 'it was not signed after the stop was received',
  'answer-too-late': 'it was received after the release was decided',
  'answer-other-consent': 'it is not a consent that this release rests on',
  'answer-unproven': 'it does not show its place in the log',
};

export function heldText(verified: VerifiedReceipt): string {
  const { held, event, type, at, mark } = verified;
  return [
    `A receipt of ${printable(type)} ${printable(event)}, logged ${printable(moment(at))}${mark === null ? '' : ` (${mark})`}`,
    ...(held === null ? [] : findingLines(held)),
    ...verified.checked.map((what) => `  holds        ${printable(what)}`),
    ...verified.unchecked.map((what) => `  not checked  ${printable(what)}`),
    '',
  ].join('\n');
}

function findingLines({ finding, release }: NonNullable<VerifiedReceipt['held']>): readonly string[] {
  const of = printable(release);
  switch (finding.kind) {
    case 'apparent-breach':
      return [
        `APPARENT BREACH by ${of}: ${before[finding.before]}, and the roster holds the person.`,
        ...(finding.answer === null
          ? ['  The supplier may answer it with what the person said later (--answer).']
          : [`  The answer given is none: ${answers[finding.answer]} [${finding.answer}]`]),
      ];
    case 'no-breach':
      return [`No breach by ${of}: ${none[finding.code]} [${finding.code}]`];
    case 'unsettled':
      return [`It cannot be said of ${of}: ${unsettled[finding.code]} [${finding.code}]`];
  }
}

/** An apparent breach, and what cannot be said, end otherwise than what was found to be well. */
export function heldStatus({ held }: VerifiedReceipt): ExitStatus {
  switch (held?.finding.kind) {
    case 'apparent-breach':
      return exitStatus.nothing;
    case 'unsettled':
      return exitStatus.failed;
    case 'no-breach':
    case undefined:
      return exitStatus.something;
  }
}
