import { afterEach, expect, test } from 'vitest';
import { addOtherWords, otherTag, unmarkedIn } from './other-words.fixture.ts';
import { english, type Words, wordsFor } from './words.ts';

let remove = (): void => {};
afterEach(() => remove());

test.each([
  ['nothing', null, 'en'],
  ['what is not here', 'fr, de;q=0.9', 'en'],
  ['another language', otherTag, otherTag],
  ['a region of it', `${otherTag}-GB`, otherTag],
  ['it in capitals, after what is not here', `fr, ${otherTag.toUpperCase()};q=0.5`, otherTag],
  ['English before it', `en-GB, ${otherTag};q=0.9`, 'en'],
  ['it before English, though named after it', `en;q=0.7, ${otherTag};q=0.8`, otherTag],
  ['it not at all', `${otherTag};q=0, fr`, 'en'],
  ['anything', '*', 'en'],
  ['no language', ';;q=,,x=y', 'en'],
  ['what every object has', 'constructor, __proto__', 'en'],
])('who reads %s is answered in the language they like best of those that are here', (_, accepted, tag) => {
  remove = addOtherWords();
  expect(wordsFor(accepted).language).toBe(tag);
});

test('another language has texts of its own where English has texts, and is told from it by the compiler where one is missing', () => {
  const { signIn } = english;
  const over: Words['signIn']['over'] = { ...signIn.over, title: 'Nid yw’r ddolen hon yn gweithio mwyach' };
  // @ts-expect-error: it does not say what it says of a link that was used.
  const missing: Words['signIn']['over'] = { title: over.title, help: over.help, again: over.again };
  expect(Object.keys(missing)).not.toContain('used');
});

test('a text that stands outside the words is found, in a page and in what is read out of it', () => {
  const page =
    '<html lang="qaa"><h1>⟦One ⟧<b>two</b>⟦ of <bdi>Ada</bdi>⟧</h1><svg aria-label="three"/><p lang="en">Four</p><input placeholder="⟦f⟧"></html>';
  expect(unmarkedIn(page)).toEqual(['two', 'three']);
});
