import { expect, test } from 'vitest';
import { heldApart, linesWithName, withName, withNames } from './with-name.ts';

const hostile = '\u202E<b>Ada</b>';
const apart = '<bdi>\u202E&lt;b&gt;Ada&lt;/b&gt;</bdi>';

test('a name is held apart from the words around it, wherever it stands in them', async () => {
  expect(String(await withName((name) => `${name} & co: to ${name}.`, hostile))).toBe(
    `${apart} &amp; co: to ${apart}.`,
  );
  expect(String(await withName(() => 'No name.', hostile))).toBe('No name.');
  expect(String(await heldApart(hostile))).toBe(apart);
});

test('of names that are listed each is held apart by itself, in whatever order the words have them', async () => {
  const say = (names: readonly string[]): string => `From ${names.toReversed().join(' and ')}.`;
  expect(String(await withNames(say, ['Bo', hostile]))).toBe(`From ${apart} and <bdi>Bo</bdi>.`);
  expect(String(await withNames(say, []))).toBe('From .');
});

test('a name in lines is held apart in each of them', async () => {
  const lines = linesWithName((name) => [`${name} knows.`, 'Nobody else.'], hostile);
  expect((await Promise.all(lines)).map(String)).toEqual([`${apart} knows.`, 'Nobody else.']);
});
