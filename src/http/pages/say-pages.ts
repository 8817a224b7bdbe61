/** The pages on which a member says something that holds at once: stops, a yes taken back, a stop taken back. */
import { Hono } from 'hono';
import { sayBody } from '../../pages/window/say.ts';
import { stopOneBody } from '../../pages/window/say-choice.ts';
import { hasRecord, showNoRecord } from './no-record.ts';
import { allow, chooseStop, chooseYes, withdraw } from './say-allow.ts';
import { doneWhat } from './say-done.ts';
import { whoseAll } from './say-own.ts';
import { choosePart, chooseStopAll, stopAll, stopPart } from './say-stop.ts';
import type { PagesParts } from './seat.ts';
import { asMember, type MemberSeat, placeOf, showWords } from './window-seat.ts';

export function sayPages(parts: PagesParts): Hono {
  const routes = new Hono();
  const at = '/organisations/:org/say';
  const page = (path: string, work: (seat: MemberSeat) => Promise<Response>): void => {
    routes.get(`${at}${path}`, asMember(parts, work));
  };
  const ofRecord = (work: (seat: MemberSeat) => Promise<Response>) => async (seat: MemberSeat) =>
    (await hasRecord(seat)) ? work(seat) : showNoRecord(seat);
  const form = (path: string, work: (seat: MemberSeat) => Promise<Response>): void => {
    routes.post(`${at}${path}`, asMember(parts, work));
  };
  const begin = (path: string, work: (seat: MemberSeat) => Promise<Response>): void =>
    page(path, ofRecord(work));
  begin('', (seat) =>
    showWords(seat, { title: placeOf(seat).words.say.title, body: sayBody(placeOf(seat)) }),
  );
  begin('/stop', (seat) => chooseStopAll(seat, []));
  form('/stop', stopAll);
  begin('/stop-one', async (seat) => {
    const place = placeOf(seat);
    const body = stopOneBody(place, await whoseAll(seat));
    return showWords(seat, { title: place.words.stopOne.title, body });
  });
  begin('/stop-one/:part', (seat) => choosePart(seat, []));
  form('/stop-one/:part', ofRecord(stopPart));
  begin('/withdraw', (seat) => chooseYes(seat, []));
  form('/withdraw', ofRecord(withdraw));
  begin('/allow', chooseStop);
  form('/allow', ofRecord(allow));
  page('/done/:what', doneWhat);
  return routes;
}
