/** A copy as lines that people read: what a table of it and a paper of it both say, in the same order. */
import { instant, moment } from '../../policy/figures.ts';
import { wordsFor } from '../../words/words.ts';
import type { Copied } from './copied.ts';

/** As the titles, so the words of it: in English. */
const { details, cases } = wordsFor(null);

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

const line = (what: string, value: string | null, from = '', when: string | null = null): CopyLine => ({
  ...{ what, value: value ?? '', from },
  when: when === null ? '' : moment(when),
});

export function sectionsOf(copied: Copied): readonly CopySection[] {
  return [
    { title: 'What is held of you', none: 'Nothing is held.', lines: heldLines(copied) },
    { title: 'What you were told', none: 'No notice is on record.', lines: toldLines(copied) },
    {
      title: 'Who got your details',
      none: 'Your details were given to nobody.',
      lines: releaseLines(copied),
    },
    { title: 'What you have said', none: 'You have said nothing.', lines: saidLines(copied) },
    { title: 'What you have asked for', none: 'You have asked for nothing.', lines: requestLines(copied) },
    { title: 'When somebody looked you up', none: 'Nobody has.', lines: lookUpLines(copied) },
  ];
}

const many = ({ records }: Copied, number: number): string => (records.length > 1 ? `record ${number}` : '');
const joined = (...texts: readonly (string | null)[]): string =>
  texts.filter((text) => text !== null && text !== '').join(', ');

function heldLines(copied: Copied): readonly CopyLine[] {
  return copied.held.records.flatMap(({ number, source, fields }) => [
    line('Record', copied.records.find((one) => one.number === number)?.record ?? '', source),
    ...fields.map(({ field, what, ofChild, value, origin, by, on }) => {
      const name = `${details.data({ what, ofChild })} (${plainName(field)})`;
      const came = joined(details.held.origin(origin, by, null), many(copied, number));
      return line(name, valueText(value), came, on);
    }),
  ]);
}

const plainName = (field: string): string => field.replaceAll('_', ' ');

function valueText(value: string | number | boolean | null): string {
  if (typeof value === 'boolean') return value ? details.held.yes : details.held.no;
  return value === null ? '' : String(value);
}

function toldLines({ told }: Copied): readonly CopyLine[] {
  return told.notices.flatMap(({ notice, shownFrom, layers }) =>
    layers.flatMap(({ blocks }) =>
      blocks.map(({ parts }) =>
        line(`Notice ${notice}`, parts.map(({ text }) => text).join(''), '', shownFrom),
      ),
    ),
  );
}

function releaseLines(copied: Copied): readonly CopyLine[] {
  const { items, unknown } = copied.releases;
  const known = items.flatMap(({ release, releasedAt, recipient, madeOf, claims }) => [
    line(
      `Release ${release}`,
      madeOf === null
        ? `to ${recipient}; what it was made of is not kept any more`
        : [
            ...madeOf.chain.map(({ name, role }) => `to ${name}, who ${details.role(role)}`),
            details.list(madeOf.purposes.map(({ term }) => details.purpose(term))),
            details.list(madeOf.channels.map(details.channel)),
            `with ${details.list(madeOf.delivered.map(details.data))}`,
            `to be deleted by ${moment(madeOf.deleteBy)}`,
          ].join('; '),
      madeOf?.title ?? '',
      releasedAt,
    ),
    ...claims
      .filter(({ said }) => said !== null)
      .map(({ party, kind, said }) =>
        line(`Release ${release}`, `${party} says that it did this: ${details.release.duty(kind)}`, '', said),
      ),
  ]);
  const lost =
    unknown === 0 ? [] : [line('Other releases', `of ${unknown} nobody can say whether they hold you`)];
  return [...known, ...lost];
}

const saidLines = (copied: Copied): readonly CopyLine[] =>
  copied.said.items.map(({ number, where, event, kind, scope, wording, at, by }) =>
    line(
      details.said.kind(kind),
      wording === null ? details.said.scope(scope) : details.said.quoted(wording),
      joined(whereText[where](event), details.said.by(by), many(copied, number)),
      at,
    ),
  );

const whereText = {
  here: (event: string | null) => event,
  file: () => 'from the file of the members',
  record: () => 'from your record',
} as const;

const requestLines = ({ requests }: Copied): readonly CopyLine[] =>
  requests.flatMap(({ number, kind, received, said, steps, answer, replyTo }) => [
    line(
      `Request ${number}: ${cases.asked[kind]}`,
      joined(said.words, said.field && cases.one.correction(plainName(said.field), said.value ?? '')),
      joined(replyTo && `to be answered to ${replyTo}`),
      received,
    ),
    ...steps.map(({ deed, words, at }) => ({
      ...line(`Request ${number}: ${deedText(deed)}`, words),
      when: timeOf(at),
    })),
    ...(answer === null ? [] : [line(`Request ${number}: the answer`, answer)]),
  ]);

const deeds: Readonly<Record<string, string>> = cases.deeds;
const deedText = (deed: string): string => deeds[deed] ?? deed;

const lookUpLines = ({ lookUps }: Copied): readonly CopyLine[] =>
  lookUps.map(({ at, reason }) => ({ ...line('Looked up', reason), when: timeOf(at) }));

const timeOf = (iso: string): string => instant(Date.parse(iso));
