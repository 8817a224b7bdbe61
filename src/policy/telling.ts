/** What one telling says of one atom: the ways it covers it, or why it does not (A2, A4, A5, C1). */
import type { AskedAtom } from './asked.ts';
import {
  type ConsentFault,
  type CoverageWorld,
  consentFault,
  consentOf,
  lacking,
  tellsInOtherWords,
} from './coverage.ts';
import { startOf } from './dates.ts';
import type { Alternative, ConsentRef, Finding, RetentionRef } from './judgement.ts';
import type {
  Assessment,
  CivilDate,
  Consent,
  Dimension,
  Notice,
  Period,
  Quote,
  Statement,
  Upstream,
} from './model.ts';
import type { PromiseWorld } from './promises.ts';
import type { ReasonCode } from './reasons.ts';
import { isConsent, label } from './vocab.ts';

export type ToldWorld = PromiseWorld & {
  readonly assessments: readonly Assessment[];
  /** Null where the pack only warns of it (A7, configurable). */
  readonly waitingPeriod: Period | null;
  readonly supplier: string;
  readonly day: CivilDate;
  readonly consentIndex: (ref: ConsentRef) => number;
  readonly retentionIndex: (ref: RetentionRef) => number;
  /** What each telling was found to cover, by its statements: many histories are made of few tellings. */
  readonly covered: Map<readonly Statement[], Map<string, Map<AskedAtom, Covered>>>;
};
/** A notice version, or the terms bought-in data came with, whose consents were upstream's to ask. */
export type Telling = {
  readonly id: string;
  readonly statements: readonly Statement[];
  readonly notice: Notice | null;
};
export const tellingOf = (notice: Notice): Telling => ({
  id: notice.id,
  statements: notice.statements,
  notice,
});
export const tellingOfUpstream = (upstream: Upstream): Telling => ({
  id: upstream.id,
  statements: upstream.statements,
  notice: null,
});

export type Covered = {
  readonly alternatives: readonly Alternative[];
  readonly findings: readonly Finding[];
};

/** The ways one telling covers one atom, or the findings of why it does not. `fresh`: it was shown later. */
export function cover(telling: Telling, atom: AskedAtom, fresh: boolean, world: ToldWorld): Covered {
  const ofTelling = remembered(world.covered, telling.statements, () => new Map());
  const ofManner = remembered(ofTelling, `${fresh} ${telling.id}`, () => new Map());
  return remembered(ofManner, atom, () => coverAnew(telling, atom, fresh, world));
}

/** A value made once for each key. */
export function remembered<K, T>(known: Map<K, T>, key: K, make: () => T): T {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}

function coverAnew(telling: Telling, atom: AskedAtom, fresh: boolean, world: ToldWorld): Covered {
  const tells = telling.statements.filter((statement) => statement.kind === 'tells');
  const covering = tells.filter((statement) => lacking(statement, atom, world).length === 0);
  if (covering.length === 0) return { alternatives: [], findings: uncovered(telling, tells, atom, world) };
  const alternatives: Alternative[] = [];
  const faults: Finding[] = [];
  for (const statement of covering) {
    const consent = consentNeeded(telling, statement, atom, world);
    if (consent.kind === 'invalid') {
      faults.push(finding(consent.reason, telling, statement, atom, [], consent.why));
    } else if (statement.retention !== null) {
      alternatives.push({
        consent:
          consent.kind === 'none'
            ? null
            : world.consentIndex({
                notice: telling.id,
                consent: consent.consent.id,
                fresh,
                since: startOf(consent.notice.shown.from),
              }),
        retention: world.retentionIndex({ collection: atom.collection, told: statement.retention.told }),
      });
    }
  }
  return { alternatives, findings: alternatives.length > 0 ? [] : faults };
}

type ConsentNeeded =
  | { readonly kind: 'none' }
  | { readonly kind: 'needed'; readonly notice: Notice; readonly consent: Consent }
  | ({ readonly kind: 'invalid' } & ConsentFault);

function consentNeeded(
  telling: Telling,
  statement: Statement,
  atom: AskedAtom,
  world: CoverageWorld,
): ConsentNeeded {
  if (!atom.bases.some(isConsent) || telling.notice === null) return { kind: 'none' };
  const consent = consentOf(telling.notice, statement);
  if (consent === null) {
    const why = `the statement "${statement.id}" rests on a consent that ${telling.id} does not ask`;
    return { kind: 'invalid', reason: 'consent-invalid', why };
  }
  const fault = consentFault(consent, atom, world);
  return fault === null ? { kind: 'needed', notice: telling.notice, consent } : { kind: 'invalid', ...fault };
}

/** Every dimension that no statement tells; where each is told somewhere, that they are told nowhere together (A2). */
function uncovered(
  telling: Telling,
  tells: readonly Statement[],
  atom: AskedAtom,
  world: CoverageWorld,
): readonly Finding[] {
  const lacks = tells.map((statement) => lacking(statement, atom, world));
  const untold = dimensions.filter((dimension) => lacks.every((each) => each.includes(dimension)));
  const nearest = lacks.reduce(
    (best, each, i) => (best < 0 || each.length < (lacks[best]?.length ?? 0) ? i : best),
    -1,
  );
  const statement = tells[nearest] ?? null;
  const missing = lacks[nearest] ?? dimensions;
  if (untold.length === 0)
    return [finding('not-told-together', telling, statement, atom, missing, 'told in different statements')];
  return untold.flatMap((dimension) => {
    const vague = tells.some((each) => tellsInOtherWords(each, dimension, atom, world));
    const untoldIs = untoldDetail(dimension, atom, world);
    return reasonsFor(dimension, atom).map((reason): Finding => {
      if (!vague) return finding(reason, telling, statement, atom, missing, untoldIs);
      const detail = `${untoldIs}, told, but not in so many words`;
      return { ...finding(reason, telling, statement, atom, missing, detail), aspect: 'own-words' };
    });
  });
}

const dimensions: readonly Dimension[] = [
  'purpose',
  'recipient',
  'data',
  'contact-channel',
  'basis',
  'retention',
];

function reasonsFor(dimension: Dimension, atom: AskedAtom): readonly ReasonCode[] {
  switch (dimension) {
    case 'purpose':
      return [atom.profiling ? 'selection-not-told' : 'purpose-not-told'];
    case 'recipient':
      return ['party-not-told'];
    case 'data': {
      const about: ReasonCode =
        atom.as === 'selects'
          ? 'selection-not-told'
          : atom.as === 'implied'
            ? 'membership-not-told'
            : 'data-not-told';
      if (atom.item.of !== 'child') return [about];
      return atom.as === 'delivered' ? ['child-not-told'] : [about, 'child-not-told'];
    }
    case 'contact-channel':
      return ['channel-not-told'];
    case 'basis':
      return ['basis-not-told'];
    case 'retention':
      return ['retention-not-told'];
  }
}

function untoldDetail(dimension: Dimension, atom: AskedAtom, world: CoverageWorld): string {
  switch (dimension) {
    case 'purpose':
      return `purpose ${label(atom.purpose)}`;
    case 'recipient':
      return `recipient ${world.organisations.get(atom.party)?.legalName ?? atom.party}`;
    case 'data':
      return `${atom.item.of === 'child' ? 'a child’s ' : ''}${label(atom.item.term)}`;
    case 'contact-channel':
      return `contact by ${atom.contactChannel}`;
    case 'basis':
      return atom.bases.length === 0 ? 'a legal basis' : `legal basis ${atom.bases.map(label).join(' and ')}`;
    case 'retention':
      return 'how long the data are kept';
  }
}

/** What a telling says, or does not, of an atom. */
export function finding(
  reason: ReasonCode,
  telling: Telling,
  statement: Statement | null,
  atom: AskedAtom,
  lacks: readonly Dimension[],
  detail: string,
): Finding {
  const { purpose, party, item, as, contactChannel } = atom;
  return {
    reason,
    atom: { purpose, party, item, as, contactChannel },
    notice: telling.id,
    statement: statement?.id ?? null,
    quotes: statement === null ? [] : quotesOf(statement),
    lacks,
    detail,
  };
}

/** A statement's quotes, each once. */
export function quotesOf(statement: Statement): readonly Quote[] {
  return quotedDimensions(statement).map(({ quote }) => quote);
}

/** A statement's quotes, each once, with the dimensions that it gives. */
export function quotedDimensions(
  statement: Statement,
): readonly { readonly quote: Quote; readonly of: readonly Dimension[] }[] {
  const told: Readonly<Record<Dimension, { readonly quote: Quote } | null>> = {
    purpose: statement.purposes,
    recipient: statement.recipients,
    data: statement.data,
    'contact-channel': statement.contactChannels,
    basis: statement.basis,
    retention: statement.retention,
  };
  const found: { readonly quote: Quote; readonly of: Dimension[] }[] = [];
  for (const dimension of dimensions) {
    const quote = told[dimension]?.quote;
    if (quote === undefined) continue;
    const same = found.find((each) => each.quote.text === quote.text && each.quote.layer === quote.layer);
    if (same === undefined) found.push({ quote, of: [dimension] });
    else same.of.push(dimension);
  }
  return found;
}
