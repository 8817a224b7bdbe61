/** The tables of the service's state as Kysely reads and writes them; `migrations/` makes them. */
import type { ColumnType, Generated } from 'kysely';
import type { ReceivedBy } from '../../policy/preference-event.ts';

/** Read as a Date. */
type At = ColumnType<Date, Date | string, Date | string>;
type AtOrNull = ColumnType<Date | null, Date | string | null, Date | string | null>;
/** Of an 8-byte integer; the connection reads it as a bigint. */
type Big = ColumnType<bigint, bigint | number, bigint | number>;
type BigOrNull = ColumnType<bigint | null, bigint | number | null, bigint | number | null>;
/** A day, `2026-11-22`; the connection reads it as text. */
type Day = string;
type Json = ColumnType<unknown, string | null | undefined, string | null>;

type Fault = { fault_code: string | null; fault_words: string | null };
type Run = {
  org: string;
  id: string;
  state: RunState;
  asked_by: string;
  asked_at: At;
  finished_at: AtOrNull;
  /** How often a worker took it up: what ends a server each time is not tried for ever. */
  attempts: Generated<number>;
};
type Staged = { stage: string | null; progress_done: BigOrNull; progress_total: BigOrNull };

export type RunState = 'queued' | 'running' | 'done' | 'failed';
/** After the states of a contract negotiation and a transfer in the Dataspace Protocol. */
export type RequestState = 'REQUESTED' | 'OFFERED' | 'AGREED' | 'FINALIZED' | 'TERMINATED';
export type StaffRole = 'steward' | 'officer' | 'recipient' | 'auditor';
export type DutyKind = 'countersign' | 'inform' | 'stop-using' | 'delete' | 'obey-stops';
export type RequestDeed =
  | 'requested'
  | 'changed'
  | 'checked'
  | 'approved'
  | 'sent-back'
  | 'refused'
  | 'released'
  | 'terminated';

/** What a member asks for; the clock of each is in `app/window/clocks.ts`. */
export type CaseKind = 'access' | 'correction' | 'erasure' | 'complaint' | 'objection';
/** `waiting`: for the person, whom something was asked; the clock of a copy stands. */
export type CaseState = 'open' | 'waiting' | 'done' | 'refused';
export type CaseDeed =
  | 'opened'
  | 'acknowledged'
  | 'asked'
  | 'answered'
  | 'extended'
  | 'done'
  | 'refused'
  | 'note';
export type PassedOnKind = 'stop' | 'correction' | 'restriction' | 'erasure';
export type PassedOnAnswer = 'done' | 'not-held' | 'refused';
/** How an answer came that staff entered. */
export type CameBy = Exclude<ReceivedBy, 'web' | 'app'>;

export type Tables = {
  organisation: { org: string; name: string; created_at: At };
  staff_role: {
    org: string;
    person: string;
    role: StaffRole;
    /** The organisation of the workspace's documents that a recipient acts for. */
    party: string | null;
    may_freeze: boolean;
    granted_by: string;
    granted_at: At;
  };
  document: { org: string; path: string; digest: string; text: string; made_by: string; made_at: At };
  document_current: {
    org: string;
    path: string;
    digest: string;
    version: number;
    changed_by: string;
    changed_at: At;
  };
  /** Who has what only one may have at a time, and until when unless it says so again; by the database's clock. */
  lease: { org: string; name: string; owner: string; expires_at: At };
  ingest: Run & Fault & { source: string; snapshot: string | null; records: BigOrNull };
  request: {
    org: string;
    id: string;
    state: RequestState;
    /** Of its document. */
    path: string;
    agreement: string;
    recipient: string;
    /** All that a freeze or an overdue duty of stands against it: its chain, and whose records they are. */
    parties: string[];
    purposes: string[];
    source: string;
    prepared_by: string;
    requested_at: At;
    version: number;
    changed_at: At;
  };
  request_event: {
    org: string;
    request: string;
    seq: number;
    deed: RequestDeed;
    state: RequestState;
    by_whom: string;
    at: At;
    words: string | null;
  };
  check_run: Run &
    Staged &
    Fault & {
      request: string;
      asked_party: string | null;
      /** The digest an approval names. */
      to_approve: string | null;
      cut_off: AtOrNull;
      evaluated: BigOrNull;
      released: BigOrNull;
      outcome: Json;
      /** The request's, as this check made it; null where it came to no end. While it stands nothing was done with the request since. */
      version: number | null;
    };
  approval: {
    org: string;
    request: string;
    check_run: string;
    digest: string;
    approved_by: string;
    approved_at: At;
    words: string;
    withdrawn_at: AtOrNull;
  };
  release_run: Run &
    Staged &
    Fault & {
      request: string;
      /** The request's, that was asked for: what is approved later is another. */
      version: number;
    };
  release: {
    org: string;
    id: string;
    request: string;
    recipient: string;
    rows: Big;
    cut_off: At;
    manifest: string;
    log_index: Big;
    released_at: At;
  };
  supply: {
    org: string;
    /** SHA-256 of its zip. */
    id: string;
    release: string;
    recipient: string;
    path: string;
    bytes: Big;
    rows: Big;
    roster_root: string;
    sealed_at: At;
    countersigned_at: AtOrNull;
    countersigned_by: string | null;
  };
  download: {
    org: string;
    id: string;
    supply: string;
    party: string;
    code_hash: string;
    made_by: string;
    made_at: At;
    expires_at: At;
    fetched_at: AtOrNull;
    fetched_by: string | null;
  };
  duty: {
    org: string;
    id: string;
    release: string | null;
    agreement: string | null;
    party: string;
    kind: DutyKind;
    due_on: Day;
    opened_at: At;
    claimed_at: AtOrNull;
    claimed_by: string | null;
    attestation: string | null;
    log_index: BigOrNull;
  };
  duty_reminder: { org: string; duty: string; days: number; mail: string };
  freeze: {
    org: string;
    id: string;
    kind: 'everything' | 'party' | 'purpose';
    subject: string | null;
    words: string;
    frozen_by: string;
    /** Whose power it was: an officer lifts no auditor's freeze. */
    frozen_as: 'officer' | 'auditor';
    frozen_at: At;
    lifted_by: string | null;
    lifted_at: AtOrNull;
    lift_words: string | null;
    log_index: BigOrNull;
    lift_index: BigOrNull;
  };
  agreement_end: { org: string; agreement: string; ended_by: string; ended_at: At; words: string };
  sighting: {
    org: string;
    id: string;
    release: string | null;
    code: string;
    seen_on: Day;
    words: string;
    reported_by: string;
    reported_at: At;
  };
  mail: {
    org: string;
    id: string;
    recipient: string;
    kind: string;
    subject: string;
    body: string;
    made_at: At;
    next_at: At;
    attempts: number;
    sent_at: AtOrNull;
    given_up_at: AtOrNull;
    fault: string | null;
  };
  webhook: {
    org: string;
    id: string;
    party: string | null;
    url: string;
    secret: string;
    made_by: string;
    made_at: At;
    stopped_at: AtOrNull;
  };
  webhook_delivery: {
    org: string;
    id: string;
    webhook: string;
    event: string;
    body: string;
    made_at: At;
    next_at: At;
    attempts: number;
    delivered_at: AtOrNull;
    given_up_at: AtOrNull;
    status: number | null;
    fault: string | null;
  };
  /** What was answered to a request with an idempotency key; no status while it is being worked on. */
  answered: {
    org: string;
    actor: string;
    key: string;
    route: string;
    digest: string;
    at: At;
    status: number | null;
    type: string | null;
    location: string | null;
    etag: string | null;
    body: string | null;
  };
  deed: {
    org: string;
    seq: Generated<bigint>;
    at: At;
    actor: string;
    use_case: string;
    subject: string | null;
    outcome: string;
  };
  /** What a member asked for, by whatever way; `said`, `record` and `reply_to` are theirs, and go when they are erased. */
  member_case: {
    org: string;
    id: string;
    /** To be told on the telephone. */
    number: number;
    kind: CaseKind;
    state: CaseState;
    source: string | null;
    record: string | null;
    record_key: string | null;
    said: Json;
    reply_to: string | null;
    asked_by: string;
    received_by: ReceivedBy;
    signed_on: Day | null;
    received_on: Day;
    opened_at: At;
    acknowledged_at: AtOrNull;
    due_on: Day;
    extended: Generated<boolean>;
    waiting_since: AtOrNull;
    ended_at: AtOrNull;
    ended_by: string | null;
    answer: string | null;
    /** Of the preference event that it made, or that it is about. */
    event: string | null;
    version: number;
    /** That it was opened in, and its mails are in (BCP 47). Null: nobody knows. */
    language: string | null;
    /** Of somebody in no record: the stops that came with it, by their events. */
    stops: Generated<string[]>;
  };
  member_case_step: {
    org: string;
    member_case: string;
    seq: number;
    deed: CaseDeed;
    by_whom: string;
    at: At;
    words: string | null;
  };
  /** No post, no mail, no name on a screen. */
  safe_contact: { org: string; source: string; record_key: string; set_by: string; set_at: At };
  /** When the address a record is reached at was last another; none where that was never seen; 1970 where the record left. */
  contact_change: { org: string; source: string; record_key: string; contact_key: string; changed_at: At };
  /** Of each source the snapshot whose addresses stand: the next is held against it. */
  contact_seen: { org: string; source: string; snapshot: string };
  /** Who looked for whom, and why; by which kinds of details, never the details. */
  look_up: {
    org: string;
    id: string;
    by_whom: string;
    at: At;
    reason: string;
    asked_with: string[];
    found: number;
  };
  /** Numbered in the order they were shown in. */
  look_up_record: {
    org: string;
    look_up: string;
    number: number;
    source: string;
    record_key: string;
    /** They were looked at: the reason is of them. */
    opened: boolean;
  };
  /** Why a person said whose a stop is that named no record; `words` go when one of the records is erased. */
  resolution: {
    org: string;
    /** The event that says so, and the stop. */
    event: string;
    source: string;
    stop: string;
    /** None: nobody's here. */
    record_keys: string[];
    words: string;
    by_whom: string;
    at: At;
  };
  /** What a party that holds somebody's data was told to do, by the trace code of their row. */
  passed_on: {
    org: string;
    id: string;
    release: string;
    party: string;
    kind: PassedOnKind;
    code: string;
    source: string;
    record_key: string;
    /** The preference event, or the case, that it comes of. */
    cause: string;
    /** Of a correction: the fields and their new values. */
    said: Json;
    made_at: At;
    due_on: Day;
    acknowledged_at: AtOrNull;
    acknowledged_by: string | null;
    answer: PassedOnAnswer | null;
    words: string | null;
    /** Of an answer that staff entered, as its party told them; null where it answered itself. */
    came_by: CameBy | null;
    came_on: Day | null;
  };
  /** The mails that told a party of what is passed on to it: at most one a day. */
  passed_on_reminder: { org: string; party: string; day: Day; at: At };
  /** Up to which entry of the log, and to which cases that ended, what was said is passed on to who holds a release. */
  pass_on_head: { org: string; release: string; idx: Big; cases_to: At };
};
