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
