/** Stops and suppression lists in SQL: one row of bits for each record that has any (C1 to C5). */
import type { Judgement } from '../../policy/judgement.ts';
import type { Scope } from '../../policy/model.ts';
import { all, bits, CompileError, fill, type Steps, type Writer } from './writer.ts';

const parts = ['purpose', 'organisation', 'contact_channel', 'field'] as const;

/** Where the matches of one suppression list with the records are kept. */
export type ListMatches = { readonly list: string; readonly path: string };
export type FlagFiles = { readonly stops: string; readonly permissions: string };

/**
 * The statements that make `astold_flags (row, bits)`. `scopes` are the distinct scopes of the stops on file; only
 * those that meet the request are looked for.
 */
export function flagSteps(
  writer: Writer,
  judgement: Judgement,
  scopes: readonly Scope[],
  files: FlagFiles,
  matches: readonly ListMatches[],
): Steps {
  const meeting = scopes.filter((scope) => judgement.meets(scope));
  const sources = [...listSelects(writer, judgement, matches)];
  if (meeting.length > 0) sources.unshift(stopSelect(writer, judgement, files));
  const none = 'SELECT CAST(NULL AS INTEGER) AS "row", CAST(NULL AS BIGINT) AS bit WHERE FALSE';
  const flagged = sources.length === 0 ? none : sources.join(' UNION ALL ');
  return {
    create: [
      'CREATE TEMP TABLE astold_scopes (scope INTEGER, purpose VARCHAR, organisation VARCHAR, contact_channel VARCHAR, field VARCHAR, whole BOOLEAN)',
      ...fill(
        writer,
        'astold_scopes',
        meeting.map((s, i) => [
          i,
          s.purpose,
          s.organisation,
          s.contactChannel,
          s.field,
          judgement.isWhole(s),
        ]),
      ),
      'CREATE TEMP TABLE astold_lifting (notice VARCHAR, consent VARCHAR)',
      ...fill(
        writer,
        'astold_lifting',
        judgement.lifting.map(({ notice, consent }) => [notice, consent]),
      ),
      `CREATE TEMP TABLE astold_flags AS SELECT f."row", ${writer.dialect.bitOr('f.bit')} AS bits FROM (${flagged}) f GROUP BY f."row"`,
      'DROP TABLE astold_scopes',
      'DROP TABLE astold_lifting',
    ],
    drop: ['DROP TABLE astold_flags'],
  };
}

function sameScope(writer: Writer, left: string, right: string, name: string): string {
  return all(
    writer,
    parts.map((part) => [`${name}.${part}`, `${left}.${part} = ${right}.${part}`] as const),
  );
}

/** Every stop that meets the request, counts by the cut-off and is not lifted, as a bit of its record. */
function stopSelect(writer: Writer, judgement: Judgement, files: FlagFiles): string {
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
  const byScope = `SELECT p."row", m.scope, MAX(p.signed_lo) AS signed FROM ${permissions} p
    JOIN astold_scopes m ON ${sameScope(writer, 'p', 'm', 'lift.same')}
    JOIN astold_lifting g ON ${counts}
    WHERE ${keep('lift.is-consent', "p.kind = 'consent'", 'TRUE')} AND ${received} AND ${keep('lift.not-of-all', 'NOT m.whole', 'TRUE')}
    GROUP BY p."row", m.scope`;
  const byAct = `SELECT p."row", p.lifts, MAX(p.signed_lo) AS signed FROM ${permissions} p
    WHERE ${keep('lift.is-act', "p.kind = 'lift'", 'TRUE')} AND ${received} GROUP BY p."row", p.lifts`;
  const timely = keep(
    'stop.from-cut-off',
    `(s.from_lo <= ${cutOff} OR ${keep('stop.undated-counts', 's.from_lo IS NULL', 'FALSE')})`,
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
      ELSE ${keep('stop.plausible', bits(writer, 'stopped-plausible'), 'CAST(0 AS BIGINT)')} END AS bit
    FROM ${dialect.parquet(files.stops)} s
    JOIN astold_scopes m ON ${sameScope(writer, 's', 'm', 'stop.meets')}
    LEFT JOIN (${byScope}) c ON ${all(writer, [
      ['lift-by-consent.same-record', 'c."row" = s."row"'],
      ['lift-by-consent.same-scope', 'c.scope = m.scope'],
    ])}
    LEFT JOIN (${byAct}) l ON ${all(writer, [
      ['lift-by-act.same-record', 'l."row" = s."row"'],
      ['lift-by-act.same-stop', 'l.lifts = s.event'],
    ])}
    WHERE ${timely} AND ${standing('c', 'lift-by-consent', sure)} AND ${standing('l', 'lift-by-act', '')}`;
}

function listSelects(
  writer: Writer,
  judgement: Judgement,
  matches: readonly ListMatches[],
): readonly string[] {
  return judgement.lists.flatMap((rule) => {
    const found = matches.find((m) => m.list === rule.list);
    if (!found) throw new CompileError('matches-missing', `no matches of the suppression list ${rule.list}`);
    const exact = `CASE x."match" WHEN ${writer.keep('list.exact', "'exact'", "''")} THEN ${bits(writer, rule.reason)}
      WHEN ${writer.keep('list.near', "'near'", "''")} THEN ${bits(writer, 'suppressed-near')} ELSE ${writer.keep('list.unmatchable', bits(writer, 'not-screened'), 'CAST(0 AS BIGINT)')} END`;
    return [`SELECT x."row", ${exact} AS bit FROM ${writer.dialect.parquet(found.path)} x`];
  });
}
