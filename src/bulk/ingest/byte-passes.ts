/**
 * Passes over bytes, sixteen at a time: WebAssembly, written out here, since a loop in JavaScript takes ten times as
 * long over what is most of the time before the engine can begin.
 */
export type BytePasses = {
  /** To be filled by the caller; all places are in it. */
  readonly memory: Uint8Array;
  /** How often a byte stands in what lies between two places. Up to fifteen bytes behind `end` are looked at too. */
  count(from: number, end: number, byte: number): number;
  /**
   * Whether a space stands next to a control character, a quote or one of `, ; | ^`, the byte before `from` counted in:
   * where none does, no cell cut by one of those has a space at its ends. Looks behind `end` as `count` does: what
   * stands there must be none of them.
   */
  spaceAtEdge(from: number, end: number): boolean;
  /**
   * The same of a text that commas and lines cut, but not within quotes: `quoted`, whether the byte before `from` begins
   * within them. True as well where a quote stands elsewhere than at the ends of a cell or beside another: nobody knows
   * then what is within.
   */
  spaceAtCellEdge(from: number, end: number, quoted: boolean): boolean;
};

const [i32, v128] = [0x7f, 0x7b];
const get = (local: number): number[] => [0x20, local];
const set = (local: number): number[] => [0x21, local];
/** A constant; of those above 63 the sign has to be kept away from the figures. */
const number = (value: number): number[] => [0x41, ...signed(value)];
const signed = (value: number): number[] =>
  value >= -0x40 && value < 0x40 ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(value >> 7)];
const simd = (operation: number): number[] => [0xfd, operation];
const load = (offset: number): number[] => [0xfd, 0x00, 0, offset];
const each = (value: number): number[] => [0xfd, 0x0c, ...Array<number>(16).fill(value)];
const splat = simd(0x0f);
const equal = simd(0x23);
const below = simd(0x26);
const and = simd(0x4e);
const or = simd(0x50);
const any = simd(0x53);
const mask = simd(0x64);
const popcount = [0x69];
const add = [0x6a];
const less = [0x49];
const loop = [0x03, 0x40];
const when = [0x04, 0x40];
const otherwise = [0x05];
const isZero = [0x45];
const again = [0x0d, 0];
const subtract = [0x6b];
const bitAnd = [0x71];
const bitOr = [0x72];
const bitXor = [0x73];
const shiftLeft = [0x74];
const shiftRight = [0x76];
const select = [0x1b];
const bitNot = [...number(-1), ...bitXor];
const giveBack = [0x0f];
const end = [0x0b];
/** `from` sixteen on, and from the top again while it is below `end`. */
const next = [...get(0), ...number(16), ...add, ...set(0), ...get(0), ...get(1), ...less, ...again];

const is = (local: number, letter: string): number[] => [
  ...get(local),
  ...each(letter.charCodeAt(0)),
  ...equal,
];
/** Of a local: each byte that is a control character, a quote or a delimiter. */
const edge = (local: number): number[] => [
  ...[...get(local), ...each(0x20), ...below],
  ...['"', ',', ';', '|', '^'].flatMap((letter) => [...is(local, letter), ...or]),
];

/** (from, end, byte), a sum and the byte sixteen times. */
const count = [
  ...[...get(2), ...splat, ...set(4), ...loop],
  ...[...get(3), ...get(0), ...load(0), ...get(4), ...equal, ...mask, ...popcount, ...add, ...set(3)],
  ...[...next, ...end, ...get(3), ...end],
];
/** (the place before from, end), sixteen bytes and the sixteen that stand one further. */
const spaceAtEdge = [
  ...[...loop, ...get(0), ...load(0), ...set(2), ...get(0), ...load(1), ...set(3)],
  ...[...is(2, ' '), ...is(3, ' '), ...or, ...any, ...when],
  ...[...is(2, ' '), ...edge(3), ...and, ...is(3, ' '), ...edge(2), ...and, ...or, ...any, ...when],
  ...[...number(1), ...giveBack, ...end, ...end, ...next, ...end, ...number(0), ...end],
];

/** Locals that hold a letter sixteen times: written out anew, they would take as long as all the rest. */
const [allSpace, allQuote, allComma] = [5, 6, 7];
const same = (local: number, letter: number): number[] => [...get(local), ...get(letter), ...equal];
/** Of a local: each byte that is a control character or a comma. */
const cut = (local: number): number[] => [
  ...[...get(local), ...get(allSpace), ...below],
  ...[...same(local, allComma), ...or],
];
/** Each byte of a local that is the letter, as a bit. */
const bits = (local: number, letter: number): number[] => [...same(local, letter), ...mask];
/** Of two pairs of locals: where the first of one pair stands before the second of the other, either way round. */
const beside = (space: number, nextSpace: number, edge: number, nextEdge: number): number[] => [
  ...[...get(space), ...get(nextEdge), ...bitAnd],
  ...[...get(nextSpace), ...get(edge), ...bitAnd, ...bitOr],
];
/** Folds a local with itself, that many bits further. */
const folded = (local: number, by: number): number[] => [
  ...[...get(local), ...get(local), ...number(by), ...shiftLeft, ...bitXor, ...set(local)],
];

const [here, there] = [3, 4];
const [quote, nextQuote, space, nextSpace, edgeHere, nextEdge, within, left] = [8, 9, 10, 11, 12, 13, 14, 15];
/**
 * (the place before from, end, all bits where that begins within quotes): `within` are the bytes after which a quote is
 * open. A quote that closes has to stand before an edge or a quote, and one that opens behind one.
 */
const spaceAtCellEdge = [
  ...[...each(0x20), ...set(allSpace), ...each(0x22), ...set(allQuote), ...each(0x2c), ...set(allComma)],
  ...[...loop, ...get(0), ...load(0), ...set(here), ...get(0), ...load(1), ...set(there)],
  // Most of a text is without quotes: there only a space beside an edge is looked for, and only outside of them.
  ...[...same(here, allQuote), ...same(there, allQuote), ...or, ...any, ...when],
  ...[...bits(here, allQuote), ...set(quote), ...bits(there, allQuote), ...set(nextQuote)],
  ...[...bits(here, allSpace), ...set(space), ...bits(there, allSpace), ...set(nextSpace)],
  ...[...cut(here), ...mask, ...set(edgeHere), ...cut(there), ...mask, ...set(nextEdge)],
  ...[...get(quote), ...set(within), ...[1, 2, 4, 8].flatMap((by) => folded(within, by))],
  ...[...get(within), ...get(2), ...bitXor, ...set(within)],
  ...[...beside(space, nextSpace, edgeHere, nextEdge)],
  ...[...get(quote), ...get(nextEdge), ...get(nextQuote), ...bitOr, ...bitNot, ...bitAnd, ...bitOr],
  ...[...get(nextQuote), ...get(edgeHere), ...get(quote), ...bitOr, ...bitNot, ...bitAnd, ...bitOr],
  ...[...get(within), ...bitNot, ...bitAnd],
  ...[...beside(space, nextSpace, quote, nextQuote), ...bitOr],
  // What stands behind the end is no part of it.
  ...[...get(1), ...get(0), ...subtract, ...set(left)],
  ...[...number(1), ...get(left), ...shiftLeft, ...number(1), ...subtract, ...number(0xffff)],
  ...[...get(left), ...number(16), ...less, ...select, ...bitAnd],
  ...[...when, ...number(1), ...giveBack, ...end],
  ...[
    ...number(0),
    ...get(within),
    ...number(15),
    ...shiftRight,
    ...number(1),
    ...bitAnd,
    ...subtract,
    ...set(2),
  ],
  ...[...otherwise, ...get(2), ...isZero, ...when],
  ...[
    ...same(here, allSpace),
    ...cut(there),
    ...and,
    ...same(there, allSpace),
    ...cut(here),
    ...and,
    ...or,
    ...any,
    ...when,
  ],
  ...[...number(1), ...giveBack, ...end, ...end],
  ...[...end, ...next, ...end, ...number(0), ...end],
];

const length = (bytes: number): number[] =>
  bytes < 0x80 ? [bytes] : [(bytes & 0x7f) | 0x80, ...length(bytes >> 7)];
const section = (id: number, bytes: readonly number[]): number[] => [id, ...length(bytes.length), ...bytes];
const list = (items: readonly (readonly number[])[]): number[] => [...length(items.length), ...items.flat()];
const name = (text: string): number[] => [...length(text.length), ...Buffer.from(text)];
const body = (locals: readonly number[][], code: readonly number[]): number[] => {
  const whole = [...list(locals), ...code];
  return [...length(whole.length), ...whole];
};
const module = (pages: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(
      1,
      list([
        [0x60, 3, i32, i32, i32, 1, i32],
        [0x60, 2, i32, i32, 1, i32],
      ]),
    ),
    ...section(3, list([[0], [1], [0]])),
    ...section(5, list([[0, ...length(pages)]])),
    ...section(
      7,
      list([
        [...name('memory'), 2, 0],
        [...name('count'), 0, 0],
        [...name('edge'), 0, 1],
        [...name('cell'), 0, 2],
      ]),
    ),
    ...section(
      10,
      list([
        body(
          [
            [1, i32],
            [1, v128],
          ],
          count,
        ),
        body([[2, v128]], spaceAtEdge),
        body(
          [
            [5, v128],
            [8, i32],
          ],
          spaceAtCellEdge,
        ),
      ]),
    ),
  ]);

/** What of WebAssembly is used here; Node's types leave it out. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  Instance: new (
    module: object,
  ) => {
    readonly exports: {
      readonly memory: { readonly buffer: ArrayBuffer };
      readonly count: (from: number, end: number, byte: number) => number;
      readonly edge: (before: number, end: number) => number;
      readonly cell: (before: number, end: number, quoted: number) => number;
    };
  };
};

const pageBytes = 1 << 16;

/** With a memory of `room` bytes at least, and of the fifteen that are looked at behind them. */
export function bytePasses(room: number): BytePasses {
  const compiled = new WebAssembly.Module(module(Math.ceil((room + 15) / pageBytes)));
  const { memory, count: counted, edge: edged, cell: celled } = new WebAssembly.Instance(compiled).exports;
  return {
    memory: new Uint8Array(memory.buffer),
    count: counted,
    spaceAtEdge: (from, to) => edged(from - 1, to - 1) === 1,
    spaceAtCellEdge: (from, to, quoted) => celled(from - 1, to - 1, quoted ? -1 : 0) === 1,
  };
}
