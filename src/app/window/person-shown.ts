/** What the desk is shown of somebody, to be sure who is on the telephone: nothing of whom a safe-contact flag keeps off screens. */
import { z } from 'zod';
import type { Row } from '../../bulk/engine.ts';
import type { Source } from '../../policy/model.ts';
import { roleText } from './held-record.ts';

const shown = z.string().nullable();
export const personView = z
  .object({
    /** In this look-up, from 1. */
    number: z.number().int(),
    source: z.string(),
    record: z.string(),
    /** No post, no mail, no name on a screen: nothing below is shown. */
    safe: z.boolean(),
    ...{ name: shown, address: shown, postcode: shown, email: shown, phone: shown, birthDate: shown },
  })
  .meta({ id: 'PersonFound' });
export type PersonView = z.output<typeof personView>;

export type PersonRow = {
  readonly source: Source;
  readonly record: string;
  readonly key: string;
  readonly row: Row;
};

export function viewOfPerson(found: PersonRow, number: number, safe: boolean): PersonView {
  const { source, record } = found;
  const of = (role: Parameters<typeof roleText>[1]): string | null => (safe ? null : roleText(found, role));
  const names = [of('forename'), of('surname')].filter((part) => part !== null);
  return {
    ...{ number, source: source.id, record, safe, name: names.length === 0 ? null : names.join(' ') },
    ...{ address: of('addressLine'), postcode: of('postcode'), email: of('email'), phone: of('phone') },
    birthDate: of('birthDate'),
  };
}
