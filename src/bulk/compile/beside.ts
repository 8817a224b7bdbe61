/** What stands beside the records: stops, lists, consents given and later notices, a row for each record that has any (C1 to C5). */
import { scopeText } from '../../policy/scope-word.ts';
import type { CompileInput } from '../compile.ts';
import { laterSelect, laterSteps } from './assigned.ts';
import { askedSteps, heldSelect } from './consents.ts';
import { consentWords, listWords } from './predicates.ts';
import { listPlace } from './words.ts';
import { all, bigint, bits, CompileError, fill, type Steps, type Writer } from './writer.ts';

/** Where the matches of one suppression list with the records are kept. */
export type ListMatches = { readonly list: string; readonly path: string };

/**
 * The statements that make `astold_beside (row, p, l0 ..., w0 ...)`: what stops and lists say of a record, and the
 * consents it gave in events, as the predicates of those names; and `later`, the number of its later key. Of the scopes only those that meet the request are looked for.
 */
export function besideSteps(writer: Writer, input: CompileInput): Steps {
  const { judgement, scopes, files } = input;
  const meeting = scopes.filter((scope) => judgement.meets(scope));
  const words = ['p', ...listWords(judgement), ...consentWords(judgement)];
  const row = (select: string, given: readonly string[]): string => {
    const columns = words.map((w) => (given.includes(w) ? `x.${w}` : `${bigint(writer, 0n)} AS ${w}`));
    const later = given.includes('later') ? 'x.later' : '0 AS later';
    return `SELECT x."row", ${columns.join(', ')}, ${later} FROM (${select}) x`;
  };
  const found = [
    row(laterSelect(writer, files.later), ['later']),
    ...(meeting.length > 0 ? [row(stopSelect(writer, input), ['p'])] : []),
    ...judgement.lists.map((_, j) => row(listSelect(writer, input, j), [`l${listPlace(j).word}`])),
    ...(judgement.consents.length > 0
      ? [row(heldSelect(writer, judgement, files.permissions), consentWords(judgement))]
      : []),
  ];
  const joined = words.map((w) => `${writer.dialect.bitOr(`f.${w}`)} AS ${w}`);
  const asked = askedSteps(writer, judgement);
  const laters = laterSteps(writer, judgement);
  return {
    create: [
      'CREATE TEMP TABLE astold_scopes (number INTEGER, scope VARCHAR, whole BOOLEAN)',
      ...fill(
        writer,
        'astold_scopes',
        meeting.map((s, i) => [i, scopeText(s), judgement.isWhole(s)]),
      ),
      'CREATE TEMP TABLE astold_lifting (notice VARCHAR, consent VARCHAR)',
      ...fill(
        writer,
        'astold_lifting',
        judgement.lifting.map(({ notice, consent }) => [notice, consent]),
      ),
      ...asked.create,
      ...laters.create,
      `CREATE TEMP TABLE astold_beside AS SELECT f."row", ${joined.join(', ')}, MAX(f.later) AS later FROM (${found.join(' UNION ALL ')}) f GROUP BY f."row"`,
      ...asked.drop,
      ...laters.drop,
      'DROP TABLE astold_scopes',
      'DROP TABLE astold_lifting',
    ],
    drop: ['DROP TABLE astold_beside'],
  };
}

/** Every stop that meets the request, counts by the cut-off and is not lifted, as a bit of its record. */
function stopSelect(writer: Writer, { judgement, files }: CompileInput): string {
  const { dialect, keep } = writer;
  const cutOff = dialect.literal(judgement.cutOff);
  const permissions = dialect.parquet(files.permissions);
  const received = all(writer, [
    ['lift.received-by-cut-off', `p.received_hi < ${cutOff}`],
    ['lift.signed-before-received', 'p.signed_lo <= p.received_hi'],
  ]);
  const counts = all(writer, [
    ['lift.counting-notice', 'p.notice = g.notice'],
    ['lift.counting-consent', 'p.consent = g.consent'],
  ]);
  const byScope = `SELECT p."row", m.number, MAX(p.signed_lo) AS signed FROM ${permissions} p
    JOIN astold_scopes m ON ${keep('lift.same', 'p.scope = m.scope', 'TRUE')}
    JOIN astold_lifting g ON ${counts}
    WHERE ${keep('lift.is-consent', "p.kind = 'consent'", 'TRUE')} AND ${received} AND ${keep('lift.not-of-all', 'NOT m.whole', 'TRUE')}
    GROUP BY p."row", m.number`;
  const byAct = `SELECT p."row", p.lifts, MAX(p.signed_lo) AS signed FROM ${permissions} p
    WHERE ${keep('lift.is-act', "p.kind = 'lift'", 'TRUE')} AND ${received} GROUP BY p."row", p.lifts`;
  const timely = keep(
    'stop.from-cut-off',
    `(s.from_lo <= ${cutOff} OR ${keep('stop.undated-counts', 's.from_lo IS NULL', 'FALSE')})`,
    'TRUE',
  );
  const unresolved = keep(
    'stop.unresolved',
    `CASE WHEN s.relation = 'plausible' AND s.resolved_hi < ${cutOff} THEN FALSE ELSE TRUE END`,
    'TRUE',
  );
  const standing = (lifting: string, name: string, also: string): string =>
    keep(
      `${name}.lifts`,
      `CASE WHEN ${keep(`${name}.signed-after`, `${lifting}.signed > s.received_hi`, `${lifting}.signed IS NOT NULL`)}${also} THEN FALSE ELSE TRUE END`,
      'TRUE',
    );
  // Not a condition of the join: one that is no equality makes an engine compare every pair.
  const sure = ` AND ${keep('lift-by-consent.not-plausible', "s.relation <> 'plausible'", 'TRUE')}`;
  return `SELECT s."row", CASE s.relation
      WHEN ${keep('stop.own', "'own'", "''")} THEN ${bits(writer, 'stopped')}
      WHEN ${keep('stop.linked', "'linked'", "''")} THEN ${bits(writer, 'stopped-other-record')}
      ELSE ${keep('stop.plausible', bits(writer, 'stopped-plausible'), 'CAST(0 AS BIGINT)')} END AS p
    FROM ${dialect.parquet(files.stops)} s
    JOIN astold_scopes m ON ${keep('stop.meets', 's.scope = m.scope', 'TRUE')}
    LEFT JOIN (${byScope}) c ON ${all(writer, [
      ['lift-by-consent.same-record', 'c."row" = s."row"'],
      ['lift-by-consent.same-scope', 'c.number = m.number'],
    ])}
    LEFT JOIN (${byAct}) l ON ${all(writer, [
      ['lift-by-act.same-record', 'l."row" = s."row"'],
      ['lift-by-act.same-stop', 'l.lifts = s.event'],
    ])}
    WHERE ${timely} AND ${unresolved} AND ${standing('c', 'lift-by-consent', sure)} AND ${standing('l', 'lift-by-act', '')}`;
}

function listSelect(writer: Writer, { judgement, matches }: CompileInput, j: number): string {
  const list = judgement.lists[j]?.list;
  const found = matches.find((m) => m.list === list);
  if (!found) throw new CompileError('matches-missing', `no matches of the suppression list ${list}`);
  const { word, value } = listPlace(j);
  return `SELECT x."row", CASE x."match" WHEN 'exact' THEN ${bigint(writer, value(2n))}
      WHEN 'near' THEN ${bigint(writer, value(1n))} ELSE ${bigint(writer, value(3n))} END AS l${word}
    FROM ${writer.dialect.parquet(found.path)} x`;
}
