/** A notice: Markdown with its terms in the front matter (A2). What other documents say is checked in `notice-check.ts`. */
import { z } from 'zod';
import type { Notice } from '../policy/model.ts';
import { digestOf } from './digest.ts';
import type { Fault } from './fault.ts';
import {
  basis,
  collectedBy,
  contactChannel,
  id,
  keyed,
  openRange,
  orNull,
  purpose,
  words,
} from './leaves.ts';
import { quoteFinder } from './notice-blocks.ts';
import { closestSentence, foldWords, headings, type Layer, visible } from './notice-text.ts';
import { check, readYaml, type YamlFile } from './parse-yaml.ts';
import { type Part, parts, twice } from './parts.ts';
import {
  dimensionKeys,
  quoteSchema,
  quoteWordFaults,
  type StatementDocument,
  statementFaults,
  statementSchema,
  toStatement,
} from './statement.ts';

const consentSchema = keyed({
  id,
  kind: z.enum(['opt-in', 'opt-out', 'soft']),
  bundled: z.boolean(),
  wording: quoteSchema,
  purposes: z.array(purpose),
  'contact-channels': z.array(contactChannel),
  controllers: z.array(id),
});
export type ConsentDocument = z.infer<typeof consentSchema>;

const headSchema = keyed({
  notice: id,
  version: id,
  organisation: id,
  'collected-by': z.array(collectedBy),
  'print-code': orNull(words),
  shown: openRange,
  'collected-on': orNull(basis),
  'mapped-by': words,
  language: words,
  layers: z.array(
    keyed({
      number: z.int({ error: 'the number of a layer' }).min(1, { error: 'the number of a layer, from 1' }),
      'starts-at': orNull(words),
    }),
  ),
  // Checked one by one, so that a fault in one does not hide those of another.
  consents: z.array(z.unknown()).default([]),
  statements: z.array(z.unknown()).default([]),
});

/** A notice file as read. `notice` is null where it has faults; the parts that could be read are there all the same. */
export type ParsedNotice = {
  readonly file: string;
  readonly yaml: YamlFile;
  readonly head: z.infer<typeof headSchema> | null;
  readonly consents: readonly Part<ConsentDocument>[];
  readonly statements: readonly Part<StatementDocument>[];
  readonly layers: readonly Layer[];
  /** The notice, with no term signed for yet. */
  readonly notice: Notice | null;
  readonly faults: readonly Fault[];
};

const frontMatter = /^---[ \t]*\r?\n([\s\S]*?)^---[ \t]*(?:\r?\n|$)/m;

/** Reads one notice file. Never throws for bad input. */
export function parseNotice(file: string, source: string): ParsedNotice {
  const text = source.replace(/^\uFEFF/, '');
  const match = text.startsWith('---') ? frontMatter.exec(text) : null;
  const yaml = readYaml(file, match?.[1] ?? '', 2);
  const nothing = { file, yaml, head: null, consents: [], statements: [], layers: [], notice: null };
  if (match?.index !== 0) {
    const expected = 'front matter: a line "---", the terms in YAML, and a line "---"';
    const fault: Fault = { ...yaml.at([], { code: 'front-matter-missing', expected, found: null }), line: 1 };
    return { ...nothing, faults: [fault] };
  }
  if (yaml.faults.some((f) => f.code !== 'duplicate-key')) return { ...nothing, faults: yaml.faults };
  const head = check(yaml, headSchema, yaml.raw, []);
  const raw = isRecord(yaml.raw) ? yaml.raw : {};
  const consents = parts(yaml, consentSchema, raw.consents, 'consents');
  const statements = parts(yaml, statementSchema, raw.statements, 'statements');
  const body = text.slice(match[0].length);
  const shown = visible(body);
  const cut = head.value ? cutLayers(yaml, head.value.layers, shown) : null;
  const read: Read = { yaml, shown, layers: cut?.layers ?? [], bodyLine: match[0].split('\n').length };
  const faults = [
    ...yaml.faults,
    ...head.faults,
    ...(cut?.faults ?? []),
    ...consents.faults,
    ...statements.faults,
    ...consents.found.flatMap((c) =>
      quoteWordFaults(yaml, [...c.path, 'wording', 'quote'], c.document.wording.quote),
    ),
    ...statements.found.flatMap((s) => statementFaults(yaml, s.path, s.document)),
    ...(cut && cut.faults.length === 0 ? quoteFaults(read, consents.found, statements.found) : []),
    ...referenceFaults(yaml, consents.found, statements.found),
    ...(head.value ? datesFaults(yaml, head.value.shown) : []),
  ];
  const notice =
    head.value && faults.length === 0
      ? toNotice(
          head.value,
          consents.found,
          statements.found,
          read.layers,
          digestOf({ ...raw, text: body.replace(/\r\n?/g, '\n') }),
        )
      : null;
  return {
    file,
    yaml,
    head: head.value,
    consents: consents.found,
    statements: statements.found,
    layers: read.layers,
    notice,
    faults,
  };
}

type Read = {
  readonly yaml: YamlFile;
  readonly shown: string;
  readonly layers: readonly Layer[];
  readonly bodyLine: number;
};

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function cutLayers(
  yaml: YamlFile,
  specs: readonly { readonly number: number; readonly 'starts-at': string | null }[],
  shown: string,
): { layers: readonly Layer[]; faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const all = headings(shown);
  if (specs.length === 0)
    faults.push(
      yaml.at(['layers'], {
        code: 'layers-invalid',
        expected: 'at least one layer: { number: 1, starts-at: null }',
        rule: 'A2',
      }),
    );
  const starts = specs.map((spec, index) => {
    const fail = (
      code: 'layers-invalid' | 'heading-not-found' | 'heading-not-unique',
      expected: string,
      key: string,
    ): null => {
      faults.push(yaml.at(['layers', index, key], { code, expected, rule: 'A2' }));
      return null;
    };
    if (spec.number !== index + 1)
      fail('layers-invalid', `layer ${index + 1}: layers are numbered in order from 1`, 'number');
    if (index === 0)
      return spec['starts-at'] === null
        ? 0
        : fail('layers-invalid', 'null: the first layer starts at the beginning of the text', 'starts-at');
    const wanted = foldWords(spec['starts-at'] ?? '');
    const same = all.filter((heading) => heading.words === wanted);
    if (spec['starts-at'] === null || same.length === 0) {
      return fail(
        'heading-not-found',
        `a heading of the text: ${all.map((h) => `"${h.words}"`).join(', ') || 'it has none'}`,
        'starts-at',
      );
    }
    return same.length > 1
      ? fail('heading-not-unique', 'a heading that stands in the text once', 'starts-at')
      : (same[0]?.offset ?? null);
  });
  const layers: Layer[] = [];
  for (const [index, spec] of specs.entries()) {
    const start = starts[index] ?? null;
    const next = index + 1 < specs.length ? (starts[index + 1] ?? null) : shown.length;
    if (start === null || next === null) continue;
    if (next < start)
      faults.push(
        yaml.at(['layers', index + 1], {
          code: 'layers-invalid',
          expected: 'layers in the order of the text',
          rule: 'A2',
        }),
      );
    layers.push({ number: spec.number, text: shown.slice(start, next), offset: start });
  }
  return { layers, faults };
}

function quoteFaults(
  read: Read,
  consents: readonly Part<ConsentDocument>[],
  statements: readonly Part<StatementDocument>[],
): readonly Fault[] {
  const placeOf = quoteFinder(read.layers);
  const quotes = [
    ...consents.map((c) => ({
      path: [...c.path, 'wording'],
      quote: c.document.wording.quote,
      layer: c.document.wording.layer,
    })),
    ...statements.flatMap((s) =>
      Object.values(dimensionKeys).flatMap((key) => {
        const told = s.document[key];
        return told && told.quote !== null && told.layer !== null
          ? [{ path: [...s.path, key], quote: told.quote, layer: told.layer }]
          : [];
      }),
    ),
  ];
  return quotes.flatMap(({ path, quote, layer }) => {
    const place = placeOf(quote, layer);
    switch (place.kind) {
      case 'stands':
        return [];
      case 'no-such-layer': {
        const expected = `a layer of this notice: ${read.layers.map(({ number }) => number).join(', ')}`;
        return [read.yaml.at([...path, 'layer'], { code: 'layers-invalid', expected, rule: 'A2' })];
      }
      case 'other-layer': {
        const expected = `words of layer ${layer}: these stand in layer ${place.layer}`;
        return [read.yaml.at([...path, 'layer'], { code: 'quote-in-other-layer', expected, rule: 'A2' })];
      }
      case 'nowhere':
        break;
    }
    const close = closestSentence(read.shown, read.layers, quote, read.bodyLine);
    const help = close
      ? `Closest, in layer ${close.layer}, line ${close.line}: "${close.text}"`
      : 'No sentence of the text is near it.';
    const detail = {
      code: 'quote-not-in-text',
      expected: `words that stand in layer ${layer} of the text, together in one paragraph, heading or list item`,
      suggestion: null,
      help,
      rule: 'A2',
    } as const;
    return [read.yaml.at([...path, 'quote'], detail)];
  });
}

function referenceFaults(
  yaml: YamlFile,
  consents: readonly Part<ConsentDocument>[],
  statements: readonly Part<StatementDocument>[],
): readonly Fault[] {
  const ids = new Set(consents.map((c) => c.document.id));
  const unknown = statements.flatMap((s) => {
    const consent = s.document.basis?.consent ?? null;
    if (consent === null || ids.has(consent)) return [];
    const expected = `a consent of this notice: ${[...ids].join(', ') || 'it asks none'}`;
    return [yaml.at([...s.path, 'basis', 'consent'], { code: 'unknown-consent', expected })];
  });
  return [...twice(yaml, consents, 'consent'), ...twice(yaml, statements, 'statement'), ...unknown];
}

function datesFaults(
  yaml: YamlFile,
  shown: { readonly from: string; readonly until: string | null },
): readonly Fault[] {
  if (shown.until === null || shown.from <= shown.until) return [];
  return [
    yaml.at(['shown', 'until'], { code: 'dates-out-of-order', expected: `a day not before ${shown.from}` }),
  ];
}

function toNotice(
  head: z.infer<typeof headSchema>,
  consents: readonly Part<ConsentDocument>[],
  statements: readonly Part<StatementDocument>[],
  layers: readonly Layer[],
  digest: string,
): Notice {
  return {
    id: `${head.notice}@${head.version}`,
    family: head.notice,
    version: head.version,
    organisation: head.organisation,
    collectedBy: head['collected-by'],
    printCode: head['print-code'],
    shown: head.shown,
    collectedOn: head['collected-on'],
    mappedBy: head['mapped-by'],
    layers: layers.map((layer) => ({ number: layer.number, text: layer.text })),
    consents: consents.map(({ document: c }) => ({
      id: c.id,
      kind: c.kind,
      bundled: c.bundled,
      wording: { text: c.wording.quote, layer: c.wording.layer },
      purposes: c.purposes,
      contactChannels: c['contact-channels'],
      controllers: c.controllers,
    })),
    statements: statements.map((s) => toStatement(s.document, [])),
    digest,
  };
}
