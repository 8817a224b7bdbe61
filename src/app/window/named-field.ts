/** What a field of a source is to the person it is of: by its part in the rules, else by the kind of data that it is. */
import { z } from 'zod';
import type { Source } from '../../policy/model.ts';
import { label } from '../../policy/vocab.ts';

const roles = [
  ...(['forename', 'surname', 'addressLine', 'postcode', 'email', 'phone', 'birthDate'] as const),
  ...(['deceased', 'goneAway', 'lastAct', 'membershipEnd'] as const),
] as const;
export const namedFieldView = z.object({
  /** As the source's document names it. */
  field: z.string(),
  what: z.string(),
  ofChild: z.boolean(),
  /** `other`: the kind of data says what it is, and its own name says which. */
  as: z.enum([...roles, 'childBorn', 'childDied', 'childNamed', 'other']),
  /** Which of the children, from 1; null where there can be but one. */
  child: z.number().int().nullable(),
});
export type NamedField = z.output<typeof namedFieldView>;

/** A field that the source does not have is named as it was asked for. */
export function namedField(source: Source, field: string): NamedField {
  const found = source.fields.find(({ name }) => name === field);
  const what = found === undefined ? field : label(found.data.term);
  return { field, what, ofChild: found?.data.of === 'child', ...partOf(source, field) };
}

function partOf(source: Source, field: string): Pick<NamedField, 'as' | 'child'> {
  for (const [i, { birthDate, died, name }] of source.children.entries()) {
    const child = source.children.length === 1 ? null : i + 1;
    if (field === birthDate) return { as: 'childBorn', child };
    if (field === died) return { as: 'childDied', child };
    if (field === name) return { as: 'childNamed', child };
  }
  return { as: roles.find((role) => source.roles[role] === field) ?? 'other', child: null };
}

/** What stands there is a yes or a no, as people write it, or a day on which it came true. */
export const isYesOrNo = (as: NamedField['as']): boolean =>
  as === 'childDied' || as === 'deceased' || as === 'goneAway';

/** A file's own way to write yes and no; null of anything else. */
export function yesOrNo(text: string): boolean | null {
  if (/^(y|yes|true|t|1)$/i.test(text.trim())) return true;
  return /^(n|no|false|f|0)$/i.test(text.trim()) ? false : null;
}
