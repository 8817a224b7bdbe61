/** What zod found wrong, said as faults: code, what was expected, what may have been meant. */
import type { core } from 'zod';
import { nearest } from './nearest.ts';
import type { Detail, Path } from './parse-yaml.ts';

export type Placed = { readonly path: Path; readonly key: string | null; readonly detail: Detail };
type Issue = core.$ZodIssue;

const names: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'keys with values',
  record: 'keys with values',
  null: 'null',
};

/** The faults of one issue: one for each unknown key, otherwise one. */
export function detailsOf(issue: Issue): readonly Placed[] {
  switch (issue.code) {
    case 'unrecognized_keys': {
      // The schema's own message is the list of the keys it knows; see `keyed`.
      const known = issue.message.split(' ');
      return issue.keys.map((key) => ({
        path: issue.path,
        key,
        detail: {
          code: 'unknown-key',
          expected: `one of the keys ${known.join(', ')}`,
          suggestion: nearest(key, known),
          found: key,
        },
      }));
    }
    case 'invalid_type':
      return [at(issue.path, typeDetail(issue))];
    case 'invalid_value': {
      const values = issue.values.map(String);
      const found = issue.input === undefined || issue.input === null ? null : String(issue.input);
      if (issue.input === undefined) return [at(issue.path, missing(issue.path, oneOf(values)))];
      return [
        at(issue.path, {
          code: 'unknown-value',
          expected: oneOf(values),
          suggestion: found === null ? null : nearest(found, values),
        }),
      ];
    }
    case 'invalid_union':
      return unionDetails(issue);
    case 'custom':
      return [at(issue.path, customDetail(issue))];
    case 'too_small':
    case 'too_big':
      return [at(issue.path, { code: 'out-of-range', expected: issue.message })];
    default:
      return [at(issue.path, { code: 'wrong-shape', expected: issue.message })];
  }
}

function at(path: Path, detail: Detail): Placed {
  return { path, key: null, detail };
}

function oneOf(values: readonly string[]): string {
  return values.length === 1 ? (values[0] ?? '') : `one of ${values.join(', ')}`;
}

function missing(path: Path, expected: string): Detail {
  const key = path.at(-1);
  return {
    code: 'missing-key',
    expected: typeof key === 'string' ? `the key ${key}: ${expected}` : expected,
    found: null,
  };
}

function typeDetail(issue: core.$ZodIssueInvalidType): Detail {
  const expected = names[issue.expected] ?? issue.expected;
  if (issue.input === undefined) return missing(issue.path, expected);
  const scalar = typeof issue.input === 'number' || typeof issue.input === 'boolean';
  const help =
    issue.expected === 'string' && scalar ? 'Put it in double quotes, as it should be read.' : null;
  return { code: 'wrong-type', expected, help };
}

/** The branch that was meant is the one whose kind of value fits: its own faults are shown. */
function unionDetails(issue: core.$ZodIssueInvalidUnion): readonly Placed[] {
  if (issue.input === undefined) return [at(issue.path, missing(issue.path, issue.message))];
  const deeper = issue.errors
    .filter((branch) => !branch.some((i) => i.path.length === 0 && isOtherKind(i, issue.input)))
    .sort((a, b) => a.length - b.length)[0];
  if (!deeper) return [at(issue.path, { code: 'wrong-shape', expected: issue.message })];
  return deeper
    .flatMap((i) => detailsOf(i))
    .map((placed) => ({ ...placed, path: [...issue.path, ...placed.path] }));
}

function isOtherKind(issue: Issue, input: unknown): boolean {
  return issue.code === 'invalid_type' || (issue.code === 'invalid_value' && typeof input !== 'string');
}

function customDetail(issue: core.$ZodIssueCustom): Detail {
  const detail: unknown = issue.params?.detail;
  return isDetail(detail) ? detail : { code: 'wrong-shape', expected: issue.message };
}

function isDetail(value: unknown): value is Detail {
  return typeof value === 'object' && value !== null && 'code' in value && 'expected' in value;
}
