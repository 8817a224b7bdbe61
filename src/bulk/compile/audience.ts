/** The audience in SQL: three-valued as SQL is, and what is not true refuses (B2, C9). */
import { fieldsRead, setValues } from '../../policy/evaluate.ts';
import type { CivilDate, Comparison, Expression, NamedSet, Source } from '../../policy/model.ts';
import { bornByDay, bornExtreme, childColumns, childrenUnreadable, someChild } from './children.ts';
import { bornBy } from './thresholds.ts';
import type { Writer } from './writer.ts';

/** Where the audience is read: the alias of the records, the source, the sets, the day of release. */
export type AudienceGround = {
  readonly records: string;
  readonly source: Source;
  readonly day: CivilDate;
  readonly sets: readonly NamedSet[];
};

/** Whether everything that the audience reads of a record can be read (C9). */
export function readableSql(writer: Writer, test: Expression, at: AudienceGround): string {
  return [...fieldsRead(test)].map((field) => isReadable(writer, field, at)).join(' AND ');
}

/** The SQL name of a source field; a field nobody maps is null for everyone. */
export function fieldColumn(writer: Writer, source: Source, records: string, field: string): string {
  const known = source.fields.some((f) => f.name === field) || (field === 'area' && source.areas !== null);
  return known ? `${records}.${writer.dialect.identifier(`f_${field}`)}` : 'CAST(NULL AS VARCHAR)';
}

function isReadable(writer: Writer, field: string, at: AudienceGround): string {
  if (field === 'children') {
    const unreadable = childrenUnreadable(writer, childColumns(writer, at.source, at.records));
    return `CASE WHEN ${writer.keep('audience.children-readable', unreadable, 'FALSE')} THEN FALSE ELSE TRUE END`;
  }
  const mapped = at.source.fields.some((f) => f.name === field);
  const column =
    field === 'age' && !mapped ? ownBirth(writer, at) : fieldColumn(writer, at.source, at.records, field);
  return writer.keep('audience.field-readable', `${column} IS NOT NULL`, 'TRUE');
}

function ownBirth(writer: Writer, at: AudienceGround): string {
  const field = at.source.roles.birthDate;
  return field === null ? 'CAST(NULL AS DATE)' : fieldColumn(writer, at.source, at.records, field);
}

/** A test as an SQL expression that is true, false, or null for unknown. */
export function expressionSql(writer: Writer, test: Expression, at: AudienceGround): string {
  switch (test.kind) {
    case 'and':
    case 'or': {
      const [left, right] = [expressionSql(writer, test.left, at), expressionSql(writer, test.right, at)];
      return `(${left} ${test.kind === 'and' ? 'AND' : 'OR'} ${right})`;
    }
    case 'not':
      return writer.keep(
        'audience.not',
        `(NOT ${expressionSql(writer, test.of, at)})`,
        expressionSql(writer, test.of, at),
      );
    case 'compare':
      return writer.keep('audience.compare', compareSql(writer, test, at), 'TRUE');
    case 'in':
      return writer.keep('audience.in', memberSql(writer, test, at), 'TRUE');
    case 'age':
      return writer.keep(
        'audience.age',
        ageSql(writer, ownBirth(writer, at), test.op, test.years, test.on ?? at.day),
        'TRUE',
      );
    case 'child-age':
      return writer.keep('audience.child-age', childAgeSql(writer, test, at), 'TRUE');
  }
}

function compareSql(
  writer: Writer,
  test: Extract<Expression, { kind: 'compare' }>,
  at: AudienceGround,
): string {
  const column = fieldColumn(writer, at.source, at.records, test.field);
  const type = at.source.fields.find((f) => f.name === test.field)?.type;
  const value =
    type === 'date' ? writer.dialect.date(String(test.value)) : writer.dialect.literal(test.value);
  return `(${column} ${test.op === '!=' ? '<>' : test.op} ${value})`;
}

function memberSql(writer: Writer, test: Extract<Expression, { kind: 'in' }>, at: AudienceGround): string {
  const column = fieldColumn(writer, at.source, at.records, test.field);
  const values = [...new Set(setValues(test.values, at.sets))].map((value) => writer.dialect.literal(value));
  if (values.length === 0) return `(CASE WHEN ${column} IS NULL THEN NULL ELSE FALSE END)`;
  return `(${column} IN (${values.join(', ')}))`;
}

/** A test of age in whole years on a day, of a birth date that may be null. */
export function ageSql(writer: Writer, born: string, op: Comparison, years: number, on: CivilDate): string {
  const named = (side: string, test: string): string =>
    writer.keep(`age.${op}.${side}`, `(${test})`, op === '!=' ? 'FALSE' : 'TRUE');
  const atLeast = (n: number): string =>
    named('at-least', `${born} <= ${writer.dialect.date(bornBy(n, on))}`);
  const under = (n: number): string => named('under', `${born} > ${writer.dialect.date(bornBy(n, on))}`);
  const test = (): string => {
    switch (op) {
      case '>=':
        return atLeast(years);
      case '<':
        return under(years);
      case '>':
        return atLeast(years + 1);
      case '<=':
        return under(years + 1);
      case '=':
        return `${atLeast(years)} AND ${under(years + 1)}`;
      case '!=':
        return `(${under(years)} OR ${atLeast(years + 1)})`;
    }
  };
  return `(${bornByDay(writer, born, on)} AND ${test()})`;
}

/** C6: any living dated child; if none does and some child cannot be read, unknown. */
export function childAgeSql(
  writer: Writer,
  test: Extract<Expression, { kind: 'child-age' }>,
  at: AudienceGround,
): string {
  const children = childColumns(writer, at.source, at.records);
  const on = test.on ?? at.day;
  const age = (born: string): string => ageSql(writer, born, test.op, test.years, on);
  const unreadable = writer.keep(
    `audience.${test.which}-child-unreadable`,
    childrenUnreadable(writer, children),
    'FALSE',
  );
  if (test.which === 'any') {
    return `(CASE WHEN ${someChild(writer, children, age)} THEN TRUE WHEN ${unreadable} THEN NULL ELSE FALSE END)`;
  }
  return `(CASE WHEN ${unreadable} THEN NULL ELSE ${age(bornExtreme(writer, children, 'youngest', on))} END)`;
}
