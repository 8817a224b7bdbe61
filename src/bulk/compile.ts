/**
 * Compiles a judgement to SQL of a portable subset: what `decide` says of one person in memory, said of every
 * record of a snapshot (invariant 5). Pure; nothing is run here. Each condition refuses unless it is true, so that
 * a null refuses (C9).
 */
import type { Judgement, Known } from '../policy/judgement.ts';
import type { Scope, Source } from '../policy/model.ts';
import { audienceBits, fieldColumn } from './compile/audience.ts';
import { conditionBits, heldSteps, heldWord, retentionColumns, words } from './compile/conditions.ts';
import { flagSteps, type ListMatches } from './compile/flags.ts';
import { bornBy } from './compile/thresholds.ts';
import {
  all,
  bigint,
  bits,
  CompileError,
  fillLarge,
  type Keep,
  keepAll,
  refuseUnless,
  union,
  type Writer,
} from './compile/writer.ts';
import type { Dialect } from './engine.ts';

export type { ListMatches };
/** The files of a snapshot that a decision reads (docs/formats.md, "Snapshot"). */
export type SnapshotFiles = {
  readonly records: string;
  readonly later: string;
  readonly stops: string;
  readonly permissions: string;
};
export type CompileInput = {
  readonly judgement: Judgement;
  readonly source: Source;
  readonly files: SnapshotFiles;
  /** The distinct scopes of the stops on file. */
  readonly scopes: readonly Scope[];
  readonly matches: readonly ListMatches[];
  readonly dialect: Dialect;
  /** 32 ASCII characters; null makes no pseudonyms (a check). */
  readonly pseudonymKey: string | null;
  /** A number for each assignment, kept with its records, to count by; the same order as `judgement.assignments`. */
  readonly groups: readonly number[];
  /** Decide this row alone (an explanation); null decides every record. */
  readonly row: number | null;
};
export type Compiled = {
  /** To run in order; they end with the table `decisions`. */
  readonly statements: readonly string[];
  /**
   * The table of decisions: `row`, `pseudonym` (null for a check), `reasons` BIGINT, `known` (a rank of
   * `knownRanks`), and for the i-th judged collection `v<i>` its verdict and `g<i>` its group.
   */
  readonly decisions: string;
};

/** Worst first: a record is known as badly as the worst known of its collections. */
export const knownRanks = [
  'unknown',
  'reconstructed',
  'derived',
  'recorded',
] as const satisfies readonly Known[];
export const decisionsTable = 'astold_decisions';

export function compile(input: CompileInput): Compiled {
  return compileWith(input, keepAll);
}

/** As `compile`, each named condition passing through `keep`; for the proof that every one of them matters. */
export function compileWith(input: CompileInput, keep: Keep): Compiled {
  const { judgement, files } = input;
  const writer: Writer = { dialect: input.dialect, keep };
  const flags = flagSteps(writer, judgement, input.scopes, files, input.matches);
  const held = heldSteps(writer, judgement, files.permissions);
  const told = judgement.collections.map((collection, i) => assignmentSteps(writer, input, collection, i));
  return {
    statements: [
      ...told.flatMap((steps) => steps.create),
      ...flags.create,
      ...held.create,
      `CREATE TEMP TABLE ${decisionsTable} AS ${decisionSelect(writer, input)}`,
      ...held.drop,
      ...flags.drop,
      ...told.flatMap((steps) => steps.drop),
    ],
    decisions: decisionsTable,
  };
}

function assignmentSteps(writer: Writer, { judgement, groups }: CompileInput, collection: string, i: number) {
  const rows = judgement.assignments.flatMap((assignment, index) => {
    if (assignment.collection !== collection) return [];
    const verdict = judgement.verdicts[assignment.verdict];
    const group = groups[index];
    if (!verdict || group === undefined)
      throw new CompileError('collection-unassigned', `no verdict for ${collection}`);
    const known = knownRanks.indexOf(verdict.known);
    return [
      [
        assignment.base,
        assignment.later,
        assignment.verdict,
        verdict.bits,
        verdict.conditions,
        known,
        group,
        verdict.shown?.from ?? null,
        verdict.shown?.until ?? null,
      ] as const,
    ];
  });
  return {
    create: fillLarge(
      writer,
      `astold_told_${i}`,
      {
        base: 'VARCHAR',
        later: 'VARCHAR',
        verdict: 'INTEGER',
        bits: 'BIGINT',
        conditions: 'INTEGER',
        known: 'INTEGER',
        grp: 'INTEGER',
        shown_from: 'DATE',
        shown_until: 'DATE',
      },
      rows,
    ),
    drop: [`DROP TABLE astold_told_${i}`],
  };
}

function decisionSelect(writer: Writer, input: CompileInput): string {
  const { judgement, source, dialect } = input;
  const each = judgement.collections.map((_collection, i) => i);
  const ranks = each.map((i) => `COALESCE(d.n${i}, 0)`);
  const known = ranks.length === 0 ? '0' : ranks.length === 1 ? ranks.join() : `LEAST(${ranks.join(', ')})`;
  const pseudonym =
    input.pseudonymKey === null ? 'CAST(NULL AS VARCHAR)' : dialect.keyedHash(input.pseudonymKey, 'd.rid');
  const columns = ['d."row" AS "row"', `${pseudonym} AS pseudonym`, `CAST(${known} AS INTEGER) AS known`];
  for (const i of each) columns.push(`d.v${i}`, `d.g${i}`);
  const sets = [
    writer.keep('request.bits', bigint(writer, judgement.requestBits), bigint(writer, 0n)),
    ...each.map((i) => writer.keep('verdict.bits', `d.b${i}`, bigint(writer, 0n))),
    ...judgement.collections.map((collection, i) => shownBits(writer, collection, i)),
    ...judgement.collections.map((collection, i) => conditionCase(writer, input, collection, i)),
    writer.keep('flags', 'd.flags', bigint(writer, 0n)),
    ...audienceBits(writer, judgement.audience, { records: 'd', source, day: judgement.day }),
    ...personBits(writer, judgement, source),
  ];
  return `SELECT ${columns.join(', ')}, ${union(writer, sets)} AS reasons FROM (${joined(writer, input)}) d`;
}

/** The one scan of the records, with what was told, given and stopped beside each. */
function joined(writer: Writer, { judgement, source, files, dialect, row }: CompileInput): string {
  const columns = ['r.*', `COALESCE(f.bits, ${bigint(writer, 0n)}) AS flags`];
  const sameRow = (name: string, alias: string): string =>
    writer.keep(`${name}.same-record`, `${alias}."row" = r."row"`, 'TRUE');
  const joins = [
    `LEFT JOIN astold_flags f ON ${sameRow('flags', 'f')}`,
    `LEFT JOIN ${dialect.parquet(files.later)} l ON ${sameRow('later', 'l')}`,
  ];
  for (const word of words(judgement)) {
    columns.push(`${heldWord(writer, judgement, source, word, 'h', 'r')} AS w${word}`);
  }
  columns.push(...retentionColumns(writer, { at: 'r', source, judgement }));
  if (words(judgement).length > 0) joins.push(`LEFT JOIN astold_held h ON ${sameRow('held', 'h')}`);
  judgement.collections.forEach((collection, i) => {
    // A history that was not judged refuses like one that is not known.
    columns.push(
      `t${i}.verdict AS v${i}`,
      `t${i}.grp AS g${i}`,
      `t${i}.conditions AS c${i}`,
      `t${i}.known AS n${i}`,
      `t${i}.shown_from AS sf${i}`,
      `t${i}.shown_until AS su${i}`,
    );
    columns.push(`COALESCE(t${i}.bits, ${bits(writer, 'no-notice')}) AS b${i}`);
    const same = all(writer, [
      ['told.same-base', `t${i}.base = r.${dialect.identifier(`h_${collection}`)}`],
      ['told.same-later', `t${i}.later = COALESCE(l.later, '')`],
    ]);
    joins.push(`LEFT JOIN astold_told_${i} t${i} ON ${same}`);
  });
  const only = row === null ? '' : ` WHERE r."row" = ${dialect.literal(row)}`;
  return `SELECT ${columns.join(', ')} FROM ${dialect.parquet(files.records)} r ${joins.join(' ')}${only}`;
}

/** A6: a recorded notice that cannot have been shown on the day of collection, or on no day that is known. */
function shownBits(writer: Writer, collection: string, i: number): string {
  const on = `d.${writer.dialect.identifier(`on_${collection}`)}`;
  const from = writer.keep('shown.from', `${on} >= d.sf${i}`, `${on} IS NOT NULL`);
  const until = writer.keep('shown.until', `(d.su${i} IS NULL OR ${on} <= d.su${i})`, 'TRUE');
  return refuseUnless(writer, 'shown', `d.sf${i} IS NULL OR (${from} AND ${until})`, 'notice-unknown');
}

/** The conditions of a collection's verdicts: only the set its verdict names is asked. */
function conditionCase(writer: Writer, { judgement }: CompileInput, collection: string, i: number): string {
  const used = new Set<number>();
  for (const assignment of judgement.assignments) {
    const verdict = assignment.collection === collection ? judgement.verdicts[assignment.verdict] : undefined;
    if (verdict) used.add(verdict.conditions);
  }
  const cases: string[] = [];
  for (const index of [...used].sort((a, b) => a - b)) {
    const clauses = judgement.conditionSets[index];
    // A set that is not there holds for nobody.
    const failing = clauses
      ? conditionBits(writer, clauses, { at: 'd', judgement })
      : bits(writer, 'consent-missing');
    cases.push(`WHEN ${writer.dialect.literal(index)} THEN ${failing}`);
  }
  return cases.length === 0
    ? bigint(writer, 0n)
    : `CASE d.c${i} ${cases.join(' ')} ELSE ${bigint(writer, 0n)} END`;
}

/** C8: who has died, is under age, is gone away, or cannot be reached. */
function personBits(writer: Writer, judgement: Judgement, source: Source): readonly string[] {
  const { roles } = source;
  const found: string[] = [];
  if (roles.deceased !== null) found.push(refuseUnless(writer, 'deceased', 'd.deceased = FALSE', 'deceased'));
  if (roles.goneAway !== null)
    found.push(refuseUnless(writer, 'gone-away', 'd.gone_away = FALSE', 'gone-away'));
  if (roles.birthDate !== null) {
    const adult = writer.dialect.date(bornBy(18, judgement.day));
    found.push(
      refuseUnless(
        writer,
        'under-age',
        `${fieldColumn(writer, source, 'd', roles.birthDate)} <= ${adult}`,
        'under-age',
      ),
    );
  }
  const present = (field: string | null): string =>
    field === null ? 'FALSE' : `${fieldColumn(writer, source, 'd', field)} IS NOT NULL`;
  const reach = {
    address: [roles.addressLine, roles.postcode],
    email: [roles.email],
    phone: [roles.phone],
  } as const;
  for (const need of judgement.needs) {
    for (const field of reach[need])
      found.push(refuseUnless(writer, `reach.${need}`, present(field), 'no-contact'));
  }
  return found;
}
