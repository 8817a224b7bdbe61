/** Which page of a list is asked for. */
import { pageInput } from '../../app/flow/cursor.ts';
import { HttpProblem } from '../problems.ts';
import type { Seat } from './seat.ts';

type Asked = { readonly limit: number; readonly cursor?: string | undefined };

export const pageAsked = ({ c }: Seat): Asked => pageAt(c.req.query('cursor'));

/** Undefined of the first page. */
export function pageAt(cursor: string | undefined): Asked {
  const asked = pageInput.safeParse({ cursor });
  if (!asked.success)
    throw new HttpProblem({ code: 'input-invalid', detail: 'there is no such page of the list' });
  return asked.data;
}
