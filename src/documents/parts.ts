/** Lists checked item by item, so that a fault in one does not hide those of another. */
import type { ZodType } from 'zod';
import type { Fault } from './fault.ts';
import { check, type Path, type YamlFile } from './parse-yaml.ts';

export type Part<T> = { readonly path: Path; readonly raw: unknown; readonly document: T };

/** The items of a list that can be read, and the faults of the others. What is no list is the caller's fault to find. */
export function parts<T>(
  yaml: YamlFile,
  schema: ZodType<T>,
  list: unknown,
  key: string,
): { found: readonly Part<T>[]; faults: readonly Fault[] } {
  const found: Part<T>[] = [];
  const faults: Fault[] = [];
  for (const [index, raw] of (Array.isArray(list) ? list : []).entries()) {
    const path = [key, index];
    const checked = check(yaml, schema, raw, path);
    if (checked.value === null) faults.push(...checked.faults);
    else found.push({ path, raw, document: checked.value });
  }
  return { found, faults };
}

/** A fault at each organisation named before in the same list: it would have two roles, and nobody knows which counts. */
export function partyTwice(
  yaml: YamlFile,
  key: string,
  parties: readonly { readonly organisation: string }[],
): readonly Fault[] {
  const seen = new Set<string>();
  return parties.flatMap(({ organisation }, index) => {
    if (!seen.has(organisation)) {
      seen.add(organisation);
      return [];
    }
    const detail = {
      code: 'duplicate-id',
      expected: 'each organisation once, in one role',
      rule: 'B1',
    } as const;
    return [yaml.at([key, index, 'organisation'], detail)];
  });
}

/** A fault at each id that came before. */
export function twice(
  yaml: YamlFile,
  list: readonly Part<{ readonly id: string }>[],
  what: string,
): readonly Fault[] {
  const seen = new Set<string>();
  return list.flatMap((part) => {
    if (!seen.has(part.document.id)) {
      seen.add(part.document.id);
      return [];
    }
    return [yaml.at([...part.path, 'id'], { code: 'duplicate-id', expected: `each ${what} id once` })];
  });
}
