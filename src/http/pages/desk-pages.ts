/** The desk: finding somebody, what is to be done, and who looked for whom. */
import { Hono } from 'hono';
import type { UseCase } from '../../app/flow/access.ts';
import { findFault, findPerson, findPersonInput } from '../../app/window/find-person.ts';
import { listCases } from '../../app/window/list-cases.ts';
import { listLookUps } from '../../app/window/list-look-ups.ts';
import { listUnresolved } from '../../app/window/list-unresolved.ts';
import { findBody, foundBody, type Typed } from '../../pages/window/desk-find.ts';
import {
  casesBody,
  deskBody,
  endedCasesBody,
  lettersBody,
  lookUpsBody,
} from '../../pages/window/desk-work.ts';
import type { FormFault } from '../../pages/window/form-parts.ts';
import { places } from '../places.ts';
import { madeBy } from '../subject.ts';
import { atDesk, deskOf } from './desk-seat.ts';
import { namesOf } from './names-of.ts';
import { pageAsked } from './page-asked.ts';
import { ask, fieldsOf, may, type PagesParts, type Seat, seen } from './seat.ts';
import { typedFaults } from './typed-faults.ts';
import { showStep, showWords } from './window-seat.ts';

export function deskPages(parts: PagesParts): Hono {
  const routes = new Hono();
  const at = '/organisations/:org/desk';
  const page = (path: string, useCase: UseCase, work: (seat: Seat) => Promise<Response>): void => {
    routes.get(`${at}${path}`, atDesk(parts, useCase, work));
  };
  page('', 'list-unresolved', desk);
  page('/find', 'find-person', (seat) => findForm(seat, {}, []));
  routes.post(`${at}/find`, atDesk(parts, 'find-person', find));
  page('/cases', 'list-cases', async (seat) => {
    const { service, actor } = seat;
    const asked = { ...pageAsked(seat), state: 'open' } as const;
    const cases = await seen(seat, 'list-cases', null, () => listCases(service, actor, asked));
    return showWords(seat, { title: deskOf(seat).words.work.cases, body: casesBody(deskOf(seat), cases) });
  });
  page('/ended', 'list-cases', async (seat) => {
    const { service, actor } = seat;
    const asked = { ...pageAsked(seat), state: 'ended' } as const;
    const cases = await seen(seat, 'list-cases', null, () => listCases(service, actor, asked));
    return showWords(seat, {
      title: deskOf(seat).words.work.ended,
      body: endedCasesBody(deskOf(seat), cases),
    });
  });
  page('/unresolved', 'list-unresolved', async (seat) => {
    const { service, actor } = seat;
    const letters = await seen(seat, 'list-unresolved', null, () =>
      listUnresolved(service, actor, pageAsked(seat)),
    );
    return showWords(seat, {
      title: deskOf(seat).words.unresolved.title,
      body: lettersBody(deskOf(seat), letters, { find: may(seat, 'find-person') }),
    });
  });
  page('/look-ups', 'list-look-ups', lookUps);
  return routes;
}

/** Of each list the first, which are those that are overdue. */
const first = { limit: 10 } as const;

async function desk(seat: Seat): Promise<Response> {
  const { service, actor } = seat;
  const cases = may(seat, 'list-cases')
    ? await seen(seat, 'list-cases', null, () => listCases(service, actor, { ...first, state: 'open' }))
    : null;
  const letters = may(seat, 'list-unresolved')
    ? await seen(seat, 'list-unresolved', null, () => listUnresolved(service, actor, first))
    : null;
  const open = {
    find: may(seat, 'find-person'),
    ...mayEnter(seat),
    lookUps: may(seat, 'list-look-ups'),
  };
  return showWords(seat, {
    title: deskOf(seat).words.title,
    body: deskBody(deskOf(seat), { cases, letters, may: open }),
  });
}

const mayEnter = (seat: Seat) => ({ enter: may(seat, 'record-preference') });

function findForm(seat: Seat, typed: Typed, faults: readonly FormFault[]): Promise<Response> {
  const place = deskOf(seat);
  const body = findBody(place, typed, faults, mayEnter(seat));
  return showStep(seat, { title: place.words.find.title, body }, faults);
}

async function find(seat: Seat): Promise<Response> {
  const typed = await fieldsOf(seat.c);
  const place = deskOf(seat);
  const { find: words } = place.words;
  const reason = (typed.reason ?? '').trim();
  const { record, email, phone, surname, postcode, birthDate = '' } = typed;
  const input = findPersonInput.safeParse({
    ...{
      reason,
      record,
      email,
      phone,
      surname,
      postcode,
      birthDate: birthDate.trim() === '' ? null : birthDate.trim(),
    },
  });
  if (!input.success)
    return findForm(seat, typed, typedFaults(place.words, input.error.issues, { reason: words.reasonNone }));
  const fault = findFault(input.data);
  if (fault !== null) return findForm(seat, typed, [{ field: fault.field, text: words.faults[fault.why] }]);
  const answer = await ask(seat, 'find-person', madeBy(places['find-person']), () =>
    findPerson(seat.service, seat.actor, input.data),
  );
  if (answer.kind === 'refused')
    return showWords(seat, {
      title: words.title,
      body: findBody(place, typed, [], mayEnter(seat)),
      refused: answer,
    });
  return showWords(seat, {
    title: place.words.found.title,
    body: foundBody(place, answer.value, { ...mayEnter(seat), open: may(seat, 'open-case') }),
  });
}

async function lookUps(seat: Seat): Promise<Response> {
  const { service, actor } = seat;
  const listed = await seen(seat, 'list-look-ups', null, () => listLookUps(service, actor, pageAsked(seat)));
  const place = deskOf(seat);
  const names = await namesOf(
    service,
    listed.items.map(({ by }) => by),
    place.words.keyOf,
  );
  return showWords(seat, { title: place.words.lookUps.title, body: lookUpsBody(place, listed, names) });
}
