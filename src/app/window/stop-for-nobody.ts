/**
 * The stop of somebody whom no record was found of: in every source it holds back whoever it may be of, until a person says whose
 * it is (C4). The request that it came with is written with the last of them: without all of its stops there is none.
 */
import type { z } from 'zod';
import type { Tx } from '../../store/postgres/state.ts';
import { readWorkspace } from '../flow/read-workspace.ts';
import { recordFor, recordPreferenceInput } from '../flow/record-preference.ts';
import { type Answer, done, refused, type Service } from '../flow/service.ts';
import { refusedAfter, saidAfter } from './said-in-part.ts';

/** As they were given; which of them anybody can be found by, recording it says. */
export const detailsOfNobody = recordPreferenceInput.pick({
  ...{ surname: true, addressLine: true, postcode: true, email: true, phone: true, birthDate: true },
});
type Said = {
  readonly details: z.output<typeof detailsOfNobody>;
  readonly by: string;
  readonly signed: string | null;
  readonly received: string | null;
};
type Held = { readonly receipt?: Record<string, unknown> };

/** `write` is given the first event, and all. Refuses `preference-refused`; with a source that was stopped in before, it stays so: it is `recorded`. Throws SayError alike. */
export async function stopForNobody(
  service: Service,
  org: string,
  said: Said,
  write: (tx: Tx, event: string, all: readonly string[]) => Promise<void>,
): Promise<Answer<Held>> {
  const { sources } = await readWorkspace(service, org);
  const events: string[] = [];
  let held: Held = {};
  for (const [i, { id }] of sources.entries()) {
    const also = async (tx: Tx, event: string): Promise<void> => {
      if (i === sources.length - 1) await write(tx, events[0] ?? event, [...events, event]);
    };
    const recorded = await saidAfter(events, () => recordFor(service, org, stopIn(id, said), also));
    if (recorded.kind === 'refused') return refusedAfter(events, recorded);
    const { event, receipt } = recorded.value;
    if (i === 0 && receipt !== undefined) held = { receipt };
    events.push(event);
  }
  if (events.length === 0) return refused('preference-refused', 'there is no source that it could stop in');
  return done(held);
}

/** What is checked before, and recorded in each source. */
export const stopIn = (source: string, { details, by, signed, received }: Said) =>
  recordPreferenceInput.parse({
    ...{ ...details, source, kind: 'objection', by, ...daysSaid({ signed, received }) },
  });

/** Of the stop that a request comes with: a letter without a day of its own was signed no later than the day that it came. */
export const daysSaid = ({ signed, received }: Pick<Said, 'signed' | 'received'>) => ({
  signed: signed ?? received,
  received,
});
