/** Sources: where records live, and what their columns mean (A8, B2, C6). */
import { z } from 'zod';
import type { Collection, Source } from '../policy/model.ts';
import { digestOf } from './digest.ts';
import type { Fault } from './fault.ts';
import { fileShape, toFileSpec } from './file-spec.ts';
import {
  civilDate,
  collectedBy,
  dataTerm,
  fieldName,
  id,
  keyed,
  listOrNone,
  noticeId,
  orNull,
  subject,
  words,
} from './leaves.ts';
import { parseYaml, type YamlFile } from './parse-yaml.ts';
import { rolesOf, sourceFaults } from './source-check.ts';

function columnOr<T extends z.ZodType<string>>(constant: T, what: string) {
  return orNull(
    z.union([keyed({ column: words }), keyed({ constant })], {
      error: `{ column: NAME } or { constant: ${what} }`,
    }),
  );
}

const collectionSchema = keyed({
  id: fieldName,
  notice: columnOr(noticeId, 'a notice version'),
  'print-code': columnOr(words, 'a code'),
  'collected-by': columnOr(collectedBy, 'web, app, paper or phone'),
  date: orNull(words),
  origin: columnOr(id, 'own, or what is under upstream/'),
  reconstructed: listOrNone(
    keyed({ 'collected-by': collectedBy, from: civilDate, until: civilDate, notice: noticeId }),
  ),
});
export const roleNames = [
  'forename',
  'surname',
  'address-line',
  'postcode',
  'email',
  'phone',
  'birth-date',
  'deceased',
  'gone-away',
  'last-act',
  'membership-end',
] as const;

const schema = keyed({
  source: id,
  organisation: id,
  synthetic: z.boolean(),
  // Who worked out which notice was shown where nobody recorded it; a reconstruction is signed by someone else (A6).
  'mapped-by': orNull(words),
  file: keyed(fileShape),
  record: words,
  collections: z.array(collectionSchema).min(1, { error: 'at least one collection' }),
  fields: z.array(
    keyed({
      name: fieldName,
      column: words,
      type: z.enum(['text', 'date', 'integer', 'boolean']),
      data: dataTerm,
      of: subject,
      collection: words,
      role: orNull(z.enum(roleNames)),
    }),
  ),
  children: listOrNone(keyed({ 'birth-date': fieldName, died: orNull(fieldName), name: orNull(fieldName) })),
  implies: listOrNone(keyed({ data: dataTerm, of: subject })),
  consents: listOrNone(
    keyed({
      column: words,
      consent: id,
      notice: orNull(noticeId),
      date: orNull(words),
      yes: z.array(words).min(1, { error: 'at least one value that means yes' }),
    }),
  ),
  presented: listOrNone(
    keyed({
      notice: z.union([keyed({ column: words }), keyed({ constant: noticeId })], {
        error: '{ column: NAME } or { constant: a notice version }',
      }),
      date: words,
      delivery: columnOr(z.enum(['delivered', 'sent', 'bounced']), 'delivered, sent or bounced'),
    }),
  ),
  preferences: orNull(keyed({ ...fileShape, 'post-keyed-to': orNull(civilDate) })),
  areas: orNull(keyed({ ...fileShape, postcode: words, area: words })),
});
export type SourceDocument = z.infer<typeof schema>;

export type ParsedSource = {
  readonly yaml: YamlFile;
  readonly document: SourceDocument | null;
  /** Its reconstructions are not signed off yet: see `reconstruction.ts`. */
  readonly source: Source | null;
  readonly faults: readonly Fault[];
};

/** `folder` is that of the document, absolute. */
export function parseSource(file: string, text: string, folder: string): ParsedSource {
  const { yaml, value, faults } = parseYaml(file, text, schema);
  if (value === null) return { yaml, document: null, source: null, faults };
  const found = sourceFaults(yaml, value);
  return {
    yaml,
    document: value,
    source: found.length > 0 ? null : toSource(value, folder, digestOf(yaml.raw)),
    faults: found,
  };
}

function toSource(document: SourceDocument, folder: string, digest: string): Source {
  const roles = rolesOf(document);
  const fields = document.fields.map((f) => ({
    name: f.name,
    column: f.column,
    type: f.type,
    data: { term: f.data, of: f.of },
    collection: f.collection,
  }));
  const postcode = fields.find((f) => f.name === roles.postcode);
  const { areas, preferences } = document;
  return {
    id: document.source,
    organisation: document.organisation,
    synthetic: document.synthetic,
    file: toFileSpec(document.file, folder),
    record: document.record,
    collections: document.collections.map(toCollection),
    fields:
      areas && postcode
        ? [
            ...fields,
            {
              name: 'area',
              column: areas.area,
              type: 'text',
              data: { term: 'pd:Location', of: 'person' },
              collection: postcode.collection,
            },
          ]
        : fields,
    roles,
    children: document.children.map((c) => ({ birthDate: c['birth-date'], died: c.died, name: c.name })),
    implies: document.implies.map((i) => ({ term: i.data, of: i.of })),
    consents: document.consents,
    presented: document.presented,
    preferences: preferences && {
      file: toFileSpec(preferences, folder),
      postKeyedTo: preferences['post-keyed-to'],
    },
    areas: areas && { file: toFileSpec(areas, folder), postcode: areas.postcode, area: areas.area },
    digest,
  };
}

function toCollection(document: SourceDocument['collections'][number]): Collection {
  const { origin } = document;
  return {
    id: document.id,
    notice: document.notice,
    printCode: document['print-code'],
    collectedBy: document['collected-by'],
    date: document.date,
    origin,
    upstream: origin && 'constant' in origin && origin.constant !== 'own' ? origin.constant : null,
    reconstructions: document.reconstructed.map((r) => ({
      collectedBy: r['collected-by'],
      from: r.from,
      until: r.until,
      notice: r.notice,
      signedOff: false,
    })),
  };
}
