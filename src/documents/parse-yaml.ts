/**
 * YAML read with positions, and checked against a schema: every fault of the file in one go, each with its line
 * and column. Nothing here throws for bad input.
 */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml';
import type { ZodType } from 'zod';
import type { Fault, FaultCode } from './fault.ts';
import { detailsOf } from './issues.ts';

export type Path = readonly PropertyKey[];
export type Detail = {
  readonly code: FaultCode;
  readonly expected: string;
  readonly suggestion?: string | null;
  readonly help?: string | null;
  readonly rule?: string | null;
  /** What stands there, where it is not the text at the place itself. */
  readonly found?: string | null;
};
/** A part of a value: characters from its start, for faults inside a text. */
export type Within = { readonly offset: number; readonly length: number };

/** A YAML text and what it holds; `raw` is plain data, and what a document's digest is over. */
export type YamlFile = {
  readonly file: string;
  readonly raw: unknown;
  readonly faults: readonly Fault[];
  /** A fault at a value, or at the nearest thing above it that is there. */
  at(path: Path, detail: Detail, within?: Within): Fault;
  /** A fault at the key itself. */
  atKey(path: Path, key: string, detail: Detail): Fault;
};

/** Reads YAML. `firstLine` is the line of the file on which `text` begins, one-based. */
export function readYaml(file: string, text: string, firstLine: number): YamlFile {
  const counter = new LineCounter();
  const parsed = parse(text, counter);
  const place = (start: number, end: number, detail: Detail): Fault => {
    const { line, col } = counter.linePos(start);
    const written = text.slice(start, Math.max(start, end));
    const firstWritten = written.split(/\r\n|\r|\n/, 1)[0]?.trimEnd() ?? '';
    return {
      code: detail.code,
      file,
      line: Math.max(1, line) + firstLine - 1,
      column: Math.max(1, col),
      length: Math.max(1, firstWritten.length),
      found: detail.found === undefined ? firstWritten || null : detail.found,
      expected: detail.expected,
      suggestion: detail.suggestion ?? null,
      help: detail.help ?? null,
      rule: detail.rule ?? null,
    };
  };
  if (!parsed.ok) {
    const fault = place(0, 0, {
      code: 'yaml-syntax',
      expected: `YAML that can be read (${parsed.why})`,
      found: null,
    });
    return {
      file,
      raw: null,
      faults: [fault],
      at: (_, detail) => place(0, 0, detail),
      atKey: (_, __, detail) => place(0, 0, detail),
    };
  }
  const { document } = parsed;
  const faults = syntaxFaults(document, place);
  const raw = faults.some((f) => f.code !== 'duplicate-key') ? null : plain(document);
  if (document.contents === null && faults.length === 0) {
    faults.push(place(0, 0, { code: 'document-empty', expected: 'a document', found: 'nothing' }));
  }
  return {
    file,
    raw,
    faults,
    at(path, detail, within) {
      const span = spanAt(document, path);
      if (!within) return place(span.start, span.end, detail);
      const opening = text[span.start] === '"' || text[span.start] === "'" ? 1 : 0;
      const start = Math.min(span.start + opening + within.offset, Math.max(span.start, span.end - opening));
      return place(start, Math.min(start + within.length, span.end), detail);
    },
    atKey(path, key, detail) {
      const node = nodeAt(document, path).node;
      const pair = isMap(node)
        ? node.items.find((item) => isScalar(item.key) && String(item.key.value) === key)
        : undefined;
      const range = isScalar(pair?.key) ? pair.key.range : null;
      const span = range ? { start: range[0], end: range[1] } : spanAt(document, path);
      return place(span.start, span.end, detail);
    },
  };
}

/** The value checked against a schema, or null with the faults; `below` is where in the file the value stands. */
export function check<T>(
  yaml: YamlFile,
  schema: ZodType<T>,
  value: unknown,
  below: Path,
):
  | { readonly value: T; readonly faults: readonly Fault[] }
  | { readonly value: null; readonly faults: readonly Fault[] } {
  // A document is checked once: compiling its schema would take longer than doing without.
  const result = schema.safeParse(value, { reportInput: true, jitless: true });
  if (result.success) return { value: result.data, faults: [] };
  const faults = result.error.issues
    .flatMap(detailsOf)
    .slice(0, mostFaults)
    .map(({ path, key, detail }) =>
      key === null ? yaml.at([...below, ...path], detail) : yaml.atKey([...below, ...path], key, detail),
    );
  return { value: null, faults };
}

/** A whole file read and checked. */
export function parseYaml<T>(
  file: string,
  text: string,
  schema: ZodType<T>,
): { yaml: YamlFile; value: T | null; faults: readonly Fault[] } {
  const yaml = readYaml(file, text, 1);
  if (yaml.faults.some((f) => f.code !== 'duplicate-key')) return { yaml, value: null, faults: yaml.faults };
  const checked = check(yaml, schema, yaml.raw, []);
  const faults = [...yaml.faults, ...checked.faults];
  return { yaml, value: faults.length > 0 ? null : checked.value, faults };
}

type Read =
  | { readonly ok: true; readonly document: Document.Parsed }
  | { readonly ok: false; readonly why: string };
function parse(text: string, lineCounter: LineCounter): Read {
  try {
    const why = tooMuch(text);
    if (why !== null) return { ok: false, why };
    return {
      ok: true,
      // Its own look for keys that come twice takes the square of their number.
      document: parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: false, version: '1.2' }),
    };
  } catch (error) {
    // The parser recurses: input nested some thousands deep ends here.
    return { ok: false, why: error instanceof RangeError ? 'nested too deep' : String(error) };
  }
}

/** A document is written by people. Beyond this it is none, and looking for its faults would take minutes. */
const mostTokens = 100_000;
const deepest = 50;
/** What is wrong after these is not said. */
const mostFaults = 100;

/** Why a text is larger, or nested deeper, than any document; found without building it. Null where it is not. */
function tooMuch(text: string): string | null {
  // A token is a character at the least, with two marks around it at the most; nothing nests without brackets.
  if (text.length < mostTokens / 4 && (text.match(/[[{]/g)?.length ?? 0) <= deepest) return null;
  let [tokens, depth] = [0, 0];
  for (const token of new Lexer().lex(text)) {
    tokens += 1;
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    if (tokens > mostTokens) return 'larger than a document is';
    if (depth > deepest) return 'nested too deep';
  }
  return null;
}

function syntaxFaults(
  document: Document.Parsed,
  place: (start: number, end: number, detail: Detail) => Fault,
): Fault[] {
  // After the first few, what is wrong with the YAML follows from what was wrong before.
  const broken = [...document.errors, ...document.warnings].slice(0, 3).map((problem) =>
    place(problem.pos[0], problem.pos[1], {
      code: 'yaml-syntax',
      expected: `YAML that can be read (${problem.message})`,
      found: null,
    }),
  );
  const faults = [...repeatedKeys(document, place).slice(0, mostFaults), ...broken];
  visit(document, {
    Node(_, node) {
      if (!isAlias(node) && (isScalar(node) || isMap(node) || isSeq(node)) && !node.anchor) return undefined;
      const [start, end] = node.range ?? [0, 0];
      faults.push(
        place(start, end, { code: 'alias-refused', expected: 'everything written out, without & and *' }),
      );
      return visit.SKIP;
    },
  });
  return faults;
}

/** As an object has them: `1` and `"1"` are one key. */
function repeatedKeys(
  document: Document.Parsed,
  place: (start: number, end: number, detail: Detail) => Fault,
): Fault[] {
  const faults: Fault[] = [];
  visit(document, {
    Map(_, map) {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        const name = String(key.value);
        if (seen.has(name)) {
          const [start, end] = key.range ?? [0, 0];
          faults.push(place(start, end, { code: 'duplicate-key', expected: 'each key once' }));
        }
        seen.add(name);
      }
    },
  });
  return faults;
}

function plain(document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    return null;
  }
}

function nodeAt(
  document: Document.Parsed,
  path: Path,
): { node: Node | null; span: { start: number; end: number } | null } {
  let node: Node | null = document.contents;
  let span: { start: number; end: number } | null = null;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (!pair) return { node, span };
      const key = isScalar(pair.key) ? pair.key.range : null;
      if (key) span = { start: key[0], end: key[1] };
      const value: unknown = pair.value;
      if (!isMap(value) && !isSeq(value) && !isScalar(value)) return { node: null, span };
      node = value;
    } else if (isSeq(node)) {
      const item: unknown = node.items[Number(step)];
      if (!isMap(item) && !isSeq(item) && !isScalar(item)) return { node, span };
      node = item;
      span = null;
    } else {
      return { node, span };
    }
  }
  return { node, span };
}

/** Scalars and inline collections are shown whole; a block is shown by the key that holds it, or by its first key. */
function spanAt(document: Document.Parsed, path: Path): { start: number; end: number } {
  const { node, span } = nodeAt(document, path);
  const empty =
    isScalar(node) && node.range !== undefined && node.range !== null && node.range[0] === node.range[1];
  const range = node?.range;
  if (range && !empty && (isScalar(node) || ((isMap(node) || isSeq(node)) && node.flow)))
    return { start: range[0], end: range[1] };
  if (span) return span;
  const first = isMap(node) ? node.items[0]?.key : null;
  if (isScalar(first) && first.range) return { start: first.range[0], end: first.range[1] };
  return range ? { start: range[0], end: range[0] } : { start: 0, end: 0 };
}
