/**
 * Evaluating an audience for one person. Three-valued, as in SQL: a missing value makes a test unknown, and unknown
 * refuses (C9).
 */
import { addYears } from './dates.ts';
import type { Child, PersonFacts } from './facts.ts';
import type { CivilDate, Comparison, Expression, NamedSet, Value } from './model.ts';

/** The fields a test reads; `children` and `age` stand for the children's birth dates and the person's own (B2). */
export function fieldsRead(test: Expression): ReadonlySet<string> {
  switch (test.kind) {
    case 'and':
    case 'or':
      return new Set([...fieldsRead(test.left), ...fieldsRead(test.right)]);
    case 'not':
      return fieldsRead(test.of);
    case 'compare':
    case 'in':
      return new Set([test.field]);
    case 'age':
      return new Set(['age']);
    case 'child-age':
      return new Set(['children']);
  }
}

/** Whether any child is of unknown state, or living and without a date: then a child test cannot be decided. */
export function childrenUnreadable(children: readonly Child[]): boolean {
  return children.some(
    (child) => child.state === 'unknown' || (child.state === 'living' && child.born === null),
  );
}

/**
 * Evaluates a test for one person: true, false, or null for unknown. `birthDate` is the field of the person's own
 * birth date; `day` the day of release, for tests that name no day. A child who died, is unknown or has no date
 * never satisfies an age test (C6).
 */
export function evaluate(
  test: Expression,
  person: Pick<PersonFacts, 'values' | 'children'>,
  given: { readonly sets: readonly NamedSet[]; readonly day: CivilDate; readonly birthDate: string | null },
): boolean | null {
  switch (test.kind) {
    case 'and': {
      const [left, right] = [evaluate(test.left, person, given), evaluate(test.right, person, given)];
      return left === false || right === false ? false : left === null || right === null ? null : true;
    }
    case 'or': {
      const [left, right] = [evaluate(test.left, person, given), evaluate(test.right, person, given)];
      return left === true || right === true ? true : left === null || right === null ? null : false;
    }
    case 'not': {
      const inner = evaluate(test.of, person, given);
      return inner === null ? null : !inner;
    }
    case 'compare': {
      const value = person.values.get(test.field) ?? null;
      return value === null ? null : compare(value, test.op, test.value);
    }
    case 'in': {
      const value = person.values.get(test.field) ?? null;
      return value === null ? null : setValues(test.values, given.sets).includes(String(value));
    }
    case 'age': {
      const born = given.birthDate === null ? null : (person.values.get(given.birthDate) ?? null);
      return typeof born === 'string' ? ageIs(born, test.op, test.years, test.on ?? given.day) : null;
    }
    case 'child-age':
      return childAge(test, person.children, test.on ?? given.day);
  }
}

/** The members of a set named in a request; an unknown set has none. */
export function setValues(
  values: readonly string[] | { readonly set: string },
  sets: readonly NamedSet[],
): readonly string[] {
  if (!('set' in values)) return values;
  return sets.find((s) => s.name === values.set)?.values ?? [];
}

function compare(value: Value, op: Comparison, other: Value): boolean {
  switch (op) {
    case '=':
      return value === other;
    case '!=':
      return value !== other;
    case '<':
      return value < other;
    case '<=':
      return value <= other;
    case '>':
      return value > other;
    case '>=':
      return value >= other;
  }
}

/** A test of age in whole years on a day. Someone born after it satisfies nothing. */
export function ageIs(born: CivilDate, op: Comparison, years: number, on: CivilDate): boolean {
  if (born > on) return false;
  const atLeast = (n: number): boolean => addYears(born, n) <= on;
  switch (op) {
    case '>=':
      return atLeast(years);
    case '<':
      return !atLeast(years);
    case '>':
      return atLeast(years + 1);
    case '<=':
      return !atLeast(years + 1);
    case '=':
      return atLeast(years) && !atLeast(years + 1);
    case '!=':
      return !(atLeast(years) && !atLeast(years + 1));
  }
}

function childAge(
  test: Extract<Expression, { kind: 'child-age' }>,
  children: readonly Child[],
  on: CivilDate,
): boolean | null {
  const births = children
    .filter((child) => child.state === 'living' && child.born !== null && child.born <= on)
    .map((child) => child.born as CivilDate);
  const unreadable = childrenUnreadable(children);
  if (test.which === 'any') {
    if (births.some((born) => ageIs(born, test.op, test.years, on))) return true;
    return unreadable ? null : false;
  }
  const youngest = births.sort().at(-1);
  return unreadable || youngest === undefined ? null : ageIs(youngest, test.op, test.years, on);
}
