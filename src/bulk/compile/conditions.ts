/** The conditions that verdicts leave for each person, asked of the predicates: consent (C1) and retention (C7). */
import type { Alternative, Clause, Judgement } from '../../policy/judgement.ts';
import { perWord } from './words.ts';
import { bigint, bits, union, type Writer } from './writer.ts';

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

/** The columns `q0`, `q1`, ... of the retentions told: the bits of what a record lacks of each, worked out once. */
export function retentionColumns(writer: Writer, judgement: Judgement, at: string): readonly string[] {
  const [none, over] = [bigint(writer, 0n), bits(writer, 'retention-over')];
  return judgement.retentions.map(({ told }, i) => {
    if (told.kind === 'until') {
      const lasts = told.date >= judgement.end ? none : over;
      return `${writer.keep('condition.retention-until', lasts, none)} AS q${i}`;
    }
    const [word, bit] = [Math.floor(i / perWord), bigint(writer, 1n << BigInt(i % perWord))];
    const lacking = `CASE WHEN (${at}.rk${word} & ${bit}) <> 0 THEN ${none}
      WHEN (${at}.ra${word} & ${bit}) <> 0 THEN ${over} ELSE ${bits(writer, 'retention-anchor-missing')} END`;
    return `${writer.keep('condition.retention', lacking, none)} AS q${i}`;
  });
}
