/** The consents that each record holds, in SQL (C1, C2). */
import type { Judgement } from '../../policy/judgement.ts';
import type { Source } from '../../policy/model.ts';
import { perWord, wordsFor } from './words.ts';
import { all, bigint, fill, type Steps, union, type Writer } from './writer.ts';

function maskOf(indices: readonly number[], word: number): bigint {
  return indices
    .filter((index) => Math.floor(index / perWord) === word)
    .reduce((mask, index) => mask | (1n << BigInt(index % perWord)), 0n);
}

/** The table `astold_asked (notice, consent, since, w0, w1 ...)`: the consents asked, and their bits. */
export function askedSteps(writer: Writer, { consents }: Judgement): Steps {
  const asked = new Map<string, { notice: string; consent: string; since: number; refs: number[] }>();
  consents.forEach(({ notice, consent, since }, index) => {
    const key = JSON.stringify([notice, consent]);
    const entry = asked.get(key) ?? { notice, consent, since, refs: [] };
    entry.refs.push(index);
    asked.set(key, entry);
  });
  const each = wordsFor(consents.length, perWord);
  if (each.length === 0) return { create: [], drop: [] };
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
    ],
    drop: ['DROP TABLE astold_asked'],
  };
}

/** A row of `row`, `w0`, `w1`, ... for each consent asked that a preference event gives. */
export function heldSelect(writer: Writer, judgement: Judgement, permissions: string): string {
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
  const words = wordsFor(judgement.consents.length, perWord).map((w) => `m.w${w} AS w${w}`);
  return `SELECT p."row", ${words.join(', ')} FROM ${writer.dialect.parquet(permissions)} p JOIN astold_asked m ON ${same} WHERE ${given}`;
}

/** One word of the consents that a record holds by its own columns. */
export function columnsHeld(
  writer: Writer,
  judgement: Judgement,
  source: Source,
  word: number,
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
  return union(
    writer,
    columns.filter((column) => column !== null),
  );
}
