/**
 * Every reason the gate can refuse for. The position in this table is the bit (D1), and it is stable: add at the
 * end, never move. `scope` says what the reason is about: the whole request, a notice history, or one person.
 * `docs/reasons.md` is generated from here (`npm run docs`).
 */
export type ReasonScope = 'request' | 'notice' | 'person';
export type Reason = {
  readonly code: string;
  /** The rule of the semantics it carries. */
  readonly rule: string;
  readonly scope: ReasonScope;
  /** What a person is told about themselves. */
  readonly sentence: string;
  /** What is said of many: "1,065,200 …". */
  readonly plural: string;
};

const table = [
  // The request and its documents: these refuse everyone.
  [
    'no-rules',
    'A9',
    'request',
    'No rules are on file for the day of release.',
    'have no rules on file for the day of release',
  ],
  [
    'party-unknown',
    'A1',
    'request',
    'A party of the chain is not in the register of organisations on that day.',
    'would go to a party that is not in the register',
  ],
  [
    'term-unknown',
    'C9',
    'request',
    'The request uses a term this program does not know.',
    'are asked for in terms this program does not know',
  ],
  [
    'request-empty',
    'C9',
    'request',
    'The request names no purpose, no party, no field or no way of contact.',
    'are asked for with no purpose, party, field or way of contact',
  ],
  [
    'audience-empty',
    'C9',
    'request',
    'The request does not say whom it is for.',
    'are asked for without saying for whom',
  ],
  [
    'agreement-not-in-force',
    'B5',
    'request',
    'The agreement is not in force until the end of the use, or is due for review before it.',
    'are asked for under an agreement that is not in force, or is due for review',
  ],
  [
    'beyond-agreement',
    'B5',
    'request',
    'The agreement does not allow this: the parties in these roles, passing on, the purpose, the data, the basis or how long.',
    'are asked for beyond what the agreement allows',
  ],
  [
    'processor-terms-missing',
    'B1',
    'request',
    'A processor has no agreement with processor terms.',
    'would go to a processor without processor terms',
  ],
  [
    'processor-acts-as-controller',
    'B1',
    'request',
    'A party called processor keeps, enriches or profits from the data, or does not say it does not.',
    'would go to a processor that acts as a controller',
  ],
  [
    'basis-missing',
    'B3',
    'request',
    'A legal basis is missing: for the disclosure, or for a controller’s use.',
    'have no legal basis stated for a part of the chain',
  ],
  [
    'assessment-missing',
    'B3',
    'request',
    'Legitimate interests are claimed with no assessment in force.',
    'have no assessment of legitimate interests in force',
  ],
  [
    'special-category',
    'B3',
    'request',
    'Special category data would be given without explicit consent.',
    'would have special category data given without explicit consent',
  ],
  [
    'channel-needs-consent',
    'B3',
    'request',
    'This way of contact needs consent that names the sender.',
    'would be contacted in a way that needs consent',
  ],
  [
    'not-necessary',
    'B4',
    'request',
    'A field is not necessary for the purpose, or not in such detail.',
    'would have a field given that the purpose does not need',
  ],
  [
    'duty-overdue',
    'B5',
    'request',
    'A party of the chain has not done a duty in time.',
    'would go to a party with an overdue duty',
  ],
  [
    'frozen',
    'B5',
    'request',
    'Processing by this party, or for this purpose, is frozen.',
    'are held back by a freeze',
  ],
  [
    'document-missing',
    'B5',
    'request',
    'A document that a rule reads is absent.',
    'are refused because a document that a rule reads is absent',
  ],
  [
    'list-missing',
    'C5',
    'request',
    'A suppression list that must be screened is absent.',
    'were not screened against a list that must be screened',
  ],
  [
    'list-stale',
    'C5',
    'request',
    'A suppression list is too old for the end of the use.',
    'were screened against a list that is too old',
  ],
  [
    'list-unreadable',
    'C5',
    'request',
    'A suppression list cannot be read in full.',
    'were screened against a list that cannot be read',
  ],
  [
    'preferences-unreadable',
    'C9',
    'request',
    'The preference events cannot be read in full, or a stop names nobody: it may be anyone’s.',
    'have preference events that cannot be read in full',
  ],
  [
    'not-approved',
    'B8',
    'request',
    'Nobody other than who prepared it has approved the release and said why it is lawful.',
    'are in a release that nobody else has approved',
  ],
  // The notices a person was shown.
  ['no-notice', 'A6', 'notice', 'It is not known which notice they were shown.', 'have no notice on record'],
  [
    'notice-unknown',
    'A6',
    'notice',
    'The notice on their record is not one on file, or cannot have been shown to them that day.',
    'have a notice on record that is not on file, or was not shown that day',
  ],
  [
    'origin-unknown',
    'A8',
    'notice',
    'The data were bought in, or come from where nobody knows, without the terms they came with.',
    'were bought in without the terms they came with',
  ],
  [
    'purpose-not-told',
    'A4',
    'notice',
    'Their notice says nothing of this purpose.',
    'were not told of this purpose',
  ],
  [
    'party-not-told',
    'B1',
    'notice',
    'Their notice does not tell of a party of the chain.',
    'were not told of a party of the chain',
  ],
  [
    'data-not-told',
    'A5',
    'notice',
    'Their notice does not tell that these data are shared.',
    'were not told that these data are shared',
  ],
  [
    'child-not-told',
    'C6',
    'notice',
    'Their notice does not speak of sharing data about children.',
    'were not told that data about children are shared',
  ],
  [
    'channel-not-told',
    'A2',
    'notice',
    'Their notice does not tell of this way of contact.',
    'were not told of this way of contact',
  ],
  [
    'selection-not-told',
    'B2',
    'notice',
    'Their notice does not tell that these data would select them.',
    'were not told that these data would select them',
  ],
  [
    'membership-not-told',
    'B2',
    'notice',
    'Being on the list gives away something their notice does not tell is shared.',
    'were not told what being on the list gives away',
  ],
  [
    'basis-not-told',
    'B3',
    'notice',
    'Their notice does not state this legal basis.',
    'were not told this legal basis',
  ],
  [
    'retention-not-told',
    'C7',
    'notice',
    'Their notice does not say how long the data are kept by those who get them.',
    'were not told how long the data are kept',
  ],
  [
    'not-told-together',
    'A2',
    'notice',
    'Their notice tells each part in different statements, and none that holds them together.',
    'were told the parts, but nowhere together',
  ],
  [
    'promised-never',
    'A3',
    'notice',
    'They were promised that this would never be done.',
    'were promised that this would never be done',
  ],
  [
    'promised-only',
    'A3',
    'notice',
    'They were promised that no more than something else would be done.',
    'were promised no more than something else',
  ],
  [
    'dropped-later',
    'A7',
    'notice',
    'A later notice they were shown no longer tells this.',
    'were later shown a notice that no longer tells this',
  ],
  [
    'new-needs-assessment',
    'A7',
    'notice',
    'A later notice tells this, but no assessment says the new purpose is compatible.',
    'were told later, with no assessment of compatibility',
  ],
  [
    'new-not-delivered',
    'A7',
    'notice',
    'A later notice tells this, but there is no proof that it was delivered.',
    'were told later, with no proof of delivery',
  ],
  [
    'new-too-soon',
    'A7',
    'notice',
    'A later notice tells this, and the waiting period is not over.',
    'were told later, too short a time ago',
  ],
  [
    'consent-invalid',
    'C1',
    'notice',
    'The consent asked does not name every controller, or the purpose.',
    'were asked for a consent that does not name every controller and the purpose',
  ],
  // The person.
  [
    'consent-missing',
    'C1',
    'person',
    'They have not given the consent this rests on.',
    'have not given consent',
  ],
  ['stopped', 'C1', 'person', 'They said stop.', 'have said stop'],
  [
    'stopped-other-record',
    'C4',
    'person',
    'Someone with the same e-mail, phone or home said stop, who is likely the same person.',
    'match a record whose person said stop',
  ],
  [
    'stopped-plausible',
    'C4',
    'person',
    'A stop came that cannot be matched surely, and may be theirs.',
    'may have said a stop that is not yet resolved',
  ],
  [
    'suppressed-own',
    'C5',
    'person',
    'They are on the organisation’s own suppression list.',
    'are on the organisation’s own suppression list',
  ],
  [
    'suppressed-mps',
    'C5',
    'person',
    'They are on the Mailing Preference Service.',
    'are on the Mailing Preference Service',
  ],
  [
    'suppressed-baby-mps',
    'C5',
    'person',
    'Their household is on the Baby Mailing Preference Service.',
    'are in a household on the Baby Mailing Preference Service',
  ],
  [
    'suppressed-tps',
    'C5',
    'person',
    'Their number is on the Telephone Preference Service.',
    'are on the Telephone Preference Service',
  ],
  [
    'suppressed-near',
    'C5',
    'person',
    'They nearly match an entry of a suppression list.',
    'nearly match an entry of a suppression list',
  ],
  [
    'not-in-audience',
    'B2',
    'person',
    'They are not among those the request is for.',
    'are not among those the request is for',
  ],
  [
    'audience-unreadable',
    'C9',
    'person',
    'What the request selects by is missing or cannot be read for them.',
    'lack what the request selects by',
  ],
  [
    'retention-over',
    'C7',
    'person',
    'Their data would be kept longer than they were told.',
    'would be kept longer than they were told',
  ],
  [
    'retention-anchor-missing',
    'C7',
    'person',
    'The date that retention runs from is missing.',
    'lack the date that retention runs from',
  ],
  ['deceased', 'C8', 'person', 'They are recorded as having died.', 'are recorded as having died'],
  [
    'under-age',
    'C8',
    'person',
    'They are under age, or their age is unknown.',
    'are under age or of unknown age',
  ],
  ['gone-away', 'C8', 'person', 'They no longer live at this address.', 'have gone away'],
  [
    'no-contact',
    'C8',
    'person',
    'There is no address, e-mail or number for this way of contact.',
    'cannot be reached in this way',
  ],
  // Added since; positions above never move.
  [
    'not-screened',
    'C5',
    'person',
    'What a suppression list matches on is missing for them, so they cannot be screened against it.',
    'lack what a suppression list matches on',
  ],
  [
    'consent-not-opt-in',
    'C1',
    'notice',
    'The consent asked was opt-out, pre-ticked or bundled with something else.',
    'were asked for consent by opt-out, or for several things in one',
  ],
] as const satisfies readonly (readonly [string, string, ReasonScope, string, string])[];

export type ReasonCode = (typeof table)[number][0];

export const reasons: readonly (Reason & { readonly code: ReasonCode; readonly bit: number })[] = table.map(
  ([code, rule, scope, sentence, plural], bit) => ({ code, rule, scope, sentence, plural, bit }),
);

const byCode = new Map(reasons.map((r) => [r.code, r]));

/** The reason of that code. */
export function reason(code: ReasonCode): (typeof reasons)[number] {
  const found = byCode.get(code);
  if (!found) throw new RangeError(`no reason ${code}`);
  return found;
}

/** A set of reasons as bits; 0n means released (D1). */
export function bitsOf(codes: Iterable<ReasonCode>): bigint {
  let bits = 0n;
  for (const code of codes) bits |= 1n << BigInt(reason(code).bit);
  return bits;
}

/** The reasons in a bit set, in table order. */
export function reasonsIn(bits: bigint): readonly (typeof reasons)[number][] {
  return reasons.filter((r) => (bits >> BigInt(r.bit)) & 1n);
}
