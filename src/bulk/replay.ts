/**
 * Deciding again from the predicates that stand in the evidence, and holding every row against the decisions stated
 * (E2). The same SQL as in a release (`compile/reasons.ts`); nothing of a source is read.
 */
import type { Judgement, Known } from '../policy/judgement.ts';
import { type PredicateColumn, predicateColumns } from './compile/predicates.ts';
import { reasonsSelect, verdictSteps } from './compile/reasons.ts';
import { keepAll } from './compile/writer.ts';
import { knownRanks } from './compile.ts';
import type { Engine, Row } from './engine.ts';

const table = 'astold_replayed';

/** Why the two files cannot be compared at all, in words; null where they can. */
export async function replayFault(
  engine: Engine,
  judgement: Judgement,
  files: { readonly predicates: string; readonly decisions: string },
): Promise<string | null> {
  const text = (name: string) => ({ name, type: 'VARCHAR' as const });
  const predicates = [
    text('pseudonym'),
    ...predicateColumns(judgement),
    text('row_commitment'),
    text('leaf'),
  ];
  const decisions = [text('pseudonym'), { name: 'reasons', type: 'BIGINT' as const }, text('known')];
  return (
    (await columnFault(engine, files.predicates, predicates)) ??
    (await columnFault(engine, files.decisions, decisions))
  );
}

type Column = PredicateColumn | { readonly name: string; readonly type: 'VARCHAR' };

async function columnFault(engine: Engine, path: string, wanted: readonly Column[]): Promise<string | null> {
  const found = await engine.rows(engine.intake.describeParquet(path));
  const said = (columns: readonly { readonly name: unknown; readonly type: unknown }[]): string =>
    columns.map(({ name, type }) => `${name} ${type}`).join(', ');
  const [is, should] = [said(found.map((row) => ({ name: row.name, type: row.type }))), said(wanted)];
  return is === should ? null : `its columns are ${is}; by the judgement they are ${should}`;
}

/** A row that differs: under its pseudonym, what is stated and what comes out. */
export type RowDifference = {
  readonly pseudonym: string;
  readonly stated: bigint | null;
  readonly decided: bigint | null;
  readonly statedKnown: string | null;
  readonly decidedKnown: string | null;
};
type ReplayedFile = 'predicates' | 'decisions';
export type RowsOfFile = { readonly rows: number; readonly pseudonyms: number };
export type Replayed = {
  /** Of the two files joined: as many as there are in each of them, where nothing is repeated and nothing differs. */
  readonly rows: number;
  readonly differing: number;
  /** Of those that differ, the first by pseudonym. */
  readonly first: RowDifference | null;
  /** Rows refused with a leaf, or released without one. */
  readonly misplaced: number;
  readonly firstMisplaced: string | null;
  /** Rows without a commitment to their raw values: 64 lower-case hex digits. */
  readonly uncommitted: number;
  /** Rows whose commitment another row has too: under a salt of its own no two are alike. */
  readonly alike: number;
  /** Each file's rows, where a pseudonym stands in one of them twice; null where none does. */
  readonly repeated: Readonly<Record<ReplayedFile, RowsOfFile>> | null;
  readonly counts: readonly { readonly bits: bigint; readonly known: Known; readonly records: number }[];
};

/** Decides every row again. Call `dropReplay` when done: the roster is rebuilt from what this leaves. */
export async function replay(
  engine: Engine,
  judgement: Judgement,
  files: { readonly predicates: string; readonly decisions: string },
): Promise<Replayed> {
  const writer = { dialect: engine.dialect, keep: keepAll };
  const verdicts = verdictSteps(writer, judgement, knownRanks);
  for (const statement of verdicts.create) await engine.run(statement);
  const decided = reasonsSelect(writer, {
    judgement,
    from: `SELECT * FROM ${engine.dialect.parquet(files.predicates)}`,
    carried: ['pseudonym', 'leaf', 'row_commitment'],
  });
  const ranks = knownRanks.map((known, rank) => `WHEN ${rank} THEN ${engine.dialect.literal(known)}`);
  const same =
    'p.reasons = s.reasons AND p.known = s.known AND p.pseudonym IS NOT NULL AND s.pseudonym IS NOT NULL';
  await engine.run(`CREATE TEMP TABLE ${table} AS
    SELECT COALESCE(p.pseudonym, s.pseudonym) AS pseudonym, p.leaf, p.reasons AS decided, s.reasons AS stated,
      p.known AS decided_known, s.known AS stated_known, COALESCE(${same}, FALSE) AS same,
      COALESCE(${engine.intake.matches('p.row_commitment', '[0-9a-f]{64}')}, FALSE) AS committed,
      ${engine.intake.hash(['p.row_commitment'])} AS commitment,
      COALESCE((p.leaf IS NOT NULL) = (s.reasons = 0), FALSE) AS placed
    FROM (SELECT q.pseudonym, q.leaf, q.row_commitment, q.reasons, CASE q.known ${ranks.join(' ')} END AS known FROM (${decided}) q) p
    FULL JOIN ${engine.dialect.parquet(files.decisions)} s ON s.pseudonym = p.pseudonym`);
  for (const statement of verdicts.drop) await engine.run(statement);
  const [counted] = await engine.rows(`SELECT COUNT(*) AS n,
    SUM(CASE WHEN same THEN 0 ELSE 1 END) AS differing, SUM(CASE WHEN placed THEN 0 ELSE 1 END) AS misplaced,
    SUM(CASE WHEN committed THEN 0 ELSE 1 END) AS uncommitted,
    COUNT(DISTINCT ${engine.intake.hash(['pseudonym'])}) AS pseudonyms, COUNT(DISTINCT commitment) AS commitments,
    MIN(CASE WHEN placed THEN NULL ELSE pseudonym END) AS first FROM ${table}`);
  const [first] = await engine.rows(
    `SELECT pseudonym, decided, stated, decided_known, stated_known FROM ${table} WHERE NOT same ORDER BY pseudonym, stated LIMIT 1`,
  );
  const counts = await engine.rows(
    `SELECT decided AS bits, decided_known AS known, COUNT(*) AS records FROM ${table} WHERE decided IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2`,
  );
  const rows = Number(counted?.n ?? 0);
  const whole = rows === Number(counted?.pseudonyms ?? 0);
  return {
    rows,
    differing: Number(counted?.differing ?? 0),
    first: first ? differenceOf(first) : null,
    misplaced: Number(counted?.misplaced ?? 0),
    firstMisplaced: textOf(counted?.first),
    uncommitted: Number(counted?.uncommitted ?? 0),
    alike: rows === Number(counted?.commitments ?? 0) ? 0 : await commitmentsAlike(engine, files.predicates),
    repeated: whole ? null : await pseudonymsRepeated(engine, files),
    counts: counts.map((row) => ({
      bits: BigInt(row.bits ?? -1),
      known: knownRanks.find((known) => known === row.known) ?? 'unknown',
      records: Number(row.records),
    })),
  };
}

// Two texts of one hash are alike, or nearly never: it is asked of the texts themselves before it is said.
async function commitmentsAlike(engine: Engine, predicates: string): Promise<number> {
  const [found] = await engine.rows(`SELECT COALESCE(SUM(n), 0) AS n FROM (SELECT COUNT(*) AS n
    FROM ${engine.dialect.parquet(predicates)} WHERE row_commitment IS NOT NULL GROUP BY row_commitment HAVING COUNT(*) > 1) x`);
  return Number(found?.n ?? 0);
}

async function pseudonymsRepeated(
  engine: Engine,
  files: { readonly predicates: string; readonly decisions: string },
): Promise<Replayed['repeated']> {
  const of = async (file: string): Promise<RowsOfFile> => {
    const [found] = await engine.rows(
      `SELECT COUNT(pseudonym) AS n, COUNT(DISTINCT pseudonym) AS pseudonyms FROM ${engine.dialect.parquet(file)}`,
    );
    return { rows: Number(found?.n ?? 0), pseudonyms: Number(found?.pseudonyms ?? 0) };
  };
  const found = { predicates: await of(files.predicates), decisions: await of(files.decisions) };
  return Object.values(found).some(({ rows, pseudonyms }) => rows !== pseudonyms) ? found : null;
}

/** A query of the leaves that stand in the evidence, for the roster to be made of again. */
export const replayedLeaves = `SELECT leaf FROM ${table} WHERE leaf IS NOT NULL`;

export async function dropReplay(engine: Engine): Promise<void> {
  await engine.run(`DROP TABLE IF EXISTS ${table}`);
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const bitsOf = (value: Row[string] | undefined): bigint | null =>
  value === null || value === undefined ? null : BigInt(value);

function differenceOf(row: Row): RowDifference {
  return {
    pseudonym: String(row.pseudonym),
    stated: bitsOf(row.stated),
    decided: bitsOf(row.decided),
    statedKnown: textOf(row.stated_known),
    decidedKnown: textOf(row.decided_known),
  };
}
