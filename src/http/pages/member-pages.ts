/** The one button of a member that stops everything. */
import { Hono } from 'hono';
import { recordPreference, recordPreferenceInput } from '../../app/flow/record-preference.ts';
import { refused } from '../../app/flow/service.ts';
import { places } from '../places.ts';
import { madeBy } from '../subject.ts';
import { memberPage } from './details-pages.ts';
import { ask, fieldsOf, type PagesParts, type Seat, seated, sendOn } from './seat.ts';

export function memberPages(parts: PagesParts): Hono {
  const routes = new Hono();
  routes.post('/organisations/:org/stop', seated(parts, stop));
  return routes;
}

async function stop(seat: Seat): Promise<Response> {
  const { source } = await fieldsOf(seat.c);
  const input = recordPreferenceInput.safeParse({ source, kind: 'objection' });
  if (!input.success) return memberPage(seat, refused('input-invalid', 'the form names no source'));
  const answer = await ask(seat, 'record-preference', madeBy(places['record-preference']), () =>
    recordPreference(seat.service, seat.actor, input.data),
  );
  return answer.kind === 'refused' ? memberPage(seat, answer) : sendOn(seat, '/details/said', 'recorded');
}
