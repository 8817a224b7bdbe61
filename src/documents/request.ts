/** Requests for a release (B1 to B5). The audience is parsed against the source, so the source is read first. */
import { z } from 'zod';
import { parseAudience } from '../policy/audience.ts';
import type {
  Audience,
  Coarsening,
  FieldType,
  NamedSet,
  Request,
  RequestedField,
  Source,
} from '../policy/model.ts';
import { digestOf } from './digest.ts';
import type { Fault } from './fault.ts';
import {
  basis,
  civilDate,
  closedRange,
  contactChannel,
  fieldName,
  id,
  keyed,
  orNull,
  purpose,
  role,
  words,
} from './leaves.ts';
import { nearest } from './nearest.ts';
import { parseYaml, type YamlFile } from './parse-yaml.ts';
import { partyTwice } from './parts.ts';

const unknownCounts = orNull(z.boolean());
const bound = z
  .int({ error: 'a whole number of years' })
  .min(1, { error: 'a whole number of years, from 1' })
  .max(150, { error: 'a whole number of years, at most 150' });
const coarsening = z.union(
  [z.enum(['year', 'postcode-district']), keyed({ 'age-band': bound }), keyed({ 'child-under': bound })],
  {
    error: 'year, postcode-district, { age-band: n } or { child-under: n }',
  },
);
const outputName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_ -]{0,59}$/, {
  error: 'a column name of letters, digits, "_", "-" and spaces',
});
const field = z.union(
  [fieldName, keyed({ field: fieldName, as: orNull(coarsening), name: orNull(outputName) })],
  {
    error: 'the name of a field, or { field: NAME, as: ..., name: ... }',
  },
);
const setSchema = z.union([z.array(words), keyed({ file: words, column: words })], {
  error: '[value, value, ...] or { file: PATH, column: NAME }',
});
const audienceSchema = z.union(
  [
    z.literal('everyone'),
    keyed({
      where: words,
      sets: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_-]*$/), setSchema).default({}),
    }),
  ],
  { error: 'everyone, or { where: TEST, sets: ... }' },
);

const schema = keyed({
  request: id,
  title: words,
  agreement: id,
  source: id,
  'prepared-by': words,
  chain: z.array(
    keyed({
      organisation: id,
      role,
      basis: orNull(basis),
      keeps: unknownCounts,
      enriches: unknownCounts,
      profits: unknownCounts,
    }),
  ),
  purposes: z.array(purpose),
  'contact-channels': z.array(contactChannel),
  'disclosure-basis': orNull(basis),
  use: closedRange,
  'delete-by': civilDate,
  // Left out it selects nobody, and the gate says so.
  audience: orNull(audienceSchema),
  fields: z.array(field),
  format: z.enum(['csv', 'parquet']),
});
export type RequestDocument = z.infer<typeof schema>;
export type ParsedRequest = {
  readonly yaml: YamlFile;
  readonly document: RequestDocument | null;
  readonly faults: readonly Fault[];
};

/** Reads one request file, without what it says of its source. */
export function parseRequest(file: string, text: string): ParsedRequest {
  const { yaml, value, faults } = parseYaml(file, text, schema);
  if (value === null) return { yaml, document: null, faults };
  const found: Fault[] = [...partyTwice(yaml, 'chain', value.chain)];
  if (value.use.until < value.use.from) {
    found.push(
      yaml.at(['use', 'until'], {
        code: 'dates-out-of-order',
        expected: `a day not before ${value.use.from}`,
        rule: 'B5',
      }),
    );
  }
  if (value['delete-by'] < value.use.until) {
    found.push(
      yaml.at(['delete-by'], {
        code: 'dates-out-of-order',
        expected: `a day not before the end of the use, ${value.use.until}`,
        rule: 'B5',
      }),
    );
  }
  return { yaml, document: value, faults: found };
}

/** The request against its source; `sets` are the audience's sets as read. */
export function toRequest(
  yaml: YamlFile,
  document: RequestDocument,
  source: Source,
  sets: readonly NamedSet[],
): { readonly request: Request | null; readonly faults: readonly Fault[] } {
  const fields = document.fields.map(toField);
  const audience = toAudience(yaml, document, source, sets);
  const faults = [...fieldFaults(yaml, fields, source), ...audience.faults];
  if (faults.length > 0) return { request: null, faults };
  const request: Request = {
    id: document.request,
    title: document.title,
    agreement: document.agreement,
    source: document.source,
    chain: document.chain,
    purposes: document.purposes,
    contactChannels: document['contact-channels'],
    fields,
    disclosureBasis: document['disclosure-basis'],
    use: document.use,
    deleteBy: document['delete-by'],
    audience: audience.audience,
    preparedBy: document['prepared-by'],
    format: document.format,
    digest: requestDigest(yaml.raw, sets),
  };
  return { request, faults: [] };
}

/** A set read from a file counts as its values: an approval is of the very people chosen, not of a file's name. */
function requestDigest(raw: unknown, sets: readonly NamedSet[]): string {
  if (sets.length === 0 || typeof raw !== 'object' || raw === null || !('audience' in raw))
    return digestOf(raw);
  const { audience } = raw;
  if (typeof audience !== 'object' || audience === null) return digestOf(raw);
  return digestOf({
    ...raw,
    audience: { ...audience, sets: Object.fromEntries(sets.map((s) => [s.name, s.values])) },
  });
}

function toAudience(
  yaml: YamlFile,
  document: RequestDocument,
  source: Source,
  sets: readonly NamedSet[],
): { readonly audience: Audience; readonly faults: readonly Fault[] } {
  const { audience } = document;
  if (audience === null) return { audience: null, faults: [] };
  if (audience === 'everyone') return { audience: { kind: 'everyone' }, faults: [] };
  const parsed = parseAudience(audience.where, {
    fields: new Map(source.fields.map((f): [string, FieldType] => [f.name, f.type])),
    sets: new Set(Object.keys(audience.sets)),
    age: source.roles.birthDate !== null,
    children: source.children.length > 0,
  });
  if (parsed.ok)
    return { audience: { kind: 'where', text: audience.where, test: parsed.test, sets }, faults: [] };
  const faults = parsed.faults.map(({ offset, length, message }) => {
    const found = audience.where.slice(offset, offset + length) || null;
    const suggestion =
      found === null
        ? null
        : nearest(found, [...source.fields.map((f) => f.name), ...Object.keys(audience.sets)]);
    const detail = {
      code: 'audience-invalid',
      expected: `an audience that can be read: ${message}`,
      found,
      suggestion: suggestion === found ? null : suggestion,
      rule: 'B2',
    } as const;
    return yaml.at(['audience', 'where'], detail, { offset, length });
  });
  return { audience: null, faults };
}

function toField(document: RequestDocument['fields'][number]): RequestedField {
  if (typeof document === 'string') return { field: document, as: null, name: document };
  return {
    field: document.field,
    as: document.as === null ? null : toCoarsening(document.as),
    name: document.name ?? document.field,
  };
}

function toCoarsening(as: z.infer<typeof coarsening>): Coarsening {
  if (typeof as === 'string') return { kind: as };
  return 'age-band' in as
    ? { kind: 'age-band', width: as['age-band'] }
    : { kind: 'child-under', years: as['child-under'] };
}

function fieldFaults(yaml: YamlFile, fields: readonly RequestedField[], source: Source): readonly Fault[] {
  const names = new Set<string>();
  return fields.flatMap((asked, index) => {
    const path = ['fields', index];
    const found: Fault[] = [];
    if (names.has(asked.name.toLowerCase()))
      found.push(
        yaml.at(path, {
          code: 'duplicate-name',
          expected: 'each column name of the list once',
          found: asked.name,
        }),
      );
    names.add(asked.name.toLowerCase());
    return [...found, ...coarseningFaults(yaml, path, asked, source)];
  });
}

function coarseningFaults(
  yaml: YamlFile,
  path: readonly PropertyKey[],
  asked: RequestedField,
  source: Source,
): readonly Fault[] {
  const fault = (expected: string): readonly Fault[] => [
    yaml.at(path, { code: 'not-coarsenable', expected, rule: 'B4' }),
  ];
  if (asked.field === 'children') {
    if (asked.as?.kind !== 'child-under')
      return fault('children as { child-under: n }: they are given no other way');
    return source.children.length > 0 ? [] : fault('a source that maps children');
  }
  const field = source.fields.find((f) => f.name === asked.field);
  if (!field) {
    const suggestion = nearest(
      asked.field,
      source.fields.map((f) => f.name),
    );
    return [
      yaml.at(path, {
        code: 'unknown-field',
        expected: `a field of the source ${source.id}`,
        found: asked.field,
        suggestion,
        rule: 'B2',
      }),
    ];
  }
  switch (asked.as?.kind) {
    case undefined:
      return [];
    case 'child-under':
      return fault('{ field: children, as: { child-under: n } }');
    case 'postcode-district':
      return asked.field === source.roles.postcode ? [] : fault('the field with the role postcode');
    case 'year':
    case 'age-band':
      return field.type === 'date' ? [] : fault(`a field of type date; ${asked.field} is ${field.type}`);
  }
}

/** Whether an audience's set is read from a file. */
export function setFiles(
  document: RequestDocument,
): readonly { readonly name: string; readonly file: string; readonly column: string }[] {
  const { audience } = document;
  if (audience === null || audience === 'everyone') return [];
  return Object.entries(audience.sets).flatMap(([name, set]) =>
    Array.isArray(set) ? [] : [{ name, file: set.file, column: set.column }],
  );
}

/** The sets written out in the request itself. */
export function inlineSets(
  document: RequestDocument,
): readonly { readonly name: string; readonly values: readonly string[] }[] {
  const { audience } = document;
  if (audience === null || audience === 'everyone') return [];
  return Object.entries(audience.sets).flatMap(([name, set]) =>
    Array.isArray(set) ? [{ name, values: set }] : [],
  );
}
