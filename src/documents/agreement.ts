/** Data sharing agreements (B1, B5). The words no rule reads are required all the same: the record needs them. */
import { z } from 'zod';
import type { Agreement } from '../policy/model.ts';
import { digestOf } from './digest.ts';
import type { Fault } from './fault.ts';
import {
  basis,
  civilDate,
  closedRange,
  contactChannel,
  dataItems,
  dataTerm,
  id,
  itemsOf,
  keyed,
  orNull,
  period,
  purpose,
  role,
  words,
} from './leaves.ts';
import { parseYaml, type YamlFile } from './parse-yaml.ts';
import { partyTwice } from './parts.ts';

const schema = keyed({
  agreement: id,
  supplier: id,
  parties: z.array(keyed({ organisation: id, role, 'processor-terms': orNull(words) })),
  purposes: z.array(purpose),
  data: keyed(dataItems),
  'contact-channels': z.array(contactChannel),
  bases: z.array(basis),
  'special-category': z.union([z.literal('none'), z.array(dataTerm)], {
    error: 'none, or a list of personal data',
  }),
  rights: words,
  retention: z.union([keyed({ until: civilDate }), keyed({ for: period })], {
    error: '{ until: DATE } or { for: PERIOD }',
  }),
  'onward-supply': z.union([z.literal('none'), z.array(id)], { error: 'none, or a list of organisations' }),
  'in-force': closedRange,
  review: civilDate,
  'signed-off-by': words,
  'due-diligence': words,
  // The words that say sleepers are used (E7); left out, none are.
  sleepers: orNull(words),
});

export type ParsedAgreement = {
  readonly yaml: YamlFile;
  readonly agreement: Agreement | null;
  /** The words by which the parties agree to sleepers (E7); null: none are used. */
  readonly sleepers: string | null;
  readonly faults: readonly Fault[];
};

export function parseAgreement(file: string, text: string): ParsedAgreement {
  const { yaml, value, faults } = parseYaml(file, text, schema);
  if (value === null) return { yaml, agreement: null, sleepers: null, faults };
  const range = value['in-force'];
  const found = [...partyTwice(yaml, 'parties', value.parties)];
  if (range.until < range.from) {
    found.push(
      yaml.at(['in-force', 'until'], {
        code: 'dates-out-of-order',
        expected: `a day not before ${range.from}`,
        rule: 'B5',
      }),
    );
  }
  const agreement: Agreement = {
    id: value.agreement,
    supplier: value.supplier,
    parties: value.parties.map((p) => ({
      organisation: p.organisation,
      role: p.role,
      processorTerms: p['processor-terms'] !== null,
    })),
    purposes: value.purposes,
    data: itemsOf(value.data),
    contactChannels: value['contact-channels'],
    bases: value.bases,
    specialCategory: value['special-category'] === 'none' ? [] : value['special-category'],
    onwardSupply: value['onward-supply'] === 'none' ? [] : value['onward-supply'],
    retention:
      'until' in value.retention
        ? { kind: 'until', date: value.retention.until }
        : { kind: 'period', period: value.retention.for },
    inForce: range,
    review: value.review,
    digest: digestOf(yaml.raw),
  };
  return { yaml, agreement: found.length > 0 ? null : agreement, sleepers: value.sleepers, faults: found };
}
