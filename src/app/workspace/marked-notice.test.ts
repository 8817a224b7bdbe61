import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadWorkspace } from '../../documents/workspace.ts';
import { quotesOf } from '../../policy/telling.ts';
import { plain } from '../../policy/words.ts';
import { markNotice } from './marked-notice.ts';

const folder = join(import.meta.dirname, '../../../examples/toy-offer');

test('every quote of every statement and consent is marked, in its own words', async () => {
  const { notices } = await loadWorkspace(folder);
  expect(notices.length).toBeGreaterThan(2);
  for (const notice of notices) {
    const { marked, layers } = markNotice(notice);
    for (const each of marked) {
      const quotes = each.kind === 'consent' ? [each.consent.wording] : quotesOf(each.statement);
      const words = layers
        .flatMap(({ blocks }) => blocks)
        .map(({ parts }) =>
          parts
            .filter(({ marks }) => marks.includes(each.number))
            .map(({ text }) => text)
            .join(''),
        )
        .map(plain);
      for (const quote of quotes) expect(words.join('\n')).toContain(plain(quote.text));
    }
  }
});

test('the text is whole: what is not marked stands as it was', async () => {
  const { notices } = await loadWorkspace(folder);
  const notice = notices.find(({ id }) => id === 'web@2025-09');
  if (notice === undefined) throw new RangeError('the example has another notice');
  const [layer] = markNotice(notice).layers;
  const lines = layer?.blocks.map(({ parts }) => plain(parts.map(({ text }) => text).join('')));
  expect(lines).toContain('Why we may. Only with your consent.');
  expect(lines?.at(-1)).toBe(
    'No answer means no. You can change your mind on your profile page, by telephone or by letter.',
  );
  const read = await readFile(join(folder, 'notices/web-2025-09.md'), 'utf8');
  for (const line of lines ?? []) for (const word of line.split(' ')) expect(read).toContain(word);
});
