import { addPeriod } from './dates.ts';
import { useEnd } from './ends.ts';
import type { Finding, GateContext, ListOnFile } from './judgement.ts';
import type { ListKind, ListLevel, Source, SuppressionList, Term } from './model.ts';
import { refuse, refuseAs } from './refuse.ts';
import type { Aspect, RulePack } from './rules.ts';
import { dataRelated } from './vocab.ts';

/** The lists that are screened for this request: our own always, the others by way of contact (C5). */
export function listsFor({ request, lists }: GateContext): readonly ListOnFile[] {
  const called = request.contactChannels.some((c) => c === 'call' || c === 'automated-call');
  const posted = request.contactChannels.includes('post');
  return lists.filter(({ list }) => isScreened(list.kind, posted, called));
}

function isScreened(kind: ListKind, posted: boolean, called: boolean): boolean {
  switch (kind) {
    case 'own':
      return true;
    case 'mps':
    case 'baby-mps':
      return posted;
    case 'tps':
    case 'ctps':
      return called;
  }
}

/** The rules about suppression lists that are broken (C5). */
export function suppressionLists(context: GateContext, pack: RulePack): readonly Finding[] {
  const { request, source } = context;
  const items = [...source.implies, ...source.fields.map((field) => field.data)];
  const ofChildren = source.children.length > 0 || items.some((item) => item.of === 'child');
  const gives: readonly Term[] = [...items.map((item) => item.term), ...(ofChildren ? ['pd:Offspring'] : [])];
  const required = pack.requiredLists
    .filter((entry) => request.contactChannels.includes(entry.contactChannel))
    .filter(
      (entry) =>
        entry.implying === null ||
        entry.implying.some((term) => gives.some((given) => dataRelated(term, given))),
    )
    .flatMap((entry) => entry.kinds);
  const screened = listsFor(context);
  const found = [...new Set(required)]
    .filter((kind) => !screened.some(({ list }) => list.kind === kind))
    .map((kind) => refuseAs('list-missing', kind, aspectOf(kind)));
  for (const { list, readable } of screened) {
    if (!readable) found.push(refuse('list-unreadable', list.id));
    const unmapped = unmatchable(list.level, source);
    if (unmapped !== null)
      found.push(
        refuse('list-unreadable', `${list.id} matches on ${unmapped}, which the source does not map`),
      );
    if (isStale(list, context))
      found.push(
        refuseAs('list-stale', `${list.id}, of ${list.fileDate ?? 'an unknown day'}`, aspectOf(list.kind)),
      );
  }
  return found;
}

/** Whose rule asks for a list: the post's code, the law on calls, or what is said of one's own. */
function aspectOf(kind: ListKind): Aspect | null {
  switch (kind) {
    case 'own':
      return 'own-list';
    case 'tps':
    case 'ctps':
      return 'calls';
    case 'mps':
    case 'baby-mps':
      return null;
  }
}

/** C5: too old for the end of the use, of an unknown day, or of a day yet to come. */
function isStale({ fileDate, allowedAge }: SuppressionList, context: GateContext): boolean {
  if (fileDate === null || allowedAge === null || fileDate > context.day) return true;
  return addPeriod(fileDate, allowedAge) < useEnd(context);
}

/** What a list of that level matches on and the source does not have: then nobody would ever be found on it. */
function unmatchable(level: ListLevel, { roles }: Source): string | null {
  const needs = {
    person: ['surname', 'postcode'],
    'surname-at-address': ['surname', 'postcode'],
    address: ['addressLine', 'postcode'],
    number: ['phone'],
    email: ['email'],
    record: [],
  } as const;
  return needs[level].find((role) => roles[role] === null) ?? null;
}
