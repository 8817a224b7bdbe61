import { expect, test } from 'vitest';
import { closestSentence, foldWords, headings, standsIn, visible } from './notice-text.ts';

const told = (text: string, quote: string): boolean => standsIn(foldWords(visible(text)), foldWords(quote));

test('white space, line breaks and typographic quotes and dashes do not matter', () => {
  expect(
    told('We  share\nyour\u00a0data – “always”, don’t we…', 'We share your data - "always", don\'t we...'),
  ).toBe(true);
});

test('Markdown marks are not words', () => {
  expect(
    told('- we **share** [your data](https://club.example) with\n- nobody', 'we share your data with nobody'),
  ).toBe(true);
  expect(told('> # Heading', 'Heading')).toBe(true);
});

test('case, order and whole words matter', () => {
  expect(told('we share your data', 'We share your data')).toBe(false);
  expect(told('we share your data', 'your data we share')).toBe(false);
  expect(told('our partnership', 'our partner')).toBe(false);
  expect(told('partner (our)', 'partner (our)')).toBe(true);
});

test('words after one that is half a word are found all the same', () => {
  expect(told('our partnership and our partner', 'our partner')).toBe(true);
});

test('what people never see is not told', () => {
  expect(told('we share <!-- your data', 'your data')).toBe(false);
  expect(told('we share ~~your data~~', 'your data')).toBe(false);
  expect(told('text\n[x]: your data', 'your data')).toBe(false);
});

test('an empty quote is in no text', () => {
  expect(standsIn('anything', '')).toBe(false);
  expect(told('anything', ' * ')).toBe(false);
});

test('headings are found by mark and by underline, and not in code or comments', () => {
  const body = visible('# One\n\nTwo\n---\n\n```\n# not\n```\n<!--\n# nor\n-->\n## Three ##\n');
  expect(headings(body).map((h) => h.words)).toEqual(['One', 'Two', 'Three']);
});

test('the closest sentence shares at least half of the words', () => {
  const body = 'We may share your data with our partners. We like cats.';
  const layers = [{ number: 1, text: body, offset: 0 }];
  expect(closestSentence(body, layers, 'we will share with partners', 30)).toEqual({
    text: 'We may share your data with our partners.',
    line: 30,
    layer: 1,
  });
  expect(closestSentence(body, layers, 'nothing like it at all', 30)).toBeNull();
});
