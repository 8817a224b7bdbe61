/** The cells of a list in SQL: coarser where the request says so (B4), and never run by a spreadsheet. */
import type { CivilDate, RequestedField, Source } from '../../policy/model.ts';
import { childAgeSql, fieldColumn } from '../compile/audience.ts';
import { bornBy } from '../compile/thresholds.ts';
import type { Writer } from '../compile/writer.ts';

export type CellGround = { readonly records: string; readonly source: Source; readonly day: CivilDate };

/** Age bands end here: nobody alive was born longer ago. */
const oldest = 130;

/** One cell of the list, as an SQL expression. A field that nobody maps is empty, never an error. */
export function cellSql(writer: Writer, field: RequestedField, ground: CellGround): string {
  const column = fieldColumn(writer, ground.source, ground.records, field.field);
  switch (field.as?.kind) {
    case undefined:
      return isText(ground.source, field.field) ? inert(writer, column) : column;
    case 'year':
      return `EXTRACT(YEAR FROM ${column})`;
    case 'age-band':
      return ageBand(writer, column, field.as.width, ground.day);
    case 'postcode-district':
      return inert(writer, district(column));
    case 'child-under':
      return childAgeSql(
        writer,
        { kind: 'child-age', which: 'any', op: '<', years: field.as.years, on: ground.day },
        { ...ground, sets: [] },
      );
  }
}

function isText(source: Source, name: string): boolean {
  const field = source.fields.find((f) => f.name === name);
  return field === undefined || field.type === 'text';
}

/**
 * A leading apostrophe for text that a spreadsheet would run: it begins with = + - @, tab or carriage return and is
 * not a plain number, which is a sign, digits and at most one decimal point (docs/formats.md).
 */
export function inert(writer: Writer, text: string): string {
  const signs = ['=', '+', '-', '@', '\t', '\r'].map((sign) => writer.dialect.literal(sign)).join(', ');
  const rest = `SUBSTRING(${text}, 2)`;
  const undigited = `TRANSLATE(${rest}, '0123456789', '')`;
  const number = `(SUBSTRING(${text}, 1, 1) IN ('+', '-') AND ${undigited} IN ('', '.') AND LENGTH(${rest}) > LENGTH(${undigited}))`;
  return `CASE WHEN SUBSTRING(${text}, 1, 1) IN (${signs}) AND NOT ${number} THEN '''' || ${text} ELSE ${text} END`;
}

/** `SW1A` of `SW1A 1AA`; what is too short to be a postcode is left empty. */
function district(postcode: string): string {
  const folded = `UPPER(REPLACE(${postcode}, ' ', ''))`;
  return `CASE WHEN LENGTH(${folded}) BETWEEN 5 AND 7 THEN SUBSTRING(${folded}, 1, LENGTH(${folded}) - 3) END`;
}

/** `25-29` on the day of release; empty for someone not yet born. */
function ageBand(writer: Writer, born: string, width: number, day: CivilDate): string {
  const cases = [`WHEN ${born} IS NULL OR ${born} > ${writer.dialect.date(day)} THEN NULL`];
  for (let from = 0; from < oldest; from += width) {
    const band = width === 1 ? `${from}` : `${from}-${from + width - 1}`;
    cases.push(
      `WHEN ${born} > ${writer.dialect.date(bornBy(from + width, day))} THEN ${writer.dialect.literal(band)}`,
    );
  }
  return `CASE ${cases.join(' ')} ELSE ${writer.dialect.literal(`${oldest} or more`)} END`;
}
