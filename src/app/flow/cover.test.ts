import { expect, test } from 'vitest';
import { CoverError, coverOf, isSealed } from './cover.ts';

const cover = coverOf('a secret of thirty-two characters.');

test('what is sealed opens under its secret and in its place alone, and never looks the same', () => {
  const sealed = cover.seal('webhook club 1', 'whsec_é');
  expect(isSealed(sealed)).toBe(true);
  expect(sealed).not.toContain('whsec');
  expect(cover.seal('webhook club 1', 'whsec_é')).not.toBe(sealed);
  expect(cover.open('webhook club 1', sealed)).toBe('whsec_é');
  expect(() => cover.open('webhook club 2', sealed)).toThrow(CoverError);
  expect(() => coverOf('another secret of that length.....').open('webhook club 1', sealed)).toThrow(
    CoverError,
  );
});

test('what was altered, cut short or never sealed does not open', () => {
  const sealed = cover.seal('mail * 1', 'a link');
  for (let at = 'sealed-1.'.length; at < sealed.length - 1; at += 1) {
    const other = sealed[at] === 'A' ? 'B' : 'A';
    expect(() => cover.open('mail * 1', sealed.slice(0, at) + other + sealed.slice(at + 1))).toThrow(
      CoverError,
    );
  }
  for (const text of ['', 'whsec_x', 'sealed-1.', sealed.slice(0, -4)])
    expect(() => cover.open('mail * 1', text)).toThrow(CoverError);
});
