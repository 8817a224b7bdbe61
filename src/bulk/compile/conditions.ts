/** The conditions that verdicts leave for each person, in SQL: consent (C1) and retention (C7). */
import type { Alternative, Clause, Judgement, RetentionRef } from '../../policy/judgement.ts';
import type { RetentionAnchor, Source } from '../../policy/model.ts';
import { fieldColumn } from './audience.ts';
import { bornExtreme, childColumns, childrenUnreadable } from './children.ts';
import { anchoredFrom } from './thresholds.ts';
import { all, bigint, bits, fill, type Steps, union, type Writer } from './writer.ts';

/** Consents held are kept as bits of words of sixty. */
const perWord = 60;
export const words = (judgement: Judgement): readonly number[] =>
  Array.from({ length: Math.ceil(judgement.consents.length / perWord) }, (_, word) => word);

function maskOf(indices: readonly number[], word: number): bigint {
  return indices
    .filter((index) => Math.floor(index / perWord) === word)
    .reduce((mask, index) => mask | (1n << BigInt(index % perWord)), 0n);
}

/** The statements that make `astold_held (row, w0, w1 ...)`: the consents given in preference events. */
export function heldSteps(writer: Writer, judgement: Judgement, permissions: string): Steps {
  const asked = new Map<string, { notice: string; consent: string; since: number; refs: number[] }>();
  judgement.consents.forEach(({ notice, consent, since }, index) => {
    const key = JSON.stringify([notice, consent]);
    const entry = asked.get(key) ?? { notice, consent, since, refs: [] };
    entry.refs.push(index);
    asked.set(key, entry);
  });
  const each = words(judgement);
  if (each.length === 0) return { create: [], drop: [] };
  const given = all(writer, [
    ['held.is-consent', "p.kind = 'consent'"],
    // A time that is not there meets neither of the next two.
    ['held.signed-once-shown', 'p.signed_lo >= m.since'],
    ['held.signed-before-received', 'p.signed_lo <= p.received_hi'],
    ['held.received-by-cut-off', `p.received_hi < ${writer.dialect.literal(judgement.cutOff)}`],
  ]);
  const same = all(writer, [
    ['held.same-notice', 'p.notice = m.notice'],
    ['held.same-consent', 'p.consent = m.consent'],
  ]);
  return {
    create: [
      `CREATE TEMP TABLE astold_asked (notice VARCHAR, consent VARCHAR, since BIGINT, ${each.map((w) => `w${w} BIGINT`).join(', ')})`,
      ...fill(
        writer,
        'astold_asked',
        [...asked.values()].map(({ notice, consent, since, refs }) => [
          notice,
          consent,
          since,
          ...each.map((w) => maskOf(refs, w)),
        ]),
      ),
      `CREATE TEMP TABLE astold_held AS SELECT p."row", ${each.map((w) => `${writer.dialect.bitOr(`m.w${w}`)} AS w${w}`).join(', ')}
        FROM ${writer.dialect.parquet(permissions)} p JOIN astold_asked m ON ${same} WHERE ${given} GROUP BY p."row"`,
      'DROP TABLE astold_asked',
    ],
    drop: ['DROP TABLE astold_held'],
  };
}

/** One word of the consents a record holds: those of events (`held`), and those of its columns (`records`). */
export function heldWord(
  writer: Writer,
  judgement: Judgement,
  source: Source,
  word: number,
  held: string,
  records: string,
): string {
  const columns = source.consents.flatMap((column, j) => {
    const bySince = new Map<number, number[]>();
    judgement.consents.forEach((ref, index) => {
      const same = column.notice === null ? !ref.fresh : column.notice === ref.notice;
      if (ref.consent === column.consent && same)
        bySince.set(ref.since, [...(bySince.get(ref.since) ?? []), index]);
    });
    return [...bySince].map(([since, refs]) => {
      const mask = maskOf(refs, word);
      const given = all(writer, [
        ['held.column-given', `${records}.k_${j}`],
        ['held.column-once-shown', `${records}.k_${j}_at >= ${writer.dialect.literal(since)}`],
        ['held.column-by-cut-off', `${records}.k_${j}_at < ${writer.dialect.literal(judgement.cutOff)}`],
      ]);
      return mask === 0n
        ? null
        : `CASE WHEN ${given} THEN ${bigint(writer, mask)} ELSE ${bigint(writer, 0n)} END`;
    });
  });
  const events = writer.keep(
    'held.events',
    `COALESCE(${held}.w${word}, ${bigint(writer, 0n)})`,
    bigint(writer, 0n),
  );
  return union(writer, [events, ...columns.filter((column) => column !== null)]);
}

/** Where the conditions are read: `at` is the alias that has the words of consents held and the retentions. */
export type ConditionGround = { readonly at: string; readonly judgement: Judgement };

/** The bits a failing condition set leaves. */
export function conditionBits(writer: Writer, clauses: readonly Clause[], ground: ConditionGround): string {
  return union(
    writer,
    clauses.map((clause) => clauseBits(writer, clause, ground)),
  );
}

function clauseBits(writer: Writer, clause: Clause, ground: ConditionGround): string {
  if (clause.length === 0) return bits(writer, 'consent-missing');
  const none = bigint(writer, 0n);
  const each = clause.map((alternative) => lacks(writer, alternative, ground));
  const failing = union(writer, each);
  // One way of holding lacks nothing exactly where it holds.
  if (each.length === 1) return failing;
  return `CASE WHEN ${each.map((lack) => `(${lack}) = ${none}`).join(' OR ')} THEN ${none} ELSE ${failing} END`;
}

/** The bits of what one alternative lacks; none where it holds. */
function lacks(writer: Writer, { consent, retention }: Alternative, ground: ConditionGround): string {
  const sets: string[] = [];
  if (consent !== null) {
    const test = `(${ground.at}.w${Math.floor(consent / perWord)} & ${bigint(writer, 1n << BigInt(consent % perWord))}) <> 0`;
    const held = writer.keep('condition.consent', `(${test})`, 'TRUE');
    sets.push(`CASE WHEN ${held} THEN ${bigint(writer, 0n)} ELSE ${bits(writer, 'consent-missing')} END`);
  }
  if (retention !== null) {
    const told = ground.judgement.retentions[retention] !== undefined;
    sets.push(told ? `${ground.at}.q${retention}` : bits(writer, 'retention-anchor-missing'));
  }
  return union(writer, sets);
}

/** Where retentions are counted: `at` is the alias of the records. */
export type RetentionGround = {
  readonly at: string;
  readonly source: Source;
  readonly judgement: Judgement;
};

/** The columns `q0`, `q1`, ... of the retentions told: the bits of what a record lacks of each, worked out once. */
export function retentionColumns(writer: Writer, ground: RetentionGround): readonly string[] {
  return ground.judgement.retentions.map((ref, i) => `${retentionBits(writer, ref, ground)} AS q${i}`);
}

function retentionBits(writer: Writer, { collection, told }: RetentionRef, ground: RetentionGround): string {
  const { day, end } = ground.judgement;
  const [none, over] = [bigint(writer, 0n), bits(writer, 'retention-over')];
  if (told.kind === 'until')
    return writer.keep('condition.retention-until', told.date >= end ? none : over, none);
  const at = anchor(writer, told.from, collection, ground);
  const future = `${at} > ${writer.dialect.date(day)}`;
  const past = isOfThePast(told.from)
    ? ` AND ${writer.keep('condition.anchor-past', `(${at} <= ${writer.dialect.date(day)})`, 'TRUE')}`
    : '';
  const absent = isOfThePast(told.from)
    ? `(${at} IS NULL OR ${writer.keep('condition.anchor-future', future, 'FALSE')})`
    : `${at} IS NULL`;
  return writer.keep(
    'condition.retention',
    `CASE WHEN ${at} >= ${writer.dialect.date(anchoredFrom(told, end))}${past} THEN ${none}
      WHEN ${writer.keep('condition.anchor-missing', absent, 'FALSE')} THEN ${bits(writer, 'retention-anchor-missing')} ELSE ${over} END`,
    none,
  );
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
      const children = childColumns(source, at);
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
