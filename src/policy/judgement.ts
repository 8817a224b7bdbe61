/**
 * What `judge` hands to the two deciders: the interpreter (`decide.ts`, one person in memory) and the compiler
 * (`bulk/compile.ts`, SQL for all). Both read only this, so one policy has one meaning (invariant 5).
 */
import type {
  Agreement,
  Approval,
  Assessment,
  Audience,
  CivilDate,
  CollectedBy,
  DataItem,
  Dimension,
  Duty,
  Freeze,
  Instant,
  Notice,
  Organisation,
  Quote,
  Request,
  Retention,
  Scope,
  Source,
  Statement,
  SuppressionList,
  Term,
  Upstream,
} from './model.ts';
import type { ReasonCode } from './reasons.ts';
import type { Aspect, RulePack } from './rules.ts';

/** Everything a request is judged on. Documents that are absent are null, and refuse. */
export type GateContext = {
  readonly request: Request;
  readonly agreement: Agreement | null;
  readonly source: Source;
  readonly organisations: readonly Organisation[];
  readonly notices: readonly Notice[];
  readonly upstream: readonly Upstream[];
  readonly assessments: readonly Assessment[];
  readonly duties: readonly Duty[] | null;
  readonly freezes: readonly Freeze[] | null;
  readonly lists: readonly ListOnFile[];
  /** Null for a check; a release needs it (B8). */
  readonly approval: { readonly required: boolean; readonly given: Approval | null };
  readonly rules: RulePack | null;
  /** The instant at which the inputs froze, and its day in Europe/London. */
  readonly cutOff: Instant;
  readonly day: CivilDate;
  /** False where a row of the preference events cannot be read or a stop names nobody (C4, C9). */
  readonly preferencesReadable: boolean;
};
export type ListOnFile = { readonly list: SuppressionList; readonly readable: boolean };

/** How a record's notice is known (A6). */
export type Base =
  | { readonly kind: 'recorded'; readonly notice: string }
  | { readonly kind: 'print-code'; readonly code: string }
  | { readonly kind: 'derived'; readonly collectedBy: CollectedBy; readonly on: CivilDate }
  | { readonly kind: 'unknown' };
/** `earlier`: shown before the record was collected, so that it can take away and promise, and adds nothing (A7). */
export type Delivery = 'delivered' | 'sent' | 'bounced' | 'earlier';
/** A later notice presented (A7). `on` null: nobody knows when. */
export type Later = { readonly notice: string; readonly on: CivilDate | null; readonly delivery: Delivery };
/** The notices one record was shown for one collection, in the order shown. */
export type History = {
  readonly base: Base;
  readonly origin: string | null;
  readonly later: readonly Later[];
};
export type Known = 'recorded' | 'derived' | 'reconstructed' | 'unknown';

/**
 * All that a day of presentation can change: whether it is known, whether the version was there to be shown, and
 * whether there has been time since to say stop.
 */
export type WhenShown = 'unknown' | 'impossible' | 'recent' | 'past';
/** A later notice without its day. `notice` null: one that is not on file. Bounces have been taken into account. */
export type ReducedLater = {
  readonly notice: string | null;
  readonly delivery: 'delivered' | 'sent' | 'earlier';
  readonly when: WhenShown;
  /** Shown on the very day of the one before it. */
  readonly sameDay: boolean;
};
/**
 * A history as it is judged: what of it can change a verdict, and nothing that says who it is of (E2). No day and no
 * word of a file stands in it, but the ids of documents.
 */
export type ReducedHistory = {
  readonly collection: string;
  /** `own`, the id of upstream terms on file, or null: bought in, or nobody knows (A8). */
  readonly origin: string | null;
  readonly known: Known;
  /** The record names a notice that is not on file. */
  readonly unknownNotice: boolean;
  /** The ids of every version that may have governed at collection; empty where none is known. */
  readonly candidates: readonly string[];
  readonly later: readonly ReducedLater[];
};

/** A purpose, a party, a field, a contact channel: asked one by one (A2). */
export type Atom = {
  readonly purpose: Term;
  readonly party: string;
  readonly item: DataItem;
  /** delivered: in the list; selects: an audience column; implied: given away by membership (B2). */
  readonly as: 'delivered' | 'selects' | 'implied';
  readonly contactChannel: string;
};
/** Why an atom is not covered by one notice: the nearest statement, and what it lacks. */
export type Finding = {
  readonly reason: ReasonCode;
  readonly atom: Atom | null;
  readonly notice: string | null;
  readonly statement: string | null;
  readonly quotes: readonly Quote[];
  readonly lacks: readonly Dimension[];
  readonly detail: string;
  /** What it is more narrowly about, where that has a rule of its own to be shown with. */
  readonly aspect?: Aspect;
};

/** A consent as asked by one notice version. */
export type ConsentRef = {
  readonly notice: string;
  readonly consent: string;
  /** Asked by a later notice: a consent kept in a column of no named notice does not answer it (A3, A7). */
  readonly fresh: boolean;
  /** The version was first shown at this instant: what was signed before it is no consent to it. */
  readonly since: Instant;
};
/** A told retention, counted from a record of a collection. */
export type RetentionRef = { readonly collection: string; readonly told: Retention };
/** One way of holding: both parts must hold; null asks nothing. Indices into the judgement. */
export type Alternative = { readonly consent: number | null; readonly retention: number | null };
/** Holds if one alternative does; otherwise the failing bits of every alternative are set. */
export type Clause = readonly Alternative[];

export type Verdict = {
  readonly bits: bigint;
  /** Index into `conditionSets`: every clause must hold. */
  readonly conditions: number;
  readonly known: Known;
  /**
   * When the recorded version may have been shown: a collection date outside it, or none, contradicts the record, and
   * refuses as `notice-unknown` (A6, C9). Null where nothing is recorded, or the collection has no date.
   */
  readonly shown: { readonly from: CivilDate; readonly until: CivilDate | null } | null;
  readonly findings: readonly Finding[];
};
/** Which history, and so which verdict, a record has, by collection and the history key of the snapshot. */
export type Assignment = {
  readonly collection: string;
  readonly base: string;
  readonly later: string;
  readonly verdict: number;
};

export type ListRule = { readonly list: string; readonly reason: ReasonCode };
export type Judgement = {
  readonly requestBits: bigint;
  readonly requestFindings: readonly Finding[];
  /** What was judged, each once; `verdicts` are theirs, in the same order. */
  readonly histories: readonly ReducedHistory[];
  readonly verdicts: readonly Verdict[];
  readonly assignments: readonly Assignment[];
  readonly conditionSets: readonly (readonly Clause[])[];
  readonly consents: readonly ConsentRef[];
  readonly retentions: readonly RetentionRef[];
  /** Whether a stop of this scope meets the request (A5, C1). */
  readonly meets: (scope: Scope) => boolean;
  /** The collections that are judged; the verdict bits of all are joined. */
  readonly collections: readonly string[];
  readonly audience: Audience;
  /** The suppression lists to screen, with the reason of an exact match (C5). */
  readonly lists: readonly ListRule[];
  /** The consents on file that count for this request: only they lift a stop (C1, C3). */
  readonly lifting: readonly { readonly notice: string; readonly consent: string }[];
  /** Whether every part of a scope is all, or unknown: then only an explicit act lifts it (C3, A5). */
  readonly isWhole: (scope: Scope) => boolean;
  /** What must be present to reach a person (C8). */
  readonly needs: readonly ('address' | 'email' | 'phone')[];
  readonly cutOff: Instant;
  readonly day: CivilDate;
  /** The end of the use: the day all must be deleted by (B5, C7). */
  readonly end: CivilDate;
  readonly warnings: readonly string[];
};
export type { Statement };
