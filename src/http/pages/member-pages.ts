/** The pages of a member, plain for now: what they said, a stop, and its receipt. */
import { Hono } from 'hono';
import { listOwnPreferences } from '../../app/flow/list-own-preferences.ts';
import { readReceipt } from '../../app/flow/read-receipt.ts';
import { recordPreference, recordPreferenceInput } from '../../app/flow/record-preference.ts';
import { type Refused, refused } from '../../app/flow/service.ts';
import { memberBody } from '../../pages/flow/member.ts';
import { places } from '../places.ts';
import { madeBy } from '../subject.ts';
import { ask, fieldsOf, type PagesParts, type Seat, seated, seen, sendOn, show } from './seat.ts';

export function memberPages(parts: PagesParts): Hono {
  const routes = new Hono();
  routes.post('/organisations/:org/stop', seated(parts, stop));
  routes.get('/organisations/:org/receipts/:receipt', seated(parts, receipt));
  return routes;
}

/** The first page of an organisation, to a member of it. */
export async function memberPage(seat: Seat, refusal: Refused | null): Promise<Response> {
  const { service, actor, home, name } = seat;
  const own = await seen(seat, 'list-own-preferences', null, () => listOwnPreferences(service, actor, {}));
  return show(seat, {
    title: 'Your details',
    body: memberBody({ home, club: name, own }),
    refused: refusal,
  });
}

async function stop(seat: Seat): Promise<Response> {
  const { source } = await fieldsOf(seat.c);
  const input = recordPreferenceInput.safeParse({ source, kind: 'objection' });
  if (!input.success) return memberPage(seat, refused('input-invalid', 'the form names no source'));
  const answer = await ask(seat, 'record-preference', madeBy(places['record-preference']), () =>
    recordPreference(seat.service, seat.actor, input.data),
  );
  return answer.kind === 'refused' ? memberPage(seat, answer) : sendOn(seat, '', 'recorded');
}

/** As a file, to keep: `astold verify` checks it. */
async function receipt(seat: Seat): Promise<Response> {
  const { c, service, actor } = seat;
  const id = c.req.param('receipt') ?? '';
  const found = await seen(seat, 'read-receipt', id, () => readReceipt(service, actor, { receipt: id }));
  c.header('Content-Disposition', `attachment; filename="receipt-${id.replaceAll(/[^a-z0-9-]/g, '')}.json"`);
  c.header('Cache-Control', 'no-store');
  return c.json(found);
}
