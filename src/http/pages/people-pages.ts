/** The pages of people's roles, and of what was done. */
import { Hono } from 'hono';
import { grantRole, grantRoleInput } from '../../app/flow/grant-role.ts';
import { listDeeds } from '../../app/flow/list-deeds.ts';
import { listRoles } from '../../app/flow/list-roles.ts';
import { type Refused, refused } from '../../app/flow/service.ts';
import { withdrawRole, withdrawRoleInput } from '../../app/flow/withdraw-role.ts';
import { deedsBody } from '../../pages/flow/deeds.ts';
import { peopleBody } from '../../pages/flow/people.ts';
import { places } from '../places.ts';
import { madeBy } from '../subject.ts';
import { namesOf } from './names-of.ts';
import { pageAsked } from './page-asked.ts';
import { ask, fieldsOf, may, type PagesParts, type Seat, seated, seen, sendOn, show } from './seat.ts';

export function peoplePages(parts: PagesParts): Hono {
  const routes = new Hono();
  const at = '/organisations/:org';
  routes.get(
    `${at}/people`,
    seated(parts, (seat) => people(seat, null)),
  );
  routes.post(`${at}/people`, seated(parts, grant));
  routes.post(`${at}/people/withdrawal`, seated(parts, withdraw));
  routes.get(`${at}/deeds`, seated(parts, deeds));
  return routes;
}

async function people(seat: Seat, refusal: Refused | null): Promise<Response> {
  const { service, actor, home } = seat;
  const roles = await seen(seat, 'list-roles', null, () => listRoles(service, actor, pageAsked(seat)));
  const body = peopleBody({ home, roles, mayGrant: may(seat, 'grant-role') });
  return show(seat, { title: 'People', body, refused: refusal });
}

async function grant(seat: Seat): Promise<Response> {
  const { name, email, role, party = '', mayFreeze } = await fieldsOf(seat.c);
  const input = grantRoleInput.safeParse({
    ...{ name, email, role, mayFreeze: mayFreeze === 'yes' },
    party: party.trim() === '' ? null : party.trim(),
  });
  if (!input.success) return people(seat, refused('input-invalid', 'give a name and an e-mail address'));
  const answer = await ask(seat, 'grant-role', madeBy(places['grant-role']), () =>
    grantRole(seat.service, seat.actor, input.data),
  );
  return answer.kind === 'refused' ? people(seat, answer) : sendOn(seat, '/people', 'granted');
}

async function withdraw(seat: Seat): Promise<Response> {
  const input = withdrawRoleInput.safeParse(await fieldsOf(seat.c));
  if (!input.success) return people(seat, refused('input-invalid', 'the form names nobody'));
  const answer = await ask(seat, 'withdraw-role', `${input.data.person}/${input.data.role}`, () =>
    withdrawRole(seat.service, seat.actor, input.data),
  );
  return answer.kind === 'refused' ? people(seat, answer) : sendOn(seat, '/people', 'role-withdrawn');
}

async function deeds(seat: Seat): Promise<Response> {
  const { service, actor, home } = seat;
  const found = await seen(seat, 'list-deeds', null, () => listDeeds(service, actor, pageAsked(seat)));
  const names = await namesOf(
    service,
    found.items.map((deed) => deed.actor),
  );
  return show(seat, { title: 'Deeds', body: deedsBody(home, found, names) });
}
