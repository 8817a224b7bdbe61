/**
 * A notice read leniently: whatever parses is linted, and what does not is left to the documents' own check.
 * Nothing read here decides anything; the gate only ever reads notices that `documents/` accepted.
 */
import { isMap, isScalar, isSeq, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { visible } from '../documents/notice-text.ts';
import type { Span } from './finding.ts';

export const dimensionKeys = [
  'purposes',
  'recipients',
  'data',
  'contact-channels',
  'basis',
  'retention',
] as const;
export type DimensionKey = (typeof dimensionKeys)[number];

/** `layer`: the layer it names; null where it names none that can be read. */
export type DraftQuote = { readonly text: string; readonly layer: number | null; readonly span: Span };
export type DraftDimension = {
  readonly span: Span;
  readonly quote: DraftQuote | null;
  readonly terms: readonly string[];
};
export type DraftStatement = {
  readonly id: string;
  readonly kind: string | null;
  readonly span: Span;
  readonly dimensions: ReadonlyMap<DimensionKey, DraftDimension>;
};
export type DraftConsent = {
  readonly id: string;
  readonly kind: string | null;
  readonly bundled: boolean | null;
  readonly wording: DraftQuote | null;
  readonly purposes: readonly string[];
  readonly contactChannels: readonly string[];
  readonly controllers: readonly string[];
  readonly span: Span;
};
export type NoticeDraft = {
  readonly file: string;
  /** The whole file; spans are offsets into it. */
  readonly text: string;
  /** The same with all of the body that people do not see blanked out, every character in its place. */
  readonly shown: string;
  readonly bodyStart: number;
  readonly organisation: string | null;
  /** The day the notice began to be shown, `YYYY-MM-DD`; null where the front matter does not say so. */
  readonly shownFrom: string | null;
  readonly collectedOn: string | null;
  readonly consents: readonly DraftConsent[];
  readonly statements: readonly DraftStatement[];
  /** What kept the front matter from being read, with its place. */
  readonly faults: readonly { readonly message: string; readonly span: Span }[];
};

const frontMatter = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)(?:^|\r?\n)---[ \t]*(?:\r?\n|$)/;

/** The draft of one notice file. Never throws: what cannot be read is absent, and named in `faults`. */
export function readDraft(file: string, text: string): NoticeDraft {
  const match = frontMatter.exec(text);
  const empty = {
    file,
    text,
    organisation: null,
    shownFrom: null,
    collectedOn: null,
    consents: [],
    statements: [],
  };
  if (!match) {
    const message = 'no front matter: a notice begins with a line "---", its terms in YAML, and a line "---"';
    return { ...empty, shown: visible(text), bodyStart: 0, faults: [{ message, span: firstLine(text) }] };
  }
  const bodyStart = match[0].length;
  const shown = text.slice(0, bodyStart) + visible(text.slice(bodyStart)).replaceAll('\u200B', ' ');
  const yaml = match[1] ?? '';
  const shift = text.indexOf('\n') + 1;
  const document = parseDocument(yaml, { prettyErrors: false, uniqueKeys: false });
  const faults = document.errors.map((error) => ({
    message: `the front matter cannot be read: ${error.message}`,
    span: { start: error.pos[0] + shift, end: error.pos[1] + shift },
  }));
  const root = document.contents;
  if (!isMap(root)) {
    const message = 'the front matter holds no keys: it says neither organisation nor statements';
    return { ...empty, shown, bodyStart, faults: [...faults, { message, span: firstLine(text) }] };
  }
  const read = reader(shift);
  return {
    ...empty,
    shown,
    bodyStart,
    organisation: read.text(root, 'organisation'),
    shownFrom: read.date(read.map(root, 'shown'), 'from'),
    collectedOn: read.text(root, 'collected-on'),
    consents: read.items(root, 'consents').map((node, at) => readConsent(read, node, at)),
    statements: read.items(root, 'statements').map((node, at) => readStatement(read, node, at)),
    faults,
  };
}

function readConsent(read: Reader, node: YAMLMap, at: number): DraftConsent {
  const bundled = node.get('bundled');
  return {
    id: read.text(node, 'id') ?? `number ${at + 1}`,
    kind: read.text(node, 'kind'),
    bundled: typeof bundled === 'boolean' ? bundled : null,
    wording: read.quote(read.map(node, 'wording')),
    purposes: read.strings(node, 'purposes'),
    contactChannels: read.strings(node, 'contact-channels'),
    controllers: read.strings(node, 'controllers'),
    span: read.head(node),
  };
}

function readStatement(read: Reader, node: YAMLMap, at: number): DraftStatement {
  const dimensions = new Map<DimensionKey, DraftDimension>();
  for (const key of dimensionKeys) {
    const value = read.map(node, key);
    if (value)
      dimensions.set(key, {
        span: read.key(node, key),
        quote: read.quote(value),
        terms: read.strings(value, 'terms'),
      });
  }
  return {
    id: read.text(node, 'id') ?? `number ${at + 1}`,
    kind: read.text(node, 'kind'),
    span: read.head(node),
    dimensions,
  };
}

type Reader = ReturnType<typeof reader>;
/** Typed look-ups in YAML nodes; `shift` is where the YAML starts in the file. */
function reader(shift: number) {
  const spanOf = (node: unknown): Span => {
    const range = (node as Node | null | undefined)?.range;
    return range ? { start: range[0] + shift, end: range[1] + shift } : { start: shift, end: shift };
  };
  const value = (map: YAMLMap | null, key: string): Node | null =>
    (map?.get(key, true) as Node | undefined) ?? null;
  const text = (map: YAMLMap | null, key: string): string | null => {
    const node = value(map, key);
    return isScalar(node) && (typeof node.value === 'string' || typeof node.value === 'number')
      ? String(node.value)
      : null;
  };
  const map = (of: YAMLMap | null, key: string): YAMLMap | null => {
    const node = value(of, key);
    return isMap(node) ? node : null;
  };
  return {
    text,
    map,
    date: (of: YAMLMap | null, key: string): string | null =>
      /^\d{4}-\d{2}-\d{2}$/.exec(text(of, key) ?? '')?.[0] ?? null,
    strings(of: YAMLMap, key: string): readonly string[] {
      const node = value(of, key);
      return isSeq(node) ? node.items.flatMap((item) => (isScalar(item) ? [String(item.value)] : [])) : [];
    },
    items(of: YAMLMap, key: string): readonly YAMLMap[] {
      const node = value(of, key);
      return isSeq(node) ? node.items.filter((item): item is YAMLMap => isMap(item)) : [];
    },
    quote(of: YAMLMap | null): DraftQuote | null {
      const words = text(of, 'quote');
      const layer = Number(text(of, 'layer') ?? Number.NaN);
      return words === null || words.trim() === ''
        ? null
        : {
            text: words,
            layer: Number.isInteger(layer) ? layer : null,
            span: spanOf(value(of, 'quote')),
          };
    },
    key(of: YAMLMap, key: string): Span {
      return spanOf(of.items.find((pair: Pair) => isScalar(pair.key) && pair.key.value === key)?.key);
    },
    /** The first key of a map, and its value: what names it. */
    head(of: YAMLMap): Span {
      const first = of.items[0];
      return first
        ? { start: spanOf(first.key).start, end: spanOf(first.value ?? first.key).end }
        : spanOf(of);
    },
  };
}

function firstLine(text: string): Span {
  const end = text.search(/\r?\n/);
  return { start: 0, end: end === -1 ? text.length : end };
}
