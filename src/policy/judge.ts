/**
 * The gate's judgement of one request (semantics A, B): pure; no I/O, no clock, no randomness. Each distinct history
 * of notices is judged once; what is left for each person becomes conditions that the interpreter and the SQL share.
 */
import { atomsOf, touchedFields } from './asked.ts';
import { endOf } from './ends.ts';
import type { Assignment, GateContext, Judgement, ListRule, ReducedHistory } from './judgement.ts';
import { listsFor } from './list-rules.ts';
import type { ListKind } from './model.ts';
import { isWholeScope, scopeMeets } from './promises.ts';
import { bitsOf, type ReasonCode } from './reasons.ts';
import { refuse } from './refuse.ts';
import { requestFindings } from './request-rules.ts';
import { rulesInForce } from './rules.ts';
import { type HistoryKey, VerdictBook } from './verdict-book.ts';

/**
 * Judges a request for every history in its source. Contract: same context and keys, same judgement; a history that
 * cannot be read refuses; with no rules in force for the day nothing may go (A9).
 */
export function judge(context: GateContext, histories: readonly HistoryKey[]): Judgement {
  return judged(context, (book) => histories.map((key) => ({ ...key, verdict: book.number(key) })));
}

/**
 * Judges histories that were reduced before, in their order: what an auditor does, who has the documents and no dates.
 * Nothing is assigned. A history that stands twice has one verdict.
 */
export function judgeAgain(context: GateContext, histories: readonly ReducedHistory[]): Judgement {
  return judged(context, (book) => {
    for (const history of histories) book.numberOf(history);
    return [];
  });
}

function judged(context: GateContext, assign: (book: VerdictBook) => readonly Assignment[]): Judgement {
  const { request, source } = context;
  const touched = touchedFields(request, source);
  const atoms = atomsOf(request, touched);
  const pack =
    context.rules !== null && rulesInForce(context.rules, context.day) !== null ? context.rules : null;
  const found =
    pack === null
      ? [refuse('no-rules', `on ${context.day}`)]
      : requestFindings(context, touched, atoms, pack);
  const organisations = new Map(context.organisations.map((o) => [o.id, o]));
  const book = new VerdictBook(context, atoms, pack);
  const assignments = assign(book);
  return {
    requestBits: bitsOf(found.map((f) => f.reason)),
    requestFindings: found,
    histories: book.histories,
    verdicts: book.verdicts,
    assignments,
    conditionSets: book.conditionSets.values,
    consents: book.consents.values,
    retentions: book.retentions.values,
    meets: (scope) => scopeMeets(scope, { request, source, atoms, touched, organisations }),
    isWhole: (scope) => isWholeScope(scope, source, organisations),
    lifting: book.lifting(),
    collections: source.collections.map((c) => c.id),
    audience: request.audience,
    lists: listsFor(context).map(({ list }): ListRule => ({ list: list.id, reason: listReason(list.kind) })),
    needs: needsOf(context),
    cutOff: context.cutOff,
    day: context.day,
    end: endOf(context),
    warnings: [],
  };
}

function listReason(kind: ListKind): ReasonCode {
  switch (kind) {
    case 'own':
      return 'suppressed-own';
    case 'mps':
      return 'suppressed-mps';
    case 'baby-mps':
      return 'suppressed-baby-mps';
    case 'tps':
    case 'ctps':
      return 'suppressed-tps';
  }
}

function needsOf({ request }: GateContext): Judgement['needs'] {
  const needs = new Set<Judgement['needs'][number]>();
  for (const channel of request.contactChannels) {
    switch (channel) {
      case 'post':
        needs.add('address');
        break;
      case 'email':
      case 'online-audience':
        needs.add('email');
        break;
      case 'sms':
      case 'call':
      case 'automated-call':
        needs.add('phone');
        break;
    }
  }
  return [...needs];
}
