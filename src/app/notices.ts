/** `astold notice`: what versions tell, how two differ, which may have been shown, and what there is to sign. */
import { resolve } from 'node:path';
import { digestOf } from '../documents/digest.ts';
import { explicitTerms } from '../documents/explicit.ts';
import type { Fault } from '../documents/fault.ts';
import { nearest } from '../documents/nearest.ts';
import { parseNotice } from '../documents/notice.ts';
import { checkNotice, statementDigest } from '../documents/notice-check.ts';
import { parseOrganisations } from '../documents/organisations.ts';
import { readAll } from '../documents/read-all.ts';
import { parseSignoff } from '../documents/signoff.ts';
import { candidatesAt } from '../policy/history.ts';
import type {
  CivilDate,
  CollectedBy,
  Consent,
  Dimension,
  Notice,
  Quote,
  Retention,
  Statement,
  StatementKind,
} from '../policy/model.ts';

export class NoticeError extends Error {
  readonly code = 'notice-unknown';
  constructor(id: string, suggestion: string | null) {
    super(`there is no notice ${id}${suggestion === null ? '' : `; did you mean ${suggestion}?`}`);
    this.name = 'NoticeError';
  }
}

/** The versions that may have been shown by that means on that day (A6), oldest first. */
export function noticesAt(
  notices: readonly Notice[],
  collectedBy: CollectedBy,
  on: CivilDate,
): readonly Notice[] {
  return [...candidatesAt(notices, collectedBy, on)].sort((a, b) =>
    a.shown.from === b.shown.from ? (a.id < b.id ? -1 : 1) : a.shown.from < b.shown.from ? -1 : 1,
  );
}

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
};

/** What people shown `to` after `from` were newly told, and what was dropped. */
export function diffNotices(from: Notice, to: Notice): NoticeDiff {
  return {
    from: from.id,
    to: to.id,
    told: changed(to, from),
    dropped: changed(from, to),
    promised: promises(to, from),
    unpromised: promises(from, to),
    asked: consents(to, from),
    askedNoMore: consents(from, to),
  };
}

type Told = { readonly dimension: Dimension; readonly terms: readonly string[]; readonly quote: Quote };

/** The dimensions of a statement that are told, each with its terms as text. */
function dimensionsOf(statement: Statement): readonly Told[] {
  const { purposes, recipients, data, contactChannels, basis, retention } = statement;
  const told = (dimension: Dimension, terms: readonly string[], quote: Quote): Told => ({
    dimension,
    terms,
    quote,
  });
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
    ...(basis ? [told('basis', basis.terms, basis.quote)] : []),
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
function changed(here: Notice, there: Notice): readonly ChangedStatement[] {
  const others = there.statements
    .filter((s) => s.kind === 'tells')
    .map((s) => new Map(dimensionsOf(s).map((d) => [d.dimension, new Set(d.terms)])));
  const everywhere = new Set(
    others.flatMap((other) =>
      [...other].flatMap(([dimension, terms]) => [...terms].map((t) => `${dimension} ${t}`)),
    ),
  );
  return here.statements
    .filter((s) => s.kind === 'tells')
    .flatMap((statement) => {
      const told = dimensionsOf(statement);
      if (
        told.length === 0 ||
        combinations(told).every((each) =>
          others.some((other) => each.every(([d, term]) => other.get(d)?.has(term))),
        )
      )
        return [];
      const parts = told.map(({ dimension, terms, quote }) => ({
        dimension,
        terms,
        unseen: terms.filter((t) => !everywhere.has(`${dimension} ${t}`)),
        quote,
      }));
      return [{ statement: statement.id, parts }];
    });
}

function combinations(told: readonly Told[]): readonly (readonly (readonly [Dimension, string])[])[] {
  return told.reduce<readonly (readonly (readonly [Dimension, string])[])[]>(
    (all, { dimension, terms }) =>
      all.flatMap((each) => terms.map((term) => [...each, [dimension, term] as const])),
    [[]],
  );
}

function promises(here: Notice, there: Notice): readonly ChangedPromise[] {
  const meaning = (s: Statement): string =>
    digestOf({
      kind: s.kind,
      limits: s.limits,
      told: dimensionsOf(s).map(({ dimension, terms }) => ({ dimension, terms })),
    });
  const others = new Set(there.statements.filter((s) => s.kind !== 'tells').map(meaning));
  return here.statements.flatMap((s) =>
    s.kind === 'tells' || others.has(meaning(s))
      ? []
      : [{ statement: s.id, kind: s.kind, quotes: dimensionsOf(s).map((d) => d.quote) }],
  );
}

function consents(here: Notice, there: Notice): readonly Consent[] {
  const meaning = ({ kind, bundled, purposes, controllers }: Consent): string =>
    digestOf({ kind, bundled, purposes, controllers });
  const others = new Set(there.consents.map(meaning));
  return here.consents.filter((consent) => !others.has(meaning(consent)));
}

export type ShownStatement = {
  readonly id: string;
  readonly kind: StatementKind;
  /** What a sign-off quotes. */
  readonly digest: string;
  /** The explicit terms it tells (A4), and the people who signed for it as it stands. */
  readonly explicit: readonly string[];
  readonly signedBy: readonly string[];
};
export type ShownNotice = {
  readonly id: string;
  readonly file: string;
  /** Null where the notice itself has faults. */
  readonly notice: Notice | null;
  readonly statements: readonly ShownStatement[];
  /** Of this notice alone. */
  readonly faults: readonly Fault[];
};

/**
 * A notice version with the digests to sign. It is read on its own, so that it shows also where a sign-off that is
 * still missing keeps the workspace from loading. Throws `NoticeError` where there is none of that id.
 */
export async function showNotice(root: string, id: string): Promise<ShownNotice> {
  const texts = await readAll(resolve(root));
  const parsed = texts.in.notices.map((f) => parseNotice(f.file, f.text));
  const idOf = (n: (typeof parsed)[number]): string | null => n.head && `${n.head.notice}@${n.head.version}`;
  const found = parsed.find((n) => idOf(n) === id);
  if (!found)
    throw new NoticeError(
      id,
      nearest(
        id,
        parsed.flatMap((n) => idOf(n) ?? []),
      ),
    );
  const register = texts.register
    ? parseOrganisations(texts.register.file, texts.register.text).organisations
    : [];
  const organisations = new Map(register.map((o) => [o.id, o]));
  const explicit = texts.rules?.explicit ?? [];
  const signoffs = texts.in.signoffs.flatMap((f) => parseSignoff(f.file, f.text).signoff ?? []);
  const checked = checkNotice(found, { organisations, explicit, signoffs });
  return {
    id,
    file: found.file,
    notice: checked.notice ?? found.notice,
    statements: found.statements.map((statement) => {
      const digest = statementDigest(statement);
      const signed = signoffs.flatMap((s) =>
        s.kind === 'mapping' &&
        s.signoff.notice === id &&
        s.signoff.statement === statement.document.id &&
        s.signoff.digest === digest
          ? [s.signoff.by]
          : [],
      );
      const terms = explicitTerms(statement.document, explicit, organisations).map((t) => t.explicit.term);
      return {
        id: statement.document.id,
        kind: statement.document.kind,
        digest,
        explicit: terms,
        signedBy: signed,
      };
    }),
    faults: [...found.faults, ...checked.faults],
  };
}
