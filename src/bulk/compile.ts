/**
 * Compiles a judgement to SQL of a portable subset: what `decide` says of one person in memory, said of every
 * record of a snapshot (invariant 5). Pure; nothing is run here. In two layers: what each record is decided on
 * (`compile/predicates.ts`), and the decision from that alone (`compile/reasons.ts`), which an audit runs again.
 */
import type { Judgement, Known } from '../policy/judgement.ts';
import type { Scope, Source } from '../policy/model.ts';
import type { Standing } from '../policy/reduced.ts';
import { standingSteps, toldSteps } from './compile/assigned.ts';
import { besideSteps, type ListMatches } from './compile/beside.ts';
import { predicateColumns, predicateSelect } from './compile/predicates.ts';
import { reasonsSelect, verdictSteps } from './compile/reasons.ts';
import { type Keep, keepAll, type Writer } from './compile/writer.ts';
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
  /** 32 ASCII characters; null makes no pseudonyms and keeps no predicates (a check). */
  readonly pseudonymKey: string | null;
  /** Which base key of a collection is judged in place of which. */
  readonly standing: ReadonlyMap<string, Standing>;
  /** A number for each assignment, kept with its records, to count by; the same order as `judgement.assignments`. */
  readonly groups: readonly number[];
  /** Decide this row alone (an explanation); null decides every record. */
  readonly row: number | null;
};
export type Compiled = {
  /** To run in order; they end with the table `decisions`. */
  readonly statements: readonly string[];
  /**
   * The table of decisions: `row`, `reasons` BIGINT, `known` (a rank of `knownRanks`), and for the i-th judged
   * collection `v<i>`, the number of its history and so of its verdict, and `g<i>`, its group; with a pseudonym key
   * also `pseudonym` and every predicate.
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
  const { judgement, dialect } = input;
  const writer: Writer = { dialect, keep };
  const steps = [
    ...judgement.collections.flatMap((collection, i) => {
      const standing = input.standing.get(collection) ?? new Map();
      return [
        standingSteps(writer, standing, i),
        toldSteps(writer, judgement, input.groups, standing, collection, i),
      ];
    }),
    besideSteps(writer, input),
    verdictSteps(writer, judgement, knownRanks),
  ];
  const each = judgement.collections.map((_collection, i) => i);
  const carried = [
    '"row"',
    ...(input.pseudonymKey === null
      ? each.map((i) => `v${i}`)
      : ['pseudonym', ...predicateColumns(judgement).map((column) => column.name)]),
    ...each.map((i) => `g${i}`),
  ];
  const decided = reasonsSelect(writer, { judgement, from: predicateSelect(writer, input), carried });
  return {
    statements: [
      ...steps.flatMap((step) => step.create),
      `CREATE TEMP TABLE ${decisionsTable} AS ${decided}`,
      ...steps.flatMap((step) => step.drop),
    ],
    decisions: decisionsTable,
  };
}
