import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytePasses } from './byte-passes.ts';

const from = 16;
const passes = bytePasses(from + 100_000);

/** Puts a text to be looked at, behind a byte; what stands behind it is no part of it. */
function put(text: string, before = 'a'): [from: number, end: number] {
  const bytes = Buffer.from(text);
  passes.memory.fill(0x61);
  passes.memory[from - 1] = before.charCodeAt(0);
  passes.memory.set(bytes, from);
  return [from, from + bytes.length];
}

test('a byte is counted wherever it stands', () => {
  for (let length = 1; length <= 40; length++) {
    const text = Array.from({ length }, (_, i) => (i % 3 === 0 ? '\n' : 'é')).join('');
    expect(passes.count(...put(text, '\n'), 0x0a)).toBe(Math.ceil(length / 3));
  }
  expect(passes.count(...put('\n'.repeat(100_000)), 0x0a)).toBe(100_000);
});

test('a space at the edge of a cell is seen on either side, wherever it stands', () => {
  const edges = [',', ';', '|', '^', '"', '\t', '\r', '\n', '\x1f', '\x01'];
  for (const edge of edges) {
    for (let at = 0; at < 40; at++) {
      const [before, after] = ['x'.repeat(at), 'y'.repeat(40 - at)];
      expect([edge, at, passes.spaceAtEdge(...put(`${before} ${edge}${after}`))]).toEqual([edge, at, true]);
      expect([edge, at, passes.spaceAtEdge(...put(`${before}${edge} ${after}`))]).toEqual([edge, at, true]);
    }
    expect([edge, passes.spaceAtEdge(...put(' x', edge))]).toEqual([edge, true]);
    expect([edge, passes.spaceAtEdge(...put(`${edge}x`, ' '))]).toEqual([edge, true]);
  }
});

test('a space within a cell is none', () => {
  for (let at = 0; at < 40; at++) {
    const text = `${'x'.repeat(at)},a b,!c  d~\n${'é'.repeat(30)}-x y`;
    expect([at, passes.spaceAtEdge(...put(text))]).toEqual([at, false]);
  }
});

/** As the pass should, byte by byte: see `spaceAtCellEdge`. */
function spaceAtCellEdge(text: string, before: string, quoted: boolean): boolean {
  const cuts = (letter: string): boolean => letter === ',' || letter < ' ';
  const all = before + text;
  let within = quoted;
  for (let i = 0; i < all.length - 1; i++) {
    const [one = '', other = ''] = [all[i], all[i + 1]];
    if (one === '"') within = !within;
    if ((one === ' ' && other === '"') || (one === '"' && other === ' ')) return true;
    if (within) continue;
    if ((one === ' ' && cuts(other)) || (cuts(one) && other === ' ')) return true;
    if (one === '"' && !cuts(other) && other !== '"') return true;
    if (other === '"' && !cuts(one) && one !== '"') return true;
  }
  return false;
}

test('a space at the edge of a cell is told from one within quotes, wherever they stand', () => {
  const letters = fc.constantFrom('"', '"', ',', ',', ' ', '\n', '\r', ';', 'a', 'b', 'c', 'd', '!');
  const cells = fc.constantFrom(
    'a',
    '',
    'b c',
    '"b, c"',
    '"b\n c"',
    '"b""c"',
    '""',
    'd;e',
    '"f ; g"',
    '"h ,i"',
    ' j',
  );
  const file = fc
    .array(fc.tuple(cells, fc.constantFrom(',', '\n', '\r\n')), { maxLength: 40 })
    .map((all) => all.flat().join(''));
  const noise = fc.array(letters, { maxLength: 70 }).map((all) => all.join(''));
  fc.assert(
    fc.property(
      fc.oneof(file, noise),
      fc.constantFrom('a', ',', '"', ' ', '\n'),
      fc.boolean(),
      (text, before, quoted) => {
        fc.pre(text.length > 0);
        expect(passes.spaceAtCellEdge(...put(text, before), quoted)).toBe(
          spaceAtCellEdge(text, before, quoted),
        );
      },
    ),
    { numRuns: 5000 },
  );
});

test('long cells in quotes are followed from one block to the next', () => {
  for (let length = 0; length < 70; length++) {
    const cell = `"${'x, '.repeat(length)}y"`;
    expect([length, passes.spaceAtCellEdge(...put(`${cell},z\n${cell}`, '\n'), false)]).toEqual([
      length,
      false,
    ]);
    expect([length, passes.spaceAtCellEdge(...put(`${cell}, z`, '\n'), false)]).toEqual([length, true]);
  }
});
