/** A copy of nobody, for tests of how a copy is said. */
import type { Copied } from './copied.ts';

const at = '2026-01-02T09:00:00.000Z';

export const copiedOf = (more: Partial<Copied>): Copied => ({
  ...{ format: 'astold/copy/1', organisation: 'Example Club', made: at, safeContact: false },
  records: [{ number: 1, source: 'members', record: 'M1' }],
  held: { records: [{ number: 1, source: 'members', fields: [] }] },
  told: { records: [], notices: [] },
  releases: { items: [], searched: 0, unknown: 0 },
  said: { items: [] },
  ...{ passedOn: [], requests: [], lookUps: [] },
  ...more,
});

type HeldField = Copied['held']['records'][number]['fields'][number];

export const heldOf = (fields: readonly Partial<HeldField>[]): Pick<Copied, 'held'> => ({
  held: {
    records: [
      {
        ...{ number: 1, source: 'members' },
        fields: fields.map(
          (field): HeldField => ({
            ...{ field: 'forename', what: 'given name', ofChild: false, as: 'forename', child: null },
            ...{ value: null, hidden: false },
            ...{ on: null, by: null, origin: 'own' },
            ...field,
          }),
        ),
      },
    ],
  },
});
