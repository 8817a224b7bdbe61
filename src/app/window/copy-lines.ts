/** A copy as lines that people read: what a table of it and a paper of it both say, in the same order. */
import { dayOf } from '../../policy/dates.ts';
import type { Words } from '../../words/words.ts';
import { answerStands } from './answer-stands.ts';
import type { Copied } from './copied.ts';
import { isYesOrNo, yesOrNo } from './named-field.ts';

export type CopyLine = {
  readonly what: string;
  readonly value: string;
  /** Where it came from, or of what it is. */
  readonly from: string;
  /** The day, or the instant, as people read it. */
  readonly when: string;
};
export type CopySection = {
  readonly title: string;
  readonly lines: readonly CopyLine[];
  readonly none: string;
};

const line = (what: string, value: string | null, from = '', when = ''): CopyLine => ({
  ...{ what, value: value ?? '', from, when },
});

const parts = ['held', 'told', 'releases', 'said', 'passedOn', 'requests', 'lookUps'] as const;

export function sectionsOf(words: Words, copied: Copied): readonly CopySection[] {
  return parts.map((part) => {
    const [title, none] = words.copy.parts[part];
    return { title, none, lines: linesOf[part](words, copied) };
  });
}

type Lines = (words: Words, copied: Copied) => readonly CopyLine[];
const linesOf: Readonly<Record<(typeof parts)[number], Lines>> = {
  held: heldLines,
  told: toldLines,
  releases: releaseLines,
  said: saidLines,
  passedOn: passedOnLines,
  requests: requestLines,
  lookUps: ({ copy }, { lookUps }) =>
    lookUps.map(({ at, reason }) => line(copy.lookedUp, reason, '', copy.instant(at))),
};

const many = ({ copy }: Words, { records }: Copied, number: number): string =>
  records.length > 1 ? copy.number(number) : '';
const joined = (...texts: readonly (string | null)[]): string =>
  texts.filter((text) => text !== null && text !== '').join(', ');
const on = ({ copy }: Words, date: string | null): string => (date === null ? '' : copy.date(date));

function heldLines(words: Words, copied: Copied): readonly CopyLine[] {
  const { details, copy } = words;
  return copied.held.records.flatMap(({ number, source, fields }) => [
    line(copy.record, copied.records.find((one) => one.number === number)?.record ?? '', source),
    ...fields.map((field) => {
      const { value: held, as, origin, by, on: day } = field;
      const flag = isYesOrNo(as) && typeof held === 'string' ? yesOrNo(held) : null;
      const value = flag ?? held;
      const name = details.detail(field);
      const came = joined(details.held.origin(origin, by, null), many(words, copied, number));
      return line(name, valueText(words, value), came, on(words, day));
    }),
  ]);
}

function valueText({ details, copy }: Words, value: string | number | boolean | null): string {
  if (typeof value === 'boolean') return value ? details.held.yes : details.held.no;
  // A text that is no day stands as it is.
  return typeof value === 'string' ? copy.date(value) : value === null ? '' : String(value);
}

function toldLines(words: Words, copied: Copied): readonly CopyLine[] {
  const { notices } = copied.told;
  return [
    ...copied.told.records.flatMap((record) => shownLines(words, copied, record)),
    ...notices.flatMap((notice) => noticeLines(words, copied, notice)),
  ];
}

type Told = Copied['told'];

/** What they were shown, and on which day they gave what they gave. */
function shownLines(
  words: Words,
  copied: Copied,
  { number, collections, later }: Told['records'][number],
): readonly CopyLine[] {
  const { copy, details } = words;
  const { notices } = copied.told;
  const named = (n: number): string => copy.notice(notices.find((each) => each.number === n)?.notice ?? '');
  return [
    ...collections.map(({ on: day, known, notices: shown, details: given }) =>
      line(
        copy.shown,
        [
          ...shown.map(named),
          details.told.known[known],
          ...(shown.length > 1 ? [details.told.several] : []),
        ].join('; '),
        joined(details.told.of(given.map(details.detail)), many(words, copied, number)),
        dayShown(words, day),
      ),
    ),
    ...later.map(({ notice, on: day, delivery }) =>
      line(
        copy.shownLater,
        notice === null ? details.told.unknownNotice : named(notice),
        joined(details.told.delivery[delivery], many(words, copied, number)),
        dayShown(words, day),
      ),
    ),
  ];
}

const dayShown = (words: Words, day: string | null): string =>
  day === null ? words.details.told.laterOn(null) : on(words, day);

/** Its words, and each day on which it was shown to them; from when to when it was shown to people stands beside. */
function noticeLines(
  words: Words,
  { told }: Copied,
  { number, notice, shownFrom, shownUntil, layers, earlier }: Told['notices'][number],
): readonly CopyLine[] {
  const { copy, details } = words;
  const shown = told.records.flatMap(({ collections, later }) => [
    ...collections.filter(({ notices }) => notices.includes(number)).map((each) => each.on),
    ...later.filter((each) => each.notice === number).map((each) => each.on),
  ]);
  const days = [...new Set(shown)].sort((a, b) => ((a ?? '') < (b ?? '') ? -1 : 1));
  const when = details.list(days.map((day) => dayShown(words, day)));
  const inUse = copy.inUse(shownFrom, shownUntil);
  const linesIn = (what: string, of: typeof layers): readonly CopyLine[] =>
    of.flatMap(({ blocks }) =>
      blocks.map(({ parts: texts }) => line(what, texts.map(({ text }) => text).join(''), inUse, when)),
    );
  return [
    ...earlier.map(({ until, words: others, sure }) =>
      line(copy.notice(notice), details.told.changed(until, others, sure), inUse, when),
    ),
    ...linesIn(copy.notice(notice), layers),
    // Of what was only taken to say something else the words are those above.
    ...earlier.flatMap((before) =>
      before.words ? linesIn(copy.noticeBefore(notice, before.until), before.layers) : [],
    ),
  ];
}

type Release = Copied['releases']['items'][number];

function releaseLines(words: Words, { releases: { items, unknown } }: Copied): readonly CopyLine[] {
  const { copy } = words;
  const known = items.flatMap((each) => [
    line(
      copy.release(each.release),
      each.madeOf === null ? copy.notKept(each.recipient) : madeOfText(words, each.madeOf),
      each.madeOf?.title ?? '',
      copy.date(each.releasedAt),
    ),
    ...each.claims.map((claim) => claimLine(words, each.release, claim)),
  ]);
  return unknown === 0 ? known : [...known, line(copy.others, copy.unknown(unknown))];
}

/** What a party owes, and that it has said nothing of it yet, where it has not. */
function claimLine(
  words: Words,
  release: string,
  { party, kind, due, said, overdue }: Release['claims'][number],
): CopyLine {
  const { copy, details } = words;
  const duty = details.release.duty(kind);
  if (said !== null) return line(copy.release(release), copy.claim(party, duty), '', on(words, said));
  const nothing = overdue && kind !== 'obey-stops' ? details.release.overdue : details.release.notSaid;
  const by = kind === 'obey-stops' ? copy.until(copy.date(due)) : copy.by(copy.date(due));
  return line(copy.release(release), copy.owed(party, duty, by), copy.theySay(nothing));
}

function madeOfText({ details, copy }: Words, madeOf: NonNullable<Release['madeOf']>): string {
  const data = (items: (typeof madeOf)['delivered']): string => details.list(items.map(details.data));
  return [
    ...madeOf.chain.map(({ name, role }) => copy.party(name, details.role(role))),
    details.list(madeOf.purposes.map(({ term }) => details.purpose(term))),
    details.list(madeOf.channels.map(details.channel)),
    copy.delivered(data(madeOf.delivered)),
    ...(madeOf.chosenBy.length === 0 ? [] : [copy.chosenBy(data(madeOf.chosenBy))]),
    ...(madeOf.givesAway.length === 0 ? [] : [copy.givesAway(data(madeOf.givesAway))]),
    copy.use(details.release.useWords(madeOf.useFrom, madeOf.useUntil)),
    copy.deleteBy(copy.date(madeOf.deleteBy)),
  ].join('; ');
}

/** Whom it was passed on to, and what each says it did. */
function passedOnLines(words: Words, copied: Copied): readonly CopyLine[] {
  const { copy, passedOn } = words;
  const today = dayOf(Date.parse(copied.made));
  return copied.passedOn.map((item) => {
    const { number, release, name, kind, told, due, answered, yours, words: why, entered } = item;
    return line(
      copy.toldTo(name),
      passedOn.said(kind),
      joined(
        copy.release(release),
        yours ? null : copy.toBeSafe,
        passedOn.stands(answerStands(item, today), due),
        why === null ? null : passedOn.why(why),
        entered === null ? null : passedOn.toldUs(entered.by, entered.on),
        answered === null ? null : copy.answered(answered),
        many(words, copied, number),
      ),
      copy.instant(told),
    );
  });
}

function saidLines(words: Words, copied: Copied): readonly CopyLine[] {
  const { details, copy } = words;
  const whereText = {
    here: (event: string | null) => event,
    file: () => copy.file,
    record: () => copy.ownRecord,
  } as const;
  return copied.said.items.map((item) => {
    const { number, where, event, kind, at, signed, by } = item;
    return line(
      details.said.kind(kind),
      details.said.about(item),
      joined(
        whereText[where](event),
        details.said.by(by),
        signed === null || at === null ? null : details.said.days(signed, at, by),
        many(words, copied, number),
      ),
      on(words, at),
    );
  });
}

/** What should be put right, by its plain name; a yes or a no as that, and a day as a day. */
function correctionText(
  words: Words,
  { field, value, detail }: Copied['requests'][number]['said'],
): string | null {
  if (field === null) return null;
  const name = detail === null ? field.replaceAll('_', ' ') : words.details.detail(detail);
  const flag = detail !== null && isYesOrNo(detail.as) ? yesOrNo(value ?? '') : null;
  return words.cases.one.correction(name, valueText(words, flag ?? value));
}

function requestLines(words: Words, { requests }: Copied): readonly CopyLine[] {
  const { copy, cases } = words;
  const deeds: Readonly<Record<string, string>> = cases.deeds;
  return requests.flatMap(({ number, kind, received, said, steps, answer, replyTo }) => [
    line(
      copy.request(number, cases.asked[kind]),
      joined(said.words, correctionText(words, said)),
      joined(replyTo && copy.replyTo(replyTo)),
      copy.date(received),
    ),
    ...steps.map(({ deed, words: text, at }) =>
      line(copy.request(number, deeds[deed] ?? deed), text, '', copy.instant(at)),
    ),
    ...(answer === null ? [] : [line(copy.request(number, copy.answer), answer)]),
  ]);
}
