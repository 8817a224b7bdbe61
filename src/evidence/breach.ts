/**
 * A receipt held against a release (E6): whether the release, by what it states and committed to itself, used somebody
 * who had said stop. It is an *apparent* breach: the supplier may answer it with what the person said later. Pure.
 */
import { judgeAgain } from '../policy/judge.ts';
import type { GateContext, Judgement } from '../policy/judgement.ts';
import { isStop } from '../policy/preference-event.ts';
import { timeOf } from '../policy/times.ts';
import type { CheckedReceipt, Said } from './receipt.ts';

/** What is known of a release once its manifest, log entry and roster were checked. */
export type ReleaseSeen = {
  readonly release: string;
  readonly mark: 'reconstruction' | null;
  readonly source: string;
  /** When its inputs froze, in milliseconds, by the supplier's clock. */
  readonly cutOff: number;
  /** How many entries the log had when it was decided, as it states. */
  readonly logSize: bigint;
  /** The number of its own entry. */
  readonly index: bigint;
  /** Up to which day the post had been keyed, as it states. */
  readonly postKeyedTo: string | null;
  /** Whether the roster holds the person of the receipt; null where the receipt has no token. */
  readonly holds: boolean | null;
  /** What was judged; null where its evidence was not given. */
  readonly context: GateContext | null;
};

/** Why the stop came before the release was decided. */
export type Before =
  /** It stands in the part of the log that the release says it honoured. */
  | 'log'
  /** The release's own cut-off is later than the promise, whatever size of the log it states. */
  | 'clock'
  /** Witnesses had seen it in the log before the release's own cut-off, whatever time the log gives it. */
  | 'witnesses'
  /** The release states that the post of that day had been keyed. */
  | 'post';
export type BreachFinding =
  | { readonly kind: 'apparent-breach'; readonly before: Before; readonly answer: AnswerFault | null }
  | { readonly kind: 'no-breach'; readonly code: NoBreach }
  /** It cannot be said: something is not there to be checked. */
  | { readonly kind: 'unsettled'; readonly code: Unsettled };
export type NoBreach =
  | 'not-a-stop'
  | 'other-source'
  | 'not-in-release'
  | 'scope-elsewhere'
  | 'received-later'
  /** What the person said later lifts the stop (C3). */
  | 'answered';
export type Unsettled =
  | 'no-token'
  | 'no-proof'
  | 'no-evidence'
  /** It was logged before the release was, and after the part of the log that the release says it was decided on. */
  | 'logged-before-release'
  /** The roster holds the person's token, which is of one source, and the release says that it is of another, or marked. */
  | 'source-contradicts'
  /** It is dated from before the post was keyed, and nobody says that it came by post. */
  | 'way-unknown';
/** Why what was given as an answer is none. */
export type AnswerFault =
  | 'answer-other-person'
  | 'answer-no-permission'
  | 'answer-other-scope'
  | 'answer-not-later'
  | 'answer-too-late'
  | 'answer-other-consent'
  | 'answer-unproven';

/** A receipt, and by when at the latest witnesses had seen its entry in the log, in milliseconds; null: none did. */
export type ReceiptSeen = CheckedReceipt & { readonly seen: number | null };

/** Both receipts were checked under the key of the log that the release is in. */
export function findBreach(
  receipt: ReceiptSeen,
  release: ReleaseSeen,
  answer: CheckedReceipt | null,
): BreachFinding {
  const { said } = receipt;
  const no = (code: NoBreach): BreachFinding => ({ kind: 'no-breach', code });
  if (!isStop(said.type)) return no('not-a-stop');
  const same = said.source === release.source && said.mark === release.mark;
  if (release.holds === null) return { kind: 'unsettled', code: 'no-token' };
  if (!release.holds) return no(same ? 'not-in-release' : 'other-source');
  const found = findOfHeld(receipt, release, answer);
  // A token is of one source: where the roster holds it, what the release says of itself clears it of nothing.
  return same || found.kind !== 'no-breach' ? found : { kind: 'unsettled', code: 'source-contradicts' };
}

/** What a stop says of a release that holds the person. */
function findOfHeld(
  receipt: ReceiptSeen,
  release: ReleaseSeen,
  answer: CheckedReceipt | null,
): BreachFinding {
  const { said } = receipt;
  const no = (code: NoBreach): BreachFinding => ({ kind: 'no-breach', code });
  const before = cameBefore(receipt, release);
  if (before === 'later') return no('received-later');
  const { context } = release;
  const judgement = context === null ? null : judgeAgain(context, []);
  const meets = judgement === null ? (isAll(said) ? true : null) : judgement.meets(said.scope);
  if (meets === null) return { kind: 'unsettled', code: 'no-evidence' };
  if (!meets) return no('scope-elsewhere');
  if (typeof before === 'object') return before;
  const fault = answer === null ? null : answerFault(receipt, answer, release, judgement);
  if (answer !== null && fault === null) return no('answered');
  return { kind: 'apparent-breach', before, answer: fault };
}

const isAll = ({ scope }: Said): boolean => Object.values(scope).every((part) => part === 'all');

/** How far a witness's clock may be from the supplier's, in milliseconds. */
const clockSkew = 5 * 60_000;

/** C2: a stop counts from its earliest provable time, and one at the very cut-off is in. */
function cameBefore(
  { said, index, seen }: ReceiptSeen,
  release: ReleaseSeen,
): Before | 'later' | Extract<BreachFinding, { kind: 'unsettled' }> {
  if (index !== null && index < release.logSize) return 'log';
  // In a reconstruction the clock stands still, and says nothing of before and after. At one instant the log tells.
  const live = release.mark === null && said.mark === null;
  if (live && Date.parse(said.at) < release.cutOff) return 'clock';
  if (live && seen !== null && seen + clockSkew < release.cutOff) return 'witnesses';
  const received = said.received === null ? null : timeOf(said.received);
  const keyed = release.postKeyedTo === null ? null : timeOf(release.postKeyedTo);
  const inTime = received !== null && keyed !== null && received.latest <= keyed.latest;
  if (inTime && said.receivedBy === 'letter') return 'post';
  // The cut-off and the size are what the release says of itself: only what was logged after it is surely later.
  if (index === null) return { kind: 'unsettled', code: 'no-proof' };
  if (index < release.index) return { kind: 'unsettled', code: 'logged-before-release' };
  if (inTime && said.receivedBy === null) return { kind: 'unsettled', code: 'way-unknown' };
  return 'later';
}

/** C1 to C3, as the gate itself asks: null where the answer lifts the stop. */
function answerFault(
  { said: stop }: CheckedReceipt,
  { said, index }: CheckedReceipt,
  { cutOff, logSize }: ReleaseSeen,
  judgement: Judgement | null,
): AnswerFault | null {
  if (said.person === null || said.person !== stop.person || said.source !== stop.source)
    return 'answer-other-person';
  if (said.type !== 'consent' && said.type !== 'lift') return 'answer-no-permission';
  if (index === null) return 'answer-unproven';
  const [signed, received, stopped] = [said.signed, said.received, stop.received].map((text) =>
    text === null ? null : timeOf(text),
  );
  // Of a permission the earliest it can have been signed counts, of a stop the latest it can have come: ties favour it.
  if (!signed || !received || !stopped || signed.earliest <= stopped.latest) return 'answer-not-later';
  if (index >= logSize || received.latest >= cutOff || signed.earliest > received.latest)
    return 'answer-too-late';
  if (said.type === 'lift') return said.lifts === stop.event ? null : 'answer-other-scope';
  if (judgement === null || judgement.isWhole(stop.scope)) return 'answer-other-scope';
  const { purpose, organisation, contactChannel, field } = said.scope;
  const same =
    purpose === stop.scope.purpose &&
    organisation === stop.scope.organisation &&
    contactChannel === stop.scope.contactChannel &&
    field === stop.scope.field;
  if (!same) return 'answer-other-scope';
  const counts = judgement.lifting.some((l) => l.notice === said.notice && l.consent === said.consent);
  return counts ? null : 'answer-other-consent';
}
