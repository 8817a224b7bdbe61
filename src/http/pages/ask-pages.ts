/** The pages on which a member asks something of people there, and by which they stay out of sight. */
import { Hono } from 'hono';
import { html } from 'hono/html';
import { type Answer, done } from '../../app/flow/service.ts';
import { openCopyCases } from '../../app/window/copy-cases.ts';
import { copyDetailsInput, takeCopy } from '../../app/window/copy-details.ts';
import { isName } from '../../app/window/fields-held.ts';
import { fieldValues, type HeldRecord, ownHeld, roleText } from '../../app/window/held-record.ts';
import { isYesOrNo, namedField, yesOrNo } from '../../app/window/named-field.ts';
import { type OpenedCase, openCase, openCaseInput } from '../../app/window/open-case.ts';
import { isOwnSafe, setSafeContact } from '../../app/window/safe-contact.ts';
import {
  type Correction,
  complainBody,
  copyBody,
  correctionCheckBody,
  eraseCheckBody,
  newValueBody,
  type RecordChoice,
  safeBody,
  whichFieldBody,
  whichRecordBody,
  wordsCheckBody,
} from '../../pages/window/say-case.ts';
import { heldApart } from '../../pages/window/with-name.ts';
import { dayOf } from '../../policy/dates.ts';
import type { Words } from '../../words/words.ts';
import { fileResponse } from '../api/render.ts';
import { places } from '../places.ts';
import { madeBy } from '../subject.ts';
import { showNoRecord } from './no-record.ts';
import { sendDone } from './say-done.ts';
import { mustOf, nothing } from './say-own.ts';
import { ask, fieldsOf, type PagesParts, seen, sendOn } from './seat.ts';
import { asTyped, valueTyped, wantedOf } from './value-typed.ts';
import { asMember, type MemberSeat, placeOf, showStep, showWords, wordsOf } from './window-seat.ts';

export function askPages(parts: PagesParts): Hono {
  const routes = new Hono();
  const at = '/organisations/:org/say';
  for (const [path, begin, go] of [
    ['correct', correct, correct],
    ['erase', erase, erase],
    ['copy', (seat: MemberSeat) => writeWords(seat, 'copy'), (seat: MemberSeat) => writeWords(seat, 'copy')],
    [
      'complain',
      (seat: MemberSeat) => writeWords(seat, 'complain'),
      (seat: MemberSeat) => writeWords(seat, 'complain'),
    ],
    ['safe', safe, setSafe],
  ] as const) {
    routes.get(`${at}/${path}`, asMember(parts, begin));
    routes.post(`${at}/${path}`, asMember(parts, go));
  }
  routes.post('/organisations/:org/copy/:form', asMember(parts, takeOne));
  return routes;
}

type Fields = Readonly<Record<string, string>>;
type CaseWords = Words['cases'];
const sent = async ({ c }: MemberSeat): Promise<Fields> => (c.req.method === 'POST' ? fieldsOf(c) : {});

async function openFor(seat: MemberSeat, given: object): Promise<Response> {
  const input = openCaseInput.parse({ ...given, language: wordsOf(seat).language });
  const answer: Answer<OpenedCase> = await ask(seat, 'open-case', madeBy(places['open-case']), () =>
    openCase(seat.service, seat.actor, input),
  );
  return sendOn(seat, `/cases/${mustOf(answer).case}`, 'case-opened');
}

type Own = { readonly choice: RecordChoice; readonly held: HeldRecord; readonly unnamed: boolean };

/** Their own records, each by its place in the list; without a name where none is to stand on a screen. */
async function ownRecordsOf(seat: MemberSeat): Promise<readonly Own[]> {
  const { words } = placeOf(seat);
  const { held, unnamed } = await seen(seat, 'show-details', null, async () =>
    done({
      held: await ownHeld(seat.service, seat.actor),
      unnamed: await isOwnSafe(seat.service, seat.actor),
    }),
  );
  return held.map((one, i) => {
    const name = [roleText(one, 'forename'), roleText(one, 'surname')]
      .filter((part) => part !== null)
      .join(' ');
    const number = words.form.record(i + 1);
    const text = unnamed || name === '' ? number : html`${number}: ${heldApart(name)}`;
    return { held: one, unnamed, choice: { at: String(i + 1), text } };
  });
}

type Path = 'correct' | 'erase';

/** The one they mean: there is but one, or they chose it; else the page that asks. */
async function recordOf(seat: MemberSeat, path: Path, { record }: Fields): Promise<Own | Response> {
  const place = placeOf(seat);
  const own = await ownRecordsOf(seat);
  if (own.length === 0) return showNoRecord(seat);
  const [only] = own;
  const found = own.find(({ choice }) => choice.at === record) ?? (own.length === 1 ? only : undefined);
  if (found !== undefined) return found;
  const faults = seat.c.req.method === 'POST' ? [{ field: 'record', text: place.words.form.whichNone }] : [];
  const body = whichRecordBody(
    place,
    path,
    own.map(({ choice }) => choice),
    faults,
  );
  return showStep(seat, { title: place.words[path].title, body }, faults);
}

async function correct(seat: MemberSeat): Promise<Response> {
  const fields = await sent(seat);
  const own = await recordOf(seat, 'correct', fields);
  if (own instanceof Response) return own;
  const place = placeOf(seat);
  const { words } = place;
  const shown = fieldValues(own.held);
  const now = shown.find(([name]) => name === fields.field);
  if (now === undefined) {
    const helpOf = (held: string | null) => (held === null ? words.correct.empty : heldApart(held));
    const options = shown.map(([name, value]) => ({
      value: name,
      text: fieldLabel(words, own.held, name),
      help: helpOf(shownValue(words, own, name, value)),
    }));
    // Nothing is wrong with a page that was only just come to.
    const faults = fields.asked === undefined ? [] : [{ field: 'field', text: words.form.choose }];
    return showStep(
      seat,
      { title: words.correct.title, body: whichFieldBody(place, own.choice.at, options, faults) },
      faults,
    );
  }
  return correctField(seat, own, now, fields);
}

/** In place of a name. */
const dots = '•••';

/** As people read it; a name is not shown where none is to stand on a screen. */
function shownValue(words: CaseWords, { held, unnamed }: Own, field: string, value: string | null) {
  if (value === null) return null;
  return unnamed && isName(held.source, field) ? dots : readValue(words, held, field, value);
}

/** A day as a day; a yes or a no as that, however the file writes it. */
function readValue(words: CaseWords, { source }: HeldRecord, field: string, value: string): string {
  const flag = isYesOrNo(namedField(source, field).as) ? yesOrNo(value) : null;
  return flag === null ? words.date(value) : flag ? words.correct.yes : words.correct.no;
}

async function correctField(
  seat: MemberSeat,
  own: Own,
  [field, held]: readonly [string, string | null],
  { value, sure }: Fields,
): Promise<Response> {
  const place = placeOf(seat);
  const { words } = place;
  const { correct: said } = words;
  const hidden = own.unnamed && isName(own.held.source, field);
  const wanted = wantedOf(own.held.source, namedField(own.held.source, field));
  const typed = value ?? (hidden ? '' : (held ?? ''));
  const read = valueTyped(wanted, typed, {
    ...{ today: dayOf(seat.service.now().getTime()), date: words.date },
    ...said,
  });
  const wished = read.kind === 'value' ? read.value : typed.trim();
  const readable = (text: string): string => readValue(words, own.held, field, text);
  const one: Correction = {
    ...{ record: own.choice.at, field, label: fieldLabel(words, own.held, field) },
    ...{ now: shownValue(words, own, field, held), value: wished },
    // Nor the new name: what they typed stands in its field alone.
    shown: hidden ? dots : readable(wished),
  };
  const isSame = readable(wished) === readable(held ?? '');
  const fault = read.kind === 'fault' ? said[read.fault] : isSame ? said.same : null;
  if (value === undefined || sure === 'no' || fault !== null) {
    const faults = value === undefined || fault === null ? [] : [{ field: 'value', text: fault }];
    const asked = {
      ...one,
      value:
        read.kind === 'fault'
          ? wished
          : asTyped(one.shown === said.yes || one.shown === said.no ? one.shown : wished),
    };
    const body = newValueBody(place, { ...asked, wanted }, faults);
    return showStep(seat, { title: one.label, body }, faults);
  }
  if (sure !== 'yes')
    return showWords(seat, { title: place.words.form.check, body: correctionCheckBody(place, one) });
  const { source, record } = own.held;
  return openFor(seat, { kind: 'correction', source: source.id, person: record, field, value: one.value });
}

const fieldLabel = ({ detail, capital }: CaseWords, { source }: HeldRecord, name: string): string =>
  capital(detail(namedField(source, name)));

async function erase(seat: MemberSeat): Promise<Response> {
  const fields = await sent(seat);
  const own = await recordOf(seat, 'erase', fields);
  if (own instanceof Response) return own;
  const place = placeOf(seat);
  if (fields.sure !== 'yes')
    return showWords(seat, { title: place.words.erase.title, body: eraseCheckBody(place, own.choice) });
  const { source, record } = own.held;
  return openFor(seat, { kind: 'erasure', source: source.id, person: record });
}

const kinds = { copy: 'access', complain: 'complaint' } as const;

/** Of several records the one that is meant: staff copy, and answer for, what the request names. */
function recordMeant(own: readonly Own[], { record }: Fields): Own | null {
  return own.find(({ choice }) => choice.at === record) ?? (own.length === 1 ? (own[0] ?? null) : null);
}

/** A box of words, what they are, and then they are sent. */
async function writeWords(seat: MemberSeat, path: keyof typeof kinds): Promise<Response> {
  const place = placeOf(seat);
  const fields = await sent(seat);
  const typed = (fields.words ?? '').trim();
  const said = place.words[path];
  const tooLong = typed.length > 4000 ? place.words.complain.tooLong : null;
  const fault =
    typed === '' ? (path === 'copy' ? place.words.copy.moreNone : place.words.complain.none) : tooLong;
  const own = await ownRecordsOf(seat);
  if (own.length === 0) return showNoRecord(seat);
  const one = recordMeant(own, fields);
  const isUnsaid = one === null && own.length > 1;
  if (seat.c.req.method !== 'POST' || fields.sure === 'no' || fault !== null || isUnsaid) {
    const faults = [
      ...(isUnsaid ? [{ field: 'record', text: place.words.form.whichNone }] : []),
      ...(fault === null ? [] : [{ field: 'words', text: fault }]),
    ].filter(() => seat.c.req.method === 'POST');
    const records = own.map(({ choice }) => choice);
    const written = { typed, records, record: fields.record ?? '' };
    const body =
      path === 'copy'
        ? copyBody(place, { ...written, ends: await isCopyAsked(seat) }, faults)
        : complainBody(place, written, faults);
    return showStep(seat, { title: said.title, body }, faults);
  }
  const whose = own.length > 1 && one !== null ? one.choice : null;
  if (fields.sure !== 'yes')
    return showWords(seat, {
      title: place.words.form.check,
      body: wordsCheckBody(place, path, typed, whose),
    });
  const of = one === null ? {} : { source: one.held.source.id, person: one.held.record };
  return openFor(seat, { kind: kinds[path], words: typed, ...of });
}

/** Whether a request of theirs for nothing but the copy is open, which ends when they take one. */
const isCopyAsked = (seat: MemberSeat): Promise<boolean> =>
  seen(seat, 'show-details', null, async () =>
    done((await openCopyCases(seat.service, seat.actor)).length > 0),
  );

async function takeOne(seat: MemberSeat): Promise<Response> {
  const input = copyDetailsInput.safeParse({ format: seat.c.req.param('form') });
  if (!input.success) throw nothing();
  const file = await seen(seat, 'copy-details', madeBy(places['copy-details']), () =>
    takeCopy(seat.service, seat.actor, input.data, wordsOf(seat)),
  );
  return fileResponse(seat.c.req.raw, file);
}

async function safe(seat: MemberSeat): Promise<Response> {
  const place = placeOf(seat);
  const own = await ownRecordsOf(seat);
  if (own.length === 0) return showNoRecord(seat);
  const set = own.some(({ unnamed }) => unnamed);
  return showWords(seat, { title: place.words.safe.title, body: safeBody(place, set) });
}

async function setSafe(seat: MemberSeat): Promise<Response> {
  const { safe: wanted } = await fieldsOf(seat.c);
  const input = { source: null, person: null, safe: wanted !== 'no' };
  const answer = await ask(seat, 'set-safe-contact', null, () =>
    setSafeContact(seat.service, seat.actor, input),
  );
  if (answer.kind === 'refused' && answer.code === 'not-found') return showNoRecord(seat);
  mustOf(answer);
  return sendDone(seat, input.safe ? 'safe' : 'unsafe', []);
}
