/** What a source's shape alone does not say: names used once, and each reference to something that is there. */
import type { Roles } from '../policy/model.ts';
import type { Fault } from './fault.ts';
import { nearest } from './nearest.ts';
import type { Path, YamlFile } from './parse-yaml.ts';
import type { SourceDocument } from './source.ts';

type RoleName = NonNullable<SourceDocument['fields'][number]['role']>;

/** Names with a meaning of their own in requests. */
const reserved: ReadonlySet<string> = new Set([
  'children',
  'and',
  'or',
  'not',
  'in',
  'any',
  'youngest',
  'child',
  'on',
  'true',
  'false',
]);
const roleTypes: Readonly<Partial<Record<RoleName, readonly string[]>>> = {
  forename: ['text'],
  surname: ['text'],
  'address-line': ['text'],
  postcode: ['text'],
  email: ['text'],
  phone: ['text'],
  'birth-date': ['date'],
  deceased: ['boolean', 'text'],
  'gone-away': ['boolean', 'text'],
  'last-act': ['date'],
  'membership-end': ['date'],
};

const childTypes = {
  'birth-date': ['date'],
  died: ['boolean', 'text'],
  name: ['text', 'date', 'integer', 'boolean'],
} as const;

export function rolesOf(document: SourceDocument): Roles {
  const of = (role: RoleName): string | null => document.fields.find((f) => f.role === role)?.name ?? null;
  return {
    forename: of('forename'),
    surname: of('surname'),
    addressLine: of('address-line'),
    postcode: of('postcode'),
    email: of('email'),
    phone: of('phone'),
    birthDate: of('birth-date'),
    deceased: of('deceased'),
    goneAway: of('gone-away'),
    lastAct: of('last-act'),
    membershipEnd: of('membership-end'),
  };
}

export function sourceFaults(yaml: YamlFile, source: SourceDocument): readonly Fault[] {
  return [
    ...fieldFaults(yaml, source),
    ...collectionFaults(yaml, source),
    ...childFaults(yaml, source),
    ...consentFaults(yaml, source),
    ...areaFaults(yaml, source),
  ];
}

function fieldFaults(yaml: YamlFile, source: SourceDocument): readonly Fault[] {
  const collections = source.collections.map((c) => c.id);
  const names = new Set<string>(source.areas === null ? [] : ['area']);
  const roles = new Set<string>();
  return source.fields.flatMap((field, index) => {
    const at = (key: string): Path => ['fields', index, key];
    const found: Fault[] = [];
    if (names.has(field.name)) {
      const expected =
        field.name === 'area' && source.areas !== null
          ? 'another name: "area" is added by areas'
          : 'each field name once';
      found.push(yaml.at(at('name'), { code: 'duplicate-name', expected }));
    }
    if (reserved.has(field.name)) {
      found.push(
        yaml.at(at('name'), {
          code: 'id-invalid',
          expected: 'another name: this word has a meaning of its own in requests',
        }),
      );
    }
    names.add(field.name);
    if (!collections.includes(field.collection)) {
      const suggestion = nearest(field.collection, collections);
      const expected = `a collection of this source: ${collections.join(', ')}`;
      found.push(yaml.at(at('collection'), { code: 'unknown-collection', expected, suggestion, rule: 'A8' }));
    }
    if (field.role !== null) {
      if (roles.has(field.role))
        found.push(yaml.at(at('role'), { code: 'duplicate-role', expected: 'each role once' }));
      roles.add(field.role);
      const types = roleTypes[field.role] ?? [];
      if (!types.includes(field.type)) {
        found.push(
          yaml.at(at('type'), {
            code: 'wrong-type',
            expected: `${types.join(' or ')}, as the role ${field.role} needs`,
          }),
        );
      }
    }
    return found;
  });
}

function collectionFaults(yaml: YamlFile, source: SourceDocument): readonly Fault[] {
  const seen = new Set<string>();
  return source.collections.flatMap((collection, index) => {
    const found: Fault[] = [];
    if (seen.has(collection.id))
      found.push(
        yaml.at(['collections', index, 'id'], { code: 'duplicate-id', expected: 'each collection id once' }),
      );
    seen.add(collection.id);
    for (const [i, r] of collection.reconstructed.entries()) {
      if (r.until >= r.from) continue;
      const path = ['collections', index, 'reconstructed', i, 'until'];
      found.push(
        yaml.at(path, { code: 'dates-out-of-order', expected: `a day not before ${r.from}`, rule: 'A6' }),
      );
    }
    return found;
  });
}

function childFaults(yaml: YamlFile, source: SourceDocument): readonly Fault[] {
  const fields = new Map(source.fields.map((f) => [f.name, f]));
  return source.children.flatMap((slot, index) =>
    (['birth-date', 'died', 'name'] as const).flatMap((key) => {
      const name = slot[key];
      if (name === null) return [];
      const path = ['children', index, key];
      const field = fields.get(name);
      if (!field) {
        const expected = 'the name of a field of this source';
        return [
          yaml.at(path, {
            code: 'unknown-field',
            expected,
            suggestion: nearest(name, fields.keys()),
            rule: 'C6',
          }),
        ];
      }
      if (field.of !== 'child')
        return [yaml.at(path, { code: 'wrong-type', expected: 'a field with "of: child"', rule: 'C6' })];
      const types: readonly string[] = childTypes[key];
      return types.includes(field.type)
        ? []
        : [
            yaml.at(path, {
              code: 'wrong-type',
              expected: `a field of type ${types.join(' or ')}; ${name} is ${field.type}`,
              rule: 'C6',
            }),
          ];
    }),
  );
}

/** Two columns for one consent: where they disagree nobody knows what was answered (C1). */
function consentFaults(yaml: YamlFile, source: SourceDocument): readonly Fault[] {
  const columns = new Map<string, string>();
  return source.consents.flatMap(({ consent, notice, column }, index) => {
    const key = JSON.stringify([consent, notice]);
    const before = columns.get(key);
    if (before === undefined) {
      columns.set(key, column);
      return [];
    }
    const expected = `one column for each consent of a notice; ${before} holds ${consent} already`;
    return [yaml.at(['consents', index, 'consent'], { code: 'duplicate-id', expected, rule: 'C1' })];
  });
}

function areaFaults(yaml: YamlFile, source: SourceDocument): readonly Fault[] {
  if (source.areas === null || source.fields.some((f) => f.role === 'postcode')) return [];
  return [
    yaml.at(['areas', 'postcode'], {
      code: 'unknown-field',
      expected: 'a field with the role postcode: areas are found by it',
    }),
  ];
}
