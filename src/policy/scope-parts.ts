/** The parts of a scope: two are identical where they are equal in each. */
import type { Scope } from './model.ts';

export const scopeParts = [
  'purpose',
  'organisation',
  'contactChannel',
  'field',
] as const satisfies readonly (keyof Scope)[];

export const isSameScope = (a: Scope, b: Scope): boolean => scopeParts.every((part) => a[part] === b[part]);
