/**
 * The floor: the decision of `party-mailing-corrected` by hand, in DuckDB, over the raw files. It knows this request,
 * these notices and these files, judges nothing, keeps nothing, and writes the very bytes that `release` writes. It
 * imports nothing of `src/`: the two share no code, so that equal bytes say something.
 *
 * `node bench/floor.ts WORKSPACE OUT` writes `decisions.parquet` and `list.csv` to OUT, and ends with a line of JSON:
 * `{seconds, rss, stages}`: seconds from the start of the process, bytes.
 */
import { hkdfSync } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { consents, eventsSql, permits } from './floor/events.ts';
import { inputs } from './floor/inputs.ts';
import { audienceBits, known, membersSql, shown, verdictBits } from './floor/members.ts';
import { bits, earliest, inert, latest, name, near, postcode, text } from './floor/words.ts';

const [workspace, out] = process.argv.slice(2);
if (workspace === undefined || out === undefined) throw new RangeError('usage: floor.ts WORKSPACE OUT');
mkdirSync(out, { recursive: true });
const files = inputs(join(workspace, 'data'));

/** docs/formats.md, "Pseudonym". */
const key = Buffer.from(readFileSync(join(workspace, 'keys/organisation.key'), 'utf8').trim(), 'hex');
const info = 'astold/1/decisions/2017-05-05-party-mailing-corrected/members-asked';
const pseudonymKey = Buffer.from(hkdfSync('sha256', key, '', info, 24)).toString('base64url');

const instance = await DuckDBInstance.create(':memory:', { threads: '2', temp_directory: join(out, 'tmp') });
const connection = await instance.connect();
const stages: Record<string, { seconds: number }> = {};

/** Runs a statement; gives the first number it answers. */
async function stage(called: string, sql: string): Promise<number> {
  const from = performance.now();
  const rows = (await connection.runAndReadAll(sql)).getRows();
  stages[called] = { seconds: (performance.now() - from) / 1000 };
  return Number(rows[0]?.[0] ?? 0);
}
const table = (called: string, select: string): Promise<number> =>
  stage(called, `CREATE TEMP TABLE ${called} AS ${select}`);

await connection.run("SET TimeZone = 'UTC'");
// Order is made where it is wanted; the sides of a join are as they are written here, the right one hashed.
await connection.run('SET preserve_insertion_order = false');
await connection.run("SET disabled_optimizers = 'join_order,build_side_probe_side'");

const count = await table('m', membersSql(files.members));
await table('e', eventsSql(files.preferences));

// Records with a consent or an act that may lift a stop: a few, decided stop by stop. Any stop stops the others.
await table(
  'p',
  `SELECT k, owner, sc, lifts, ${earliest('signed')} AS signed FROM e
   WHERE (k = 2 AND lifts IS NOT NULL OR k = 1 AND asked AND NOT whole) AND owner IS NOT NULL AND ${permits}`,
);
await table(
  'r',
  `SELECT owner, bool_or(k = 0) AS stops, bool_or(k = 0 AND owner NOT IN (SELECT owner FROM p)) AS stopped,
     bool_or(CASE WHEN asked THEN ${consents} ELSE FALSE END) AS held
   FROM e WHERE owner IS NOT NULL GROUP BY owner`,
);
const stopping = await table(
  's',
  `SELECT m.rowid AS row, id, email, phone, birth, near FROM m WHERE id IN (SELECT owner FROM r WHERE stops)`,
);
const owners = await stage('owners', 'SELECT count(*) FROM r WHERE stops');
if (owners !== stopping)
  throw new RangeError('a stop names a record that is not there: not written for that');

// A stop reaches who shares a key with the record it is of (`other`), or with what it came with (`n`, of `other` or not).
const came = (what: string, v: string): string =>
  `SELECT ${v} AS v, NULL AS other, rowid AS n${what} FROM e WHERE k = 0 AND ${v} IS NOT NULL AND owner IS NULL
   UNION ALL SELECT v, row, n${what} FROM s JOIN (SELECT rowid AS n, owner, ${v} AS v${what} FROM e WHERE k = 0 AND ${v} IS NOT NULL AND owner IS NOT NULL) q ON q.owner = s.id`;
const shared = ['email', 'phone', 'birth'].map(
  (kind) =>
    `SELECT m.rowid AS row, q.other, q.n FROM m JOIN (SELECT ${kind} AS v, row AS other, NULL AS n FROM s WHERE ${kind} IS NOT NULL
       UNION ALL ${came('', kind)}) q ON q.v = m.${kind} WHERE m.rowid IS DISTINCT FROM q.other`,
);
/** Written so that it is read of pairs that are near, and not of everyone on the way there. */
const sameHome = (one: string, other: string): string =>
  `CASE WHEN ${one}.addr IS NULL OR ${other}.addr IS NULL THEN FALSE WHEN ${name(`${one}.sur`)} <> ${name(`${other}.sur`)} THEN FALSE
    ELSE ${name(`${one}.addr`)} = ${name(`${other}.addr`)} END`;
await table(
  'neighbours',
  'SELECT m.rowid AS row, s.row AS other FROM m JOIN s ON s.near = m.near WHERE m.rowid <> s.row',
);
await table(
  'linked',
  `${shared.join(' UNION ALL ')} UNION ALL
   SELECT row, other, NULL FROM (SELECT q.row, q.other, q.sur AS sur, q.addr AS addr, m.sur AS sur2, m.addr AS addr2 FROM m
     JOIN (SELECT q.row, q.other, sur, addr FROM m JOIN neighbours q ON q.row = m.rowid) q ON q.other = m.rowid)
   WHERE addr IS NOT NULL AND addr2 IS NOT NULL AND CASE WHEN ${name('sur')} <> ${name('sur2')} THEN FALSE ELSE ${name('addr')} = ${name('addr2')} END`,
);

// Letters and lists, by postcode and three letters: who is near, and what of the rest is the same.
const cut = (from: number, length: number): string => `nullif(trim(substr(line, ${from}, ${length})), '')`;
const entries = [
  `SELECT 0 AS list, n, other, sur, NULL AS fore, addr, v AS near FROM (${came(', sur, addr', 'near')})`,
  `SELECT 46, NULL, NULL, surname, forename, NULL, ${near('surname', postcode('postcode'))} FROM ${files.own}`,
  `SELECT 47, NULL, NULL, sur, ${cut(46, 50)}, NULL, ${near('sur', 'pc')} FROM
     (SELECT line, ${cut(96, 50)} AS sur, ${postcode(cut(406, 8))} AS pc FROM ${files.mps})`,
  `SELECT 48, NULL, NULL, sur, NULL, addr, ${near('sur', 'pc')} FROM
     (SELECT ${cut(57, 25)} AS sur, ${cut(82, 32)} AS addr, ${postcode(cut(242, 8))} AS pc FROM ${files.baby})`,
];
await table(
  'nearby',
  `SELECT q.row, list, n, other, CASE list WHEN 0 THEN ${sameHome('q', 'm')} ELSE ${name('q.sur')} = ${name('m.sur')} AND
     CASE list WHEN 48 THEN TRUE ELSE coalesce(${name('q.fore')} = ${name('m.fore')}, FALSE) END END AS same
   FROM m JOIN (SELECT i.row, q.* FROM (${entries.join(' UNION ALL ')}) q JOIN (SELECT rowid AS row, near FROM m) i ON i.near = q.near) q
   ON q.row = m.rowid
   UNION ALL SELECT m.rowid, 48, NULL, NULL, TRUE FROM m JOIN (SELECT ${cut(82, 32)} AS addr, ${postcode(cut(242, 8))} AS pc FROM ${files.baby}) q
   ON q.pc = m.pc WHERE CASE WHEN length(m.pc) > 0 THEN ${name('q.addr')} = ${name('m.addr')} ELSE FALSE END`,
);
await table(
  'sure',
  'SELECT n FROM linked WHERE n IS NOT NULL UNION SELECT n FROM nearby WHERE list = 0 AND same',
);
await table(
  'reach',
  `SELECT row, other, n, 44 AS how FROM linked
   UNION ALL SELECT row, other, n, 44 FROM nearby WHERE list = 0 AND same AND row IS DISTINCT FROM other
   UNION ALL SELECT row, other, n, 45 FROM nearby WHERE list = 0 AND NOT same AND other IS NULL AND n NOT IN (SELECT n FROM sure)`,
);

// The records of `p`: each stop, and whether one of their own permissions lifts it.
await table('pr', 'SELECT m.rowid AS row, id FROM m WHERE id IN (SELECT owner FROM p)');
await table(
  'asked',
  `SELECT pr.row, pr.id, e.rowid AS n, 43 AS how FROM e JOIN pr ON pr.id = e.owner WHERE k = 0
   UNION ALL SELECT reach.row, pr.id, n, how FROM reach JOIN pr ON pr.row = reach.row WHERE n IS NOT NULL
   UNION ALL SELECT q.row, q.id, e.rowid, how FROM e JOIN (
     SELECT q.row, q.id, s.id AS owner, how FROM s JOIN (SELECT reach.*, pr.id FROM reach JOIN pr ON pr.row = reach.row WHERE n IS NULL) q ON q.other = s.row
   ) q ON q.owner = e.owner WHERE k = 0`,
);
await table(
  'unlifted',
  `SELECT DISTINCT row, how FROM (SELECT w.*, received, event, whole, sc FROM e JOIN asked w ON w.n = e.rowid) w
   WHERE NOT EXISTS (FROM p WHERE p.owner = w.id AND p.signed > ${latest('w.received')}
     AND (p.k = 2 AND p.lifts = w.event OR p.k = 1 AND how <> 45 AND NOT w.whole AND p.sc = w.sc))`,
);
// Who was shown the notice by an event: all the times in order, with that of their own line, each once.
await table(
  'z',
  `SELECT row, string_agg(seen, '' ORDER BY seen_on, translate(seen, 'lt', 'ds')) AS seen FROM (
     SELECT DISTINCT row, UNNEST([seen_a, seen_b]) AS seen, UNNEST([a, b]) AS seen_on FROM (
       SELECT m.rowid AS row, m.seen_on AS a, m.seen AS seen_a, q.seen_on AS b, ${shown('q.delivery', 'q.seen_on', 'm.joined')} AS seen_b
       FROM m JOIN (SELECT owner, seen_on, delivery FROM e WHERE seen_on IS NOT NULL) q ON q.owner = m.id)
   ) WHERE seen IS NOT NULL GROUP BY row`,
);
await table(
  'x',
  `SELECT row, bit_or(b) AS b, max(seen) AS seen FROM (
     SELECT row, 1::BIGINT << how AS b, NULL AS seen FROM unlifted
     UNION ALL SELECT row, 0, seen FROM z
     UNION ALL SELECT row, 1::BIGINT << how, NULL FROM reach WHERE row NOT IN (SELECT row FROM pr)
     UNION ALL SELECT row, CASE WHEN bool_or(same) THEN 1::BIGINT << list ELSE ${bits(50)} END, NULL FROM nearby WHERE list > 0 GROUP BY row, list
   ) GROUP BY row`,
);

const seats = (await connection.runAndReadAll(`SELECT area FROM ${files.seats}`))
  .getRows()
  .map(([area]) => text(String(area)));
const decided = await table(
  'd',
  `SELECT left(sha256(${text(pseudonymKey)} || id), 32) AS pseudonym, own | (${verdictBits}) | (${audienceBits(seats.join(', '))})
     | CASE WHEN stopped THEN ${bits(43)} ELSE 0 END | b AS reasons, ${known} AS known, row
   FROM (SELECT id, own, young, g, hk, m.rowid AS row, coalesce(x.seen, m.seen) AS seen, m.held OR coalesce(r.held, FALSE) AS held,
       coalesce(stopped, FALSE) AS stopped, coalesce(x.b, 0) AS b, a.area FROM (SELECT ${postcode('postcode')} AS pc, area FROM ${files.areas}) a RIGHT JOIN m ON m.pc = a.pc
     LEFT JOIN r ON r.owner = m.id LEFT JOIN x ON x.row = m.rowid)`,
);
if (decided !== count) throw new RangeError('a postcode has two lines in areas.csv: not written for that');
await stage(
  'decisions',
  `COPY (SELECT pseudonym, reasons, known FROM d ORDER BY pseudonym) TO ${text(join(out, 'decisions.parquet'))}
   (FORMAT parquet, COMPRESSION lz4_raw, ROW_GROUP_SIZE 122880, WRITE_BLOOM_FILTER false)`,
);
const cells = ['fore AS forename', 'sur AS surname', 'addr AS address', 'raw_pc AS postcode'].map((cell) => {
  const [from = '', to = ''] = cell.split(' AS ');
  return `${inert(from)} AS ${to}`;
});
await stage(
  'list',
  `COPY (SELECT ${cells.join(', ')} FROM m JOIN (SELECT row, pseudonym FROM d WHERE reasons = 0) q ON q.row = m.rowid ORDER BY q.pseudonym)
   TO ${text(join(out, 'list.csv'))} (FORMAT csv, HEADER true, DELIMITER ',', QUOTE '"', ESCAPE '"', NULLSTR '')`,
);
connection.closeSync();
instance.closeSync();

console.log(
  JSON.stringify({ seconds: performance.now() / 1000, rss: process.resourceUsage().maxRSS * 1024, stages }),
);
