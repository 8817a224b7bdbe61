/** What a page says after something was done: one of these, never a text out of the address. */
import type { Notice } from '../../pages/frame.ts';

const texts = {
  requested: 'The request was made. A check comes next.',
  'check-asked': 'The check was asked for.',
  approved: 'Approved. It can be released now.',
  'sent-back': 'Sent back, with your words.',
  refused: 'Refused, with your words.',
  withdrawn: 'Withdrawn.',
  'release-asked': 'The release was begun. Everything is decided again as of now.',
  countersigned: 'The countersignature holds, and is in the log.',
  attested: 'The attestation holds, is in the log, and is shown as a claim.',
  frozen: 'Frozen: it holds from now on.',
  lifted: 'Lifted.',
  ended: 'The agreement was ended. Its requests stop, and deletion is owed.',
  granted: 'The role was given, and a mail says so.',
  'role-withdrawn': 'The role was withdrawn.',
  kept: 'Kept as the next version.',
  'passed-on-answered': 'Sent. The person sees your answer on their page.',
  'case-opened': 'They have it. What happens next is below.',
  'case-said': 'They have it.',
  'desk-opened': 'The request is open, and its clock runs.',
  'desk-noted': 'Done. It stands below.',
  'safe-set': 'They stay out of sight from now on.',
  recorded: 'Recorded. The receipt is below.',
} as const;
export type Said = keyof typeof texts;

export const saidText = (code: string | undefined): Notice | null =>
  code !== undefined && Object.hasOwn(texts, code) ? { kind: 'good', text: texts[code as Said] } : null;
