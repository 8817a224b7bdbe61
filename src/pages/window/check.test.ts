import { expect, test } from 'vitest';
import { english } from '../../words/words.ts';
import { checkFormPage } from './check.ts';

test('the title of a form with something wrong in it says so, and of one without does not', async () => {
  const wrong = String(await checkFormPage(english, [{ field: 'file', text: 'Choose a file.' }]));
  expect(wrong).toContain('<title>Problem: ');
  expect(String(await checkFormPage(english, []))).not.toContain('Problem: ');
});
