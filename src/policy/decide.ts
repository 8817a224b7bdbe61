/**
 * The interpreter: decides one person in memory (semantics C). It is the reference for the SQL that
 * `bulk/compile` writes; a differential test holds the two together bit by bit (invariant 5).
 */

import { addPeriod, addYears } from './dates.ts';
import { childrenUnreadable, evaluate, fieldsRead } from './evaluate.ts';
import type { Permission, PersonFacts, Stop } from './facts.ts';
import type { Alternative, ConsentRef, Finding, Judgement, Known, RetentionRef } from './judgement.ts';
import type { CivilDate, Scope, Source } from './model.ts';
import { bitsOf, type ReasonCode } from './reasons.ts';
import { refuse } from './request-rules.ts';

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
    findings.push(...verdict.findings, ...unmet(judgement, verdict.conditions, source, person));
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

const knownness: readonly Known[] = ['unknown', 'reconstructed', 'derived', 'recorded'];
const worse = (a: Known, b: Known): Known => (knownness.indexOf(a) < knownness.indexOf(b) ? a : b);

/** The conditions a verdict leaves for the person: a clause that fails sets what each of its alternatives lacks. */
function unmet(judgement: Judgement, set: number, source: Source, person: PersonFacts): readonly Finding[] {
  const lacks = (alternative: Alternative): readonly Finding[] => {
    const consent = alternative.consent === null ? undefined : judgement.consents[alternative.consent];
    const retention =
      alternative.retention === null ? undefined : judgement.retentions[alternative.retention];
    return [
      ...(consent && !consented(consent, judgement, person)
        ? [refuse('consent-missing', `${consent.consent} of ${consent.notice}`)]
        : []),
      ...(retention ? retained(retention, judgement, source, person) : []),
    ];
  };
  return (judgement.conditionSets[set] ?? []).flatMap((clause) => {
    const each = clause.map(lacks);
    return each.some((l) => l.length === 0) ? [] : each.flat();
  });
}

/** C1, C2: given under that very version, signed, and received before the cut-off. */
function consented(ref: ConsentRef, judgement: Judgement, person: PersonFacts): boolean {
  const byEvent = person.permissions.some(
    (p) =>
      p.kind === 'consent' && p.notice === ref.notice && p.consent === ref.consent && permits(p, judgement),
  );
  const byColumn = person.consents.some(
    (c) =>
      c.given &&
      c.consent === ref.consent &&
      c.received !== null &&
      c.received < judgement.cutOff &&
      (c.notice === ref.notice || (c.notice === null && !ref.fresh)),
  );
  return byEvent || byColumn;
}

/** A permission at the very cut-off is not in; one with no provable time never is (C2). */
function permits(permission: Permission, judgement: Judgement): boolean {
  return permission.signed !== null && permission.received !== null && permission.received < judgement.cutOff;
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
  return anchor === null
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
    .filter((stop) => !person.permissions.some((permission) => lifts(permission, stop, judgement)))
    .map((stop) => refuse(stopReason(stop), `event ${stop.event}`));
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

/**
 * C2, C3: a consent of the identical scope, signed after the stop was received, lifts it; a stop of everything is
 * lifted only by an explicit act that showed it. Ties favour the stop.
 */
function lifts(permission: Permission, stop: Stop, judgement: Judgement): boolean {
  if (!permits(permission, judgement) || stop.received === null || (permission.signed ?? 0) <= stop.received)
    return false;
  if (permission.kind === 'lift') return permission.lifts === stop.event;
  const parts = [
    'purpose',
    'organisation',
    'contactChannel',
    'field',
  ] as const satisfies readonly (keyof Scope)[];
  const everything = parts.every((part) => stop.scope[part] === 'all');
  return !everything && parts.every((part) => permission.scope[part] === stop.scope[part]);
}

function suppressions(judgement: Judgement, person: PersonFacts): readonly Finding[] {
  return judgement.lists.flatMap((rule) =>
    person.lists
      .filter((match) => match.list === rule.list)
      .map((match) => refuse(match.match === 'near' ? 'suppressed-near' : rule.reason, rule.list)),
  );
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
