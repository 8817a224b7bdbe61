/** The pages of a stop: of everything, or of one purpose, organisation or channel. */
import { sayOfAll } from '../../app/window/say-of-all.ts';
import { stopEverything } from '../../app/window/stop-everything.ts';
import type { FormFault } from '../../pages/window/form-parts.ts';
import { stopBody } from '../../pages/window/say.ts';
import {
  type StopPart,
  stopGoneBody,
  stopPartBody,
  stopPartCheckBody,
  stopParts,
} from '../../pages/window/say-choice.ts';
import { heldApart } from '../../pages/window/with-name.ts';
import { places } from '../places.ts';
import { madeBy } from '../subject.ts';
import { hasRecord, showNoRecord } from './no-record.ts';
import { sendDone } from './say-done.ts';
import { answerOf, isNobody, mustOf, nothing, whoseAll } from './say-own.ts';
import { ask, fieldsOf, type Seat } from './seat.ts';
import { partiesGone, stopOptions } from './stop-options.ts';
import { type MemberSeat, placeOf, showStep, showWords } from './window-seat.ts';

export async function chooseStopAll(seat: MemberSeat, faults: readonly FormFault[]): Promise<Response> {
  const place = placeOf(seat);
  const body = stopBody(place, await whoseAll(seat), faults);
  return showStep(seat, { title: place.words.stop.title, body }, faults);
}

/** One way in and one way out for both, by which nobody can tell them apart. */
export async function stopAll(seat: MemberSeat): Promise<Response> {
  const { for: whom } = await fieldsOf(seat.c);
  if (whom !== 'me' && whom !== 'home') {
    const fault = { field: 'for', text: placeOf(seat).words.form.choose };
    return (await hasRecord(seat)) ? chooseStopAll(seat, [fault]) : showNoRecord(seat);
  }
  const answer = await ask(seat, 'record-preference', madeBy(places['record-preference']), () =>
    stopEverything(seat.service, seat.actor, { household: whom === 'home' }),
  );
  if (isNobody(answer)) return showNoRecord(seat);
  const { items } = mustOf(answer);
  return sendDone(
    seat,
    'stopped',
    items.map(({ event }) => event),
  );
}

function partOf({ c }: Seat): StopPart {
  const found = stopParts.find((part) => part === c.req.param('part'));
  if (found === undefined) throw nothing();
  return found;
}

export async function choosePart(seat: MemberSeat, faults: readonly FormFault[]): Promise<Response> {
  const place = placeOf(seat);
  const part = partOf(seat);
  const gone = part === 'organisation' ? await partiesGone(seat) : [];
  const left = [...gone].map(([value, name]) => ({
    ...{ value, text: heldApart(name), help: place.words.stopOne.left },
  }));
  const body = stopPartBody(place, part, [...(await stopOptions(seat, part)), ...left], faults);
  return showStep(seat, { title: place.words.stopOne[part][0], body }, faults);
}

export async function stopPart(seat: MemberSeat): Promise<Response> {
  const place = placeOf(seat);
  const part = partOf(seat);
  const { term, sure } = await fieldsOf(seat.c);
  const chosen = (await stopOptions(seat, part)).find(({ value }) => value === term);
  if (chosen === undefined && part === 'organisation' && term !== undefined) return stopOfGone(seat, term);
  if (chosen === undefined) return choosePart(seat, [{ field: 'term', text: place.words.form.choose }]);
  if (sure !== 'yes') {
    const body = stopPartCheckBody(place, part, chosen, await whoseAll(seat));
    return showWords(seat, { title: place.words.stopOne.checkTitle, body });
  }
  const said = await sayOfAll(seat.service, seat.actor, (own) =>
    answerOf(seat, own, { kind: 'objection', [part]: chosen.value }),
  );
  if (isNobody(said)) return showNoRecord(seat);
  return sendDone(
    seat,
    'stopped',
    mustOf(said).map(({ event }) => event),
  );
}

/** The log takes a stop of nobody whom the register does not name: the stop of everything is of them as well. */
async function stopOfGone(seat: MemberSeat, party: string): Promise<Response> {
  const place = placeOf(seat);
  const body = stopGoneBody(place, (await partiesGone(seat)).get(party) ?? null);
  return showWords(seat, { title: place.words.stopOne.gone.title, body });
}
