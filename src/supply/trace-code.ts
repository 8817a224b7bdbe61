/**
 * Trace codes (E9): what a row of a list carries to be printed on a letter. Twelve symbols of five unpredictable bits
 * and a check symbol, in an alphabet without I, L, O and U, so that a code can be read out and typed in.
 *
 * The check symbol is the weighted sum of the others in the field of 32 elements, each place with a weight of its own:
 * every wrong symbol, and every exchange of two symbols, gives another sum.
 */
import { createHash } from 'node:crypto';
import { deriveKey } from '../documents/key.ts';

export const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const symbols = 12;
const hexDigits = '0123456789abcdef';

/** What was typed, read as a code. `wrong-check` is told apart: it is a code with a slip in it. */
export type ParsedTraceCode =
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'malformed'; readonly why: 'length' | 'symbol' }
  | { readonly kind: 'wrong-check' };

/** The key of a release's trace codes, as 32 ASCII characters. */
export function traceKey(organisationKey: Buffer, release: string): string {
  return deriveKey(organisationKey, `astold/1/trace/${release}`);
}

/** The code of a row by its pseudonym: `XXXX-XXXX-XXXXX`. The twin of `traceCodeSql`. */
export function traceCode(key: string, pseudonym: string): string {
  const digest = createHash('sha256').update(key).update(pseudonym).digest();
  const values = [...digest.subarray(0, symbols)].map((byte) => byte & 31);
  return grouped([...values, checkValue(values)].map((value) => alphabet.charAt(value)).join(''));
}

/**
 * Forgives spaces, dashes, case, and the look-alikes O for 0, I and L for 1. Gives the code as it is printed, or why it
 * is none.
 */
export function parseTraceCode(typed: string): ParsedTraceCode {
  const bare = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\-\u2010-\u2015\u2212._]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  const values = [...bare].map((symbol) => alphabet.indexOf(symbol));
  if (values.length !== symbols + 1) return { kind: 'malformed', why: 'length' };
  if (values.some((value) => value < 0)) return { kind: 'malformed', why: 'symbol' };
  if (checkValue(values.slice(0, symbols)) !== values[symbols]) return { kind: 'wrong-check' };
  return { kind: 'code', code: grouped(bare) };
}

const grouped = (bare: string): string => `${bare.slice(0, 4)}-${bare.slice(4, 8)}-${bare.slice(8)}`;

/** Doubling in the field of 32 elements, by the polynomial x^5 + x^2 + 1. */
const doubled = (value: number): number => ((value << 1) & 31) ^ (value & 16 ? 5 : 0);

/** What a symbol at a place (0 to 11) adds to the check: the symbol times 2 to the power of place + 1. */
function weighted(value: number, place: number): number {
  let out = value;
  for (let i = 0; i <= place; i += 1) out = doubled(out);
  return out;
}

const checkValue = (values: readonly number[]): number =>
  values.reduce((sum, value, place) => sum ^ weighted(value, place), 0);

/** What `traceCodeSql` asks of an engine's dialect. */
export type TraceDialect = {
  literal(value: string): string;
  keyedHash(key: string, text: string): string;
};

/**
 * A SELECT of `pseudonym` and `code` for each row of `from`, a table expression with a column `pseudonym`: the twin of
 * `traceCode`. The portable subset has no exclusive or: what each bit of a symbol adds to the check is written as five
 * numbers of six bits in one number, these are added up, and a bit of the check is whether its sum is odd.
 */
export function traceCodesSql(dialect: TraceDialect, key: string, from: string): string {
  const text = (value: string): string => dialect.literal(value);
  const places = Array.from({ length: symbols }, (_, place) => place);
  const nibble = (at: number): string => `SUBSTRING(hash, ${at + 1}, 1)`;
  const set = (of: string, bit: number, then: number): string =>
    `CASE WHEN (${of} & ${bit}) <> 0 THEN ${then} ELSE 0 END`;
  // A symbol is the low five bits of a byte: the low bit of its first digit, and its second digit.
  const values = places.map(
    (place) =>
      `CASE WHEN ${nibble(2 * place)} IN ('1', '3', '5', '7', '9', 'b', 'd', 'f') THEN 15 ELSE -1 END
       + POSITION(${nibble(2 * place + 1)} IN ${text(hexDigits)}) AS v${place}`,
  );
  const symbolOf = (value: string): string => `SUBSTRING(${text(alphabet)}, ${value} + 1, 1)`;
  const data = places.map((place) => symbolOf(`v${place}`));
  const added = places.flatMap((place) =>
    symbolBits.map((bit) => set(`v${place}`, bit, spreadBits(weighted(bit, place)))),
  );
  const check = symbolBits.map((bit) => set('total', spreadBits(bit), bit));
  const shown = [...data.slice(0, 4), "'-'", ...data.slice(4, 8), "'-'", ...data.slice(8)].join(' || ');
  // One step a level, so that no step is worked out again for each use of what it gives.
  const hashed = `SELECT pseudonym, ${dialect.keyedHash(key, 'pseudonym')} AS hash FROM ${from} t0`;
  const valued = `SELECT pseudonym, ${values.join(', ')} FROM (${hashed}) t1`;
  const summed = `SELECT pseudonym, ${shown} AS data, ${added.join(' + ')} AS total FROM (${valued}) t2`;
  return `SELECT pseudonym, data || ${symbolOf(`(${check.join(' + ')})`)} AS code FROM (${summed}) t3`;
}

const symbolBits = [1, 2, 4, 8, 16];

/** Each of five bits as the lowest of six: sixty of these add up without one reaching into the next. */
function spreadBits(value: number): number {
  return symbolBits.reduce((sum, bit, i) => sum + ((value & bit) === 0 ? 0 : 64 ** i), 0);
}

/**
 * A test in SQL, cheap and true of every row with this code, and hardly of any other: the last four bits of each symbol.
 * What it lets through is held against `traceCode`.
 */
export function traceFilterSql(dialect: Pick<TraceDialect, 'literal'>, hash: string, code: string): string {
  const low = [...code.replaceAll('-', '').slice(0, symbols)].map((symbol) => alphabet.indexOf(symbol) & 15);
  return low
    .map(
      (value, place) =>
        `SUBSTRING(${hash}, ${2 * place + 2}, 1) = ${dialect.literal(hexDigits.charAt(value))}`,
    )
    .join(' AND ');
}
