/** The pages of whoever has a letter, and no account: the code comes in forms, and stands in no address, log or deed. */
import { Hono } from 'hono';
import { perform } from '../../app/flow/perform.ts';
import { type LetterView, showLetter } from '../../app/window/show-letter.ts';
import { letterFormPage, letterNoticePage, letterPage } from '../../pages/window/letter.ts';
import { wordsAsked } from '../language.ts';
import { HttpProblem } from '../problems.ts';
import { newOnce } from './done-once.ts';
import { type At, answer, gone, type PublicParts, withLetter } from './letter-seat.ts';
import { stopLetter } from './letter-stop.ts';

export function letterPages(parts: PublicParts): Hono {
  const routes = new Hono();
  routes.get('/letter', (c) => {
    const words = wordsAsked(c);
    return answer(c, words, letterFormPage(words, { typed: '', faults: [] }), 200);
  });
  routes.post('/letter', (c) => withLetter(parts, c, (at) => show(at)));
  routes.post('/letter/notice', (c) => withLetter(parts, c, (at) => notice(at)));
  routes.post('/letter/stop', (c) => withLetter(parts, c, (at) => stopLetter(parts, at)));
  // Whoever loads one of these again begins anew.
  for (const path of ['/letter/notice', '/letter/stop']) routes.get(path, (c) => c.redirect('/letter', 303));
  return routes;
}

/** Null where the page of what to do instead is the answer. */
async function seen({ service, holder }: At): Promise<LetterView | null> {
  const found = await perform(service, holder, 'show-letter', holder.id, () => showLetter(service, holder));
  return found.kind === 'done' ? found.value : null;
}

async function show(at: At): Promise<Response> {
  const { c, words, holder } = at;
  const view = await seen(at);
  return view === null
    ? gone(at)
    : answer(c, words, letterPage(words, { code: holder.code, once: newOnce() }, view), 200);
}

async function notice(at: At): Promise<Response> {
  const { c, words, holder, fields } = at;
  const view = await seen(at);
  if (view === null) return gone(at);
  const told = /^\d{1,3}$/.test(fields.notice ?? '') ? view.told[Number(fields.notice)] : undefined;
  if (told === undefined || told.layers.length === 0)
    throw new HttpProblem({ code: 'not-found', detail: 'there is no such notice' });
  return answer(c, words, letterNoticePage(words, holder.code, told), 200);
}
