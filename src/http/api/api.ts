/** The API: every place of the table, each parsed, performed and rendered in the same way. */
import { type Context, Hono } from 'hono';
import { perform, refuseUnlessAllowed } from '../../app/flow/perform.ts';
import { wordsAsked } from '../language.ts';
import { type Place, type PlaceName, places } from '../places.ts';
import type { RequestRate } from '../rate-limit.ts';
import type { ApiService, Route } from '../route.ts';
import type { Seen } from '../seen.ts';
import { madeBy } from '../subject.ts';
import { answerOnce, askedOf, idempotencyKeyOf } from './answer-once.ts';
import { readInput, subjectOf } from './read-input.ts';
import { problemOf, render } from './render.ts';
import { bytesOf } from './upload.ts';
import { type ActorOf, whoAsks } from './who-asks.ts';

export type ApiParts = {
  readonly service: ApiService;
  readonly actorOf: ActorOf;
  readonly rate: RequestRate;
  readonly routes: Readonly<Record<PlaceName, Route>>;
};

export const apiBase = '/api/organisations';

export function apiRoutes(parts: ApiParts): Hono<Seen> {
  const app = new Hono<Seen>();
  for (const [name, place] of Object.entries(places) as [PlaceName, Place][]) {
    const path = place.path.replaceAll(/\{([a-z]+)(\+?)\}/g, (_, each, many) => `:${each}${many && '{.+}'}`);
    app.on(place.method.toUpperCase(), `${apiBase}/:org${path}`, (c) => answer(parts, c, name, place));
  }
  return app;
}

async function answer(
  { service, actorOf, rate, routes }: ApiParts,
  c: Context<Seen>,
  name: PlaceName,
  place: Place,
): Promise<Response> {
  const { org = '', ...parameters } = c.req.param();
  const request = c.req.raw;
  const actor = await whoAsks(actorOf, service.url, request, org);
  c.set('actor', actor);
  await rate.ofActor(actor);
  const subject = subjectOf(request, place, parameters);
  // Before anything of the request is read: who may not do it does not learn how it is asked.
  const shut = await refuseUnlessAllowed(service, actor, place.useCase, subject);
  if (shut !== null) throw problemOf(shut);
  const key = place.method === 'get' || place.file ? null : idempotencyKeyOf(request);
  const route = routes[name];
  const { raw, parsed } = await readInput(request, place, route.input, parameters);
  const work = async (): Promise<Response> => {
    const run = () => route.run(service, actor, parsed, bytesOf(request), wordsAsked(c));
    const done = await perform(service, actor, place.useCase, subject ?? madeBy(place), run);
    return render(request, `${apiBase}/${org}`, place, route, done);
  };
  if (key === null) return work();
  const asked = askedOf(actor, key, name, raw, place.upload ? 3_600_000 : 120_000);
  return answerOnce(service, asked, place.keeps, work);
}
