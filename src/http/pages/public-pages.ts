/** The pages that need no account. */
import { Hono } from 'hono';
import { startPage } from '../../pages/window/start.ts';
import { wordsAsked } from '../language.ts';
import { checkGivenPages } from './check-given-pages.ts';
import { letterPages } from './letter-pages.ts';
import { answer, type PublicParts } from './letter-seat.ts';

export function publicPages(parts: PublicParts): Hono {
  const routes = new Hono();
  routes.get('/', (c) => {
    const words = wordsAsked(c);
    return answer(c, words, startPage(words), 200);
  });
  routes.route('/', letterPages(parts));
  routes.route('/', checkGivenPages(parts));
  return routes;
}
