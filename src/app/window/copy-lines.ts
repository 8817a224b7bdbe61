/** A copy as lines that people read: what a table of it and a paper of it both say, in the same order. */
import { instant, moment } from '../../policy/figures.ts';
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
      const came =
        origin === 'own' ? 'from you' : origin === null ? 'nobody knows from where' : `from ${origin}`;
      const name = `${what}${ofChild ? ' of a child' : ''} (${field.replaceAll('_', ' ')})`;
      return line(
        name,
        value === null ? '' : String(value),
        joined(came, by && `by ${by}`, many(copied, number)),
        on,
      );
    }),
  ]);
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
        : joined(
            `to ${madeOf.chain.map(({ name, role }) => `${name} (${role})`).join(', ')}`,
            `for ${madeOf.purposes.map(({ label }) => label).join(', ')}`,
            `with ${madeOf.delivered.map(({ what }) => what).join(', ')}`,
            `to be deleted by ${moment(madeOf.deleteBy)}`,
          ),
      madeOf?.title ?? '',
      releasedAt,
    ),
    ...claims
      .filter(({ said }) => said !== null)
      .map(({ party, kind, said }) =>
        line(`Release ${release}`, `${party} says that it did this: ${kind}`, '', said),
      ),
  ]);
  const lost =
    unknown === 0 ? [] : [line('Other releases', `of ${unknown} nobody can say whether they hold you`)];
  return [...known, ...lost];
}

const saidLines = (copied: Copied): readonly CopyLine[] =>
  copied.said.items.map(({ number, where, event, kind, scope, wording, at, by }) =>
    line(
      kind,
      wording ?? (joined(scope.purpose, scope.organisation, scope.channel, scope.field) || 'everything'),
      joined(
        where === 'here' ? event : 'from the file of the members',
        by && `by ${by}`,
        many(copied, number),
      ),
      at,
    ),
  );

const requestLines = ({ requests }: Copied): readonly CopyLine[] =>
  requests.flatMap(({ number, kind, received, said, steps, answer, replyTo }) => [
    line(
      `Request ${number}: ${kind}`,
      joined(said.words, said.field && `${said.field}: ${said.value ?? ''}`),
      joined(replyTo && `to be answered to ${replyTo}`),
      received,
    ),
    ...steps.map(({ deed, words, at }) => ({
      ...line(`Request ${number}: ${deed}`, words),
      when: timeOf(at),
    })),
    ...(answer === null ? [] : [line(`Request ${number}: the answer`, answer)]),
  ]);

const lookUpLines = ({ lookUps }: Copied): readonly CopyLine[] =>
  lookUps.map(({ at, reason }) => ({ ...line('Looked up', reason), when: timeOf(at) }));

const timeOf = (iso: string): string => instant(Date.parse(iso));
