/** The history base key of a collection: which notice was shown, as far as the record says (A6, A8). */
import type { Collection, ColumnOr } from '../../policy/model.ts';
import type { Engine } from '../engine.ts';
import type { Cells } from './cells.ts';

/** The characters that cut keys do not stand in values. Replacing them is dear, and seldom needed. */
export const plainText = (x: string): string =>
  `CASE WHEN ${x} LIKE '%^%' OR ${x} LIKE '%|%' OR ${x} LIKE '%~%' THEN translate(${x}, '^|~', '???') ELSE ${x} END`;

/** A text that may stand in a key. */
export function plainFrom(engine: Engine, cells: Cells, from: ColumnOr<string> | null): string {
  if (from === null) return 'CAST(NULL AS VARCHAR)';
  if ('constant' in from)
    return `CAST(${engine.dialect.literal(from.constant.replace(/[\^|~]/g, '?'))} AS VARCHAR)`;
  const text = cells.text(from.column);
  return cells.cuts ? plainText(text) : text;
}

export function historyKey(engine: Engine, cells: Cells, collection: Collection): string {
  const of = (from: ColumnOr<string> | null): string => plainFrom(engine, cells, from);
  const notice = of(collection.notice);
  const code = of(collection.printCode);
  const channel = of(collection.collectedBy);
  const day = collection.date === null ? 'CAST(NULL AS VARCHAR)' : cells.day(collection.date);
  const key = (...texts: string[]): string =>
    engine.dialect.joinTexts([...texts, "'^'", of(collection.origin)]);
  return `CASE WHEN ${notice} IS NOT NULL THEN ${key("'v:'", notice)} WHEN ${code} IS NOT NULL THEN ${key("'p:'", code)}
    WHEN ${channel} IS NOT NULL AND ${day} IS NOT NULL THEN ${key("'d:'", channel, "':'", day)} ELSE ${key("'?'")} END`;
}
