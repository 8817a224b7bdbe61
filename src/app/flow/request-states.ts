/** The life of a request, after the states of a contract negotiation in the Dataspace Protocol: the one table of it. */
import type { RequestDeed, RequestState } from '../../store/postgres/tables.ts';

/** `open` is before there is a request. What is not here cannot be done in that state. */
const states = {
  open: { requested: 'REQUESTED' },
  REQUESTED: { changed: 'REQUESTED', checked: 'OFFERED', refused: 'TERMINATED', terminated: 'TERMINATED' },
  OFFERED: {
    changed: 'REQUESTED',
    checked: 'OFFERED',
    approved: 'AGREED',
    'sent-back': 'REQUESTED',
    refused: 'TERMINATED',
    terminated: 'TERMINATED',
  },
  AGREED: {
    changed: 'REQUESTED',
    'sent-back': 'REQUESTED',
    refused: 'TERMINATED',
    released: 'FINALIZED',
    terminated: 'TERMINATED',
  },
  FINALIZED: {},
  TERMINATED: {},
} as const satisfies Readonly<
  Record<RequestState | 'open', Readonly<Partial<Record<RequestDeed, RequestState>>>>
>;

/** The state that a deed leads to; null where it cannot be done. */
export function nextState(state: RequestState | 'open', deed: RequestDeed): RequestState | null {
  const from: Readonly<Partial<Record<RequestDeed, RequestState>>> = states[state];
  return Object.hasOwn(from, deed) ? (from[deed] ?? null) : null;
}

/** Deeds after which an approval given before counts no more. */
export const withdrawsApproval = (deed: RequestDeed): boolean =>
  deed === 'changed' || deed === 'sent-back' || deed === 'refused' || deed === 'terminated';
