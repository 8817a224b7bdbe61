/** The dated register of organisations (A1). */
import { z } from 'zod';
import type { Organisation } from '../policy/model.ts';
import type { Fault } from './fault.ts';
import { category, civilDate, id, keyed, listOrNone, orNull, words } from './leaves.ts';
import { nearest } from './nearest.ts';
import { check, type Path, readYaml, type YamlFile } from './parse-yaml.ts';
import { parts, twice } from './parts.ts';
import { type KeysOf, keysOf, recipientKeys } from './recipient.ts';

const entrySchema = keyed({
  id,
  'legal-name': words,
  number: orNull(words),
  aliases: listOrNone(words),
  group: orNull(words),
  categories: listOrNone(category),
  from: civilDate,
  until: orNull(civilDate),
  ...recipientKeys,
});
const schema = keyed({ organisations: z.array(z.unknown()) });

/** Reads `organisations.yaml`. The entries that can be read are there even where others have faults. */
export function parseOrganisations(
  file: string,
  text: string,
): { organisations: readonly Organisation[]; keys: KeysOf; faults: readonly Fault[] } {
  const yaml = readYaml(file, text, 1);
  if (yaml.faults.some((f) => f.code !== 'duplicate-key'))
    return { organisations: [], keys: new Map(), faults: yaml.faults };
  const whole = check(yaml, schema, yaml.raw, []);
  const { found, faults } = parts(yaml, entrySchema, whole.value?.organisations, 'organisations');
  const disordered = found.flatMap(({ path, document: o }) =>
    o.until !== null && o.until < o.from
      ? [
          yaml.at([...path, 'until'], {
            code: 'dates-out-of-order',
            expected: `a day not before ${o.from}`,
            rule: 'A1',
          }),
        ]
      : [],
  );
  const organisations = found.map(({ document: o }) => ({
    id: o.id,
    legalName: o['legal-name'],
    number: o.number,
    aliases: o.aliases,
    group: o.group,
    categories: o.categories,
    from: o.from,
    until: o.until,
  }));
  return {
    organisations,
    keys: keysOf(found.map(({ document }) => document)),
    faults: [
      ...yaml.faults,
      ...whole.faults,
      ...faults,
      ...disordered,
      ...twice(yaml, found, 'organisation'),
    ],
  };
}

/** `data-broker` of `data-broker/automotive`. */
export function baseCategory(of: string): string {
  return of.split('/', 1)[0] ?? of;
}

/** The fault of an id that the register does not hold, or none (A1). A name or alias suggests the id it is of. */
export function organisationFaults(
  yaml: YamlFile,
  path: Path,
  named: string,
  register: ReadonlyMap<string, Organisation>,
): readonly Fault[] {
  if (register.has(named)) return [];
  const byName = new Map(
    [...register.values()].flatMap((o) => [o.id, o.legalName, ...o.aliases].map((name) => [name, o.id])),
  );
  const meant = nearest(named, byName.keys());
  return [
    yaml.at(path, {
      code: 'unknown-organisation',
      expected: 'the id of an organisation in organisations.yaml',
      suggestion: meant === null ? null : (byName.get(meant) ?? null),
      rule: 'A1',
    }),
  ];
}
