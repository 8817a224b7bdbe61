/** A copy as lines that people read: what a table of it and a paper of it both say, in the same order. */
import type { Words } from '../../words/words.ts';
import type { Copied } from './copied.ts';

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

const parts = ['held', 'told', 'releases', 'said', 'requests', 'lookUps'] as const;

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
    ...fields.map(({ field, what, ofChild, value, origin, by, on: day }) => {
      const name = `${details.data({ what, ofChild })} (${plainName(field)})`;
      const came = joined(details.held.origin(origin, by, null), many(words, copied, number));
      return line(name, valueText(words, value), came, on(words, day));
    }),
  ]);
}

const plainName = (field: string): string => field.replaceAll('_', ' ');

function valueText({ details }: Words, value: string | number | boolean | null): string {
  if (typeof value === 'boolean') return value ? details.held.yes : details.held.no;
  return value === null ? '' : String(value);
}

function toldLines(words: Words, { told }: Copied): readonly CopyLine[] {
  return told.notices.flatMap(({ notice, shownFrom, layers }) =>
    layers.flatMap(({ blocks }) =>
      blocks.map(({ parts: texts }) =>
        line(words.copy.notice(notice), texts.map(({ text }) => text).join(''), '', on(words, shownFrom)),
      ),
    ),
  );
}

type Release = Copied['releases']['items'][number];

function releaseLines(words: Words, { releases: { items, unknown } }: Copied): readonly CopyLine[] {
  const { details, copy } = words;
  const known = items.flatMap((each) => [
    line(
      copy.release(each.release),
      each.madeOf === null ? copy.notKept(each.recipient) : madeOfText(words, each.madeOf),
      each.madeOf?.title ?? '',
      copy.date(each.releasedAt),
    ),
    ...each.claims
      .filter(({ said }) => said !== null)
      .map(({ party, kind, said }) =>
        line(copy.release(each.release), copy.claim(party, details.release.duty(kind)), '', on(words, said)),
      ),
  ]);
  return unknown === 0 ? known : [...known, line(copy.others, copy.unknown(unknown))];
}

const madeOfText = ({ details, copy }: Words, madeOf: NonNullable<Release['madeOf']>): string =>
  [
    ...madeOf.chain.map(({ name, role }) => copy.party(name, details.role(role))),
    details.list(madeOf.purposes.map(({ term }) => details.purpose(term))),
    details.list(madeOf.channels.map(details.channel)),
    copy.delivered(details.list(madeOf.delivered.map(details.data))),
    copy.deleteBy(copy.date(madeOf.deleteBy)),
  ].join('; ');

function saidLines(words: Words, copied: Copied): readonly CopyLine[] {
  const { details, copy } = words;
  const whereText = {
    here: (event: string | null) => event,
    file: () => copy.file,
    record: () => copy.ownRecord,
  } as const;
  return copied.said.items.map(({ number, where, event, kind, scope, wording, at, by }) =>
    line(
      details.said.kind(kind),
      wording === null ? details.said.scope(scope) : details.said.quoted(wording),
      joined(whereText[where](event), details.said.by(by), many(words, copied, number)),
      on(words, at),
    ),
  );
}

function requestLines({ copy, cases }: Words, { requests }: Copied): readonly CopyLine[] {
  const deeds: Readonly<Record<string, string>> = cases.deeds;
  return requests.flatMap(({ number, kind, received, said, steps, answer, replyTo }) => [
    line(
      copy.request(number, cases.asked[kind]),
      joined(said.words, said.field && cases.one.correction(plainName(said.field), said.value ?? '')),
      joined(replyTo && copy.replyTo(replyTo)),
      copy.date(received),
    ),
    ...steps.map(({ deed, words, at }) =>
      line(copy.request(number, deeds[deed] ?? deed), words, '', copy.instant(at)),
    ),
    ...(answer === null ? [] : [line(copy.request(number, copy.answer), answer)]),
  ]);
}
