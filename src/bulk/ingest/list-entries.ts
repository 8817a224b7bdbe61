/** The entries of a suppression list, in the layouts of `docs/formats.md`: which text of an entry is which part. */
import type { SuppressionList } from '../../policy/model.ts';
import type { Engine } from '../engine.ts';
import { requireColumns } from './columns.ts';
import type { KeyKind, Part } from './keys.ts';
import type { Table } from './table.ts';

/** SQL over the table, by part, and what an entry that can be read looks like. */
export type Entries = {
  readonly parts: Readonly<Partial<Record<Part | 'record', string>>>;
  /** True of a line that is as its layout says; null is false. */
  readonly wellFormed: string;
};
export type MatchKind = KeyKind | 'record';

/** What an exact match and a near match are by, for a list (C5). Baby MPS matches by household. */
export function kindsOf(list: SuppressionList): {
  readonly exact: readonly MatchKind[];
  readonly near: boolean;
} {
  if (list.kind === 'baby-mps') return { exact: ['address', 'surname'], near: true };
  switch (list.level) {
    case 'person':
      return {
        exact: [list.layout === 'columns' && list.columns.forename === undefined ? 'surname' : 'person'],
        near: true,
      };
    case 'surname-at-address':
      return { exact: ['home'], near: true };
    case 'address':
      return { exact: ['address'], near: false };
    case 'number':
      return { exact: ['phone'], near: false };
    case 'email':
      return { exact: ['email'], near: false };
    case 'record':
      return { exact: ['record'], near: false };
  }
}

export function entriesOf(engine: Engine, list: SuppressionList, table: Table): Entries {
  const { intake } = engine;
  if (list.layout === 'columns') return columnEntries(engine, list, table);
  const slice = (from: number, to: number): string => {
    const x = `substr(c0, ${from}, ${to - from + 1})`;
    return table.exotic ? intake.trim(x, true) : `nullif(trim(${x}), '')`;
  };
  switch (list.layout) {
    case 'tps': {
      const phone = 'c0';
      return { parts: { phone }, wellFormed: intake.matches(`trim(c0)`, '0[0-9]{4} ?[0-9]{5,6}') };
    }
    case 'mps-fixed': {
      const postcode = slice(406, 413);
      const shape = `${intake.matches('substr(c0, 1, 1)', '[PX]')} AND length(c0) BETWEEN 406 AND 415 AND ${plausible(engine, postcode)}`;
      return { parts: people(slice(46, 95), slice(96, 145), slice(156, 205), postcode), wellFormed: shape };
    }
    case 'baby-mps-fixed': {
      const postcode = slice(242, 249);
      const shape = `${intake.matches('substr(c0, 9, 8)', '[0-9]{8}')} AND length(c0) BETWEEN 242 AND 399 AND ${plausible(engine, postcode)}`;
      return {
        parts: { ...people(slice(32, 56), slice(57, 81), slice(82, 113), postcode), email: slice(250, 399) },
        wellFormed: shape,
      };
    }
  }
}

const people = (forename: string, surname: string, address: string, postcode: string) => ({
  forename,
  surname,
  three: surname,
  address,
  postcode,
});

/** A postcode where a postcode stands: else the lines are cut at other places. */
function plausible({ intake }: Engine, postcode: string): string {
  return intake.matches(intake.foldPostcode(postcode), '[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}');
}

function columnEntries(engine: Engine, list: SuppressionList, table: Table): Entries {
  const named = Object.values(list.columns).filter((name) => name !== undefined);
  requireColumns(table, list.file.path, named);
  const of = (name: string | undefined): { sql: string } | null =>
    name === undefined ? null : { sql: engine.intake.trim(table.column(name), table.exotic) };
  const { record, forename, surname, addressLine, postcode, email, phone } = list.columns;
  const pairs: readonly (readonly [Part | 'record', { sql: string } | null])[] = [
    ['record', of(record)],
    ['forename', of(forename)],
    ['surname', of(surname)],
    ['three', of(surname)],
    ['address', of(addressLine)],
    ['postcode', of(postcode)],
    ['email', of(email)],
    ['phone', of(phone)],
  ];
  return {
    parts: Object.fromEntries(pairs.flatMap(([part, sql]) => (sql ? [[part, sql.sql]] : []))),
    wellFormed: 'TRUE',
  };
}
