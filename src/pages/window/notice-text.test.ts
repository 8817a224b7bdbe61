import { expect, test } from 'vitest';
import { noticeText } from './notice-text.ts';

const text = `<!-- a note -->
# Join us

May we pass **your name** on?
It is for *direct
marketing*.

- **Who.** Acorn & Sons.
- What.

> Quoted <b>.
`;
const shown = async (marks: readonly string[]): Promise<string> => String(await noticeText(text, marks));

test('the words of a notice are shown as people saw them, and nothing of it is taken for markup', async () => {
  const page = await shown([]);
  expect(page).toContain('<h2>Join us</h2>');
  expect(page).toContain('<p>May we pass your name on? It is for direct marketing.</p>');
  expect(page).toContain('<ul><li>Who. Acorn &amp; Sons.</li></ul><ul><li>What.</li></ul>');
  expect(page).not.toContain('a note');
  expect(page).not.toContain('<b>');
});

test('quotes are marked where they stand, over line ends and marks, and once where they overlap', async () => {
  expect(await shown(['for direct marketing', 'is for direct'])).toContain(
    'It <mark>is for direct marketing</mark>.',
  );
  expect(await shown(['Acorn & Sons'])).toContain('<mark>Acorn &amp; Sons</mark>');
  expect(await shown(['of another text', ''])).not.toContain('<mark>');
});
