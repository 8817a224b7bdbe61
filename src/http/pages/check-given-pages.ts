/** `/check`, for everybody: whether a receipt or a proof holds. Nothing of it is kept. */
import { type Context, Hono } from 'hono';
import { checkGiven } from '../../app/window/check-given.ts';
import { checkedPage, checkFormPage } from '../../pages/window/check.ts';
import { wordsAsked } from '../language.ts';
import { readForm } from '../read-form.ts';
import { answer, type PublicParts, tooMany } from './letter-seat.ts';
import { requireForm } from './seat.ts';

export function checkGivenPages(parts: PublicParts): Hono {
  const routes = new Hono();
  routes.get('/check', (c) => {
    const words = wordsAsked(c);
    return answer(c, words, checkFormPage(words, []), 200);
  });
  routes.post('/check', (c) => check(parts, c));
  return routes;
}

/** Far more than a receipt or a proof has. */
const largest = 500_000;

async function check({ service, attempts, addressOf }: PublicParts, c: Context): Promise<Response> {
  requireForm(c);
  const words = wordsAsked(c);
  const { faults } = words.letter.check;
  const refused = (field: string, text: string): Promise<Response> =>
    answer(c, words, checkFormPage(words, [{ field, text }]), 400);
  const { file, text } = await readForm(c, {});
  // A field of a file that nobody chose is an empty file.
  const chosen = file instanceof File && file.size > 0 ? file : null;
  const typed = typeof text === 'string' ? text.trim() : '';
  if (chosen === null && typed === '') return refused('file', faults.empty);
  if (chosen !== null && typed !== '') return refused('file', faults.both);
  if ((chosen?.size ?? Buffer.byteLength(typed)) > largest)
    return refused(chosen === null ? 'text' : 'file', faults.large);
  const attempt = await attempts.file(addressOf(c));
  if (attempt.kind === 'wait')
    return tooMany(c, words, words.letter.wait.files(attempt.seconds), attempt.seconds);
  const bytes = chosen === null ? Buffer.from(typed) : Buffer.from(await chosen.arrayBuffer());
  const found = checkedPage(words, await checkGiven(service, bytes));
  return answer(c, words, found.html, found.ok ? 200 : 422);
}
