import { expect, test } from 'vitest';
import { quoteFinder } from './notice-blocks.ts';
import { closestSentence, headings, isWords, standsIn, visible } from './notice-text.ts';

const told = (text: string, quote: string): boolean =>
  quoteFinder([{ number: 1, text: visible(text), offset: 0 }])(quote, 1).kind === 'stands';

test('white space, line breaks and typographic quotes and dashes do not matter', () => {
  expect(
    told('We  share\nyour\u00a0data – “always”, don’t we…', 'We share your data - "always", don\'t we...'),
  ).toBe(true);
});

test('Markdown marks are not words', () => {
  expect(
    told('- we **share** [your data](https://club.example) with\n  nobody', 'we share your data with nobody'),
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
  expect(told('![we share your data](x.png)', 'your data')).toBe(false);
});

test('a tag and its attributes are not words, and the words around it are', () => {
  expect(
    told('we <b class="x">share</b> your da<i>ta</i><br>with nobody', 'we share your data with nobody'),
  ).toBe(true);
  expect(told('<p title="we share your data">Hello</p>', 'your data')).toBe(false);
  expect(told("<a title='a > b: your data' href=x>Hello</a>", 'your data')).toBe(false);
  expect(told('Hello <input value = "we share your data', 'your data')).toBe(false);
  expect(told('<!DOCTYPE your data> <?your data?> <![CDATA[your data]]>', 'your data')).toBe(false);
  expect(
    told('write to <privacy@club.example> or 2 < 3 people', 'write to <privacy@club.example> or 2 < 3'),
  ).toBe(true);
});

test('what a browser does not show, or shows struck out, is not told', () => {
  for (const hidden of [
    '<script>your data</script>',
    '<STYLE>your data</STYLE >',
    '<template><div>x</div>your data</template>',
    '<div hidden><div>x</div>your data</div>',
    '<p id=x hidden="">your data</p>',
    '<span style="display: none">your data</span>',
    '<del>your data</del>',
    // Never closed: hidden to the end.
    '<section hidden>\n\nyour data\n',
  ]) {
    expect([hidden, told(`we say ${hidden}`, 'your data')]).toEqual([hidden, false]);
    const after = hidden.includes('section') ? false : told(`${hidden} and other words`, 'other words');
    expect([hidden, after]).toEqual([hidden, !hidden.includes('section')]);
  }
  expect(told('<details><summary>More</summary>we share your data</details>', 'we share your data')).toBe(
    true,
  );
});

test('hidden markup keeps the lines and the length of the text', () => {
  const body = 'one\n<div hidden>\ntwo\r\n</div>\nthree <b>four</b>\n';
  expect(visible(body).length).toBe(body.length);
  expect(visible(body).split('\n').length).toBe(body.split('\n').length);
});

test('a quote does not run from one block into the next', () => {
  for (const text of [
    'we share\n\nyour data',
    'we share\n \t\nyour data',
    '- we share\n- your data',
    '1. we share\n2. your data',
    '# we share\nyour data',
    'we share\n---\nyour data',
    'we share\n# your data',
    'we share\n> your data',
    '> we share\n>\n> your data',
    '| we share | your data |',
    '<p>we share</p>your data',
    'we share<hr>your data',
    '<ul><li>we share<li>your data</ul>',
  ])
    expect([text, told(text, 'we share your data')]).toEqual([text, false]);
  expect(told('> we share\n> your data', 'we share your data')).toBe(true);
  expect(told('- we share\n  your data', 'we share your data')).toBe(true);
});

test('a quote is at least two words with letters', () => {
  expect(['by post', 'We use', 'l’adresse postale'].map(isWords)).toEqual([true, true, true]);
  expect(['offers', 'e-mail', '', ' ** ', '12 34', 'post 5', '- post.'].map(isWords)).toEqual(
    Array(7).fill(false),
  );
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
