/** Statements: what people were told, promised never, or promised no more than (A2, A3). */
import { z } from 'zod';
import type { Dimension, Quote, Retention, RetentionAnchor, Statement } from '../policy/model.ts';
import type { Fault } from './fault.ts';
import {
  basis,
  category,
  civilDate,
  contactChannel,
  dataItems,
  id,
  itemsOf,
  keyed,
  listOrNone,
  orNull,
  period,
  purpose,
  words,
} from './leaves.ts';
import { isWords } from './notice-text.ts';
import type { Path, YamlFile } from './parse-yaml.ts';

const years = z
  .int({ error: 'an age in whole years' })
  .min(0, { error: 'an age in whole years' })
  .max(120, { error: 'an age in whole years, at most 120' });
const layer = z.int({ error: 'the number of a layer' }).min(1, { error: 'the number of a layer, from 1' });
const quoted = { quote: orNull(words), layer: orNull(layer) };
export const quoteSchema = keyed({ quote: words, layer });

const anchor = z.union(
  [
    z.enum(['collection', 'last-act', 'end-of-membership']),
    keyed({ 'child-birthday': years }),
    keyed({ 'youngest-child-birthday': years }),
  ],
  {
    error: 'collection, last-act, end-of-membership, { child-birthday: n } or { youngest-child-birthday: n }',
  },
);

const dimensions = [
  'purpose',
  'recipient',
  'data',
  'contact-channel',
  'basis',
  'retention',
] as const satisfies readonly Dimension[];
/** The key under which a statement gives each dimension. */
export const dimensionKeys = {
  purpose: 'purposes',
  recipient: 'recipients',
  data: 'data',
  'contact-channel': 'contact-channels',
  basis: 'basis',
  retention: 'retention',
} as const satisfies Record<Dimension, string>;

export const statementSchema = keyed({
  id,
  kind: z.enum(['tells', 'never', 'only']),
  purposes: orNull(keyed({ terms: z.array(purpose), narrower: z.boolean().default(false), ...quoted })),
  recipients: orNull(keyed({ organisations: listOrNone(id), categories: listOrNone(category), ...quoted })),
  data: orNull(keyed({ ...dataItems, ...quoted })),
  'contact-channels': orNull(keyed({ terms: z.array(contactChannel), ...quoted })),
  basis: orNull(keyed({ terms: z.array(basis), consent: orNull(id), ...quoted })),
  retention: orNull(
    keyed({ for: orNull(period), from: orNull(anchor), until: orNull(civilDate), ...quoted }),
  ),
  limits: orNull(z.array(z.enum(dimensions))),
});
export type StatementDocument = z.infer<typeof statementSchema>;

/** What a statement's shape alone does not say; `path` is its place in the file. */
export function statementFaults(yaml: YamlFile, path: Path, statement: StatementDocument): readonly Fault[] {
  const faults: Fault[] = [];
  const promise = statement.kind !== 'tells';
  for (const dimension of dimensions) {
    const key = dimensionKeys[dimension];
    const told = statement[key];
    if (!told) continue;
    const missing = (what: string, rule: string | null): void => {
      faults.push(
        yaml.at([...path, key], { code: 'missing-key', expected: `the key ${what}`, found: null, rule }),
      );
    };
    if (told.quote !== null) faults.push(...quoteWordFaults(yaml, [...path, key, 'quote'], told.quote));
    if (told.quote !== null && told.layer === null)
      missing('layer: the number of the layer the quote stands in', 'A2');
    // A promise read from a part without words could bind less than people were promised.
    if (promise && told.quote === null)
      missing(`quote: a "${statement.kind}" quotes every part of its promise`, 'A3');
    if (promise && namesNothing(told)) {
      faults.push(
        yaml.at([...path, key], {
          code: 'out-of-range',
          expected: `at least one term: a "${statement.kind}" without one promises nothing`,
          rule: 'A3',
        }),
      );
    }
  }
  const { retention } = statement;
  if (retention && (retention.until === null) !== (retention.for !== null && retention.from !== null)) {
    faults.push(
      yaml.at([...path, 'retention'], {
        code: 'wrong-shape',
        expected: 'either for and from, or until',
        rule: 'C7',
      }),
    );
  } else if (retention && retention.until !== null && (retention.for !== null || retention.from !== null)) {
    faults.push(
      yaml.at([...path, 'retention'], {
        code: 'wrong-shape',
        expected: 'either for and from, or until, not both',
        rule: 'C7',
      }),
    );
  }
  return [...faults, ...limitFaults(yaml, path, statement)];
}

/** A single word stands in nearly any text, and says nothing of what it is quoted for. */
export function quoteWordFaults(yaml: YamlFile, path: Path, quote: string): readonly Fault[] {
  if (isWords(quote)) return [];
  const detail = { code: 'quote-too-short', expected: 'a quote of at least two words', rule: 'A2' } as const;
  return [yaml.at(path, detail)];
}

function limitFaults(yaml: YamlFile, path: Path, statement: StatementDocument): readonly Fault[] {
  const { limits, kind } = statement;
  const named = dimensions.filter((d) => statement[dimensionKeys[d]] !== null);
  if (kind === 'only' && named.length === 0) {
    return [
      yaml.at([...path, 'id'], {
        code: 'wrong-shape',
        expected: 'an "only" that names at least one dimension',
        rule: 'A3',
      }),
    ];
  }
  if (limits === null) return [];
  const fault = (expected: string): Fault =>
    yaml.at([...path, 'limits'], { code: 'wrong-shape', expected, rule: 'A3' });
  if (kind !== 'only') return [fault('no limits: only an "only" statement has them')];
  if (limits.length === 0)
    return [fault('at least one dimension, or null for every one the statement names')];
  const absent = limits.filter((d) => !named.includes(d));
  return absent.length > 0 ? [fault(`dimensions the statement names; it names no ${absent.join(', ')}`)] : [];
}

function namesNothing(told: Readonly<Record<string, unknown>>): boolean {
  const lists = ['terms', 'organisations', 'categories', 'person', 'child'].flatMap((key) =>
    Array.isArray(told[key]) ? [told[key]] : [],
  );
  return lists.length > 0 && lists.every((list) => list.length === 0);
}

/** The statement as the gate reads it: a dimension without a quote was not told (A2). */
export function toStatement(document: StatementDocument, signedTerms: readonly string[]): Statement {
  const { purposes, recipients, data, basis: told, retention, limits } = document;
  const channels = document['contact-channels'];
  return {
    id: document.id,
    kind: document.kind,
    purposes: whenQuoted(purposes, (p, quote) => ({ terms: p.terms, narrower: p.narrower, quote })),
    recipients: whenQuoted(recipients, (r, quote) => ({
      organisations: r.organisations,
      categories: r.categories,
      quote,
    })),
    data: whenQuoted(data, (d, quote) => ({ items: itemsOf(d), quote })),
    contactChannels: whenQuoted(channels, (c, quote) => ({ terms: c.terms, quote })),
    basis: whenQuoted(told, (b, quote) => ({ terms: b.terms, consent: b.consent, quote })),
    retention: whenQuoted(retention, (r, quote) => {
      const found = toRetention(r);
      return found && { told: found, quote };
    }),
    limits,
    signedTerms,
  };
}

function whenQuoted<D extends { readonly quote: string | null; readonly layer: number | null }, T>(
  told: D | null,
  make: (told: D, quote: Quote) => T | null,
): T | null {
  return told === null || told.quote === null || told.layer === null
    ? null
    : make(told, { text: told.quote, layer: told.layer });
}

function toRetention(told: NonNullable<StatementDocument['retention']>): Retention | null {
  if (told.until !== null) return { kind: 'until', date: told.until };
  return told.for === null || told.from === null
    ? null
    : { kind: 'period', period: told.for, from: toAnchor(told.from) };
}

function toAnchor(from: z.infer<typeof anchor>): RetentionAnchor {
  if (typeof from === 'string') return { kind: from };
  if ('child-birthday' in from) return { kind: 'child-birthday', years: from['child-birthday'] };
  return { kind: 'youngest-child-birthday', years: from['youngest-child-birthday'] };
}
