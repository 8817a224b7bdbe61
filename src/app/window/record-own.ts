/** A member says something of one of their own records, on the web, and now. */
import type { z } from 'zod';
import type { OwnRecord } from '../flow/own-records.ts';
import { type preferenceView, recordFor, recordPreferenceInput } from '../flow/record-preference.ts';
import { type Actor, type Answer, refused, type Service } from '../flow/service.ts';
import { ownKeyed } from './record-key.ts';

/** What is said, in the words of a preference event; scope and documents alone. */
export type SaidOfOwn = Readonly<
  Partial<Record<'purpose' | 'organisation' | 'channel' | 'notice' | 'consent' | 'lifts', string | null>> & {
    kind: string;
  }
>;

/** Refuses `not-found`, `preference-refused`. */
export async function recordOwn(
  service: Service,
  actor: Actor,
  { source, record }: OwnRecord,
  said: SaidOfOwn,
): Promise<Answer<z.output<typeof preferenceView>>> {
  const own = actor.kind === 'member' ? await ownKeyed(service, actor) : [];
  if (!own.some((each) => each.source === source && each.record === record))
    return refused('not-found', 'no record of yours is there under that id');
  return recordFor(service, actor.org, recordPreferenceInput.parse({ ...said, source, person: record }));
}
