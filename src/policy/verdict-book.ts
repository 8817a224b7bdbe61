/** Verdicts of histories: each distinct one is judged once, and what it leaves for the person is numbered (A2 to A8). */
import { type AskedAtom, actsAsController } from './asked.ts';
import { consentFault } from './coverage.ts';
import { endOf } from './ends.ts';
import type {
  Clause,
  ConsentRef,
  Finding,
  GateContext,
  Judgement,
  Known,
  ReducedHistory,
  ReducedLater,
  RetentionRef,
  Verdict,
} from './judgement.ts';
import type { CivilDate, Collection, Notice } from './model.ts';
import { bitsOf } from './reasons.ts';
import { type ReducedFirst, reduceFirst, reduceLater, supplied } from './reduced.ts';
import { refuse } from './refuse.ts';
import { type RulePack, rulesInForce } from './rules.ts';
import { remembered, type ToldWorld, tellingOf, tellingOfUpstream } from './telling.ts';
import { foldHistory, type ShownLater, type ShownOverTime } from './told.ts';

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

type Reduced<T> = { readonly part: T; readonly same: string };

const kept = <T>(part: T): Reduced<T> => ({ part, same: JSON.stringify(part) });

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

/** Verdicts by what decides them: the reduced history, whatever the dates that led to it. */
export class VerdictBook {
  /** Each history once; the verdict of each has its number. */
  readonly histories: ReducedHistory[] = [];
  readonly verdicts: Verdict[] = [];
  readonly conditionSets = new Interned<readonly Clause[]>();
  readonly consents = new Interned<ConsentRef>();
  readonly retentions = new Interned<RetentionRef>();
  readonly #context: GateContext;
  readonly #atoms: readonly AskedAtom[];
  readonly #pack: RulePack | null;
  readonly #notices: readonly Notice[];
  readonly #byKey = new Map<string, number>();
  // A source has few bases and few ways of being told later, in many combinations.
  readonly #firsts = new Map<string, Reduced<ReducedFirst>>();
  readonly #thens = new Map<string, Reduced<readonly ReducedLater[]>>();
  readonly #world: ToldWorld;

  constructor(context: GateContext, atoms: readonly AskedAtom[], pack: RulePack | null) {
    this.#context = context;
    this.#atoms = atoms;
    this.#pack = pack;
    this.#notices = supplied(context);
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
      covered: new Map(),
      retentionIndex: (ref) => this.retentions.indexOf(ref, JSON.stringify([ref.collection, ref.told])),
    };
  }

  /** The number of the history, and so of the verdict, that the snapshot's keys stand for. */
  number(key: HistoryKey): number {
    const first = remembered(this.#firsts, `${key.collection}\n${key.base}`, () =>
      kept(reduceFirst(this.#context, this.#notices, key.collection, key.base)),
    );
    const then = remembered(this.#thens, key.later, () =>
      kept(reduceLater(key.later, this.#notices, this.#world)),
    );
    return this.#keep(`${first.same}\n${then.same}`, () => ({ ...first.part, later: then.part }));
  }

  /** The number of a history that has been reduced before: an auditor's, who has no dates. */
  numberOf(history: ReducedHistory): number {
    const { later, ...first } = history;
    return this.#keep(`${kept(first).same}\n${kept(later).same}`, () => history);
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

  #keep(key: string, make: () => ReducedHistory): number {
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const history = make();
    this.histories.push(history);
    this.verdicts.push(this.#judge(history));
    this.#byKey.set(key, this.verdicts.length - 1);
    return this.verdicts.length - 1;
  }

  #refused(known: Known, findings: readonly Finding[]): Verdict {
    return { bits: bitsOf(findings.map((f) => f.reason)), conditions: 0, known, shown: null, findings };
  }

  #judge(history: ReducedHistory): Verdict {
    const collection = this.#context.source.collections.find((c) => c.id === history.collection);
    if (!collection)
      return this.#refused('unknown', [refuse('no-notice', `no collection ${history.collection}`)]);
    // With no rules nothing may go, and nothing else can be said (A9).
    if (this.#pack === null) return this.#refused(history.known, []);
    const asksCoverage = isTouched(this.#context, this.#atoms, collection);
    const found = history.candidates.map((id) => this.#notices.find((n) => n.id === id) ?? null);
    // A version that may have been shown, and cannot be read, may have told nothing: then nothing is known (A6).
    const lost = found.includes(null);
    const candidates = lost ? [] : found.filter((notice) => notice !== null);
    const findings = asksCoverage ? this.#unknowns(history, candidates, lost) : [];
    const upstream = this.#upstream(history.origin);
    const over: ShownOverTime = {
      collection: collection.id,
      atCollection: [...candidates.map(tellingOf), ...(upstream === null ? [] : [upstream])],
      later: this.#shownLater(history, findings),
    };
    const own =
      candidates.length === 0 || !asksCoverage
        ? []
        : this.#atoms.filter((atom) => atom.collection === collection.id);
    const told = foldHistory(over, own, this.#atoms, this.#world);
    const all = distinct([...findings, ...told.findings]);
    const clauses = normal(told.clauses);
    return {
      bits: bitsOf(all.map((f) => f.reason)),
      conditions: this.conditionSets.indexOf(clauses, JSON.stringify(clauses)),
      known: asksCoverage ? (lost ? 'unknown' : history.known) : 'recorded',
      shown: asksCoverage ? recordedShown(history, collection, candidates) : null,
      findings: all,
    };
  }

  /** The later notices that are on file and can have been shown; the others are findings. */
  #shownLater({ later }: ReducedHistory, findings: Finding[]): readonly ShownLater[] {
    const shown: ShownLater[] = [];
    let day = 0;
    for (const { notice: id, delivery, when, sameDay } of later) {
      if (!sameDay) day += 1;
      const notice = this.#notices.find((n) => n.id === id);
      if (notice && when !== 'impossible') shown.push({ delivery, when, day, telling: tellingOf(notice) });
      else
        findings.push(
          refuse(
            'notice-unknown',
            notice ? `${notice.id} shown before there was one` : 'shown later: a notice that is not on file',
          ),
        );
    }
    return shown;
  }

  /** What is not known of a history: its notice, or where the data came from (A6, A8). */
  #unknowns(history: ReducedHistory, candidates: readonly Notice[], lost: boolean): Finding[] {
    const findings: Finding[] = [];
    if (history.unknownNotice || lost)
      findings.push(refuse('notice-unknown', 'the notice on record is not on file'));
    else if (candidates.length === 0)
      findings.push(refuse('no-notice', 'no notice, form, or means and day of joining that leads to one'));
    if (history.origin !== 'own' && this.#upstream(history.origin) === null) {
      findings.push(
        refuse('origin-unknown', history.origin ?? 'bought in without terms on file, or not recorded'),
      );
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

/** The days on which what the record says was shown can have been; of several forms of one code, any (A6). */
function recordedShown(
  { known }: ReducedHistory,
  collection: Collection,
  candidates: readonly Notice[],
): Verdict['shown'] {
  if (known !== 'recorded') return null;
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
