/**
 * Stops spread, one hop, to every record that matches (C4). A group is all that share one key; what a group does to
 * a record is worked out once for the group and scope, so that a placeholder shared by thousands costs no pairs.
 *
 * A record is stopped in a scope at a cut-off if some stop of the group counts by then and none of the record's
 * consents lifts it. For a record without consents the stop that counts first says it all; for each of its consents,
 * the one that counts first of those it does not lift. A record that lifts a stop by name gets all of the group.
 */
import { wholeScope } from '../../policy/scope-word.ts';
import type { Engine } from '../engine.ts';

/**
 * Tables with `grp` (a key's hash): stops with `sc` (scope), `from_lo`, `received_hi`, `owner` (row or null), `n` (event); members
 * with `row`. And what `permissionsOf` selects of these.
 */
export type Groups = { readonly stops: string; readonly members: string; readonly permissions: string };

/** The hash of an event's scope. */
export const scopeHash = ({ intake }: Engine, scope: string): string => intake.hash([scope]);

/** Of `permissions`, a table expression of what is kept of them, those of some rows that may lift a stop which spreads. */
export const permissionsOf = (engine: Engine, permissions: string, rows: string): string =>
  `SELECT "row", kind, ${scopeHash(engine, 'scope')} AS sc, signed_lo FROM ${permissions}
   WHERE signed_lo IS NOT NULL AND received_hi IS NOT NULL
   AND (kind = 'consent' AND scope <> '${wholeScope}' OR kind = 'lift' AND lifts IS NOT NULL) AND "row" IN (${rows})`;

/** Leaves a table of `row` and `n`, each pair once: the stops that reach a record that is not their own. */
export async function spreadStops(
  engine: Engine,
  { stops, members, permissions }: Groups,
  into: string,
): Promise<void> {
  const { intake } = engine;
  const first = (filter: string): string =>
    `${intake.leastBy(intake.struct({ owner: 's.owner', n: 's.n' }), intake.struct({ f: earliest('s.from_lo'), e: 's.event', n: 's.n' }))}${filter}`;
  await engine.run(`CREATE OR REPLACE TEMP TABLE spread_best AS
    SELECT grp, sc, ${first('')} AS b FROM ${stops} s GROUP BY grp, sc`);
  // The next one, of another owner: for the owner of the first, whose own stop is no other's.
  await engine.run(`CREATE OR REPLACE TEMP TABLE spread_first AS
    SELECT b.grp, b.sc, b.b.owner AS owner, b.b.n AS n, o.n AS n2 FROM spread_best b LEFT JOIN
    (SELECT s.grp, s.sc, (${first('')}).n AS n FROM ${stops} s JOIN spread_best b ON b.grp = s.grp AND b.sc = s.sc
     WHERE b.b.owner IS NOT NULL AND (s.owner IS NULL OR s.owner <> b.b.owner) GROUP BY s.grp, s.sc) o ON o.grp = b.grp AND o.sc = b.sc`);
  const notOwn = '(s.owner IS NULL OR s.owner <> m."row")';
  await engine.run(`CREATE OR REPLACE TEMP TABLE ${into} AS SELECT DISTINCT "row", n FROM (
    SELECT m."row", CASE WHEN f.owner = m."row" THEN f.n2 ELSE f.n END AS n FROM ${members} m JOIN spread_first f ON f.grp = m.grp
    UNION ALL
    SELECT "row", n FROM (SELECT m."row", (${first('')}).n AS n FROM ${members} m
      JOIN ${permissions} p ON p."row" = m."row" AND p.kind = 'consent'
      JOIN ${stops} s ON s.grp = m.grp AND s.sc = p.sc AND (s.received_hi IS NULL OR s.received_hi >= p.signed_lo)
      WHERE ${notOwn} GROUP BY m."row", m.grp, p.sc, p.signed_lo)
    UNION ALL
    SELECT m."row", s.n FROM ${members} m JOIN (SELECT DISTINCT "row" FROM ${permissions} WHERE kind = 'lift') p ON p."row" = m."row"
      JOIN ${stops} s ON s.grp = m.grp WHERE ${notOwn}
  ) WHERE n IS NOT NULL`);
  await engine.run('DROP TABLE spread_best; DROP TABLE spread_first');
}

/** No time counts always: before any. */
const earliest = (x: string): string => `coalesce(${x}, -9223372036854775807)`;
