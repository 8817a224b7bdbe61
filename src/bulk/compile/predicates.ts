/**
 * The first layer: what each record is decided on. Numbers and bits alone, never a date, a postcode or an id (E2). A null
 * of the record fails what is asked of it (C9).
 */
import type { Judgement } from '../../policy/judgement.ts';
import type { Source } from '../../policy/model.ts';
import type { CompileInput } from '../compile.ts';
import { expressionSql, fieldColumn, readableSql } from './audience.ts';
import { columnsHeld } from './consents.ts';
import { retentionSql } from './retention.ts';
import { bornBy } from './thresholds.ts';
import { listsPerWord, perWord, wordsFor } from './words.ts';
import { all, bigint, refuseUnless, union, type Writer } from './writer.ts';

export type PredicateColumn = { readonly name: string; readonly type: 'INTEGER' | 'BIGINT' };

/**
 * The columns of the predicates, which follow from the judgement alone: `v<i>`, the number of the history of the i-th
 * collection; `p`, what the person's own record fails, each at the bit of its reason (stops, audience, state, reach, and a
 * recorded notice that cannot have been shown); `l<k>`, two bits for each list (0 no match, 1 near, 2 exact, 3 cannot be
 * screened); `w<k>`, bits of the consents held; `rk<k>` and `ra<k>`, bits of the retentions that last, and of those whose
 * anchor is there.
 */
export function predicateColumns(judgement: Judgement): readonly PredicateColumn[] {
  return [
    ...judgement.collections.map((_, i) => ({ name: `v${i}`, type: 'INTEGER' as const })),
    ...['p', ...listWords(judgement), ...consentWords(judgement), ...retentionWords(judgement)].map(
      (name) => ({ name, type: 'BIGINT' as const }),
    ),
  ];
}

export const listWords = ({ lists }: Judgement): readonly string[] =>
  wordsFor(lists.length, listsPerWord).map((k) => `l${k}`);
export const consentWords = ({ consents }: Judgement): readonly string[] =>
  wordsFor(consents.length, perWord).map((k) => `w${k}`);
/** None where nothing that is told is counted from a day of the record. */
const retentionWords = ({ retentions }: Judgement): readonly string[] =>
  retentions.every(({ told }) => told.kind === 'until')
    ? []
    : wordsFor(retentions.length, perWord).flatMap((k) => [`rk${k}`, `ra${k}`]);

/** The one scan of the records: `row`, `pseudonym` (with a key), the predicates, and `g<i>`. */
export function predicateSelect(writer: Writer, input: CompileInput): string {
  const { judgement, pseudonymKey } = input;
  const sameRow = writer.keep('beside.same-record', 'b."row" = r."row"', 'TRUE');
  const columns = ['r."row" AS "row"', ...(pseudonymKey === null ? [] : ['r.pseudonym'])];
  const joins = [`LEFT JOIN astold_beside b ON ${sameRow}`];
  judgement.collections.forEach((_, i) => {
    joins.push(
      `LEFT JOIN astold_standing_${i} s${i} ON ${writer.keep('standing.same-base', `s${i}.base = r.h${i}`, 'TRUE')}`,
    );
    const same = all(writer, [
      ['told.same-base', `t${i}.base = s${i}.number`],
      ['told.same-later', `t${i}.later = COALESCE(b.later, 0)`],
    ]);
    joins.push(`LEFT JOIN astold_told_${i} t${i} ON ${same}`);
    columns.push(`t${i}.number AS v${i}`, `t${i}.grp AS g${i}`);
  });
  const shown = judgement.collections.map((_, i) => shownThen(writer, i));
  columns.push(`${union(writer, ['r.p', beside(writer, 'beside.stops', 'p'), ...shown])} AS p`);
  for (const l of listWords(judgement)) columns.push(`${beside(writer, 'beside.lists', l)} AS ${l}`);
  for (const w of consentWords(judgement))
    columns.push(`${union(writer, [`r.${w}`, beside(writer, 'held.events', w)])} AS ${w}`);
  columns.push(...retentionWords(judgement).map((word) => `r.${word}`));
  return `SELECT ${columns.join(', ')} FROM (${recordSelect(writer, input)}) r ${joins.join(' ')}`;
}

function beside(writer: Writer, name: string, word: string): string {
  const none = bigint(writer, 0n);
  return writer.keep(name, `COALESCE(b.${word}, ${none})`, none);
}

/** What the record's own columns say: worked out before anything is joined, so that little goes through the joins. */
function recordSelect(writer: Writer, input: CompileInput): string {
  const { judgement, files, source, dialect, pseudonymKey, row } = input;
  const columns = ['r."row" AS "row"'];
  if (pseudonymKey !== null) columns.push(`${dialect.keyedHash(pseudonymKey, 'r.rid')} AS pseudonym`);
  judgement.collections.forEach((collection, i) => {
    columns.push(
      `r.${dialect.identifier(`h_${collection}`)} AS h${i}`,
      `r.${dialect.identifier(`on_${collection}`)} AS on${i}`,
    );
  });
  columns.push(`${union(writer, personBits(writer, judgement, source))} AS p`);
  for (const k of wordsFor(judgement.consents.length, perWord))
    columns.push(`${columnsHeld(writer, judgement, source, k, 'r')} AS w${k}`);
  if (retentionWords(judgement).length > 0)
    columns.push(...retentionSql(writer, { at: 'r', source, judgement }));
  const only = row === null ? '' : ` WHERE r."row" = ${dialect.literal(row)}`;
  return `SELECT ${columns.join(', ')} FROM ${dialect.parquet(files.records)} r${only}`;
}

/** A6: a recorded notice that cannot have been shown on the day of collection, or on no day that is known. */
function shownThen(writer: Writer, i: number): string {
  const from = writer.keep('shown.from', `r.on${i} >= t${i}.shown_from`, `r.on${i} IS NOT NULL`);
  const until = writer.keep(
    'shown.until',
    `(t${i}.shown_until IS NULL OR r.on${i} <= t${i}.shown_until)`,
    'TRUE',
  );
  return refuseUnless(
    writer,
    'shown',
    `t${i}.shown_from IS NULL OR (${from} AND ${until})`,
    'notice-unknown',
  );
}

/** B2, C8, C9: the audience, who has died, is under age, is gone away, or cannot be reached. */
function personBits(writer: Writer, judgement: Judgement, source: Source): readonly string[] {
  const { audience, day, needs } = judgement;
  const { roles } = source;
  const found: string[] = [];
  const field = (name: string): string => fieldColumn(writer, source, 'r', name);
  // No audience at all refuses everyone in the judgement.
  if (audience?.kind === 'where') {
    const at = { records: 'r', source, day, sets: audience.sets };
    found.push(refuseUnless(writer, 'audience', expressionSql(writer, audience.test, at), 'not-in-audience'));
    const readable = readableSql(writer, audience.test, at);
    found.push(refuseUnless(writer, 'audience.readable', readable, 'audience-unreadable'));
  }
  if (roles.deceased !== null) found.push(refuseUnless(writer, 'deceased', 'r.deceased = FALSE', 'deceased'));
  if (roles.goneAway !== null)
    found.push(refuseUnless(writer, 'gone-away', 'r.gone_away = FALSE', 'gone-away'));
  if (roles.birthDate !== null) {
    const adult = `${field(roles.birthDate)} <= ${writer.dialect.date(bornBy(18, day))}`;
    found.push(refuseUnless(writer, 'under-age', adult, 'under-age'));
  }
  const reach = {
    address: [roles.addressLine, roles.postcode],
    email: [roles.email],
    phone: [roles.phone],
  } as const;
  for (const need of needs) {
    for (const name of reach[need]) {
      const present = name === null ? 'FALSE' : `${field(name)} IS NOT NULL`;
      found.push(refuseUnless(writer, `reach.${need}`, present, 'no-contact'));
    }
  }
  return found;
}
