/**
 * The interpreter: decides one person in memory (semantics C). It is the reference for the SQL that
 * `bulk/compile` writes; a differential test holds the two together bit by bit (invariant 5).
 */

import { addPeriod, addYears, inForceOn } from './dates.ts';
import { childrenUnreadable, evaluate, fieldsRead } from './evaluate.ts';
import type { Permission, PersonFacts, Stop } from './facts.ts';
import type {
  Alternative,
  ConsentRef,
  Finding,
  Judgement,
  Known,
  ListRule,
  RetentionRef,
  Verdict,
} from './judgement.ts';
import type { CivilDate, Source } from './model.ts';
import { overtakes, permits } from './permission.ts';
import { bitsOf, type ReasonCode } from './reasons.ts';
import { refuse } from './refuse.ts';

export type Decision = {
  /** Released only if 0n (D1). */
  readonly bits: bigint;
  readonly known: Known;
  /** Every reason that applies, the request's first. */
  readonly findings: readonly Finding[];
};

/**
 * Decides one person. `verdicts` gives, for each judged collection, the index of the verdict of this person's
 * history; a collection without one refuses.
 */
export function decide(
  judgement: Judgement,
  source: Source,
  person: PersonFacts,
  verdicts: ReadonlyMap<string, number>,
): Decision {
  const findings: Finding[] = [...judgement.requestFindings];
  let known: Known = 'recorded';
  let bits = judgement.requestBits;
  for (const collection of judgement.collections) {
    const verdict = judgement.verdicts[verdicts.get(collection) ?? -1];
    if (!verdict) {
      findings.push(refuse('no-notice', `nothing is known of ${collection}`));
      known = 'unknown';
      continue;
    }
    bits |= verdict.bits;
    findings.push(...verdict.findings, ...contradicted(verdict, collection, person));
    findings.push(...unmet(judgement, verdict.conditions, source, person));
    known = worse(known, verdict.known);
  }
  findings.push(
    ...stops(judgement, person),
    ...suppressions(judgement, person),
    ...inAudience(judgement, source, person),
    ...state(judgement, source, person),
  );
  return { bits: bits | bitsOf(findings.map((f) => f.reason)), known, findings };
}

/** A6: a recorded notice that cannot have been shown on the day of collection, or on no day that is known. */
function contradicted({ shown }: Verdict, collection: string, person: PersonFacts): readonly Finding[] {
  const on = person.collectedOn.get(collection) ?? null;
  if (shown === null || (on !== null && inForceOn(shown, on))) return [];
  return [refuse('notice-unknown', `collected on ${on ?? 'an unknown day'}, and shown from ${shown.from}`)];
}

const knownness: readonly Known[] = ['unknown', 'reconstructed', 'derived', 'recorded'];
const worse = (a: Known, b: Known): Known => (knownness.indexOf(a) < knownness.indexOf(b) ? a : b);

/** The conditions a verdict leaves for the person: a clause that fails sets what each of its alternatives lacks. */
function unmet(judgement: Judgement, set: number, source: Source, person: PersonFacts): readonly Finding[] {
  const clauses = judgement.conditionSets[set];
  if (clauses === undefined)
    return [refuse('consent-missing', 'conditions that are not there hold for nobody')];
  return clauses.flatMap((clause) => {
    if (clause.length === 0) return [refuse('consent-missing', 'nothing could meet this condition')];
    const each = clause.map((alternative) => lacks(alternative, judgement, source, person));
    return each.some((l) => l.length === 0) ? [] : each.flat();
  });
}

function lacks(
  alternative: Alternative,
  judgement: Judgement,
  source: Source,
  person: PersonFacts,
): readonly Finding[] {
  const found: Finding[] = [];
  if (alternative.consent !== null) {
    const ref = judgement.consents[alternative.consent];
    if (ref === undefined || !consented(ref, judgement, person)) {
      found.push(
        refuse(
          'consent-missing',
          ref === undefined ? 'a consent nobody asks' : `${ref.consent} of ${ref.notice}`,
        ),
      );
    }
  }
  if (alternative.retention !== null) {
    const ref = judgement.retentions[alternative.retention];
    found.push(
      ...(ref === undefined
        ? [refuse('retention-anchor-missing', 'nothing is told')]
        : retained(ref, judgement, source, person)),
    );
  }
  return found;
}

/** C1, C2: given under that very version, signed once it was shown, and received before the cut-off. */
function consented(ref: ConsentRef, judgement: Judgement, person: PersonFacts): boolean {
  const byEvent = person.permissions.some(
    (p) =>
      p.kind === 'consent' &&
      p.notice === ref.notice &&
      p.consent === ref.consent &&
      permits(p, judgement.cutOff) &&
      p.signed !== null &&
      p.signed >= ref.since,
  );
  const byColumn = person.consents.some(
    (c) =>
      c.given &&
      c.consent === ref.consent &&
      c.received !== null &&
      c.received >= ref.since &&
      c.received < judgement.cutOff &&
      (c.notice === ref.notice || (c.notice === null && !ref.fresh)),
  );
  return byEvent || byColumn;
}

function retained(
  ref: RetentionRef,
  judgement: Judgement,
  source: Source,
  person: PersonFacts,
): readonly Finding[] {
  const late = (until: CivilDate): readonly Finding[] =>
    until >= judgement.end
      ? []
      : [refuse('retention-over', `told until ${until}, needed until ${judgement.end}`)];
  if (ref.told.kind === 'until') return late(ref.told.date);
  const anchor = anchorOf(ref, source, person);
  // A day that is yet to come is no day of collection, and no act.
  const past = ref.told.from.kind === 'collection' || ref.told.from.kind === 'last-act';
  return anchor === null || (past && anchor > judgement.day)
    ? [refuse('retention-anchor-missing', ref.told.from.kind)]
    : late(addPeriod(anchor, ref.told.period));
}

function anchorOf(ref: RetentionRef, source: Source, person: PersonFacts): CivilDate | null {
  if (ref.told.kind === 'until') return null;
  const field = (name: string | null): CivilDate | null => {
    const value = name === null ? null : (person.values.get(name) ?? null);
    return typeof value === 'string' ? value : null;
  };
  const { from } = ref.told;
  switch (from.kind) {
    case 'collection':
      return person.collectedOn.get(ref.collection) ?? null;
    case 'last-act':
      return field(source.roles.lastAct);
    case 'end-of-membership':
      return field(source.roles.membershipEnd);
    case 'child-birthday':
    case 'youngest-child-birthday': {
      if (childrenUnreadable(person.children)) return null;
      const births = person.children
        .flatMap((c) => (c.state === 'living' && c.born !== null ? [c.born] : []))
        .sort();
      const born = from.kind === 'child-birthday' ? births[0] : births.at(-1);
      return born === undefined ? null : addYears(born, from.years);
    }
  }
}

/** C1 to C4: a stop counts from its earliest provable instant, and only C3 lifts it. */
function stops(judgement: Judgement, person: PersonFacts): readonly Finding[] {
  return person.stops
    .filter((stop) => judgement.meets(stop.scope) && (stop.from === null || stop.from <= judgement.cutOff))
    .filter((stop) => !isResolved(stop, judgement))
    .filter((stop) => !person.permissions.some((permission) => lifts(permission, stop, judgement)))
    .map((stop) => refuse(stopReason(stop), `event ${stop.event}`));
}

/** C4: a resolution ends what a stop may plausibly be of, and nothing else; at the very cut-off it is not in (C2). */
function isResolved({ relation, resolved }: Stop, { cutOff }: Judgement): boolean {
  return relation === 'plausible' && resolved !== null && resolved < cutOff;
}

function stopReason(stop: Stop): ReasonCode {
  switch (stop.relation) {
    case 'own':
      return 'stopped';
    case 'linked':
      return 'stopped-other-record';
    case 'plausible':
      return 'stopped-plausible';
  }
}

/** C3: of consents, only those that count for this request; a stop of everything only an act that showed it lifts. */
function lifts(permission: Permission, stop: Stop, judgement: Judgement): boolean {
  if (!permits(permission, judgement.cutOff) || !overtakes(permission, stop)) return false;
  if (permission.kind === 'lift') return true;
  const { notice, consent } = permission;
  const counts = judgement.lifting.some((l) => l.notice === notice && l.consent === consent);
  return counts && !judgement.isWhole(stop.scope);
}

function suppressions(judgement: Judgement, person: PersonFacts): readonly Finding[] {
  return judgement.lists.flatMap((rule) =>
    person.lists
      .filter((match) => match.list === rule.list)
      .map(({ match }) => refuse(matchReason(match, rule), rule.list)),
  );
}

function matchReason(match: PersonFacts['lists'][number]['match'], rule: ListRule): ReasonCode {
  switch (match) {
    case 'exact':
      return rule.reason;
    case 'near':
      return 'suppressed-near';
    case 'unmatchable':
      return 'not-screened';
  }
}

function inAudience(judgement: Judgement, source: Source, person: PersonFacts): readonly Finding[] {
  const { audience, day } = judgement;
  if (audience?.kind !== 'where') return [];
  const { birthDate } = source.roles;
  const unreadable = [...fieldsRead(audience.test)].filter((field) => {
    if (field === 'children') return childrenUnreadable(person.children);
    // `age` is the person's own birth date, unless the source has a field of that name.
    const name = field === 'age' && !source.fields.some((f) => f.name === 'age') ? birthDate : field;
    return name === null || (person.values.get(name) ?? null) === null;
  });
  const inside = evaluate(audience.test, person, { sets: audience.sets, day, birthDate }) === true;
  return [
    ...unreadable.map((field) => refuse('audience-unreadable', field)),
    ...(inside ? [] : [refuse('not-in-audience', audience.text)]),
  ];
}

/** C8: deceased, gone away, under age, or nothing to reach them by. */
function state(judgement: Judgement, source: Source, person: PersonFacts): readonly Finding[] {
  const { roles } = source;
  const value = (name: string | null): string | null => {
    const found = name === null ? null : (person.values.get(name) ?? null);
    return found === null ? null : String(found);
  };
  const found: Finding[] = [];
  if (person.deceased !== false)
    found.push(refuse('deceased', person.deceased === null ? 'cannot be read' : 'recorded'));
  if (person.goneAway !== false)
    found.push(refuse('gone-away', person.goneAway === null ? 'cannot be read' : 'recorded'));
  if (roles.birthDate !== null) {
    const born = value(roles.birthDate);
    if (born === null || addYears(born, 18) > judgement.day)
      found.push(refuse('under-age', born ?? 'no birth date'));
  }
  for (const need of judgement.needs) {
    if (!reachable(need, source, value)) found.push(refuse('no-contact', need));
  }
  return found;
}

function reachable(
  need: Judgement['needs'][number],
  { roles }: Source,
  value: (name: string | null) => string | null,
): boolean {
  switch (need) {
    case 'address':
      return value(roles.addressLine) !== null && value(roles.postcode) !== null;
    case 'email':
      return value(roles.email) !== null;
    case 'phone':
      return value(roles.phone) !== null;
  }
}
