import { expect, test } from 'vitest';
import { english } from '../../words/words.ts';
import { doneBody } from './say.ts';

test('of many receipts it is said that there are more than the page shows, and where', async () => {
  const receipts = Array.from({ length: 31 }, (_, i) => ({
    ...{ event: `pe-${String(i).padStart(16, '0')}`, what: null },
  }));
  const place = { words: english.cases, home: '/organisations/club', club: 'The club' };
  const done = async (some: typeof receipts): Promise<string> =>
    String(await doneBody(place, 'stopped', { receipts: some, by: '2026-07-27' }));
  const page = await done(receipts);
  expect(page.match(/\/receipts\/pe-/g)).toHaveLength(30);
  expect(page).toContain('There are 31 receipts of this. Here are the first 30.');
  expect(page).toContain('<a href="/organisations/club/details/said">');
  expect(await done(receipts.slice(0, 30))).not.toContain('Here are the first');
});
