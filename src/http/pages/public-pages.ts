/** The pages that need no account. */
import { Hono } from 'hono';
import { startPage } from '../../pages/window/start.ts';
import { wordsFor } from '../../words/words.ts';
import { checkGivenPages } from './check-given-pages.ts';
import { answer, letterPages, type PublicParts } from './letter-pages.ts';

export function publicPages(parts: PublicParts): Hono {
  const routes = new Hono();
  routes.get('/', (c) => answer(c, startPage(wordsFor(c.req.header('Accept-Language') ?? null)), 200));
  routes.route('/', letterPages(parts));
  routes.route('/', checkGivenPages(parts));
  return routes;
}
