/** Which page of a list is asked for. */
import { pageInput } from '../../app/flow/cursor.ts';
import { HttpProblem } from '../problems.ts';
import type { Seat } from './seat.ts';

export function pageAsked({ c }: Seat): { readonly limit: number; readonly cursor?: string | undefined } {
  const asked = pageInput.safeParse({ cursor: c.req.query('cursor') });
  if (!asked.success)
    throw new HttpProblem({ code: 'input-invalid', detail: 'there is no such page of the list' });
  return asked.data;
}
