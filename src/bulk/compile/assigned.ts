/** Which history each record has, in SQL: the snapshot's keys as numbers, so that little text goes through the joins. */
import type { Judgement } from '../../policy/judgement.ts';
import type { Standing } from '../../policy/reduced.ts';
import { CompileError, fillLarge, type Steps, type Writer } from './writer.ts';

/** The later keys of the histories, each once; its number is its place. No later notice at all is the number 0. */
function laterKeys({ assignments }: Judgement): readonly string[] {
  return [...new Set(['', ...assignments.map(({ later }) => later)])];
}

/** A later key that was not judged: no history has this number, and its records refuse. */
export const unjudged = 2_147_483_647;

/** `astold_laters (later, number)`. */
export function laterSteps(writer: Writer, judgement: Judgement): Steps {
  const rows = laterKeys(judgement).map((later, number) => [later, number] as const);
  const columns = { later: 'VARCHAR', number: 'INTEGER' } as const;
  return { create: fillLarge(writer, 'astold_laters', columns, rows), drop: ['DROP TABLE astold_laters'] };
}

/** A row of `row`, `later` for each record that was told anything later. */
export function laterSelect(writer: Writer, later: string): string {
  return `SELECT l."row", COALESCE(n.number, ${unjudged}) AS later
    FROM ${writer.dialect.parquet(later)} l LEFT JOIN astold_laters n ON n.later = l.later`;
}

/** The base keys that are judged; the number of each is its place. */
export const judgedBases = (standing: Standing): readonly string[] => [...new Set(standing.values())];
const baseNumbers = (standing: Standing): ReadonlyMap<string, number> =>
  new Map(judgedBases(standing).map((base, number) => [base, number]));

/** `astold_standing_<i> (base, number)`: for each base key of a collection the number of the one that stands for it. */
export function standingSteps(writer: Writer, standing: Standing, i: number): Steps {
  const numbers = baseNumbers(standing);
  const rows = [...standing].map(([base, stands]) => [base, numbers.get(stands) ?? null] as const);
  const columns = { base: 'VARCHAR', number: 'INTEGER' } as const;
  return {
    create: fillLarge(writer, `astold_standing_${i}`, columns, rows),
    drop: [`DROP TABLE astold_standing_${i}`],
  };
}

/**
 * `astold_told_<i>`: the number of the history that each pair of numbered keys stands for, its group, and when the notice
 * it names can have been shown.
 */
export function toldSteps(
  writer: Writer,
  judgement: Judgement,
  groups: readonly number[],
  standing: Standing,
  collection: string,
  i: number,
): Steps {
  const bases = baseNumbers(standing);
  const numbers = new Map(laterKeys(judgement).map((later, number) => [later, number]));
  const rows = judgement.assignments.flatMap(({ collection: of, base, later, verdict: number }, index) => {
    if (of !== collection) return [];
    const [verdict, group] = [judgement.verdicts[number], groups[index]];
    if (!verdict || group === undefined)
      throw new CompileError('collection-unassigned', `no verdict for ${collection}`);
    const { shown } = verdict;
    const first = bases.get(base);
    if (first === undefined)
      throw new CompileError('collection-unassigned', `${base} of ${collection} stands for no record`);
    const then = numbers.get(later) ?? unjudged;
    return [[first, then, number, group, shown?.from ?? null, shown?.until ?? null] as const];
  });
  const columns = {
    base: 'INTEGER',
    later: 'INTEGER',
    number: 'INTEGER',
    grp: 'INTEGER',
    shown_from: 'DATE',
    shown_until: 'DATE',
  } as const;
  return {
    create: fillLarge(writer, `astold_told_${i}`, columns, rows),
    drop: [`DROP TABLE astold_told_${i}`],
  };
}
