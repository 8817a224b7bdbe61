/** What the interpreter knows of one person: the twin, in memory, of what the snapshot holds in columns. */

import type { History } from './judgement.ts';
import type { CivilDate, Instant, Scope, Value } from './model.ts';

export type Child = { readonly born: CivilDate | null; readonly state: 'living' | 'died' | 'unknown' };
/** How a stop reached this record: their own, spread from a matching record (C4), or a letter not yet resolved. */
export type Relation = 'own' | 'linked' | 'plausible';
export type Stop = {
  readonly event: string;
  readonly relation: Relation;
  readonly scope: Scope;
  /** Earliest provable instant; null counts always (C2). */
  readonly from: Instant | null;
  /** Latest instant of receipt; null is never lifted. */
  readonly received: Instant | null;
  /** Latest instant at which a person said whose it is, so that what is plausible alone ends (C4); null: nobody did. */
  readonly resolved: Instant | null;
};
export type Permission = {
  readonly event: string;
  readonly kind: 'consent' | 'lift';
  readonly notice: string | null;
  readonly consent: string | null;
  readonly scope: Scope;
  /** The stop it showed and lifts (C3). */
  readonly lifts: string | null;
  /** Earliest instant of signing; null never counts. */
  readonly signed: Instant | null;
  /** Latest instant of receipt; null never counts. */
  readonly received: Instant | null;
};
export type PersonFacts = {
  readonly record: string;
  readonly histories: ReadonlyMap<string, History>;
  /** The day each collection was made. */
  readonly collectedOn: ReadonlyMap<string, CivilDate | null>;
  /** Typed values by field name; null is missing. Dates are `YYYY-MM-DD`. `area` is among them where mapped. */
  readonly values: ReadonlyMap<string, Value | null>;
  readonly children: readonly Child[];
  /** Consents kept in columns: by consent ref (`notice` null: the governing one) and the latest instant it can be of. */
  readonly consents: readonly {
    readonly consent: string;
    readonly notice: string | null;
    readonly given: boolean;
    readonly received: Instant | null;
  }[];
  readonly stops: readonly Stop[];
  readonly permissions: readonly Permission[];
  readonly lists: readonly { readonly list: string; readonly match: 'exact' | 'near' | 'unmatchable' }[];
  readonly deceased: boolean | null;
  readonly goneAway: boolean | null;
};
