/** Suppression lists (C5). A list without its file date or allowed age is stale: the gate refuses on it. */
import { z } from 'zod';
import type { ListKind, ListLevel, SuppressionList } from '../policy/model.ts';
import { digestOf } from './digest.ts';
import type { Fault } from './fault.ts';
import { fileShape, toFileSpec } from './file-spec.ts';
import { civilDate, id, keyed, orNull, period, words } from './leaves.ts';
import { parseYaml, type YamlFile } from './parse-yaml.ts';

const column = orNull(words);
const schema = keyed({
  list: id,
  kind: z.enum(['own', 'mps', 'baby-mps', 'tps', 'ctps']),
  level: z.enum(['person', 'surname-at-address', 'address', 'number', 'email', 'record']),
  file: keyed(fileShape),
  layout: z.enum(['columns', 'mps-fixed', 'baby-mps-fixed', 'tps']),
  columns: orNull(
    keyed({
      record: column,
      forename: column,
      surname: column,
      'address-line': column,
      postcode: column,
      email: column,
      phone: column,
    }),
  ),
  'file-date': orNull(civilDate),
  'allowed-age': orNull(period),
});
type ListDocument = z.infer<typeof schema>;
type ColumnKey = keyof NonNullable<ListDocument['columns']>;

/** What each level is matched on. */
const needs: Readonly<Record<ListLevel, readonly ColumnKey[]>> = {
  person: ['surname', 'postcode'],
  'surname-at-address': ['surname', 'postcode'],
  address: ['address-line', 'postcode'],
  number: ['phone'],
  email: ['email'],
  record: ['record'],
};

/** The levels at which a service's own list can be matched; our own may be of any. */
const byHome = ['person', 'surname-at-address', 'address'] as const satisfies readonly ListLevel[];
const levelsOf: Readonly<Record<Exclude<ListKind, 'own'>, readonly ListLevel[]>> = {
  mps: byHome,
  'baby-mps': byHome,
  tps: ['number'],
  ctps: ['number'],
};

export type ParsedList = {
  readonly yaml: YamlFile;
  readonly list: SuppressionList | null;
  readonly faults: readonly Fault[];
};

export function parseSuppression(file: string, text: string, folder: string): ParsedList {
  const { yaml, value, faults } = parseYaml(file, text, schema);
  if (value === null) return { yaml, list: null, faults };
  const found = [...kindFaults(yaml, value), ...columnFaults(yaml, value)];
  if (found.length > 0) return { yaml, list: null, faults: found };
  const {
    record,
    forename,
    surname,
    'address-line': addressLine,
    postcode,
    email,
    phone,
  } = value.columns ?? {};
  const columns = Object.entries({ record, forename, surname, addressLine, postcode, email, phone }).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  const list: SuppressionList = {
    id: value.list,
    kind: value.kind,
    level: value.level,
    file: toFileSpec(value.file, folder),
    layout: value.layout,
    columns: Object.fromEntries(columns),
    fileDate: value['file-date'],
    allowedAge: value['allowed-age'],
    digest: digestOf(yaml.raw),
  };
  return { yaml, list, faults: [] };
}

/** A list screened at another level than its own would let through those it was kept for. */
function kindFaults(yaml: YamlFile, list: ListDocument): readonly Fault[] {
  if (list.kind === 'own' || levelsOf[list.kind].includes(list.level)) return [];
  const expected = `a level that a list of kind ${list.kind} has: ${levelsOf[list.kind].join(', ')}`;
  return [yaml.at(['level'], { code: 'unknown-value', expected, rule: 'C5' })];
}

function columnFaults(yaml: YamlFile, list: ListDocument): readonly Fault[] {
  if (list.layout !== 'columns') {
    const unexpected = {
      code: 'wrong-shape',
      expected: `no columns: the layout ${list.layout} says where everything stands`,
    } as const;
    const levels: readonly ListLevel[] =
      list.layout === 'tps' ? ['number'] : ['person', 'surname-at-address', 'address'];
    const level = {
      code: 'unknown-value',
      expected: `a level that the layout ${list.layout} has: ${levels.join(', ')}`,
      rule: 'C5',
    } as const;
    return [
      ...(list.columns === null ? [] : [yaml.at(['columns'], unexpected)]),
      ...(levels.includes(list.level) ? [] : [yaml.at(['level'], level)]),
    ];
  }
  const missing = needs[list.level].filter((key) => (list.columns?.[key] ?? null) === null);
  if (missing.length === 0) return [];
  const expected = `columns for ${missing.join(' and ')}: a list of level ${list.level} is matched on them`;
  return [
    yaml.at([list.columns === null ? 'layout' : 'columns'], {
      code: 'columns-missing',
      expected,
      rule: 'C5',
    }),
  ];
}
