/** What somebody asks to have put right, as it is keyed at the desk: a day, or a yes or a no, where only that can stand. */
import { readWorkspace } from '../../app/flow/read-workspace.ts';
import { namedField } from '../../app/window/named-field.ts';
import type { FormFault } from '../../pages/window/form-parts.ts';
import { dayOf } from '../../policy/dates.ts';
import type { Seat } from './seat.ts';
import { valueTyped, wantedOf } from './value-typed.ts';
import { wordsOf } from './window-seat.ts';

export type DeskValue =
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'faulty'; readonly faults: readonly FormFault[] };

/** As a member's own page reads it; of a field that is not there, as it was keyed. */
export async function deskValue(
  seat: Seat,
  { source, field, text }: { readonly source: string; readonly field: string; readonly text: string },
): Promise<DeskValue> {
  const { sources } = await readWorkspace(seat.service, seat.actor.org);
  const found = sources.find(({ id }) => id === source);
  if (found === undefined) return { kind: 'value', value: text.trim() };
  const { correct, date } = wordsOf(seat).cases;
  const today = dayOf(seat.service.now().getTime());
  const read = valueTyped(wantedOf(found, namedField(found, field)), text, { ...correct, today, date });
  if (read.kind === 'value') return read;
  // How long it may be is said as of every other field of the form.
  if (read.fault === 'tooLong') return { kind: 'value', value: text.trim() };
  return { kind: 'faulty', faults: [{ field: 'value', text: correct[read.fault] }] };
}
