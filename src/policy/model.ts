/**
 * The documents and facts the gate decides on, parsed and typed. Parsing lives in `documents/`; nothing here
 * does I/O. `null` always means *absent*, and absent evidence refuses (invariant 1).
 * Rule numbers (A1 ... E11) are those of `docs/semantics.md`.
 */

/** A calendar date, `YYYY-MM-DD`, in Europe/London. */
export type CivilDate = string;
/** An instant: milliseconds since 1970-01-01T00:00Z. */
export type Instant = number;
/** A vocabulary term, such as `dpv:DirectMarketing`; see `vocab.ts`. */
export type Term = string;
/** A calendar period: whole months and days, from ISO 8601 such as `P12M`, `P28D`, `P2Y`. */
export type Period = { readonly months: number; readonly days: number };

/** How a record came in. */
export type CollectedBy = 'web' | 'app' | 'paper' | 'phone';
/** How people will be reached. */
export type ContactChannel = 'post' | 'email' | 'sms' | 'call' | 'automated-call' | 'online-audience';
/** Whom a piece of data describes (C6: a child is a data subject of their own). */
export type DataSubject = 'person' | 'child';
export type DataItem = { readonly term: Term; readonly of: DataSubject };

/** An entry of the dated register (A1). `categories` are `category/sector` or a plain category. */
export type Organisation = {
  readonly id: string;
  readonly legalName: string;
  readonly number: string | null;
  readonly aliases: readonly string[];
  readonly group: string | null;
  readonly categories: readonly string[];
  readonly from: CivilDate;
  readonly until: CivilDate | null;
};

/** Words of a notice, verbatim, with the layer they stand in (1 is what people meet first). */
export type Quote = { readonly text: string; readonly layer: number };

/** Where retention is counted from (C7). */
export type RetentionAnchor =
  | { readonly kind: 'collection' }
  | { readonly kind: 'last-act' }
  | { readonly kind: 'end-of-membership' }
  /** The first of the children to reach that birthday: the strictest reading of "until your child is n". */
  | { readonly kind: 'child-birthday'; readonly years: number }
  | { readonly kind: 'youngest-child-birthday'; readonly years: number };
export type Retention =
  | { readonly kind: 'period'; readonly period: Period; readonly from: RetentionAnchor }
  | { readonly kind: 'until'; readonly date: CivilDate };

/** The dimensions an atom is told in (A2). */
export type Dimension = 'purpose' | 'recipient' | 'data' | 'contact-channel' | 'basis' | 'retention';

export type StatementKind = 'tells' | 'never' | 'only';
/**
 * One thing people were told. A dimension that is null was not told: for `tells` it covers nothing, for
 * `never` and `only` it means *all* (A5: an unknown part of a scope means all).
 */
export type Statement = {
  readonly id: string;
  readonly kind: StatementKind;
  readonly purposes: {
    readonly terms: readonly Term[];
    readonly narrower: boolean;
    readonly quote: Quote;
  } | null;
  readonly recipients: {
    readonly organisations: readonly string[];
    readonly categories: readonly string[];
    readonly quote: Quote;
  } | null;
  readonly data: { readonly items: readonly DataItem[]; readonly quote: Quote } | null;
  readonly contactChannels: { readonly terms: readonly ContactChannel[]; readonly quote: Quote } | null;
  readonly basis: {
    readonly terms: readonly Term[];
    /** The consent of the same notice that this statement rests on. */
    readonly consent: string | null;
    readonly quote: Quote;
  } | null;
  readonly retention: { readonly told: Retention; readonly quote: Quote } | null;
  /** `only`: the dimensions it limits; null limits every dimension it names. */
  readonly limits: readonly Dimension[] | null;
  /** The explicit terms of this statement that a second person has signed for (A4, `signoffs/`). */
  readonly signedTerms: readonly Term[];
};

export type ConsentKind = 'opt-in' | 'opt-out' | 'soft';
/** A consent asked by a notice (C1). */
export type Consent = {
  readonly id: string;
  readonly kind: ConsentKind;
  readonly bundled: boolean;
  readonly wording: Quote;
  readonly purposes: readonly Term[];
  /** The ways of contact the wording speaks of: it permits no other (A2). */
  readonly contactChannels: readonly ContactChannel[];
  /** The controllers the wording names; checked against the wording itself. */
  readonly controllers: readonly string[];
};

/** One version of a notice. Its id is `family@version`. */
export type Notice = {
  readonly id: string;
  readonly family: string;
  readonly version: string;
  readonly organisation: string;
  readonly collectedBy: readonly CollectedBy[];
  readonly printCode: string | null;
  /** From when it may have been shown, and until its recorded withdrawal (null: for ever) (A6). */
  readonly shown: { readonly from: CivilDate; readonly until: CivilDate | null };
  /** The legal basis on which data were collected under it (A7); null counts as consent. */
  readonly collectedOn: Term | null;
  readonly mappedBy: string;
  readonly layers: readonly { readonly number: number; readonly text: string }[];
  readonly consents: readonly Consent[];
  readonly statements: readonly Statement[];
  readonly digest: string;
};

/** What came with data bought in (A8): the upstream terms are told terms like any other. */
export type Upstream = {
  readonly id: string;
  readonly supplier: string;
  readonly until: CivilDate | null;
  readonly statements: readonly Statement[];
  readonly digest: string;
};

export type Role = 'controller' | 'joint-controller' | 'processor';
/** A party of the chain (B1). For `keeps`, `enriches`, `profits` null is unknown and counts as true. */
export type Party = {
  readonly organisation: string;
  readonly role: Role;
  readonly basis: Term | null;
  readonly keeps: boolean | null;
  readonly enriches: boolean | null;
  readonly profits: boolean | null;
};

/** How a field is delivered coarser (B4). */
export type Coarsening =
  | { readonly kind: 'year' }
  | { readonly kind: 'age-band'; readonly width: number }
  | { readonly kind: 'postcode-district' }
  | { readonly kind: 'child-under'; readonly years: number };
export type RequestedField = {
  /** The source field; for `child-under` the children as a whole: `children`. */
  readonly field: string;
  readonly as: Coarsening | null;
  /** The column's name in the list. */
  readonly name: string;
};

export type Request = {
  readonly id: string;
  readonly title: string;
  readonly agreement: string;
  readonly source: string;
  readonly chain: readonly Party[];
  readonly purposes: readonly Term[];
  readonly contactChannels: readonly ContactChannel[];
  readonly fields: readonly RequestedField[];
  readonly disclosureBasis: Term | null;
  readonly use: { readonly from: CivilDate; readonly until: CivilDate };
  readonly deleteBy: CivilDate;
  readonly audience: Audience;
  readonly preparedBy: string;
  readonly format: 'csv' | 'parquet';
  readonly digest: string;
};

/** Everyone must be said; nothing (null) selects nobody and refuses. */
export type Audience =
  | { readonly kind: 'everyone' }
  | {
      readonly kind: 'where';
      readonly text: string;
      readonly test: Expression;
      readonly sets: readonly NamedSet[];
    }
  | null;
export type NamedSet = { readonly name: string; readonly values: readonly string[]; readonly digest: string };

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';
/** A typed audience expression; three-valued, and unknown refuses (C9). See `audience.ts` for the grammar. */
export type Expression =
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'not'; readonly of: Expression }
  | { readonly kind: 'compare'; readonly field: string; readonly op: Comparison; readonly value: Value }
  | {
      readonly kind: 'in';
      readonly field: string;
      readonly values: readonly string[] | { readonly set: string };
    }
  /** The person's own age in whole years on a day. */
  | { readonly kind: 'age'; readonly op: Comparison; readonly years: number; readonly on: CivilDate | null }
  | {
      readonly kind: 'child-age';
      readonly which: 'any' | 'youngest';
      readonly op: Comparison;
      readonly years: number;
      /** null: the day of release. */
      readonly on: CivilDate | null;
    };
export type Value = string | number | boolean;

export type Agreement = {
  readonly id: string;
  readonly supplier: string;
  readonly parties: readonly {
    readonly organisation: string;
    readonly role: Role;
    readonly processorTerms: boolean;
  }[];
  readonly purposes: readonly Term[];
  readonly data: readonly DataItem[];
  readonly contactChannels: readonly ContactChannel[];
  readonly bases: readonly Term[];
  /** The special category data it says may go; empty: none (B5). */
  readonly specialCategory: readonly Term[];
  /** To whom a controller of its parties may pass the data on, each by name; empty: to nobody (B5). */
  readonly onwardSupply: readonly string[];
  /** The latest day by which data under it are deleted, or how long after release. */
  readonly retention:
    | { readonly kind: 'until'; readonly date: CivilDate }
    | { readonly kind: 'period'; readonly period: Period };
  readonly inForce: { readonly from: CivilDate; readonly until: CivilDate | null };
  /** By when it is to be read again: past that day it binds nobody until someone has, and says so (B5). */
  readonly review: CivilDate;
  readonly digest: string;
};

/** A dated assessment: of legitimate interests (B3), or of the compatibility of a new purpose (A7). */
export type Assessment = {
  readonly id: string;
  readonly kind: 'legitimate-interests' | 'compatibility';
  readonly organisation: string;
  readonly purposes: readonly Term[];
  /** compatibility: the notice version that told the new thing. */
  readonly notice: string | null;
  readonly inForce: { readonly from: CivilDate; readonly until: CivilDate | null };
  readonly digest: string;
};

/** Approval of one release (B8), bound to the request by its digest. */
export type Approval = {
  readonly request: string;
  readonly requestDigest: string;
  readonly by: string;
  readonly on: CivilDate;
  readonly lawfulBecause: string;
  readonly digest: string;
};
export type Duty = {
  readonly party: string;
  readonly what: string;
  readonly due: CivilDate;
  readonly done: CivilDate | null;
};
/** A freeze of a party, a purpose, or (both null) of everything. */
export type Freeze = {
  readonly party: string | null;
  readonly purpose: Term | null;
  readonly from: CivilDate;
  readonly until: CivilDate | null;
  readonly why: string;
};

export type FieldType = 'text' | 'date' | 'integer' | 'boolean';
/** What a source's column is (semantics B2, C6). */
export type SourceField = {
  readonly name: string;
  readonly column: string;
  readonly type: FieldType;
  readonly data: DataItem;
  readonly collection: string;
};
/** Columns with a part to play in the rules; each names a field of the source, or null. */
export type Roles = {
  readonly forename: string | null;
  readonly surname: string | null;
  readonly addressLine: string | null;
  readonly postcode: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly birthDate: string | null;
  readonly deceased: string | null;
  readonly goneAway: string | null;
  readonly lastAct: string | null;
  readonly membershipEnd: string | null;
};
/** One of a record's children, by the fields that describe them (C6). */
export type ChildSlot = {
  readonly birthDate: string;
  /** Boolean or text; only an explicit "no" or an empty cell is alive. */
  readonly died: string | null;
  /** Any other field whose presence says there is a child here. */
  readonly name: string | null;
};
/** How a field group was collected (A8). Each of the first four is a column of the file, or a constant. */
export type Collection = {
  readonly id: string;
  readonly notice: ColumnOr<string> | null;
  readonly printCode: ColumnOr<string> | null;
  readonly collectedBy: ColumnOr<CollectedBy> | null;
  readonly date: string | null;
  /** `own`, or anything else, which is bought in. */
  readonly origin: ColumnOr<string> | null;
  readonly upstream: string | null;
  /** Which notice was shown where nobody recorded it, worked out and signed off by a second person (A6). */
  readonly reconstructions: readonly {
    readonly collectedBy: CollectedBy;
    readonly from: CivilDate;
    readonly until: CivilDate;
    readonly notice: string;
    readonly signedOff: boolean;
  }[];
};
export type ColumnOr<T extends string> = { readonly column: string } | { readonly constant: T };
/** A consent kept in a column of the source. */
export type SourceConsent = {
  readonly column: string;
  readonly consent: string;
  /** The notice version that asked; null: the one governing the first collection. */
  readonly notice: string | null;
  readonly date: string | null;
  readonly yes: readonly string[];
};
/** A later notice as the source's columns record it (A7). Constants or columns. */
export type Presented = {
  readonly notice: ColumnOr<string>;
  readonly date: string;
  readonly delivery: ColumnOr<string> | null;
};
export type Source = {
  readonly id: string;
  readonly organisation: string;
  readonly synthetic: boolean;
  readonly file: FileSpec;
  readonly record: string;
  /** The first is the primary one: membership itself is of it. */
  readonly collections: readonly Collection[];
  readonly fields: readonly SourceField[];
  readonly roles: Roles;
  readonly children: readonly ChildSlot[];
  /** What being on a list from here gives away (B2). */
  readonly implies: readonly DataItem[];
  readonly consents: readonly SourceConsent[];
  readonly presented: readonly Presented[];
  readonly preferences: PreferencesSpec | null;
  readonly areas: { readonly file: FileSpec; readonly postcode: string; readonly area: string } | null;
  readonly digest: string;
};
export type FileSpec = {
  /** Absolute path. */
  readonly path: string;
  readonly format: 'csv' | 'parquet';
  /** null: detected; what cannot be detected is refused. */
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252' | 'latin-1' | null;
  readonly delimiter: string | null;
  readonly dateFormat: string;
};
/** A preference events file: its columns by name; absent ones are null. */
export type PreferencesSpec = {
  readonly file: FileSpec;
  /** The day up to which the post has been keyed (C2), as the supplier states it. */
  readonly postKeyedTo: CivilDate | null;
};

export type ListKind = 'own' | 'mps' | 'baby-mps' | 'tps' | 'ctps';
export type ListLevel = 'person' | 'surname-at-address' | 'address' | 'number' | 'email' | 'record';
/** A suppression list (C5). */
export type SuppressionList = {
  readonly id: string;
  readonly kind: ListKind;
  readonly level: ListLevel;
  readonly file: FileSpec;
  readonly layout: 'columns' | 'mps-fixed' | 'baby-mps-fixed' | 'tps';
  /** layout `columns`: which column holds what. */
  readonly columns: Readonly<
    Partial<
      Record<'record' | 'forename' | 'surname' | 'addressLine' | 'postcode' | 'email' | 'phone', string>
    >
  >;
  readonly fileDate: CivilDate | null;
  readonly allowedAge: Period | null;
  readonly digest: string;
};

/** Preference events (C1 to C4), as the file has them after parsing. */
export type EventKind =
  | 'objection'
  | 'withdrawal'
  | 'restriction'
  | 'erasure'
  | 'consent'
  | 'lift'
  | 'presented'
  /** Anything else: a stop of everything (C9, A5). */
  | 'unknown';
/** Each part a term, an id, or `all`; anything unknown is `all` (A5). */
export type Scope = {
  readonly purpose: Term;
  readonly organisation: string;
  readonly contactChannel: string;
  readonly field: string;
};
