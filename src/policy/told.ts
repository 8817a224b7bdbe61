/**
 * What one record's history of notices allows for one request: coverage at collection, and what later notices drop
 * or add (A2, A6, A7), as findings, and as conditions left for the person. Promises are in `promised.ts`.
 */
import type { AskedAtom } from './asked.ts';
import { inForceOn } from './dates.ts';
import type { Clause, Finding, ReducedLater } from './judgement.ts';
import { foldPromises } from './promised.ts';
import type { ReasonCode } from './reasons.ts';
import { type Covered, cover, finding, type Telling, type ToldWorld } from './telling.ts';
import { isConsent } from './vocab.ts';

/** Everything shown to one record, in order: what governed at collection (all of it must tell), then what came later. */
export type ShownOverTime = {
  readonly collection: string;
  readonly atCollection: readonly Telling[];
  readonly later: readonly ShownLater[];
};
/** `day` numbers the days of presentation: what was shown on one day has one number. */
export type ShownLater = Pick<ReducedLater, 'delivery' | 'when'> & {
  readonly telling: Telling;
  readonly day: number;
};
export type Told = { readonly findings: readonly Finding[]; readonly clauses: readonly Clause[] };

type State =
  /** `fresh`: told by later notices, each of which needs its own fresh consent; one of them is enough. */
  | { readonly kind: 'told'; readonly clauses: readonly Clause[]; readonly fresh: Clause | null }
  | { readonly kind: 'untold'; readonly findings: readonly Finding[] };

/** The fold of a history for the atoms of its collection, and of its promises for all atoms of the request. */
export function foldHistory(
  shown: ShownOverTime,
  own: readonly AskedAtom[],
  all: readonly AskedAtom[],
  world: ToldWorld,
): Told {
  const findings: Finding[] = [];
  const clauses: Clause[] = [];
  for (const atom of own) {
    const state = foldAtom(shown, atom, world);
    if (state.kind === 'untold') findings.push(...state.findings);
    else clauses.push(...state.clauses, ...(state.fresh === null ? [] : [state.fresh]));
  }
  for (const atom of all) {
    const promised = foldPromises(shown, atom, world);
    findings.push(...promised.findings);
    clauses.push(...promised.clauses);
  }
  return { findings, clauses };
}

function foldAtom(shown: ShownOverTime, atom: AskedAtom, world: ToldWorld): State {
  const first = shown.atCollection.map((telling) => cover(telling, atom, false, world));
  // Of several that may have been shown, only what all of them tell counts (A6): a clause each.
  let state: State =
    first.length > 0 && first.every((covered) => covered.alternatives.length > 0)
      ? { kind: 'told', clauses: first.map((covered) => covered.alternatives), fresh: null }
      : { kind: 'untold', findings: first.flatMap((covered) => covered.findings) };
  const before = new Set(shown.atCollection.map((telling) => telling.id));
  for (const [later, covered] of inOrder(shown.later, atom, world)) {
    state = next(state, later, covered, before, shown, atom, world);
    before.add(later.telling.id);
  }
  return state;
}

/** In the order shown; of one day, what drops comes after what tells, so that a tie takes away. */
function inOrder(
  later: readonly ShownLater[],
  atom: AskedAtom,
  world: ToldWorld,
): readonly (readonly [ShownLater, Covered])[] {
  const drops = ([, covered]: readonly [ShownLater, Covered]): number =>
    covered.alternatives.length === 0 ? 1 : 0;
  const each = later.map((one) => [one, cover(one.telling, atom, true, world)] as const);
  return each.sort((a, b) => a[0].day - b[0].day || drops(a) - drops(b));
}

function next(
  state: State,
  later: ShownLater,
  covered: Covered,
  before: ReadonlySet<string>,
  shown: ShownOverTime,
  atom: AskedAtom,
  world: ToldWorld,
): State {
  if (covered.alternatives.length === 0) {
    if (state.kind === 'untold') return state;
    const gone = `${later.telling.id} no longer tells it`;
    return { kind: 'untold', findings: [finding('dropped-later', later.telling, null, atom, [], gone)] };
  }
  const added = addedLater(shown, later, covered.alternatives, before, atom, world);
  if (state.kind === 'untold') return later.delivery === 'earlier' ? state : added;
  // What was told stays told, for no longer than the latest notice says (A7, C7).
  const kept = covered.alternatives.map(({ retention }) => ({ consent: null, retention }));
  const fresh =
    state.fresh !== null && added.kind === 'told' ? [...state.fresh, ...(added.fresh ?? [])] : state.fresh;
  return { kind: 'told', clauses: [...state.clauses, kept], fresh };
}

/** What a later notice newly tells (A7). */
function addedLater(
  shown: ShownOverTime,
  later: ShownLater,
  alternatives: Clause,
  before: ReadonlySet<string>,
  atom: AskedAtom,
  world: ToldWorld,
): State {
  const fault = (reason: ReasonCode, detail: string): Finding =>
    finding(reason, later.telling, null, atom, [], detail);
  const onConsent = shown.atCollection.some(
    (t) => t.notice?.collectedOn == null || isConsent(t.notice.collectedOn),
  );
  const findings: Finding[] = [];
  if (later.when === 'unknown') findings.push(fault('new-too-soon', 'nobody recorded when it was shown'));
  // A consent to a version shown before is no fresh consent to what it tells again.
  const usable = alternatives.filter((a) =>
    a.consent === null ? !onConsent : !before.has(later.telling.id),
  );
  if (usable.length === 0)
    findings.push(fault('consent-missing', 'what is new needs fresh consent, and none was asked'));
  if (!onConsent) findings.push(...unprovenNews(later, atom, fault, world));
  if (findings.length > 0) return { kind: 'untold', findings };
  return usable.every((a) => a.consent !== null)
    ? { kind: 'told', clauses: [], fresh: usable }
    : { kind: 'told', clauses: [usable], fresh: null };
}

/** What new purposes need where data were not collected on consent: an assessment, proof of delivery, and time to say stop. */
function unprovenNews(
  later: ShownLater,
  atom: AskedAtom,
  fault: (reason: ReasonCode, detail: string) => Finding,
  world: ToldWorld,
): readonly Finding[] {
  const findings: Finding[] = [];
  const assessed = world.assessments.some(
    (a) =>
      a.kind === 'compatibility' &&
      a.organisation === world.supplier &&
      a.notice === later.telling.id &&
      a.purposes.includes(atom.requested) &&
      inForceOn(a.inForce, world.day),
  );
  if (!assessed)
    findings.push(
      fault('new-needs-assessment', `no assessment of ${atom.requested} under ${later.telling.id}`),
    );
  if (later.delivery !== 'delivered') {
    findings.push(fault('new-not-delivered', `${later.telling.id} was sent, with no proof of delivery`));
  }
  if (later.when === 'recent') {
    findings.push(fault('new-too-soon', `${later.telling.id} was shown within the waiting period`));
  }
  return findings;
}
