import { expect, test } from 'vitest';
import { heldApart, withName } from './with-name.ts';

const hostile = '\u202E<b>Ada</b>';
const apart = '<bdi>\u202E&lt;b&gt;Ada&lt;/b&gt;</bdi>';

test('a name is held apart from the words around it, wherever it stands in them', async () => {
  expect(String(await withName((name) => `${name} & co: to ${name}.`, hostile))).toBe(
    `${apart} &amp; co: to ${apart}.`,
  );
  expect(String(await withName(() => 'No name.', hostile))).toBe('No name.');
  expect(String(await heldApart(hostile))).toBe(apart);
});
