/** Verdicts of histories: each distinct one is judged once, and what it leaves for the person is numbered (A2 to A8). */
import { type AskedAtom, actsAsController } from './asked.ts';
import { consentFault } from './coverage.ts';
import { addPeriod } from './dates.ts';
import { endOf } from './ends.ts';
import { parseFirst, parseLaterNotices, type Shown, shownAtCollection } from './history.ts';
import type {
  Clause,
  ConsentRef,
  Finding,
  GateContext,
  History,
  Judgement,
  Known,
  Later,
  RetentionRef,
  Verdict,
} from './judgement.ts';
import type { CivilDate, Collection, Notice } from './model.ts';
import { bitsOf } from './reasons.ts';
import { refuse } from './refuse.ts';
import { type RulePack, rulesInForce } from './rules.ts';
import { type ToldWorld, tellingOf, tellingOfUpstream } from './telling.ts';
import { foldHistory, type ShownOverTime } from './told.ts';

/** A history as the snapshot has it: its keys for one collection. */
export type HistoryKey = { readonly collection: string; readonly base: string; readonly later: string };

/**
 * Whether coverage is asked of a collection: where the request touches a field of it, and always of the primary one,
 * since membership is of it (A8). Of the others only the promises count (A3).
 */
function isTouched({ source }: GateContext, atoms: readonly AskedAtom[], collection: Collection): boolean {
  return (
    source.collections[0]?.id === collection.id || atoms.some((atom) => atom.collection === collection.id)
  );
}

type First = Pick<History, 'base' | 'origin'> & { readonly shown: Shown; readonly same: string };
type Then = { readonly later: readonly Later[]; readonly same: string };

/** A value made once for each key: a source has few bases and few ways of being told later, in many combinations. */
function remembered<T>(known: Map<string, T>, key: string, make: () => T): T {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}

/** Values kept once each, in the order first met, with their index. */
class Interned<T> {
  readonly values: T[] = [];
  readonly #index = new Map<string, number>();
  indexOf(value: T, key: string): number {
    const known = this.#index.get(key);
    if (known !== undefined) return known;
    this.#index.set(key, this.values.length);
    this.values.push(value);
    return this.values.length - 1;
  }
}

/** Verdicts by what decides them: the candidates and the later notices, whatever the dates that led to them. */
export class VerdictBook {
  readonly verdicts: Verdict[] = [];
  readonly conditionSets = new Interned<readonly Clause[]>();
  readonly consents = new Interned<ConsentRef>();
  readonly retentions = new Interned<RetentionRef>();
  readonly #context: GateContext;
  readonly #atoms: readonly AskedAtom[];
  readonly #pack: RulePack | null;
  readonly #notices: readonly Notice[];
  readonly #byKey = new Map<string, number>();
  readonly #firsts = new Map<string, First>();
  readonly #thens = new Map<string, Then>();
  readonly #world: ToldWorld;

  constructor(context: GateContext, atoms: readonly AskedAtom[], pack: RulePack | null) {
    this.#context = context;
    this.#atoms = atoms;
    this.#pack = pack;
    this.#notices = context.notices.filter((notice) => notice.organisation === context.source.organisation);
    this.conditionSets.indexOf([], '[]');
    this.#world = {
      organisations: new Map(context.organisations.map((o) => [o.id, o])),
      explicit: pack?.explicit ?? [],
      controllers: context.request.chain.filter(actsAsController).map((party) => party.organisation),
      supplier: context.source.organisation,
      parties: [context.source.organisation, ...context.request.chain.map((party) => party.organisation)],
      processors: context.request.chain
        .filter((p) => !actsAsController(p))
        .map((party) => party.organisation),
      assessments: context.assessments,
      waitingPeriod: pack === null || onlyWarns(pack, context.day) ? null : pack.waitingPeriod,
      day: context.day,
      consentIndex: (ref) => this.consents.indexOf(ref, JSON.stringify([ref.notice, ref.consent, ref.fresh])),
      retentionIndex: (ref) => this.retentions.indexOf(ref, JSON.stringify([ref.collection, ref.told])),
    };
  }

  verdict(key: HistoryKey): number {
    const collection = this.#context.source.collections.find((c) => c.id === key.collection);
    if (!collection)
      return this.#keep(`?${key.collection}`, () =>
        this.#refused('unknown', [refuse('no-notice', `no collection ${key.collection}`)]),
      );
    const first = remembered(this.#firsts, `${key.collection}\n${key.base}`, () =>
      this.#first(collection, key.base),
    );
    const then = remembered(this.#thens, key.later, () => this.#then(key.later));
    return this.#keep(`${first.same}\n${then.same}`, () =>
      this.#judge(collection, { base: first.base, origin: first.origin, later: then.later }, first.shown),
    );
  }

  /** What governed at collection, and a text that is the same for all that are judged alike. */
  #first(collection: Collection, key: string): First {
    const { base, origin } = parseFirst(key);
    const shown = shownAtCollection(base, collection, this.#notices);
    const recorded = base.kind === 'recorded' || base.kind === 'print-code';
    const ids = shown.candidates.map((n) => n.id);
    const same = JSON.stringify([collection.id, origin, recorded, shown.known, shown.unknownNotice, ids]);
    return { base, origin, shown, same };
  }

  #then(key: string): Then {
    const later = presented(parseLaterNotices(key), this.#context.day);
    const same = JSON.stringify(
      later.map((l, i) => [l.notice, l.delivery, this.#whenShown(l), i > 0 && l.on === later[i - 1]?.on]),
    );
    return { later, same };
  }

  /** All that a day of presentation can change: whether it is known, after the notice began, and long enough ago. */
  #whenShown({ notice, on }: Later): string {
    if (on === null) return 'unknown';
    const from = this.#notices.find((n) => n.id === notice)?.shown.from ?? on;
    if (on < from) return 'impossible';
    const { waitingPeriod, day } = this.#world;
    return waitingPeriod !== null && addPeriod(on, waitingPeriod) > day ? 'recent' : 'past';
  }

  /** The consents of the supplier's notices that count for every purpose of the request (C1). */
  lifting(): Judgement['lifting'] {
    const delivered = this.#atoms.filter((atom) => !atom.profiling);
    return this.#notices.flatMap((notice) =>
      notice.consents
        .filter(
          (consent) =>
            delivered.length > 0 &&
            delivered.every((atom) => consentFault(consent, atom, this.#world) === null),
        )
        .map((consent) => ({ notice: notice.id, consent: consent.id })),
    );
  }

  #keep(key: string, make: () => Verdict): number {
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    this.verdicts.push(make());
    this.#byKey.set(key, this.verdicts.length - 1);
    return this.verdicts.length - 1;
  }

  #refused(known: Known, findings: readonly Finding[]): Verdict {
    return { bits: bitsOf(findings.map((f) => f.reason)), conditions: 0, known, shown: null, findings };
  }

  #judge(collection: Collection, history: History, shown: Shown): Verdict {
    // With no rules nothing may go, and nothing else can be said (A9).
    if (this.#pack === null) return this.#refused(shown.known, []);
    const asksCoverage = isTouched(this.#context, this.#atoms, collection);
    const findings = asksCoverage ? this.#unknowns(history, shown) : [];
    const upstream = this.#upstream(history.origin);
    const over: ShownOverTime = {
      collection: collection.id,
      atCollection: [...shown.candidates.map(tellingOf), ...(upstream === null ? [] : [upstream])],
      later: history.later.flatMap((later) => {
        const notice = this.#notices.find((n) => n.id === later.notice);
        if (notice && (later.on === null || notice.shown.from <= later.on))
          return [{ ...later, telling: tellingOf(notice) }];
        findings.push(
          refuse(
            'notice-unknown',
            notice ? `${later.notice} shown before there was one` : `shown later: ${later.notice}`,
          ),
        );
        return [];
      }),
    };
    const own =
      shown.candidates.length === 0 || !asksCoverage
        ? []
        : this.#atoms.filter((atom) => atom.collection === collection.id);
    const told = foldHistory(over, own, this.#atoms, this.#world);
    const all = distinct([...findings, ...told.findings]);
    const clauses = normal(told.clauses);
    return {
      bits: bitsOf(all.map((f) => f.reason)),
      conditions: this.conditionSets.indexOf(clauses, JSON.stringify(clauses)),
      known: asksCoverage ? shown.known : 'recorded',
      shown: asksCoverage ? recordedShown(history, collection, shown) : null,
      findings: all,
    };
  }

  /** What is not known of a history: its notice, or where the data came from (A6, A8). */
  #unknowns(history: History, shown: Shown): Finding[] {
    const findings: Finding[] = [];
    if (shown.unknownNotice) findings.push(refuse('notice-unknown', describe(history)));
    else if (shown.candidates.length === 0) findings.push(refuse('no-notice', describe(history)));
    if (history.origin !== 'own' && this.#upstream(history.origin) === null) {
      findings.push(refuse('origin-unknown', history.origin ?? 'no origin recorded'));
    }
    return findings;
  }

  /** The terms bought-in data came with, where they are on file and still run at the end of the use (A8). */
  #upstream(origin: string | null): ReturnType<typeof tellingOfUpstream> | null {
    const found = this.#context.upstream.find((u) => u.id === origin);
    if (!found || (found.until !== null && found.until < endOf(this.#context))) return null;
    return tellingOfUpstream(found);
  }
}

/** What was presented by the day, in order; a bounce undoes every delivery of that notice up to it (A7). */
function presented(later: readonly Later[], day: CivilDate): readonly Later[] {
  const past = later.filter((l) => l.on === null || l.on <= day);
  const bounced = past.filter((l) => l.delivery === 'bounced');
  return past
    .filter((l) => l.delivery !== 'bounced')
    .map((l) => {
      const undone = bounced.some(
        (b) => b.notice === l.notice && (b.on === null || l.on === null || b.on >= l.on),
      );
      return undone && l.delivery === 'delivered' ? { ...l, delivery: 'sent' as const } : l;
    });
}

/** The days on which what the record says was shown can have been; of several forms of one code, any (A6). */
function recordedShown({ base }: History, collection: Collection, { candidates }: Shown): Verdict['shown'] {
  if (base.kind !== 'recorded' && base.kind !== 'print-code') return null;
  const first = candidates.map((notice) => notice.shown.from).sort()[0];
  if (collection.date === null || first === undefined) return null;
  const ends = candidates.map((notice) => notice.shown.until);
  return {
    from: first,
    until: ends.includes(null)
      ? null
      : (ends
          .flatMap((end) => end ?? [])
          .sort()
          .at(-1) ?? null),
  };
}

/** Whether the rule of the waiting period only warns on that day (A7, configurable). */
function onlyWarns(pack: RulePack, day: CivilDate): boolean {
  return rulesInForce(pack, day)?.get('new-too-soon')?.severity === 'warn';
}

function describe(history: History): string {
  switch (history.base.kind) {
    case 'recorded':
      return `notice ${history.base.notice}`;
    case 'print-code':
      return `form ${history.base.code}`;
    case 'derived':
      return `joined by ${history.base.collectedBy} on ${history.base.on}`;
    case 'unknown':
      return 'no notice, form, or means and day of joining recorded';
  }
}

/** Findings that say the same of the same words, once. */
function distinct(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Map(findings.map((f) => [JSON.stringify([f.reason, f.notice, f.statement, f.detail]), f]));
  return [...seen.values()];
}

/** Clauses without those that ask nothing, each once, in a stable order. */
function normal(clauses: readonly Clause[]): readonly Clause[] {
  const kept = clauses
    .filter(
      (clause) =>
        !clause.some((alternative) => alternative.consent === null && alternative.retention === null),
    )
    .map((clause) => {
      const sorted = clause.map((a) => JSON.stringify([a.consent, a.retention])).sort();
      return [[...new Set(sorted)].join(';'), clause] as const;
    });
  const byKey = new Map(kept);
  return [...byKey.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, clause]) => [
      ...new Map(clause.map((a) => [JSON.stringify([a.consent, a.retention]), a])).values(),
    ]);
}
