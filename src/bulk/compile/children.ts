/** A record's children in SQL: living, dated, readable (C6). `born` and `state` are columns of each slot. */
import type { CivilDate, Source } from '../../policy/model.ts';
import type { Writer } from './writer.ts';

export type ChildColumns = { readonly born: string; readonly state: string };

/** The columns of each child slot of a source, under the alias of its records. */
export function childColumns({ dialect }: Writer, source: Source, records: string): readonly ChildColumns[] {
  const has = (field: string): boolean => source.fields.some(({ name }) => name === field);
  return source.children.map(({ birthDate }, i) => ({
    born: has(birthDate) ? `${records}.${dialect.identifier(`f_${birthDate}`)}` : 'CAST(NULL AS DATE)',
    state: `${records}.ch_${i}_state`,
  }));
}

/** True if some slot holds a child whose state or date of birth cannot be read; then no child test can be decided. */
export function childrenUnreadable(writer: Writer, children: readonly ChildColumns[]): string {
  return anyOf(
    children.map(({ born, state }) => {
      const undated = writer.keep('child.undated', `${born} IS NULL`, 'FALSE');
      const unknown = writer.keep('child.unknown', `${state} <> 'living'`, 'FALSE');
      return `${writer.keep('child.died-is-readable', `${state} <> 'died'`, 'TRUE')} AND (${unknown} OR ${undated})`;
    }),
  );
}

/** True if a living child with a date satisfies the test of its birth date. */
export function someChild(
  writer: Writer,
  children: readonly ChildColumns[],
  test: (born: string) => string,
): string {
  return anyOf(children.map((child) => `${living(writer, child)} AND ${test(child.born)}`));
}

/** The birth date of the eldest or youngest living child, of those born by a day if one is given; null: none. */
export function bornExtreme(
  writer: Writer,
  children: readonly ChildColumns[],
  which: 'eldest' | 'youngest',
  by: CivilDate | null,
): string {
  const none = writer.dialect.date(which === 'eldest' ? '9999-12-31' : '0001-01-01');
  const births = children.map((child) => {
    const born = by === null ? '' : ` AND ${bornByDay(writer, child.born, by)}`;
    return `CASE WHEN ${living(writer, child)}${born} THEN ${child.born} ELSE ${none} END`;
  });
  if (births.length === 0) return 'CAST(NULL AS DATE)';
  const extreme =
    births.length === 1
      ? births.join()
      : `${which === 'eldest' ? 'LEAST' : 'GREATEST'}(${births.join(', ')})`;
  return `NULLIF(${extreme}, ${none})`;
}

/** Someone born after the day of a test satisfies nothing. */
export function bornByDay(writer: Writer, born: string, day: CivilDate): string {
  return writer.keep('age.born-by-day', `${born} <= ${writer.dialect.date(day)}`, 'TRUE');
}

function living(writer: Writer, child: ChildColumns): string {
  return writer.keep('child.living', `${child.state} = 'living'`, 'TRUE');
}

function anyOf(tests: readonly string[]): string {
  return tests.length === 0 ? 'FALSE' : `(${tests.map((test) => `(${test})`).join(' OR ')})`;
}
