/**
 * Prohibitions match widely (A3, A5): promises in notices (`never`, `only`) and the scopes of stops. Upwards and
 * downwards, the group, every party of the chain; an unknown part of a scope means all.
 */
import type { AskedAtom, Touched } from './asked.ts';
import { type CoverageWorld, lacking } from './coverage.ts';
import type { Dimension, Organisation, Request, Scope, Source, Statement, Term } from './model.ts';
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

export type PromiseWorld = CoverageWorld & { readonly parties: readonly string[] };

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
      const limits = limitedBy(statement);
      const applies = promiseDimensions.every(
        (d) => limits.includes(d) || speaksOf(statement, d, atom, world),
      );
      const lacks = lacking(statement, atom, world);
      return applies && limits.some((dimension) => lacks.includes(dimension)) ? 'promised-only' : null;
    }
  }
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
  const named = promiseDimensions.filter((dimension) => dimensionOf(statement, dimension) !== null);
  return named.length > 0 ? named : promiseDimensions;
}

function dimensionOf(statement: Statement, dimension: (typeof promiseDimensions)[number]): object | null {
  switch (dimension) {
    case 'purpose':
      return statement.purposes;
    case 'recipient':
      return statement.recipients;
    case 'data':
      return statement.data;
    case 'contact-channel':
      return statement.contactChannels;
  }
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
        categories.some((c) =>
          world.parties.some((id) => categoryMeets(c, world.organisations.get(id)?.categories ?? [])),
        )
      );
    }
    case 'data': {
      const items = statement.data?.items ?? [];
      return (
        items.length === 0 ||
        items.some((item) => item.of === atom.item.of && dataRelated(item.term, atom.item.term))
      );
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
  if (isPersonalData(field))
    return touched.some((t) => dataRelated(field, t.item.term) || dataRelated(field, t.given.term));
  const known = source.fields.some((f) => f.name === field);
  return field === 'all' || !known || touched.some((t) => t.name === field);
}
