/** What a mailing house gets: the columns that print an address, and nothing else. */
import type { DataItem, Request, Source } from '../policy/model.ts';
import { dataCovers } from '../policy/vocab.ts';

const printed: readonly DataItem[] = [
  { term: 'pd:Name', of: 'person' },
  { term: 'pd:PhysicalAddress', of: 'person' },
];

/** The columns of the request's list that hold the person's name or address, as they are; in the list's order. */
export function mailingColumns(request: Request, source: Source): readonly string[] {
  return request.fields
    .filter(({ field, as }) => {
      const item = source.fields.find((each) => each.name === field)?.data;
      return as === null && item !== undefined && printed.some((told) => dataCovers(told, item));
    })
    .map(({ name }) => name);
}
