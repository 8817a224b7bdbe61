/** The pages on which a yes is taken back, and a stop, with or without a yes. */
import { liftCounts } from '../../app/window/lift-counts.ts';
import { saidAfter } from '../../app/window/said-in-part.ts';
import { type Standing, scopeIn } from '../../app/window/standing.ts';
import type { FormFault } from '../../pages/window/form-parts.ts';
import {
  allowBody,
  liftCheckBody,
  type Numbered,
  type NumberedStop,
  withdrawBody,
  withdrawCheckBody,
  yesCheckBody,
} from '../../pages/window/say-choice.ts';
import { sendDone } from './say-done.ts';
import { consentsIn, namesIn, ownOf, say, standing, stopsIn, whoseIn } from './say-own.ts';
import { fieldsOf } from './seat.ts';
import { type MemberSeat, placeOf, showStep, showWords } from './window-seat.ts';

export async function chooseYes(seat: MemberSeat, faults: readonly FormFault[]): Promise<Response> {
  const place = placeOf(seat);
  const given = consentsIn(await standing(seat), await whoseIn(seat)).filter((one) => !one.given.stopped);
  const body = withdrawBody(place, given, faults);
  return showStep(seat, { title: place.words.withdraw.title, body }, faults);
}

export async function withdraw(seat: MemberSeat): Promise<Response> {
  const place = placeOf(seat);
  const { which, sure } = await fieldsOf(seat.c);
  const all = await standing(seat);
  const one = consentsIn(all, await whoseIn(seat)).find(({ at }) => at === which);
  if (one === undefined) return chooseYes(seat, [{ field: 'which', text: place.words.form.choose }]);
  if (sure !== 'yes') {
    const body = withdrawCheckBody(place, one, await namesIn(seat));
    return showWords(seat, { title: place.words.withdraw.checkTitle, body });
  }
  const { own } = ownOf(all, one.at);
  const events: string[] = [];
  for (const scope of one.given.atoms) {
    const of = { notice: one.given.notice, consent: one.given.consent.id };
    events.push(
      await saidAfter(events, () => say(seat, own, { kind: 'withdrawal', ...scopeIn(scope), ...of })),
    );
  }
  return sendDone(seat, 'withdrawn', events);
}

export async function chooseStop(seat: MemberSeat): Promise<Response> {
  const place = placeOf(seat);
  const all = await standing(seat);
  const whose = await whoseIn(seat);
  const shown = {
    stops: stopsIn(all, whose),
    consents: consentsIn(all, whose).filter(({ given }) => given.stops.length > 0),
  };
  return showWords(seat, {
    title: place.words.allow.title,
    body: allowBody(place, shown, await namesIn(seat)),
  });
}

/** C3: nothing wider is lifted by the way. Each stop is shown, and its own box says that it is taken back. */
export async function allow(seat: MemberSeat): Promise<Response> {
  const fields = await fieldsOf(seat.c);
  const all = await standing(seat);
  const whose = await whoseIn(seat);
  const stop = stopsIn(all, whose).find(({ at }) => at === fields.stop);
  const yes = consentsIn(all, whose).find(({ at }) => at === fields.yes);
  if (stop !== undefined) return lift(seat, all, stop, fields);
  if (yes !== undefined) return sayYes(seat, all, yes, fields);
  // It was lifted meanwhile: the list says what stands.
  return seat.c.redirect(`${seat.home}/say/allow`, 303);
}

type Fields = Readonly<Record<string, string>>;

async function lift(
  seat: MemberSeat,
  all: readonly Standing[],
  one: NumberedStop,
  { sure, lift: ticked }: Fields,
): Promise<Response> {
  const place = placeOf(seat);
  const { liftNone, notYet } = place.words.allow;
  const stays = !isLifted(seat, one.stop);
  if (sure !== 'yes' || ticked !== 'yes' || stays) {
    const faults = sure === 'yes' ? [{ field: 'lift', text: ticked === 'yes' ? notYet : liftNone }] : [];
    const body = liftCheckBody(place, one, await namesIn(seat), faults);
    return showStep(seat, { title: place.words.allow.checkTitle, body }, faults);
  }
  return sendDone(seat, 'lifted', await liftAll(seat, ownOf(all, one.at).own, one.stop));
}

/** Whether it would be taken back by what is said now: of a stop that came today, nobody may know the hour (C2). */
const isLifted = ({ service }: MemberSeat, stop: NumberedStop['stop']): boolean =>
  liftCounts({ signed: null, received: null }, stop, service.now().getTime()).kind === 'now';

/** With those of the identical scope that reach the record, as the page said: their receipt is of the stop itself. */
async function liftAll(
  seat: MemberSeat,
  own: Standing['own'],
  { event, also }: NumberedStop['stop'],
): Promise<readonly string[]> {
  const shown = await say(seat, own, { kind: 'lift', lifts: event });
  await saidAfter([shown], async () => {
    for (const other of also) await say(seat, own, { kind: 'lift', lifts: other });
  });
  return [shown];
}

async function sayYes(
  seat: MemberSeat,
  all: readonly Standing[],
  one: Numbered,
  fields: Fields,
): Promise<Response> {
  const place = placeOf(seat);
  const { yesNone, notYet } = place.words.allow;
  const stays = one.given.stops.flatMap((stop, i) =>
    fields[`lift-${i}`] === stop.event && !isLifted(seat, stop) ? [{ field: `lift-${i}`, text: notYet }] : [],
  );
  if (fields.sure !== 'yes' || fields.say !== 'yes' || stays.length > 0) {
    const missing = fields.say === 'yes' ? [] : [{ field: 'say', text: yesNone }];
    const faults = fields.sure === 'yes' ? [...stays, ...missing] : [];
    const body = yesCheckBody(place, one, await namesIn(seat), faults);
    return showStep(seat, { title: place.words.allow.yesTitle, body }, faults);
  }
  const { own } = ownOf(all, one.at);
  const events: string[] = [];
  for (const [i, stop] of one.given.stops.entries())
    if (fields[`lift-${i}`] === stop.event)
      events.push(...(await saidAfter(events, () => liftAll(seat, own, stop))));
  const { notice, consent } = one.given;
  events.push(
    await saidAfter(events, () => say(seat, own, { kind: 'consent', notice, consent: consent.id })),
  );
  return sendDone(seat, 'allowed', events);
}
