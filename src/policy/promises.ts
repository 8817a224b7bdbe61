/**
 * Prohibitions match widely (A3, A5): promises in notices (`never`, `only`) and the scopes of stops. Upwards and
 * downwards, the group, every party of the chain; an unknown part of a scope means all.
 */
import type { AskedAtom, Touched } from './asked.ts';
import { type CoverageWorld, lacking } from './coverage.ts';
import type { DataItem, Dimension, Organisation, Request, Scope, Source, Statement, Term } from './model.ts';
import { ancestors, dataRelated, isPersonalData, isPurpose, purposes, related } from './vocab.ts';

/** Purposes as prohibitions see them: direct marketing takes in all marketing, and the profiling for it (Art 21(2)-(3)). */
export function purposeMeets(prohibited: Term, purpose: Term): boolean {
  if (!isPurpose(prohibited) || related(purposes, prohibited, purpose)) return true;
  return prohibited === 'dpv:DirectMarketing' && isMarketing(purpose);
}

function isMarketing(purpose: Term): boolean {
  const above = ancestors(purposes, purpose);
  return ['dpv:Marketing', 'dpv:Personalisation'].some((term) => purpose === term || above.has(term));
}

/** Whether an organisation named in a prohibition is, or is of the group of, any of these. Unknown ones are all. */
export function organisationMeets(
  prohibited: string,
  parties: readonly string[],
  organisations: ReadonlyMap<string, Organisation>,
): boolean {
  const named = organisations.get(prohibited);
  if (named === undefined) return true;
  return parties.some(
    (id) => id === prohibited || (named.group !== null && organisations.get(id)?.group === named.group),
  );
}

/** A category prohibited meets the same, a wider and a narrower one. */
function categoryMeets(prohibited: string, categories: readonly string[]): boolean {
  return categories.some(
    (c) => c === prohibited || c.startsWith(`${prohibited}/`) || prohibited.startsWith(`${c}/`),
  );
}

export type PromiseWorld = CoverageWorld & {
  readonly parties: readonly string[];
  /** Those of the parties that are processors. */
  readonly processors: readonly string[];
};

/** Whether a `never` or an `only` forbids an atom, or null. */
export function forbids(
  statement: Statement,
  atom: AskedAtom,
  world: PromiseWorld,
): 'promised-never' | 'promised-only' | null {
  switch (statement.kind) {
    case 'tells':
      return null;
    case 'never':
      return promiseDimensions.every((dimension) => speaksOf(statement, dimension, atom, world))
        ? 'promised-never'
        : null;
    case 'only': {
      const lacks = lacking(statement, atom, world);
      const beyond = limitedBy(statement).some(
        (dimension) => dimension !== 'retention' && lacks.includes(dimension),
      );
      return beyond && applies(statement, atom, world) ? 'promised-only' : null;
    }
  }
}

/** Whether an `only` promises of an atom that it is kept no longer than it says. */
export function limitsRetention(statement: Statement, atom: AskedAtom, world: PromiseWorld): boolean {
  return (
    statement.kind === 'only' && limitedBy(statement).includes('retention') && applies(statement, atom, world)
  );
}

/** Whether an `only` speaks of an atom: in every dimension it does not limit. */
function applies(statement: Statement, atom: AskedAtom, world: PromiseWorld): boolean {
  const limits = limitedBy(statement);
  return promiseDimensions.every(
    (dimension) => limits.includes(dimension) || speaksOf(statement, dimension, atom, world),
  );
}

const promiseDimensions = [
  'purpose',
  'recipient',
  'data',
  'contact-channel',
] as const satisfies readonly Dimension[];

/** What an `only` limits: what it says, or every dimension it names; naming none it limits all there are. */
function limitedBy(statement: Statement): readonly Dimension[] {
  if (statement.limits !== null && statement.limits.length > 0) return statement.limits;
  const { purposes, recipients, data, contactChannels, basis, retention } = statement;
  const named = (
    [
      ['purpose', purposes],
      ['recipient', recipients],
      ['data', data],
      ['contact-channel', contactChannels],
      ['basis', basis],
      ['retention', retention],
    ] as const
  ).flatMap(([dimension, told]) => (told === null ? [] : [dimension]));
  return named.length > 0 ? named : promiseDimensions;
}

/** Whether a promise speaks of an atom in one dimension; a dimension it does not name, or names emptily, is all. */
function speaksOf(
  statement: Statement,
  dimension: (typeof promiseDimensions)[number],
  atom: AskedAtom,
  world: PromiseWorld,
): boolean {
  switch (dimension) {
    case 'purpose': {
      const terms = statement.purposes?.terms ?? [];
      return terms.length === 0 || terms.some((term) => purposeMeets(term, atom.purpose));
    }
    case 'recipient': {
      const { organisations, categories } = statement.recipients ?? { organisations: [], categories: [] };
      if (organisations.length + categories.length === 0) return true;
      return (
        organisations.some((id) => organisationMeets(id, world.parties, world.organisations)) ||
        categories.some(
          (c) =>
            (c === 'dpv:DataProcessor' && world.processors.length > 0) ||
            world.parties.some((id) => categoryMeets(c, world.organisations.get(id)?.categories ?? [])),
        )
      );
    }
    case 'data': {
      const items = statement.data?.items ?? [];
      return items.length === 0 || items.some((item) => itemMeets(item.term, atom.item));
    }
    case 'contact-channel': {
      const terms = statement.contactChannels?.terms ?? [];
      return terms.length === 0 || terms.some((term) => term === atom.contactChannel);
    }
  }
}

const contactChannels: ReadonlySet<string> = new Set([
  'post',
  'email',
  'sms',
  'call',
  'automated-call',
  'online-audience',
]);

/**
 * Whether every part of a scope is all, or a word that no register and no vocabulary knows, which means all (A5): such
 * a stop is lifted only by an act that showed it (C3).
 */
export function isWholeScope(
  scope: Scope,
  source: Source,
  organisations: ReadonlyMap<string, Organisation>,
): boolean {
  return (
    (scope.purpose === 'all' || !isPurpose(scope.purpose)) &&
    (scope.organisation === 'all' || !organisations.has(scope.organisation)) &&
    !contactChannels.has(scope.contactChannel) &&
    !isPersonalData(scope.field) &&
    !source.fields.some((f) => f.name === scope.field)
  );
}

/** Whether a stop's scope meets a request (C1); anything it does not surely leave out, it takes in (A5). */
export function scopeMeets(
  scope: Scope,
  asked: {
    readonly request: Request;
    readonly source: Source;
    readonly atoms: readonly AskedAtom[];
    readonly touched: readonly Touched[];
    readonly organisations: ReadonlyMap<string, Organisation>;
  },
): boolean {
  const { request, source, atoms, touched, organisations } = asked;
  const parties = [source.organisation, ...request.chain.map((party) => party.organisation)];
  const purpose =
    scope.purpose === 'all' ||
    [...request.purposes, ...atoms.map((a) => a.purpose)].some((p) => purposeMeets(scope.purpose, p));
  const organisation =
    scope.organisation === 'all' || organisationMeets(scope.organisation, parties, organisations);
  const channel =
    scope.contactChannel === 'all' ||
    !contactChannels.has(scope.contactChannel) ||
    request.contactChannels.some((c) => c === scope.contactChannel);
  return purpose && organisation && channel && fieldMeets(scope.field, source, touched);
}

function fieldMeets(field: string, source: Source, touched: readonly Touched[]): boolean {
  const known = source.fields.find((f) => f.name === field);
  const term = isPersonalData(field) ? field : known?.data.term;
  // A named field meets what is made from it too: the area looked up from a postcode.
  if (term === undefined) return true;
  return touched.some((t) => t.name === field || itemMeets(term, t.item) || itemMeets(term, t.given));
}

/** Data as prohibitions see them: whoever they describe, and anything of a child is of having children. */
function itemMeets(prohibited: Term, item: DataItem): boolean {
  return (
    dataRelated(prohibited, item.term) || (item.of === 'child' && dataRelated(prohibited, 'pd:Offspring'))
  );
}
