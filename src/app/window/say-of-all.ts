/** The same said of each of a member's own records, none of them left out because another was erased meanwhile. */
import type { z } from 'zod';
import type { preferenceView } from '../flow/record-preference.ts';
import { type Actor, type Answer, done, type Refused, refused, type Service } from '../flow/service.ts';
import { type KeyedRecord, ownKeyed } from './record-key.ts';
import { refusedAfter, saidAfter } from './said-in-part.ts';

type Said = z.output<typeof preferenceView>;

/**
 * Of as many as it can be said of. Refuses `not-found` where no record is theirs; and, once the rest is recorded, what a record
 * that is still theirs was refused with, and `recorded` of the rest: nobody is told that it holds for what it does not hold for.
 * Throws SayError where something comes in between.
 */
export async function sayOfAll(
  service: Service,
  actor: Extract<Actor, { kind: 'member' }>,
  say: (own: KeyedRecord) => Promise<Answer<Said>>,
): Promise<Answer<readonly Said[]>> {
  const items: Said[] = [];
  const recorded = (): readonly string[] => items.map(({ event }) => event);
  const left: { readonly own: KeyedRecord; readonly why: Refused }[] = [];
  for (const own of await ownKeyed(service, actor)) {
    const said = await saidAfter(recorded(), () => say(own));
    if (said.kind === 'refused') left.push({ own, why: said });
    else items.push(said.value);
  }
  const [first] = left;
  if (first === undefined)
    return items.length === 0 ? refused('not-found', 'no record of yours is there') : done(items);
  if (items.length === 0) return first.why;
  const still = await saidAfter(recorded(), () => ownKeyed(service, actor));
  const standing = left.find(({ own }) => still.some(({ key }) => key === own.key));
  return standing === undefined ? done(items) : refusedAfter(recorded(), standing.why);
}
