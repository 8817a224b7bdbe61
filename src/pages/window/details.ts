/** The member's first page: whose records they are, who has them and why, and where the rest is. */
import { html } from 'hono/html';
import type { ReleasesWith, ReleaseWith } from '../../app/window/releases-with.ts';
import type { Details } from '../../app/window/show-details.ts';
import { isOfAll } from '../../app/window/stops-said.ts';
import { dayOf } from '../../policy/dates.ts';
import type { CivilDate } from '../../policy/model.ts';
import type { Words } from '../../words/words.ts';
import { fact, facts, table } from '../flow/parts.ts';
import type { Html } from '../frame.ts';
import { type ChainNode, chainPicture } from './chain.ts';
import { lines } from './form-parts.ts';
import { toBeSafeLine, toldStop } from './told-stop.ts';
import { apart, heldApart, linesWithName, withName } from './with-name.ts';

type DetailsWords = Words['details'];
/** Beyond so many ways the pages of the lists show each its own. */
const mostPictures = 3;

export function detailsBody(
  words: DetailsWords,
  shown: {
    readonly home: string;
    readonly club: string;
    readonly details: Details;
    readonly heldDays: number;
    readonly today: CivilDate;
  },
): Html {
  const { home, club, details, heldDays, today } = shown;
  if (details.records.length === 0) return noRecordBody(words, { club, heldDays, sent: null });
  return html`${whose(words, details)}
<h2>${words.who.heading}</h2>
${stopsLine(words, home, details)}
${details.releases === undefined ? '' : who(words, { home, club, today, releases: details.releases, passedOn: details.passedOn ?? [] })}
<h2 class="screen">${words.more.heading}</h2>
<ul class="choices">${(
    [
      ['/details/told', words.more.told],
      ['/details/held', words.more.held],
      ['/details/said', words.more.said],
      ['/prove', words.more.prove],
      ['/say', words.more.stop],
    ] as const
  ).map(([path, text]) => html`<li><a href="${home}${path}">${text}</a></li>`)}</ul>`;
}

/** To whoever can be shown no record: what to do next. `sent`: what they wrote in a form, which went nowhere; null where none was sent. */
export function noRecordBody(
  { none }: DetailsWords,
  {
    club,
    heldDays,
    sent,
  }: { readonly club: string; readonly heldDays: number; readonly sent: readonly Html[] | null },
): Html {
  return html`${sent === null ? '' : html`<p class="notice bad" role="alert">${none.unsent}</p>`}
<p class="lead">${withName(none.words, club)}</p><p>${none.changed(heldDays)}</p>
<h2>${none.next}</h2>
${lines(linesWithName(none.steps, club))}
<p><a href="/auth/members/sign-in">${none.again}</a></p>
${sent === null || sent.length === 0 ? '' : html`<section class="card"><p>${none.typed}</p>${sent}</section>`}`;
}

export function whose(words: DetailsWords, { records, shared, safe }: Details): Html {
  const { whose: said } = words;
  if (safe) return html`<p>${said.hidden}</p>`;
  const [one, ...more] = records;
  if (one !== undefined && more.length === 0)
    return html`<p>${one.name === null ? said.one(null) : withName(said.one, one.name)}</p><p class="help">${said.elsewhere}</p>`;
  return html`<h2>${said.heading}</h2>
${shared ? html`<p class="notice plain">${said.shared}</p>` : ''}
<ol>${records.map(
    ({ name }) => html`<li>${name === null ? said.name(null) : withName(said.name, name)}</li>`,
  )}</ol><p class="help">${said.elsewhere}</p>`;
}

/** Before all else: what they said holds from then on, whatever the lists below once allowed. */
function stopsLine(words: DetailsWords, home: string, { records, stops = [] }: Details): Html | '' {
  if (stops.length === 0) return '';
  const { who: said } = words;
  // Of two people at one address the one may have stopped what the other has not, or at another time.
  const first = records.flatMap(
    ({ number }) => stops.findLast((s) => s.number === number && isOfAll(s)) ?? [],
  );
  const times = new Set(first.map(({ at }) => (at === null ? null : words.moment(at))));
  const all =
    first.length < records.length
      ? said.stoppedSome
      : times.size === 1
        ? said.stopped(first[0]?.at ?? null)
        : html`${said.stopped(null)}${first.map(({ number, at }) => html` ${said.stoppedOn(number, at)}`)}`;
  return html`<p class="notice plain">${all}
<a href="${home}/details/said">${said.stops}</a>. <a href="${home}/answers">${said.answers}</a>.</p>`;
}

type PassedOn = NonNullable<Details['passedOn']>;

function who(
  words: DetailsWords,
  shown: {
    readonly home: string;
    readonly club: string;
    readonly today: CivilDate;
    readonly releases: ReleasesWith;
    readonly passedOn: PassedOn;
  },
): Html {
  const { home, club, today, releases, passedOn } = shown;
  const { items, unknown } = releases;
  const said = words.who;
  const until = ({ release, records, madeOf }: ReleaseWith): Html | string => {
    const unstopped = madeOf === null ? null : words.date(madeOf.useUntil);
    const of = passedOn.filter((each) => each.release === release);
    return toldStop(words, { records, items: of, today, unstopped }) ?? unstopped ?? '';
  };
  return html`<p class="lead">${
    items.length === 0
      ? unknown === 0
        ? withName(said.nobody, club)
        : withName(said.unsure, club)
      : items.length === 1
        ? said.some(1)
        : said.many(items.length)
  }</p>
${unknown === 0 ? '' : html`<p class="notice plain">${said.unknown(unknown)}</p>`}
${pictures(words, items)}
${
  items.length === 0
    ? ''
    : table(
        said.caption,
        items,
        [
          { head: said.when, cell: ({ releasedAt }) => words.date(dayOf(Date.parse(releasedAt))) },
          {
            head: said.what,
            cell: ({ madeOf }) => (madeOf === null ? said.notKept : purposesOf(words, madeOf)),
          },
          { head: said.got, cell: gotBy },
          { head: said.until, cell: until },
          {
            head: said.see,
            cell: ({ release, madeOf }) =>
              html`<a href="${home}/details/lists/${encodeURIComponent(release)}">${said.seeOf(madeOf?.title ?? release)}</a>`,
          },
        ],
        '',
      )
}${items.length === 0 ? '' : toBeSafeLine(words, home, passedOn)}`;
}

const gotBy = ({ madeOf, recipient }: ReleaseWith): Html =>
  apart(madeOf === null ? [recipient] : madeOf.chain.map(({ name }) => name));

type MadeOf = NonNullable<ReleaseWith['madeOf']>;

const purposesOf = (words: DetailsWords, { purposes }: MadeOf): string =>
  words.list(purposes.map(({ term }) => words.purpose(term)));

/** Each way once, with how many lists went it. */
function pictures(words: DetailsWords, items: readonly ReleaseWith[]): Html {
  const made = items.flatMap(({ madeOf }) => (madeOf === null ? [] : [madeOf]));
  const ways = [...Map.groupBy(made, (each) => JSON.stringify([each.supplier, each.chain])).values()];
  return html`${ways.slice(0, mostPictures).map(([one, ...more]) =>
    one === undefined
      ? ''
      : html`<figure class="way-of">${pictureOf(words, one)}
<figcaption>${words.who.times(more.length + 1)}: ${purposesOf(words, one)}</figcaption></figure>`,
  )}${ways.length > mostPictures ? html`<p>${words.who.morePictures}</p>` : ''}`;
}

function pictureOf(words: DetailsWords, { supplier, chain }: MadeOf): Html {
  const nodes: readonly ChainNode[] = [
    { name: supplier, role: words.release.fromRole },
    ...chain.map(({ name, role }) => ({ name, role: words.roleShort(role) })),
  ];
  return chainPicture(nodes, words.who.picture(nodes.map(({ name }) => name)));
}

/** One list that somebody is in: the way as a picture, and the same and more in words. */
export function releaseBody(
  words: DetailsWords,
  shown: {
    readonly home: string;
    readonly release: ReleaseWith;
    readonly many: boolean;
    /** How it stands with their stops (`toldStop`); null where none was passed on. */
    readonly stop: Html | null;
    /** Whom what was said since was passed on to, and whether they said all of it; null where nothing was. */
    readonly since: { readonly body: Html; readonly yours: boolean } | null;
  },
): Html {
  const { home, release, many, stop, since } = shown;
  const said = words.release;
  const { madeOf, releasedAt, records } = release;
  return html`${madeOf === null ? html`<p class="notice plain">${said.notKept}</p>` : html`<figure class="way-of">${pictureOf(words, madeOf)}</figure>`}
${facts([
  fact(said.released, words.moment(releasedAt)),
  ...(many ? [fact(said.whose, words.list(records.map(words.whose.number)))] : []),
  ...(madeOf === null ? [] : factsOf(words, madeOf, stop)),
  fact(
    said.countersigned,
    release.countersigned === null ? said.notCountersigned : said.countersignedAt(release.countersigned),
  ),
])}
${madeOf !== null || stop === null ? '' : html`<p class="notice plain">${stop}</p>`}
${since === null ? '' : html`<h2>${since.yours ? said.since : said.sinceTold}</h2>${since.body}`}
${madeOf === null ? '' : chainTable(words, madeOf)}
${table(
  said.claims,
  release.claims,
  [
    { head: said.party, cell: ({ party }) => heldApart(party) },
    { head: said.claim, cell: ({ kind }) => said.duty(kind) },
    {
      head: said.due,
      cell: ({ kind, due }) => (kind === 'obey-stops' ? said.dueUntil(due) : words.date(due)),
    },
    {
      head: said.said,
      cell: (claim) =>
        claim.said !== null ? said.saidAt(claim.said) : claim.overdue ? said.overdue : said.notSaid,
    },
  ],
  said.noClaims,
)}
${release.claims.length === 0 ? '' : html`<p class="soft">${said.onlyTheirs}</p>`}
<p><a href="${home}/prove">${said.proof}</a></p>
<p><a href="${home}">${said.back}</a></p>`;
}

function factsOf(words: DetailsWords, madeOf: MadeOf, stop: Html | null): readonly Html[] {
  const said = words.release;
  const data = (items: MadeOf['delivered']): string => words.list(items.map(words.data));
  return [
    fact(said.purpose, purposesOf(words, madeOf)),
    fact(said.channels, words.list(madeOf.channels.map(words.channel))),
    fact(said.delivered, data(madeOf.delivered)),
    ...(madeOf.chosenBy.length === 0 ? [] : [fact(said.chosenBy, data(madeOf.chosenBy))]),
    ...(madeOf.givesAway.length === 0 ? [] : [fact(said.givesAway, data(madeOf.givesAway))]),
    fact(said.use, stop ?? said.useWords(madeOf.useFrom, madeOf.useUntil)),
    fact(said.deleteBy, words.date(madeOf.deleteBy)),
  ];
}

function chainTable(words: DetailsWords, { supplier, chain }: MadeOf): Html {
  const said = words.release;
  const rows = [
    { name: supplier, does: said.fromRole },
    ...chain.map(({ name, role }) => ({ name, does: words.role(role) })),
  ];
  return table(
    said.chain,
    rows,
    [
      { head: said.party, cell: ({ name }) => heldApart(name) },
      { head: said.role, cell: ({ does }) => does },
    ],
    '',
  );
}
