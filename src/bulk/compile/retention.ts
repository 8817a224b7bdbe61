/** How long each record may be kept by what was told, in SQL (C7). */
import type { Judgement } from '../../policy/judgement.ts';
import type { RetentionAnchor, Source } from '../../policy/model.ts';
import { fieldColumn } from './audience.ts';
import { bornExtreme, childColumns, childrenUnreadable } from './children.ts';
import { anchoredFrom } from './thresholds.ts';
import { perWord, wordsFor } from './words.ts';
import { bigint, union, type Writer } from './writer.ts';

/** Where retentions are counted: `at` is the alias of the records. */
export type RetentionGround = {
  readonly at: string;
  readonly source: Source;
  readonly judgement: Judgement;
};

/**
 * The columns `rk<k>` and `ra<k>` for each sixty retentions: the bits of those that last to the end of the use, and of
 * those whose anchor is there. One that is told until a date asks nothing of a record.
 */
export function retentionSql(writer: Writer, ground: RetentionGround): readonly string[] {
  const { retentions, day, end } = ground.judgement;
  const none = bigint(writer, 0n);
  return wordsFor(retentions.length, perWord).flatMap((word) => {
    const lasting: string[] = [];
    const anchored: string[] = [];
    retentions.slice(word * perWord, (word + 1) * perWord).forEach(({ collection, told }, i) => {
      if (told.kind === 'until') return;
      const bit = bigint(writer, 1n << BigInt(i));
      const at = anchor(writer, told.from, collection, ground);
      const past = isOfThePast(told.from);
      const future = `${at} > ${writer.dialect.date(day)}`;
      const now = past
        ? ` AND ${writer.keep('condition.anchor-past', `(${at} <= ${writer.dialect.date(day)})`, 'TRUE')}`
        : '';
      const absent = past
        ? `(${at} IS NULL OR ${writer.keep('condition.anchor-future', future, 'FALSE')})`
        : `${at} IS NULL`;
      const from = writer.dialect.date(anchoredFrom(told, end));
      lasting.push(`CASE WHEN ${at} >= ${from}${now} THEN ${bit} ELSE ${none} END`);
      const missing = writer.keep('condition.anchor-missing', absent, 'FALSE');
      anchored.push(`CASE WHEN ${missing} THEN ${none} ELSE ${bit} END`);
    });
    return [`${union(writer, lasting)} AS rk${word}`, `${union(writer, anchored)} AS ra${word}`];
  });
}

/** A day that is yet to come is no day of collection, and no act. */
const isOfThePast = ({ kind }: RetentionAnchor): boolean => kind === 'collection' || kind === 'last-act';

/** The date retention runs from, or for a child's birthday the birth it is of; null refuses as missing. */
function anchor(
  writer: Writer,
  from: RetentionAnchor,
  collection: string,
  { at, source }: RetentionGround,
): string {
  switch (from.kind) {
    case 'collection':
      return `${at}.${writer.dialect.identifier(`on_${collection}`)}`;
    case 'last-act':
      return dateField(writer, source, at, source.roles.lastAct);
    case 'end-of-membership':
      return dateField(writer, source, at, source.roles.membershipEnd);
    case 'child-birthday':
    case 'youngest-child-birthday': {
      const children = childColumns(writer, source, at);
      const born = bornExtreme(
        writer,
        children,
        from.kind === 'child-birthday' ? 'eldest' : 'youngest',
        null,
      );
      const unreadable = writer.keep(
        'condition.children-readable',
        childrenUnreadable(writer, children),
        'FALSE',
      );
      return `(CASE WHEN ${unreadable} THEN NULL ELSE ${born} END)`;
    }
  }
}

function dateField(writer: Writer, source: Source, at: string, field: string | null): string {
  return field === null ? 'CAST(NULL AS DATE)' : fieldColumn(writer, source, at, field);
}
