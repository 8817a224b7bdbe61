/**
 * The second layer: the decision from the predicates of a record, by the verdict of its history and the documents
 * alone. A release runs it over what it has just worked out, an audit over what stands in the evidence (E2). Whatever
 * is not there refuses.
 */
import type { Judgement, Known } from '../../policy/judgement.ts';
import { bitsOf } from '../../policy/reasons.ts';
import { conditionBits, retentionColumns } from './conditions.ts';
import { listWords } from './predicates.ts';
import { listPlace } from './words.ts';
import { bigint, bits, fillLarge, type Steps, union, type Writer } from './writer.ts';

/** Tables of the verdicts of each collection: `astold_verdicts_<i>`. `ranks`: how well a notice is known, worst first. */
export function verdictSteps(writer: Writer, judgement: Judgement, ranks: readonly Known[]): Steps {
  const steps = judgement.collections.map((collection, i) => {
    const rows = judgement.histories.flatMap((history, number) => {
      const verdict = judgement.verdicts[number];
      if (history.collection !== collection || !verdict) return [];
      return [[number, verdict.bits, verdict.conditions, ranks.indexOf(verdict.known)] as const];
    });
    const columns = { number: 'INTEGER', bits: 'BIGINT', conditions: 'INTEGER', known: 'INTEGER' } as const;
    return fillLarge(writer, `astold_verdicts_${i}`, columns, rows);
  });
  return {
    create: steps.flat(),
    drop: judgement.collections.map((_, i) => `DROP TABLE astold_verdicts_${i}`),
  };
}

export type Deciding = {
  readonly judgement: Judgement;
  /** A query that gives the predicates. */
  readonly from: string;
  /** Its columns to hand on. */
  readonly carried: readonly string[];
};

/** A query of the columns carried, `known` (a rank) and `reasons`, a row for each of `from`. */
export function reasonsSelect(writer: Writer, { judgement, from, carried }: Deciding): string {
  const each = judgement.collections.map((_collection, i) => i);
  const verdicts = each.flatMap((i) => [
    // A history that was not judged refuses like one that is not known.
    `COALESCE(x${i}.bits, ${bits(writer, 'no-notice')}) AS b${i}`,
    `x${i}.conditions AS c${i}`,
    `COALESCE(x${i}.known, 0) AS n${i}`,
  ]);
  const joins = each.map((i) => `LEFT JOIN astold_verdicts_${i} x${i} ON x${i}.number = p.v${i}`);
  const columns = ['p.*', ...verdicts, ...retentionColumns(writer, judgement, 'p')];
  const joined = `SELECT ${columns.join(', ')} FROM (${from}) p ${joins.join(' ')}`;
  const ranks = each.map((i) => `d.n${i}`);
  const known = ranks.length === 0 ? '0' : ranks.length === 1 ? ranks.join() : `LEAST(${ranks.join(', ')})`;
  const sets = [
    writer.keep('request.bits', bigint(writer, judgement.requestBits), bigint(writer, 0n)),
    ...each.map((i) => writer.keep('verdict.bits', `d.b${i}`, bigint(writer, 0n))),
    ...each.map((i) => conditionCase(writer, judgement, i)),
    writer.keep('person.bits', `COALESCE(d.p, ${bigint(writer, personBits)})`, bigint(writer, 0n)),
    ...listWords(judgement).map((word, k) => listBits(writer, judgement, word, k)),
  ];
  const list = [...carried.map((name) => `d.${name}`), `CAST(${known} AS INTEGER) AS known`];
  return `SELECT ${list.join(', ')}, ${union(writer, sets)} AS reasons FROM (${joined}) d`;
}

/** The conditions of a collection's verdicts: only the set its verdict names is asked. */
function conditionCase(writer: Writer, judgement: Judgement, i: number): string {
  const collection = judgement.collections[i];
  const used = new Set<number>();
  judgement.histories.forEach((history, number) => {
    const verdict = history.collection === collection ? judgement.verdicts[number] : undefined;
    if (verdict) used.add(verdict.conditions);
  });
  const cases: string[] = [];
  for (const index of [...used].sort((a, b) => a - b)) {
    const clauses = judgement.conditionSets[index];
    // A set that is not there holds for nobody.
    const failing = clauses
      ? conditionBits(writer, clauses, { at: 'd', judgement })
      : bits(writer, 'consent-missing');
    cases.push(`WHEN ${writer.dialect.literal(index)} THEN ${failing}`);
  }
  // Without a verdict nothing is asked: that alone has refused.
  return cases.length === 0
    ? bigint(writer, 0n)
    : `CASE d.c${i} ${cases.join(' ')} ELSE ${bigint(writer, 0n)} END`;
}

/** What a person's own record can fail: what is not there fails all of it (C9). */
const personBits = bitsOf([
  'notice-unknown',
  'stopped',
  'stopped-other-record',
  'stopped-plausible',
  'not-in-audience',
  'audience-unreadable',
  'deceased',
  'gone-away',
  'under-age',
  'no-contact',
]);

/** C5: what is not there is no screening. */
function listBits(writer: Writer, { lists }: Judgement, word: string, k: number): string {
  const none = bigint(writer, 0n);
  const each = lists.flatMap((rule, j) => {
    const { word: at, value } = listPlace(j);
    if (at !== k) return [];
    return [
      `CASE d.${word} & ${bigint(writer, value(3n))} WHEN ${none} THEN ${none}
      WHEN ${bigint(writer, value(1n))} THEN ${writer.keep('list.near', bits(writer, 'suppressed-near'), none)}
      WHEN ${bigint(writer, value(2n))} THEN ${writer.keep('list.exact', bits(writer, rule.reason), none)}
      ELSE ${writer.keep('list.unmatchable', bits(writer, 'not-screened'), none)} END`,
    ];
  });
  // Most are on none.
  return `CASE d.${word} WHEN ${none} THEN ${none} ELSE ${union(writer, each)} END`;
}
