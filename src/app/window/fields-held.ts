/** What is held of somebody, field by field, and where each came from (A8). */
import { z } from 'zod';
import type { Row, SqlValue } from '../../bulk/engine.ts';
import type { Workspace } from '../../documents/workspace.ts';
import { parseFirst, shownAtCollection } from '../../policy/history.ts';
import type { CollectedBy, Collection, Source } from '../../policy/model.ts';
import { namedField, namedFieldView } from './named-field.ts';
import type { RecordRead } from './read-record.ts';

const fieldView = namedFieldView.extend({
  /** Null where nothing is held, or where it is not shown. */
  value: z.union([z.string(), z.number(), z.boolean()]).nullable(),
  /** A name of somebody with a safe-contact flag: held, and not shown on a screen. */
  hidden: z.boolean(),
  /** The day it was collected; by what means, as far as it is recorded. */
  on: z.string().nullable(),
  by: z.enum(['web', 'app', 'paper', 'phone']).nullable(),
  /** `own`: from the person themselves. Else who supplied it; null where nobody knows. */
  origin: z.string().nullable(),
});
export const heldView = z
  .object({
    records: z.array(z.object({ number: z.number().int(), source: z.string(), fields: z.array(fieldView) })),
  })
  .meta({ id: 'FieldsHeld' });
export type Held = z.output<typeof heldView>;
export type HeldField = z.output<typeof fieldView>;

/** `safe`: the names of the person are not shown. */
export function fieldsHeld(workspace: Workspace, records: readonly RecordRead[], safe: boolean): Held {
  return {
    records: records.map(({ number, source, from, row }) => ({
      ...{ number, source },
      fields: from.fields.map((field): HeldField => {
        const value = plainValue(row[`f_${field.name}`]);
        const hidden = safe && value !== null && isName(from, field.name);
        return {
          ...namedField(from, field.name),
          ...{ value: hidden ? null : value, hidden },
          ...cameFrom(workspace, from, row, field.collection),
        };
      }),
    })),
  };
}

export const isName = ({ roles, children }: Source, field: string): boolean =>
  field === roles.forename || field === roles.surname || children.some(({ name }) => name === field);

const plainValue = (value: SqlValue | undefined): string | number | boolean | null =>
  value === undefined ? null : typeof value === 'bigint' ? Number(value) : value;

function cameFrom(
  { organisations, upstream, notices, config }: Workspace,
  source: Source,
  row: Row,
  id: string,
): Pick<HeldField, 'on' | 'by' | 'origin'> {
  const collection = source.collections.find((each) => each.id === id);
  const [key, on] = [row[`h_${id}`], row[`on_${id}`]];
  const { base, origin } = parseFirst(typeof key === 'string' ? key : '');
  const supplier = upstream.find((each) => each.id === origin)?.supplier ?? origin;
  const own = notices.filter(({ organisation }) => organisation === config.organisation);
  const shown = collection === undefined ? [] : shownAtCollection(base, collection, own).candidates;
  return {
    on: typeof on === 'string' ? on : null,
    by:
      base.kind === 'derived'
        ? base.collectedBy
        : (constantBy(collection) ?? onlyBy(shown.map(({ collectedBy }) => collectedBy))),
    origin:
      supplier === null || supplier === 'own'
        ? supplier
        : (organisations.find((each) => each.id === supplier)?.legalName ?? supplier),
  };
}

const constantBy = (collection: Collection | undefined): CollectedBy | null =>
  collection?.collectedBy && 'constant' in collection.collectedBy ? collection.collectedBy.constant : null;

/** The means of the notice that was shown, where it had but one. */
function onlyBy(means: readonly (readonly CollectedBy[])[]): CollectedBy | null {
  const [one, ...more] = [...new Set(means.flat())];
  return one === undefined || more.length > 0 ? null : one;
}
