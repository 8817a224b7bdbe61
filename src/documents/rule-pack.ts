/** Rule packs: dated law, guidance, code and policy as data (A9), and the tables that rules read (A4, B4, C5). */
import { z } from 'zod';
import type { RulePack } from '../policy/rules.ts';
import { personalData, purposes } from '../policy/vocab.ts';
import { digestOf } from './digest.ts';
import type { Fault } from './fault.ts';
import {
  category,
  contactChannel,
  dataItems,
  dataTerm,
  id,
  itemsOf,
  keyed,
  orNull,
  period,
  purpose,
  words,
} from './leaves.ts';
import { nearest } from './nearest.ts';
import { parseYaml, type YamlFile } from './parse-yaml.ts';
import { finerOf, ruleSchemas, rulesOf } from './rule-pack-rules.ts';

const schema = keyed({
  pack: id,
  version: words,
  ...ruleSchemas,
  explicit: z.array(
    keyed({
      dimension: z.enum(['purpose', 'recipient', 'data']),
      term: words,
      phrases: z.array(words).min(1, { error: 'at least one phrase' }),
    }),
  ),
  necessary: z.array(
    keyed({
      purposes: z.array(purpose),
      'contact-channels': z.array(contactChannel),
      exact: keyed(dataItems),
      coarse: keyed(dataItems),
    }),
  ),
  'required-lists': z.array(
    keyed({
      'contact-channel': contactChannel,
      kinds: z
        .array(z.enum(['own', 'mps', 'baby-mps', 'tps', 'ctps']))
        .min(1, { error: 'at least one kind of list' }),
      implying: orNull(z.array(dataTerm)),
    }),
  ),
  'consent-channels': z.array(contactChannel),
  'special-category': z.array(dataTerm),
  'waiting-period': period,
  'minimum-count': z.int({ error: 'a whole number' }).min(1, { error: 'a whole number, from 1' }),
  'consent-age-warning': period,
});
type PackDocument = z.infer<typeof schema>;

export function parseRulePack(
  file: string,
  text: string,
): { yaml: YamlFile; pack: RulePack | null; faults: readonly Fault[] } {
  const { yaml, value, faults } = parseYaml(file, text, schema);
  if (value === null) return { yaml, pack: null, faults };
  const rules = rulesOf(yaml, value.rules);
  const finer = finerOf(yaml, value.finer);
  const found = [...rules.faults, ...finer.faults, ...explicitFaults(yaml, value)];
  if (found.length > 0) return { yaml, pack: null, faults: found };
  const pack: RulePack = {
    id: value.pack,
    version: value.version,
    rules: rules.rules,
    finer: finer.rules,
    explicit: value.explicit,
    necessary: value.necessary.map((n) => ({
      purposes: n.purposes,
      contactChannels: n['contact-channels'],
      exact: itemsOf(n.exact),
      coarse: itemsOf(n.coarse),
    })),
    requiredLists: value['required-lists'].map((r) => ({
      contactChannel: r['contact-channel'],
      kinds: r.kinds,
      implying: r.implying,
    })),
    consentChannels: value['consent-channels'],
    specialCategory: value['special-category'],
    waitingPeriod: value['waiting-period'],
    minimumCount: value['minimum-count'],
    consentAgeWarning: value['consent-age-warning'],
    digest: digestOf(yaml.raw),
  };
  return { yaml, pack, faults: [] };
}

function explicitFaults(yaml: YamlFile, document: PackDocument): readonly Fault[] {
  const seen = new Set<string>();
  return document.explicit.flatMap(({ dimension, term }, i) => {
    const at = ['explicit', i, 'term'];
    const key = `${dimension} ${term}`;
    if (seen.has(key))
      return [
        yaml.at(at, { code: 'duplicate-id', expected: 'each term once, with all its phrases', rule: 'A4' }),
      ];
    seen.add(key);
    return explicitTermFaults(yaml, at, dimension, term);
  });
}

function explicitTermFaults(
  yaml: YamlFile,
  at: readonly PropertyKey[],
  dimension: PackDocument['explicit'][number]['dimension'],
  term: string,
): readonly Fault[] {
  switch (dimension) {
    case 'purpose':
      return purposes.has(term)
        ? []
        : [unknown(yaml, at, 'a purpose of the vocabulary', nearest(term, purposes.keys()))];
    case 'data': {
      if (term === 'child' || personalData.has(term)) return [];
      const suggestion = nearest(term, ['child', ...personalData.keys()]);
      return [unknown(yaml, at, 'personal data of the vocabulary, or child', suggestion)];
    }
    case 'recipient':
      return category.safeParse(term).success
        ? []
        : [yaml.at(at, { code: 'id-invalid', expected: 'a category such as data-broker', rule: 'A4' })];
  }
}

function unknown(
  yaml: YamlFile,
  path: readonly PropertyKey[],
  expected: string,
  suggestion: string | null,
): Fault {
  return yaml.at(path, { code: 'unknown-term', expected, suggestion, rule: 'A4' });
}
