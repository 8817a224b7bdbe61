/** `astold notice diff`: what people were newly told, promised and asked between two versions, and what was dropped. */
import { digestOf } from '../../documents/digest.ts';
import type {
  Consent,
  Dimension,
  Notice,
  Quote,
  Retention,
  Statement,
  StatementKind,
} from '../../policy/model.ts';
import { plain } from '../../policy/words.ts';

/** One dimension of what changed: its terms, those of them the other version tells nowhere, and the words. */
export type ChangedPart = {
  readonly dimension: Dimension;
  readonly terms: readonly string[];
  readonly unseen: readonly string[];
  readonly quote: Quote;
};
/** A statement that tells something, as a whole (A2), which the other version does not. */
export type ChangedStatement = { readonly statement: string; readonly parts: readonly ChangedPart[] };
export type ChangedPromise = {
  readonly statement: string;
  readonly kind: Exclude<StatementKind, 'tells'>;
  readonly quotes: readonly Quote[];
};
export type NoticeDiff = {
  readonly from: string;
  readonly to: string;
  /** What `to` tells and `from` does not, and the other way round. */
  readonly told: readonly ChangedStatement[];
  readonly dropped: readonly ChangedStatement[];
  readonly promised: readonly ChangedPromise[];
  readonly unpromised: readonly ChangedPromise[];
  readonly asked: readonly Consent[];
  readonly askedNoMore: readonly Consent[];
  readonly askedDifferently: readonly ChangedConsent[];
};
/** A consent that both ask, and what of it is not the same in `to`. */
export type ChangedConsent = { readonly consent: string; readonly changes: readonly ConsentChange[] };
export type ConsentChange =
  | { readonly part: 'kind'; readonly from: Consent['kind']; readonly to: Consent['kind'] }
  | { readonly part: 'bundled'; readonly from: boolean; readonly to: boolean }
  | {
      readonly part: 'purposes' | 'contactChannels' | 'controllers';
      readonly from: readonly string[];
      readonly to: readonly string[];
    }
  | { readonly part: 'wording'; readonly from: Quote; readonly to: Quote };

/** What people shown `to` after `from` were newly told, and what was dropped. */
export function diffNotices(from: Notice, to: Notice): NoticeDiff {
  const pairs = pairsOf(from.consents, to.consents);
  // A consent is known by what it became, so that a statement resting on it still rests on the same.
  const became = new Map(pairs.map(({ earlier, later }) => [earlier.id, later.id]));
  const before: Told = {
    notice: from,
    restsOn: (id) => (became.has(id) ? `${became.get(id)}` : `${id} before`),
  };
  const after: Told = { notice: to, restsOn: (id) => id };
  return {
    from: from.id,
    to: to.id,
    told: changed(after, before),
    dropped: changed(before, after),
    promised: promises(after, before),
    unpromised: promises(before, after),
    asked: to.consents.filter((consent) => !pairs.some(({ later }) => later === consent)),
    askedNoMore: from.consents.filter((consent) => !pairs.some(({ earlier }) => earlier === consent)),
    askedDifferently: pairs.flatMap(({ earlier, later }) => {
      const changes = changesOf(earlier, later);
      return changes.length === 0 ? [] : [{ consent: later.id, changes }];
    }),
  };
}

type Pair = { readonly earlier: Consent; readonly later: Consent };

/** Consents that ask the very same in the same words, whatever they are called; then those of one id. */
function pairsOf(from: readonly Consent[], to: readonly Consent[]): readonly Pair[] {
  const pairs: Pair[] = [];
  const pairWhere = (same: (earlier: Consent, later: Consent) => boolean): void => {
    for (const earlier of from) {
      if (pairs.some((pair) => pair.earlier === earlier)) continue;
      const later = to.find((c) => same(earlier, c) && !pairs.some((pair) => pair.later === c));
      if (later) pairs.push({ earlier, later });
    }
  };
  pairWhere((a, b) => a.id === b.id && changesOf(a, b).length === 0);
  pairWhere((a, b) => changesOf(a, b).length === 0);
  pairWhere((a, b) => a.id === b.id);
  return pairs;
}

function changesOf(from: Consent, to: Consent): readonly ConsentChange[] {
  const set = (terms: readonly string[]): string => JSON.stringify([...new Set(terms)].sort());
  const changes: ConsentChange[] = [];
  if (from.kind !== to.kind) changes.push({ part: 'kind', from: from.kind, to: to.kind });
  if (from.bundled !== to.bundled) changes.push({ part: 'bundled', from: from.bundled, to: to.bundled });
  for (const part of ['purposes', 'contactChannels', 'controllers'] as const)
    if (set(from[part]) !== set(to[part])) changes.push({ part, from: from[part], to: to[part] });
  if (plain(from.wording.text) !== plain(to.wording.text) || from.wording.layer !== to.wording.layer)
    changes.push({ part: 'wording', from: from.wording, to: to.wording });
  return changes;
}

/** A version, and what a consent of it is called in the comparison. */
type Told = { readonly notice: Notice; readonly restsOn: (consent: string) => string };
type ToldPart = {
  readonly dimension: Dimension;
  /** As shown, and as compared. */
  readonly terms: readonly string[];
  readonly keys: readonly string[];
  readonly quote: Quote;
};

/** The dimensions of a statement that are told, each with its terms as text. */
function dimensionsOf(statement: Statement, restsOn: Told['restsOn']): readonly ToldPart[] {
  const { purposes, recipients, data, contactChannels, basis, retention } = statement;
  const told = (dimension: Dimension, terms: readonly string[], quote: Quote, keys = terms): ToldPart => ({
    dimension,
    terms,
    keys,
    quote,
  });
  const resting = (consent: (id: string) => string): readonly string[] =>
    (basis?.terms ?? []).map((t) =>
      basis?.consent == null ? t : `${t}, on the consent ${consent(basis.consent)}`,
    );
  return [
    ...(purposes
      ? [
          told(
            'purpose',
            purposes.terms.map((t) => (purposes.narrower ? `${t} and narrower` : t)),
            purposes.quote,
          ),
        ]
      : []),
    ...(recipients
      ? [told('recipient', [...recipients.organisations, ...recipients.categories], recipients.quote)]
      : []),
    ...(data
      ? [
          told(
            'data',
            data.items.map((i) => (i.of === 'child' ? `${i.term} of a child` : i.term)),
            data.quote,
          ),
        ]
      : []),
    ...(contactChannels ? [told('contact-channel', contactChannels.terms, contactChannels.quote)] : []),
    ...(basis
      ? [
          told(
            'basis',
            resting((id) => id),
            basis.quote,
            resting(restsOn),
          ),
        ]
      : []),
    ...(retention ? [told('retention', [retentionText(retention.told)], retention.quote)] : []),
  ];
}

function retentionText(told: Retention): string {
  if (told.kind === 'until') return `until ${told.date}`;
  const { months, days } = told.period;
  const lasts = [months > 0 ? `${months} months` : '', days > 0 || months === 0 ? `${days} days` : '']
    .filter((part) => part !== '')
    .join(' and ');
  const { from } = told;
  return `${lasts} from ${'years' in from ? `${from.kind} ${from.years}` : from.kind}`;
}

/** Statements of `here` with at least one combination of terms that no single statement of `there` tells. */
function changed(here: Told, there: Told): readonly ChangedStatement[] {
  const others = there.notice.statements
    .filter((s) => s.kind === 'tells')
    .map((s) => new Map(dimensionsOf(s, there.restsOn).map((d) => [d.dimension, new Set(d.keys)])));
  const everywhere = new Set(
    others.flatMap((other) =>
      [...other].flatMap(([dimension, terms]) => [...terms].map((t) => `${dimension} ${t}`)),
    ),
  );
  return here.notice.statements
    .filter((s) => s.kind === 'tells')
    .flatMap((statement) => {
      const told = dimensionsOf(statement, here.restsOn);
      if (
        told.length === 0 ||
        combinations(told).every((each) =>
          others.some((other) => each.every(([d, term]) => other.get(d)?.has(term))),
        )
      )
        return [];
      const parts = told.map(({ dimension, terms, keys, quote }) => ({
        dimension,
        terms,
        unseen: terms.filter((_, i) => !everywhere.has(`${dimension} ${keys[i]}`)),
        quote,
      }));
      return [{ statement: statement.id, parts }];
    });
}

function combinations(told: readonly ToldPart[]): readonly (readonly (readonly [Dimension, string])[])[] {
  return told.reduce<readonly (readonly (readonly [Dimension, string])[])[]>(
    (all, { dimension, keys }) =>
      all.flatMap((each) => keys.map((term) => [...each, [dimension, term] as const])),
    [[]],
  );
}

function promises(here: Told, there: Told): readonly ChangedPromise[] {
  const meaning = (s: Statement, restsOn: Told['restsOn']): string =>
    digestOf({
      kind: s.kind,
      limits: s.limits,
      told: dimensionsOf(s, restsOn).map(({ dimension, keys }) => ({ dimension, keys })),
    });
  const others = new Set(
    there.notice.statements.filter((s) => s.kind !== 'tells').map((s) => meaning(s, there.restsOn)),
  );
  return here.notice.statements.flatMap((s) =>
    s.kind === 'tells' || others.has(meaning(s, here.restsOn))
      ? []
      : [{ statement: s.id, kind: s.kind, quotes: dimensionsOf(s, here.restsOn).map((d) => d.quote) }],
  );
}
