/** The entries of a suppression list, in the layouts of `docs/formats.md`: which text of an entry is which part. */
import type { SuppressionList } from '../../policy/model.ts';
import type { Engine } from '../engine.ts';
import { requireColumns } from './columns.ts';
import type { KeyKind, Part } from './keys.ts';
import type { Table } from './table.ts';

/** SQL over the table, by part, and what an entry that can be read looks like. */
export type Entries = {
  readonly parts: Readonly<Partial<Record<Part | 'record', string>>>;
  /** Whether a line is as its layout says; null is false. */
  readonly wellFormed: string;
  /** Whether there is an entry: there is none in a line without a word. */
  readonly there: string;
  /** The postcode must look like one: else the lines are cut at other places. */
  readonly postcodeShown: boolean;
  /** White space to fold away may be more than plain spaces, and stand at the ends. */
  readonly exotic: boolean;
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
  if (list.layout === 'columns') return columnEntries(list, table);
  // Mostly not trimmed, which is dear: folding takes the spaces away. A postcode without them at its ends mostly needs none.
  const slice = (from: number, to: number): string => `substr(c0, ${from}, ${to - from + 1})`;
  // Most begin with a word, and to trim a long line is dear.
  const there = `CASE WHEN c0 >= '!' AND c0 < chr(127) THEN TRUE ELSE coalesce(trim(c0) <> '', FALSE) END`;
  const lines = { exotic: true, there } as const;
  switch (list.layout) {
    case 'tps': {
      const phone = 'c0';
      const wellFormed = intake.matches(`trim(c0)`, '0[0-9]{4} ?[0-9]{5,6}');
      return { ...lines, postcodeShown: false, parts: { phone }, wellFormed };
    }
    case 'mps-fixed': {
      const postcode = `trim(${slice(406, 413)})`;
      const parts = people(slice(46, 95), slice(96, 145), slice(156, 205), postcode);
      const wellFormed = `${intake.matches('substr(c0, 1, 1)', '[PX]')} AND length(c0) BETWEEN 406 AND 415`;
      return { ...lines, postcodeShown: true, parts, wellFormed };
    }
    case 'baby-mps-fixed': {
      const postcode = `trim(${slice(242, 249)})`;
      const parts = {
        ...people(slice(32, 56), slice(57, 81), slice(82, 113), postcode),
        email: intake.trim(slice(250, 399), true),
      };
      const wellFormed = `${intake.matches('substr(c0, 9, 8)', '[0-9]{8}')} AND length(c0) BETWEEN 242 AND 399`;
      return { ...lines, postcodeShown: true, parts, wellFormed };
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

/** Whether a folded postcode looks like one. */
export const plausiblePostcode = ({ intake }: Engine, folded: string): string =>
  intake.matches(folded, '[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}');

function columnEntries(list: SuppressionList, table: Table): Entries {
  const named = Object.values(list.columns).filter((name) => name !== undefined);
  requireColumns(table, list.file.path, named);
  const of = (name: string | undefined): { sql: string } | null =>
    name === undefined ? null : { sql: table.trimmed(name) };
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
    exotic: table.exotic,
    postcodeShown: false,
    parts: Object.fromEntries(pairs.flatMap(([part, sql]) => (sql ? [[part, sql.sql]] : []))),
    wellFormed: 'TRUE',
    there: 'TRUE',
  };
}
