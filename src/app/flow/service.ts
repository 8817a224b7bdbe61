/** What every use case of the service is given: the state, the jobs, the clock, and who asks. */
import type { Logger } from 'pino';
import type { Fault } from '../../documents/fault.ts';
import type { State, Tx } from '../../store/postgres/state.ts';
import type { StaffRole } from '../../store/postgres/tables.ts';
import type { Cover } from './cover.ts';

/** A row of its own says what is to be done; a job only says that somebody should look. `id` is of that row. */
export type JobName = 'ingest' | 'check' | 'release';
export type Jobs = {
  /** In the transaction that writes the row: both, or neither. */
  enqueue(tx: Tx, name: JobName, job: { readonly org: string; readonly id: string }): Promise<void>;
};

export type Service = {
  readonly state: State;
  readonly jobs: Jobs;
  /** The folder with one workspace for each organisation, absolute. */
  readonly data: string;
  /** Where the service is reached from outside, without a slash at its end. */
  readonly url: string;
  readonly limits: Limits;
  /** Of what the state has to keep and a copy of it must not tell. */
  readonly cover: Cover;
  readonly now: () => Date;
  readonly log: Logger;
};

export type Limits = {
  /** Of one request, and of one recipient's party over all its requests, in 24 hours. */
  readonly checksOfRequest: number;
  readonly checksOfParty: number;
  /** Below so many people a recipient is told none of the totals (D3). */
  readonly smallest: number;
  readonly downloadMinutes: number;
  /** Before a duty is due, when its party is reminded; 0 is the day itself, -1 the day after. */
  readonly remindDays: readonly number[];
  /** Within how many days a party acts on what is passed on to it; left out: `passedOnWithin`. */
  readonly passedOnDays?: number;
  /** Of a file of data; left out: 4 GB. */
  readonly uploadBytes?: number;
  /** What the engine of a job may use of the machine; left out: all of it. `512MB`. */
  readonly engineThreads?: number;
  readonly engineMemory?: string;
  /** Webhooks to this very machine, and without TLS: for trying out alone. Left out, there are none. */
  readonly loopbackWebhooks?: true;
};

/** Who asks, on behalf of which organisation's data; `id` is what is written down of them. */
export type Actor =
  | {
      readonly kind: 'staff' | 'machine';
      /** Of a machine: the person who made its key. Of two people, they and their key are one. */
      readonly id: string;
      /** Of a machine: which key. */
      readonly key?: string;
      readonly org: string;
      readonly roles: ReadonlySet<StaffRole>;
      /** Of a recipient: the organisation it acts for, as the documents name it. */
      readonly party: string | null;
      readonly mayFreeze: boolean;
    }
  | { readonly kind: 'member'; readonly id: string; readonly org: string; readonly email: string };

/** Whoever typed the code of a letter, without an account: of its release alone, and of nobody known. */
export type LetterHolder = {
  readonly kind: 'letter';
  /** Of the release. */
  readonly id: string;
  readonly org: string;
  /** As it is printed. */
  readonly code: string;
};
export type Asker = Actor | LetterHolder;

export type Refused = {
  readonly kind: 'refused';
  readonly code: RefusalCode;
  readonly message: string;
  /** Of `documents-faulty`: each fault with its place. */
  readonly faults?: readonly Fault[];
  /** Of what was said in several parts: the events of those that are recorded, and hold. */
  readonly recorded?: readonly string[];
};
export type Answer<T> = { readonly kind: 'done'; readonly value: T } | Refused;

/** Every reason for which the service does not do what it is asked; `http/problems.ts` gives each its status. */
export const refusalCodes = [
  'not-allowed',
  'not-found',
  'wrong-state',
  'changed-meanwhile',
  'two-people',
  'too-many-checks',
  'check-outdated',
  'nothing-to-release',
  'frozen',
  'duty-overdue',
  'agreement-ended',
  'documents-faulty',
  'path-unknown',
  'link-expired',
  'link-used',
  'supply-lost',
  'countersignature-refused',
  'attestation-refused',
  'already-done',
  'input-invalid',
  'preference-refused',
  'log-behind',
  'webhook-address',
  'upload-refused',
  'too-many-look-ups',
] as const;
export type RefusalCode = (typeof refusalCodes)[number];

export const done = <T>(value: T): Answer<T> => ({ kind: 'done', value });
export const refused = (code: RefusalCode, message: string): Refused => ({ kind: 'refused', code, message });
