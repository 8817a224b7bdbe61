/** Sleepers (E7): addresses the supplier controls, put in lists in variants that tell releases apart. */
import { z } from 'zod';
import type { CivilDate, Request } from '../policy/model.ts';
import { digestOf } from './digest.ts';
import type { Fault } from './fault.ts';
import type { Known } from './gather-records.ts';
import { civilDate, id, keyed, words } from './leaves.ts';
import { nearest } from './nearest.ts';
import { parseYaml, type YamlFile } from './parse-yaml.ts';
import type { TextFile } from './read-files.ts';

/** Cells by the name of their column in the list. */
type Cells = Readonly<Record<string, string>>;
export type Sleeper = {
  readonly id: string;
  /** The requests whose lists it goes in. */
  readonly requests: readonly string[];
  readonly fields: Cells;
  /** Each replaces some of the fields. */
  readonly variants: readonly Cells[];
  readonly digest: string;
};

// A cell stands in a list as other cells do: one line, and nothing that a spreadsheet would run.
const cell = z
  .string()
  .refine(
    (text) =>
      text.trim() !== '' &&
      !hasControl(text) &&
      (!/^[=+\-@]/.test(text) || /^[+-](?=.*\d)\d*\.?\d*$/.test(text)),
    { error: 'one line of text that does not begin with = + - or @' },
  );
const cells = z.record(z.string().min(1), cell);

const schema = keyed({
  sleeper: id,
  'agreed-with': words,
  'agreed-on': civilDate,
  requests: z.array(id).min(1, { error: 'at least one request' }),
  fields: cells,
  variants: z.array(cells).min(1, { error: 'at least one variant: it tells releases apart' }),
});

function hasControl(text: string): boolean {
  return [...text].some((c) => (c.codePointAt(0) ?? 0) < 0x20 || c === '\u007f');
}

type ParsedSleeper = {
  readonly yaml: YamlFile;
  readonly sleeper: Sleeper | null;
  readonly faults: readonly Fault[];
};

function parseSleeper(file: string, text: string, today: CivilDate): ParsedSleeper {
  const { yaml, value, faults } = parseYaml(file, text, schema);
  if (value === null) return { yaml, sleeper: null, faults };
  const found: Fault[] = [];
  if (value['agreed-on'] > today) {
    const expected = `the day it was agreed: not after today, ${today}`;
    found.push(yaml.at(['agreed-on'], { code: 'date-in-future', expected, rule: 'E7' }));
  }
  const seen = new Set<string>();
  for (const [i, variant] of value.variants.entries()) {
    for (const column of Object.keys(variant).filter((name) => !(name in value.fields))) {
      const suggestion = nearest(column, Object.keys(value.fields));
      const detail = { code: 'unknown-column', expected: 'a column given in fields', found: column } as const;
      found.push(yaml.atKey(['variants', i], column, { ...detail, suggestion, rule: 'E7' }));
    }
    const whole = digestOf({ ...value.fields, ...variant });
    if (seen.has(whole)) {
      const expected = 'variants that differ: two that are the same tell no releases apart';
      found.push(yaml.at(['variants', i], { code: 'wrong-shape', expected, rule: 'E7' }));
    }
    seen.add(whole);
  }
  const sleeper: Sleeper = {
    id: value.sleeper,
    requests: value.requests,
    fields: value.fields,
    variants: value.variants,
    digest: digestOf(yaml.raw),
  };
  return { yaml, sleeper: found.length > 0 ? null : sleeper, faults: found };
}

/** Every sleeper, checked against the requests they are for: one that lacked a column would show. */
export function gatherSleepers(
  files: readonly TextFile[],
  requests: readonly Request[],
  requestIds: ReadonlySet<string>,
  today: CivilDate,
): {
  readonly sleepers: readonly Sleeper[];
  readonly known: readonly Known[];
  readonly faults: readonly Fault[];
} {
  const parsed = files.map((file) => parseSleeper(file.file, file.text, today));
  const faults = parsed.flatMap(({ yaml, sleeper, faults: own }) => [
    ...own,
    ...(sleeper?.requests ?? []).flatMap((requestId, i) => {
      if (!requestIds.has(requestId)) {
        const suggestion = nearest(requestId, requestIds);
        const expected = 'the id of a request';
        return [yaml.at(['requests', i], { code: 'unknown-request', expected, suggestion, rule: 'E7' })];
      }
      const columns = requests.find((request) => request.id === requestId)?.fields.map((f) => f.name) ?? [];
      return columns
        .filter((column) => !(column in (sleeper?.fields ?? {})))
        .map((column) => {
          const expected = `a cell for the column ${column}, which the list of ${requestId} has`;
          return yaml.at(['fields'], { code: 'missing-key', expected, found: null, rule: 'E7' });
        });
    }),
  ]);
  return {
    sleepers: parsed.flatMap(({ sleeper }) => (sleeper === null ? [] : [sleeper])),
    known: parsed.map(({ yaml, sleeper }) => ({
      kind: 'sleeper',
      key: 'sleeper',
      yaml,
      id: sleeper?.id ?? null,
    })),
    faults,
  };
}
