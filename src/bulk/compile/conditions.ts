/** The conditions that verdicts leave for each person, in SQL: consent (C1) and retention (C7). */
import type { Alternative, Clause, Judgement } from '../../policy/judgement.ts';
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
    ['held.signed', 'p.signed_lo IS NOT NULL'],
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

/** Where the conditions are read: `at` is the alias that has the records' columns and the words of consents held. */
export type ConditionGround = { readonly at: string; readonly source: Source; readonly judgement: Judgement };

/** The bits a failing condition set leaves. */
export function conditionBits(writer: Writer, clauses: readonly Clause[], ground: ConditionGround): string {
  return union(
    writer,
    clauses.map((clause) => clauseBits(writer, clause, ground)),
  );
}

function clauseBits(writer: Writer, clause: Clause, ground: ConditionGround): string {
  if (clause.length === 0) return bits(writer, 'consent-missing');
  const holds = clause.map((alternative) => {
    const tests = [heldTest(writer, alternative, ground), retentionTest(writer, alternative, ground)].filter(
      (t) => t !== null,
    );
    return tests.length === 0 ? 'TRUE' : `(${tests.join(' AND ')})`;
  });
  const failing = clause.flatMap((alternative) => failingBits(writer, alternative, ground));
  return `CASE WHEN ${holds.join(' OR ')} THEN ${bigint(writer, 0n)} ELSE ${union(writer, failing)} END`;
}

function heldTest(writer: Writer, { consent }: Alternative, { at }: ConditionGround): string | null {
  if (consent === null) return null;
  const test = `(${at}.w${Math.floor(consent / perWord)} & ${bigint(writer, 1n << BigInt(consent % perWord))}) <> 0`;
  return writer.keep('condition.consent', `(${test})`, 'TRUE');
}

function retentionTest(writer: Writer, { retention }: Alternative, ground: ConditionGround): string | null {
  const ref = retention === null ? null : ground.judgement.retentions[retention];
  if (ref === null) return null;
  if (ref === undefined) return 'FALSE';
  const { told } = ref;
  if (told.kind === 'until')
    return writer.keep(
      'condition.retention-until',
      told.date >= ground.judgement.end ? 'TRUE' : 'FALSE',
      'TRUE',
    );
  const from = writer.dialect.date(anchoredFrom(told, ground.judgement.end));
  const at = anchor(writer, told.from, ref.collection, ground);
  const past = isOfThePast(told.from)
    ? ` AND ${writer.keep('condition.anchor-past', `${at} <= ${writer.dialect.date(ground.judgement.day)}`, 'TRUE')}`
    : '';
  return writer.keep('condition.retention', `(${at} >= ${from}${past})`, 'TRUE');
}

function failingBits(writer: Writer, alternative: Alternative, ground: ConditionGround): readonly string[] {
  const none = bigint(writer, 0n);
  const held = heldTest(writer, alternative, ground);
  const lasting = retentionTest(writer, alternative, ground);
  const ref = alternative.retention === null ? undefined : ground.judgement.retentions[alternative.retention];
  const missing = bits(writer, 'retention-anchor-missing');
  const over = bits(writer, 'retention-over');
  const failed: string[] = [];
  if (held !== null)
    failed.push(`CASE WHEN ${held} THEN ${none} ELSE ${bits(writer, 'consent-missing')} END`);
  if (lasting === null) return failed;
  if (ref === undefined) return [...failed, missing];
  const absent =
    ref.told.kind === 'until' ? 'FALSE' : noAnchor(writer, ref.told.from, ref.collection, ground);
  const tooEarly = `WHEN ${writer.keep('condition.anchor-missing', absent, 'FALSE')} THEN ${missing} ELSE ${over}`;
  return [...failed, `CASE WHEN ${lasting} THEN ${none} ${tooEarly} END`];
}

/** A day that is yet to come is no day of collection, and no act. */
const isOfThePast = ({ kind }: RetentionAnchor): boolean => kind === 'collection' || kind === 'last-act';

function noAnchor(
  writer: Writer,
  from: RetentionAnchor,
  collection: string,
  ground: ConditionGround,
): string {
  const at = anchor(writer, from, collection, ground);
  const future = `${at} > ${writer.dialect.date(ground.judgement.day)}`;
  return isOfThePast(from)
    ? `(${at} IS NULL OR ${writer.keep('condition.anchor-future', future, 'FALSE')})`
    : `${at} IS NULL`;
}

/** The date retention runs from, or for a child's birthday the birth it is of; null refuses as missing. */
function anchor(
  writer: Writer,
  from: RetentionAnchor,
  collection: string,
  { at, source }: ConditionGround,
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
