/** Letters of nobody known: once somebody has looked, they are said to be of somebody, or of nobody here. */
import { Hono } from 'hono';
import { heldRecord } from '../../app/window/held-record.ts';
import { lookAtUnresolved, type UnresolvedSeen } from '../../app/window/look-at-unresolved.ts';
import { foundBefore, personFoundInput } from '../../app/window/person-found.ts';
import { recordKey } from '../../app/window/record-key.ts';
import { resolveEvent, resolveEventInput } from '../../app/window/resolve-event.ts';
import { isSafe } from '../../app/window/safe-contact.ts';
import { recordedBody } from '../../pages/window/desk-entry.ts';
import type { Typed } from '../../pages/window/desk-find.ts';
import { unresolvedBody } from '../../pages/window/desk-work.ts';
import type { FormFault } from '../../pages/window/form-parts.ts';
import { HttpProblem } from '../problems.ts';
import { readTexts } from '../read-form.ts';
import { groundOf, scopeText } from './desk-choices.ts';
import { atDesk, deskOf } from './desk-seat.ts';
import { ask, type PagesParts, type Seat, seen } from './seat.ts';
import { typedFaults } from './typed-faults.ts';
import { showStep, showWords } from './window-seat.ts';

export function deskUnresolvedPages(parts: PagesParts): Hono {
  const routes = new Hono();
  const at = '/organisations/:org/desk/unresolved/:event';
  routes.get(
    at,
    atDesk(parts, 'find-person', async (seat) => unresolved(seat, await lookedAt(seat), {}, [])),
  );
  routes.post(at, atDesk(parts, 'resolve-event', resolve));
  return routes;
}

const eventOf = ({ c }: Seat): string => c.req.param('event') ?? '';

/** Whom it may be of is a look-up of them. */
function lookedAt(seat: Seat): Promise<UnresolvedSeen> {
  const event = eventOf(seat);
  return seen(seat, 'find-person', event, () => lookAtUnresolved(seat.service, seat.actor, { event }));
}

async function unresolved(
  seat: Seat,
  found: UnresolvedSeen,
  typed: Typed,
  faults: readonly FormFault[],
): Promise<Response> {
  const place = deskOf(seat);
  const { workspace } = await groundOf(seat, []);
  const { scope } = found.stop;
  const words = scopeText(place.words, workspace, { ...scope, channel: scope.contactChannel });
  const body = unresolvedBody(place, found, words, typed, faults);
  return showStep(seat, { title: place.words.unresolved.one, body }, faults);
}

type Given = {
  readonly words: string;
  readonly nobody: boolean;
  /** The number of a record that was found at the desk: where more people are found than are shown. */
  readonly record: string;
  /** Of the people shown. */
  readonly ticked: readonly string[];
  readonly lookUp: string;
};

async function givenIn({ c }: Seat): Promise<Given> {
  const fields = await readTexts(c);
  const text = (name: string): string => fields.get(name)?.[0] ?? '';
  return {
    ...{ words: text('words'), nobody: text('nobody') === 'yes' },
    ...{ record: text('record').trim(), lookUp: text('lookUp') },
    ticked: fields.get('whose') ?? [],
  };
}

const knownBy = resolveEventInput.pick({ words: true });

async function resolve(seat: Seat): Promise<Response> {
  const given = await givenIn(seat);
  const place = deskOf(seat);
  const { unresolved: said } = place.words;
  const typed = { words: given.words, nobody: given.nobody ? 'yes' : '', record: given.record };
  const some = given.ticked.length > 0 || given.record !== '';
  const faults: FormFault[] = [
    ...(some && given.nobody ? [{ field: 'nobody', text: said.sureBoth }] : []),
    ...typedFaults(place.words, knownBy.safeParse({ words: given.words }).error?.issues ?? [], {
      words: said.wordsNone,
    }),
  ];
  const looked = given.ticked.length > 0 && faults.length === 0 ? null : await lookedAt(seat);
  if (looked !== null && !some) faults.unshift(...noneFault(said, given, looked));
  const whose =
    looked === null ? await tickedIn(seat, given) : await typedIn(seat, looked.stop.source, given.record);
  if (whose === null) faults.push({ field: 'record', text: said.recordUnknown });
  if (looked !== null && (faults.length > 0 || whose === null))
    return unresolved(seat, looked, typed, faults);
  const input = resolveEventInput.safeParse({
    ...{ event: eventOf(seat), source: whose?.source, records: whose?.records, words: given.words },
  });
  if (!input.success || whose === null) throw changed();
  const answer = await ask(seat, 'resolve-event', eventOf(seat), () =>
    resolveEvent(seat.service, seat.actor, input.data),
  );
  if (answer.kind === 'refused') throw new HttpProblem({ code: answer.code, detail: answer.message });
  const { stops } = answer.value;
  const body = recordedBody(place, {
    events: stops.map((stop) => stop.event),
    next: stops.length === 0 ? said.doneNobody : said.doneSome,
    post: whose.post,
    panel: place.words.entry.holds,
  });
  return showWords(seat, { title: said.done, body });
}

const changed = (): HttpProblem =>
  new HttpProblem({ code: 'input-invalid', detail: 'the form was changed on its way; open it again' });

/** Of more people than are shown nobody has looked at all: it cannot be said to be of none of them. */
function noneFault(
  said: ReturnType<typeof deskOf>['words']['unresolved'],
  { nobody }: Given,
  { found }: UnresolvedSeen,
): readonly FormFault[] {
  if (found.more) return [{ field: 'record', text: nobody ? said.sureMany : said.recordNone }];
  return nobody ? [] : [{ field: 'nobody', text: said.sureNone }];
}

/** `post`: none of them is to stay out of sight. */
type Whose = { readonly source: string; readonly records: readonly string[]; readonly post: boolean };

/** Throws HttpProblem `input-invalid` where they are of two sources, or a record was typed as well. */
async function tickedIn(seat: Seat, { ticked, lookUp, record }: Given): Promise<Whose> {
  const { service, actor } = seat;
  const found = [];
  for (const each of ticked) {
    const one = personFoundInput.safeParse({ lookUp, number: Number(each) });
    if (!one.success) throw changed();
    found.push(await seen(seat, 'find-person', lookUp, () => foundBefore(service, actor, one.data)));
  }
  const [source, ...more] = new Set(found.map((one) => one.source.id));
  if (source === undefined || more.length > 0 || record !== '') throw changed();
  let post = true;
  for (const { key } of found)
    post &&= !(await service.state.as(actor.org, (tx) => isSafe(tx, actor.org, source, key)));
  return { source, records: found.map((one) => one.record), post };
}

/** Null where there is no such record; of none typed, nobody. */
async function typedIn({ service, actor }: Seat, source: string, record: string): Promise<Whose | null> {
  if (record === '') return { source, records: [], post: true };
  if (/\p{Cc}/u.test(record) || !record.isWellFormed()) return null;
  if ((await heldRecord(service, actor.org, { source, record })) === null) return null;
  const key = await recordKey(service, actor.org, { source, record });
  const safe = await service.state.as(actor.org, (tx) => isSafe(tx, actor.org, source, key));
  return { source, records: [record], post: !safe };
}
