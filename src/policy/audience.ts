/**
 * The audience: a small expression over a source's fields (issue: "parsed, typed and checked against the source").
 *
 *   expression := term { "or" term }          term := factor { "and" factor }
 *   factor     := "not" factor | "(" expression ")" | test
 *   test       := FIELD op VALUE | FIELD "in" (SET | "[" VALUE { "," VALUE } "]")
 *              |  "age" [ "on" DATE ] op N | ("any" | "youngest") "child" "age" [ "on" DATE ] op N
 */
import { isDate } from './dates.ts';
import type { CivilDate, Comparison, Expression, FieldType, Value } from './model.ts';

export type AudienceScope = {
  /** The source's fields by name, `area` among them where the source has areas. */
  readonly fields: ReadonlyMap<string, FieldType>;
  readonly sets: ReadonlySet<string>;
  /** Whether the source maps the person's birth date, and children. */
  readonly age: boolean;
  readonly children: boolean;
};
export type AudienceFault = { readonly offset: number; readonly length: number; readonly message: string };
export type ParsedAudience =
  | { readonly ok: true; readonly test: Expression }
  | { readonly ok: false; readonly faults: readonly AudienceFault[] };

type Token = {
  readonly kind: 'word' | 'number' | 'date' | 'text' | 'symbol' | 'end';
  readonly text: string;
  readonly at: number;
};

const lexical =
  /\s*(?:(\d{4}-\d{2}-\d{2})|(-?\d+)|"((?:[^"\\]|\\.)*)"|([A-Za-z_][A-Za-z0-9_-]*)|(<=|>=|!=|[=<>()[\],]))/y;
const comparisons: ReadonlySet<string> = new Set(['=', '!=', '<', '<=', '>', '>=']);
/** Deep enough for any real audience; deeper input is refused rather than run out of stack. */
const deepest = 100;

class Fault extends Error {
  readonly at: Token;
  constructor(at: Token, message: string) {
    super(message);
    this.at = at;
  }
}

function tokens(text: string): Token[] {
  const found: Token[] = [];
  let position = 0;
  while (position < text.length && text.slice(position).trim() !== '') {
    lexical.lastIndex = position;
    const match = lexical.exec(text);
    if (!match) {
      const at = position + (text.slice(position).length - text.slice(position).trimStart().length);
      throw new Fault(
        { kind: 'symbol', text: text[at] ?? '', at },
        `"${text[at]}" has no place in an audience`,
      );
    }
    const [whole, date, number, quoted, word, symbol] = match;
    const value = date ?? number ?? quoted ?? word ?? symbol ?? '';
    const kind =
      date !== undefined
        ? 'date'
        : number !== undefined
          ? 'number'
          : quoted !== undefined
            ? 'text'
            : word !== undefined
              ? 'word'
              : 'symbol';
    found.push({
      kind,
      text: kind === 'text' ? value.replace(/\\(.)/g, '$1') : value,
      at: position + whole.length - whole.trimStart().length,
    });
    position = lexical.lastIndex;
  }
  return found;
}

/** Parses and types an audience. Never throws; every fault has its place in the text. */
export function parseAudience(text: string, scope: AudienceScope): ParsedAudience {
  try {
    const parser = new Parser(tokens(text), text.length, scope);
    return { ok: true, test: parser.whole() };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return {
      ok: false,
      faults: [{ offset: error.at.at, length: Math.max(1, error.at.text.length), message: error.message }],
    };
  }
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #end: Token;
  readonly #scope: AudienceScope;
  #next = 0;
  #depth = 0;

  constructor(found: readonly Token[], length: number, scope: AudienceScope) {
    this.#tokens = found;
    this.#end = { kind: 'end', text: '', at: length };
    this.#scope = scope;
  }

  whole(): Expression {
    if (this.#peek().kind === 'end')
      throw new Fault(this.#end, 'an audience must say whom it is for; for all, write: audience: everyone');
    const test = this.#or();
    if (this.#peek().kind !== 'end')
      throw new Fault(this.#peek(), `expected "and", "or" or the end, found "${this.#peek().text}"`);
    return test;
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? this.#end;
  }
  #take(): Token {
    const token = this.#peek();
    this.#next += 1;
    return token;
  }
  #is(text: string): boolean {
    const token = this.#peek();
    return token.text === text && (token.kind === 'word' || token.kind === 'symbol');
  }
  #accept(text: string): boolean {
    if (!this.#is(text)) return false;
    this.#next += 1;
    return true;
  }
  #expect(text: string): void {
    if (!this.#accept(text))
      throw new Fault(this.#peek(), `expected "${text}", found "${this.#peek().text || 'the end'}"`);
  }

  #or(): Expression {
    let left = this.#and();
    while (this.#accept('or')) left = { kind: 'or', left, right: this.#and() };
    return left;
  }
  #and(): Expression {
    let left = this.#factor();
    while (this.#accept('and')) left = { kind: 'and', left, right: this.#factor() };
    return left;
  }
  #factor(): Expression {
    this.#depth += 1;
    if (this.#depth > deepest) throw new Fault(this.#peek(), `nested more than ${deepest} deep`);
    const found = this.#nested();
    this.#depth -= 1;
    return found;
  }
  #nested(): Expression {
    if (this.#accept('not')) return { kind: 'not', of: this.#factor() };
    if (!this.#accept('(')) return this.#test();
    const inner = this.#or();
    this.#expect(')');
    return inner;
  }

  #test(): Expression {
    const token = this.#take();
    if (token.kind !== 'word')
      throw new Fault(
        token,
        `expected a field, "age" or "any child age", found "${token.text || 'the end'}"`,
      );
    if ((token.text === 'any' || token.text === 'youngest') && this.#is('child')) {
      if (!this.#scope.children) throw new Fault(token, 'the source maps no children');
      this.#expect('child');
      this.#expect('age');
      return { kind: 'child-age', which: token.text, ...this.#ageTest() };
    }
    if (token.text === 'age' && !this.#scope.fields.has('age')) {
      if (!this.#scope.age) throw new Fault(token, 'the source maps no birth date of the person');
      return { kind: 'age', ...this.#ageTest() };
    }
    const type = this.#scope.fields.get(token.text);
    if (type === undefined) {
      throw new Fault(
        token,
        `"${token.text}" is not a field of the source; its fields are ${[...this.#scope.fields.keys()].join(', ')}`,
      );
    }
    return this.#accept('in') ? this.#membership(token, type) : this.#comparison(token.text, type);
  }

  #ageTest(): { op: Comparison; years: number; on: CivilDate | null } {
    const on = this.#accept('on') ? this.#date() : null;
    const op = this.#operator();
    const years = this.#take();
    if (years.kind !== 'number' || Number(years.text) < 0 || Number(years.text) > 150) {
      throw new Fault(years, `expected an age in whole years, found "${years.text || 'the end'}"`);
    }
    return { op, years: Number(years.text), on };
  }
  #date(): CivilDate {
    const token = this.#take();
    if (token.kind !== 'date' || !isDate(token.text))
      throw new Fault(token, `expected a date such as 2017-06-08, found "${token.text || 'the end'}"`);
    return token.text;
  }
  #operator(): Comparison {
    const token = this.#take();
    if (!comparisons.has(token.text) || token.kind !== 'symbol')
      throw new Fault(token, `expected = != < <= > or >=, found "${token.text || 'the end'}"`);
    return token.text as Comparison;
  }

  #membership(field: Token, type: FieldType): Expression {
    if (type !== 'text') throw new Fault(field, `"in" needs a text field, and ${field.text} is ${type}`);
    if (this.#accept('[')) {
      const values: string[] = [];
      do {
        const value = this.#take();
        if (value.kind !== 'text' && value.kind !== 'word' && value.kind !== 'number')
          throw new Fault(value, 'expected a value');
        values.push(value.text);
      } while (this.#accept(','));
      this.#expect(']');
      return { kind: 'in', field: field.text, values };
    }
    const set = this.#take();
    if (set.kind !== 'word' || !this.#scope.sets.has(set.text)) {
      throw new Fault(
        set,
        `"${set.text || 'the end'}" is not a set of this request; its sets are ${[...this.#scope.sets].join(', ') || 'none'}`,
      );
    }
    return { kind: 'in', field: field.text, values: { set: set.text } };
  }

  #comparison(field: string, type: FieldType): Expression {
    const sign = this.#peek();
    const op = this.#operator();
    if ((type === 'text' || type === 'boolean') && op !== '=' && op !== '!=') {
      throw new Fault(sign, `${field} is ${type}: only = and != compare it`);
    }
    const token = this.#take();
    const value = literal(token, type);
    if (value === null)
      throw new Fault(token, `${field} is ${type}, and "${token.text || 'the end'}" is not`);
    return { kind: 'compare', field, op, value };
  }
}

function literal(token: Token, type: FieldType): Value | null {
  switch (type) {
    case 'text':
      return token.kind === 'text' ? token.text : null;
    case 'integer':
      return token.kind === 'number' && Number.isSafeInteger(Number(token.text)) ? Number(token.text) : null;
    case 'boolean':
      return token.kind === 'word' && (token.text === 'true' || token.text === 'false')
        ? token.text === 'true'
        : null;
    case 'date':
      return token.kind === 'date' && isDate(token.text) ? token.text : null;
  }
}
