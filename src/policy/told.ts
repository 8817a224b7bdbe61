/**
 * What one record's history of notices allows for one request: coverage at collection, promises, and what later
 * notices drop or add (A2, A3, A6, A7), as reason bits, findings, and conditions left for the person.
 */
import type { AskedAtom } from './asked.ts';
import { consentFault } from './coverage.ts';
import { addPeriod, inForceOn } from './dates.ts';
import type { Clause, Finding, Later } from './judgement.ts';
import { forbids } from './promises.ts';
import type { ReasonCode } from './reasons.ts';
import { cover, finding, type Telling, type ToldWorld } from './telling.ts';
import { isConsent } from './vocab.ts';

/** Everything shown to one record, in order: what governed at collection (all of it must tell), then what came later. */
export type ShownOverTime = {
  readonly collection: string;
  readonly atCollection: readonly Telling[];
  readonly later: readonly (Later & { readonly notice: string; readonly telling: Telling })[];
};
export type Told = { readonly findings: readonly Finding[]; readonly clauses: readonly Clause[] };

type State =
  | { readonly kind: 'told'; readonly clauses: readonly Clause[]; readonly fresh: boolean }
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
    if (state.kind === 'told') clauses.push(...state.clauses);
    else findings.push(...state.findings);
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
  const faults = first.flatMap((covered) => covered.findings);
  // Of several that may have been shown, only what all of them tell counts (A6): a clause each.
  let state: State =
    first.length > 0 && first.every((covered) => covered.alternatives.length > 0)
      ? { kind: 'told', clauses: first.map((covered) => covered.alternatives), fresh: false }
      : { kind: 'untold', findings: faults };
  for (const later of shown.later) {
    const covered = cover(later.telling, atom, true, world);
    if (covered.alternatives.length === 0) {
      state =
        state.kind === 'told'
          ? {
              kind: 'untold',
              findings: [
                finding(
                  'dropped-later',
                  later.telling,
                  null,
                  atom,
                  [],
                  `${later.telling.id} no longer tells it`,
                ),
              ],
            }
          : state;
    } else if (state.kind === 'untold') {
      state = addedLater(shown, later, covered.alternatives, atom, world);
    } else if (state.fresh) {
      // Told again while the first telling still waits for this person's consent: either consent will do.
      const again = addedLater(shown, later, covered.alternatives, atom, world);
      if (again.kind === 'told')
        state = { ...state, clauses: [[...state.clauses.flat(), ...again.clauses.flat()]] };
    }
  }
  return state;
}

/** What a later notice newly tells (A7). */
function addedLater(
  shown: ShownOverTime,
  later: ShownOverTime['later'][number],
  alternatives: Clause,
  atom: AskedAtom,
  world: ToldWorld,
): State {
  const collectedOnConsent = shown.atCollection.some(
    (t) => t.notice?.collectedOn == null || isConsent(t.notice.collectedOn),
  );
  const fault = (reason: ReasonCode, detail: string): Finding =>
    finding(reason, later.telling, null, atom, [], detail);
  if (collectedOnConsent) {
    const consented = alternatives.filter((alternative) => alternative.consent !== null);
    return consented.length > 0
      ? { kind: 'told', clauses: [consented], fresh: true }
      : {
          kind: 'untold',
          findings: [
            fault(
              'consent-missing',
              'collected on consent: what is new needs fresh consent, and none was asked',
            ),
          ],
        };
  }
  const findings: Finding[] = [];
  const assessed = world.assessments.some(
    (a) =>
      a.kind === 'compatibility' &&
      a.notice === later.telling.id &&
      a.purposes.includes(atom.purpose) &&
      inForceOn(a.inForce, world.day),
  );
  if (!assessed)
    findings.push(
      fault('new-needs-assessment', `no assessment of ${atom.purpose} under ${later.telling.id}`),
    );
  if (later.delivery !== 'delivered')
    findings.push(fault('new-not-delivered', `${later.telling.id} was sent, with no proof of delivery`));
  if (later.on === null || addPeriod(later.on, world.waitingPeriod) > world.day) {
    findings.push(fault('new-too-soon', later.on === null ? 'nobody recorded when' : `shown on ${later.on}`));
  }
  return findings.length > 0
    ? { kind: 'untold', findings }
    : {
        kind: 'told',
        clauses: [alternatives],
        fresh: alternatives.every((alternative) => alternative.consent !== null),
      };
}

/** Promises ever shown bind until the person freshly consents to the very thing under a later version (A3). */
function foldPromises(shown: ShownOverTime, atom: AskedAtom, world: ToldWorld): Told {
  const order: readonly (readonly Telling[])[] = [
    shown.atCollection,
    ...shown.later.map((later) => [later.telling]),
  ];
  const findings: Finding[] = [];
  const clauses: Clause[] = [];
  order.forEach((tellings, i) => {
    const broken = tellings.flatMap((telling) =>
      telling.statements.flatMap((statement) => {
        const reason = forbids(statement, atom, world);
        return reason === null
          ? []
          : [finding(reason, telling, statement, atom, [], `promised in ${telling.id}`)];
      }),
    );
    if (broken.length === 0) return;
    const before = new Set(
      order
        .slice(0, i + 1)
        .flat()
        .map((telling) => telling.id),
    );
    const lifting = freshConsents(
      order
        .slice(i + 1)
        .flat()
        .filter((telling) => !before.has(telling.id)),
      atom,
      world,
    );
    if (lifting.length > 0) clauses.push(lifting);
    else findings.push(...broken);
  });
  return { findings, clauses };
}

function freshConsents(tellings: readonly Telling[], atom: AskedAtom, world: ToldWorld): Clause {
  return tellings.flatMap((telling) =>
    (telling.notice?.consents ?? [])
      .filter((consent) => consentFault(consent, atom, world) === null)
      .map((consent) => ({
        consent: world.consentIndex({ notice: telling.id, consent: consent.id, fresh: true }),
        retention: null,
      })),
  );
}
