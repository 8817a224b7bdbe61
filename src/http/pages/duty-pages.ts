/** The pages of duties, freezes and the end of an agreement. */
import { Hono } from 'hono';
import { attestDuty } from '../../app/flow/attest-duty.ts';
import { freeze, freezeInput, powersOf } from '../../app/flow/freeze.ts';
import { liftFreeze, liftFreezeInput } from '../../app/flow/lift-freeze.ts';
import { listDuties } from '../../app/flow/list-duties.ts';
import { listFreezes } from '../../app/flow/list-freezes.ts';
import { ownParty } from '../../app/flow/own-party.ts';
import { type Refused, refused } from '../../app/flow/service.ts';
import { terminateAgreement, terminateAgreementInput } from '../../app/flow/terminate-agreement.ts';
import { dutiesBody } from '../../pages/flow/duties.ts';
import { freezesBody } from '../../pages/flow/freezes.ts';
import { places } from '../places.ts';
import { madeBy } from '../subject.ts';
import { pageAsked } from './page-asked.ts';
import { ask, fieldsOf, may, type PagesParts, type Seat, seated, seen, sendOn, show } from './seat.ts';

export function dutyPages(parts: PagesParts): Hono {
  const routes = new Hono();
  const at = '/organisations/:org';
  routes.get(
    `${at}/duties`,
    seated(parts, (seat) => duties(seat, null)),
  );
  routes.post(`${at}/duties/:duty/attestation`, seated(parts, attest));
  routes.get(
    `${at}/freezes`,
    seated(parts, (seat) => freezes(seat, null)),
  );
  routes.post(`${at}/freezes`, seated(parts, set));
  routes.post(`${at}/freezes/:freeze/lift`, seated(parts, lift));
  routes.post(`${at}/agreements/:agreement/end`, seated(parts, end));
  return routes;
}

async function duties(seat: Seat, refusal: Refused | null): Promise<Response> {
  const { service, actor, home } = seat;
  const found = await seen(seat, 'list-duties', null, () => listDuties(service, actor, pageAsked(seat)));
  const body = dutiesBody({
    ...{ home, duties: found, mayAttest: may(seat, 'attest-duty') },
    own: ownParty(actor) !== null,
  });
  return show(seat, { title: 'Duties', body, refused: refusal });
}

async function attest(seat: Seat): Promise<Response> {
  const duty = seat.c.req.param('duty') ?? '';
  const { note = '' } = await fieldsOf(seat.c);
  const answer = await ask(seat, 'attest-duty', duty, () =>
    attestDuty(seat.service, seat.actor, { duty, note }),
  );
  return answer.kind === 'refused' ? duties(seat, answer) : sendOn(seat, '/duties', 'attested');
}

async function freezes(seat: Seat, refusal: Refused | null): Promise<Response> {
  const { service, actor, home } = seat;
  const found = await seen(seat, 'list-freezes', null, () => listFreezes(service, actor, pageAsked(seat)));
  const body = freezesBody({ home, freezes: found, mayFreeze: may(seat, 'freeze'), powers: powersOf(actor) });
  return show(seat, { title: 'Freezes', body, refused: refusal });
}

async function set(seat: Seat): Promise<Response> {
  const { kind, subject = '', words } = await fieldsOf(seat.c);
  const input = freezeInput.safeParse({
    kind,
    subject: subject.trim() === '' ? null : subject.trim(),
    words,
  });
  if (!input.success) return freezes(seat, refused('input-invalid', 'say what is frozen, and why, in words'));
  const answer = await ask(seat, 'freeze', madeBy(places.freeze), () =>
    freeze(seat.service, seat.actor, input.data),
  );
  return answer.kind === 'refused' ? freezes(seat, answer) : sendOn(seat, '/freezes', 'frozen');
}

async function lift(seat: Seat): Promise<Response> {
  const id = seat.c.req.param('freeze') ?? '';
  const { words } = await fieldsOf(seat.c);
  const input = liftFreezeInput.safeParse({ freeze: id, words });
  if (!input.success)
    return freezes(seat, refused('input-invalid', 'say why the freeze is lifted, in words'));
  const answer = await ask(seat, 'lift-freeze', id, () => liftFreeze(seat.service, seat.actor, input.data));
  return answer.kind === 'refused' ? freezes(seat, answer) : sendOn(seat, '/freezes', 'lifted');
}

async function end(seat: Seat): Promise<Response> {
  const { words } = await fieldsOf(seat.c);
  const input = terminateAgreementInput.safeParse({ agreement: seat.c.req.param('agreement'), words });
  if (!input.success) return duties(seat, refused('input-invalid', 'say why the agreement ends, in words'));
  const answer = await ask(seat, 'terminate-agreement', input.data.agreement, () =>
    terminateAgreement(seat.service, seat.actor, input.data),
  );
  return answer.kind === 'refused' ? duties(seat, answer) : sendOn(seat, '/duties', 'ended');
}
