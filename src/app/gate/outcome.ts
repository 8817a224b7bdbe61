/** What a check found: everything the terminal, `--json` and the HTML report show, and nothing about one person. */

import type { Finding, Known } from '../../policy/judgement.ts';
import type { CivilDate, Instant, Term } from '../../policy/model.ts';
import type { ReasonCode } from '../../policy/reasons.ts';
import type { Label } from '../../policy/rules.ts';

export type ReasonCount = {
  readonly code: ReasonCode;
  readonly rule: string;
  readonly label: Label | null;
  readonly citation: string | null;
  readonly plural: string;
  /** Records this reason refuses, and those it alone refuses. */
  readonly records: number;
  readonly alone: number;
  readonly details: readonly string[];
};
/** One step of the waterfall: the records this reason is the first to refuse, and those left after it. */
export type WaterfallStep = { readonly code: ReasonCode; readonly refused: number; readonly left: number };
/** What one missing thing would have changed. */
export type WhatIf = {
  readonly text: string;
  readonly reasons: readonly ReasonCode[];
  readonly atMost: number;
};
/** One notice version that some records were shown, and what it lacks for this request. */
export type NoticeCount = {
  readonly notice: string;
  readonly records: number;
  readonly released: number;
  readonly findings: readonly Finding[];
};
export type Outcome = {
  readonly request: {
    readonly id: string;
    readonly title: string;
    readonly digest: string;
    readonly purposes: readonly Term[];
    readonly contactChannels: readonly string[];
    readonly use: { readonly from: CivilDate; readonly until: CivilDate };
    readonly deleteBy: CivilDate;
    readonly fields: readonly string[];
    readonly audience: string;
  };
  readonly chain: readonly { readonly organisation: string; readonly name: string; readonly role: string }[];
  readonly source: {
    readonly id: string;
    readonly records: number;
    readonly rejected: number;
    readonly rejectsFile: string | null;
    /** Rows with fewer cells than the header names. */
    readonly shortRows: number;
    readonly events: number;
    readonly shortEvents: number;
    readonly eventsUnmatched: number;
    readonly eventsUnmatchedFile: string | null;
    /** Why the preference events cannot be read in full; null where they can. */
    readonly preferencesCause: string | null;
    readonly postKeyedTo: CivilDate | null;
  };
  readonly cutOff: Instant;
  readonly day: CivilDate;
  /** `reconstruction`, or `as-of` for a check of the past; null for one of now. */
  readonly mark: 'reconstruction' | 'as-of' | null;
  readonly evaluated: number;
  readonly released: number;
  readonly reasons: readonly ReasonCount[];
  readonly waterfall: readonly WaterfallStep[];
  readonly known: Readonly<Record<Known, number>>;
  readonly whatIf: readonly WhatIf[];
  readonly notices: readonly NoticeCount[];
  readonly lists: readonly {
    readonly list: string;
    readonly kind: string;
    readonly fileDate: CivilDate | null;
    readonly entries: number;
    readonly matched: number;
    /** This request was held against it. False for a list that is not asked, and for one that cannot be read. */
    readonly screened: boolean;
    /** Why it cannot be read; null where it can. */
    readonly cause: string | null;
  }[];
  readonly warnings: readonly string[];
  readonly versions: { readonly astold: string; readonly engine: string; readonly rules: string };
};
