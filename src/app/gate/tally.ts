/** From the table of decisions to an outcome: a few grouped counts, and no word about any one person. */
import { decisionsTable, knownRanks } from '../../bulk/compile.ts';
import type { Engine } from '../../bulk/engine.ts';
import type { DecidedCount } from '../../evidence/counts.ts';
import { parseFirst, parseLaterNotices, shownAtCollection } from '../../policy/history.ts';
import type { Base, Finding, GateContext, Judgement, Known } from '../../policy/judgement.ts';
import type { CivilDate, Notice } from '../../policy/model.ts';
import { bitsOf, type ReasonCode, reasons, reasonsIn } from '../../policy/reasons.ts';
import { supplied } from '../../policy/reduced.ts';
import { labelDay, ruleShown } from '../../policy/rules.ts';
import type { NoticeCount, ReasonCount, WaterfallStep, WhatIf } from './outcome.ts';

/** The records that share a set of reasons. */
export type BitCount = { readonly bits: bigint; readonly records: number };
export type Tally = {
  readonly counts: readonly BitCount[];
  readonly known: Readonly<Record<Known, number>>;
  /** Both together. */
  readonly decided: readonly DecidedCount[];
};

/** How many records have each set of reasons, and how well their notices are known. */
export async function tallyDecisions(engine: Engine): Promise<Tally> {
  const rows = await engine.rows(
    `SELECT reasons, known, COUNT(*) AS records FROM ${decisionsTable} GROUP BY reasons, known ORDER BY reasons, known`,
  );
  const counts = new Map<bigint, number>();
  const known: Record<Known, number> = { recorded: 0, derived: 0, reconstructed: 0, unknown: 0 };
  const decided: DecidedCount[] = [];
  for (const row of rows) {
    const bits = BigInt(row.reasons ?? -1);
    const records = Number(row.records);
    counts.set(bits, (counts.get(bits) ?? 0) + records);
    const rank = knownRanks[Number(row.known)] ?? 'unknown';
    known[rank] += records;
    decided.push({ bits, known: rank, records });
  }
  return { counts: [...counts].map(([bits, records]) => ({ bits, records })), known, decided };
}

/** One count for each reason that refuses anyone, in the order of the table (D1). */
export function reasonCounts(
  tally: Tally,
  context: GateContext,
  judgement: Judgement,
): readonly ReasonCount[] {
  return reasons.flatMap(({ code, rule, plural }) => {
    const bit = bitsOf([code]);
    const records = sum(tally.counts.filter(({ bits }) => (bits & bit) !== 0n));
    if (records === 0) return [];
    const alone = sum(tally.counts.filter(({ bits }) => bits === bit));
    const found =
      context.rules === null
        ? null
        : ruleShown(
            context.rules,
            code,
            findingsOf(code, judgement),
            labelDay(code, lastLacking(code, judgement, context), context.day),
          );
    const details = detailsOf(code, judgement);
    return [
      {
        code,
        rule,
        label: found?.label ?? null,
        citation: found?.citation ?? null,
        plural,
        records,
        alone,
        details,
      },
    ];
  });
}

/** The first day of the latest notice that lacks what a reason is about: the strictest label that applies to any (A9). */
function lastLacking(code: ReasonCode, judgement: Judgement, context: GateContext): CivilDate | null {
  const lacking = new Set(
    judgement.verdicts.flatMap(({ findings }) =>
      findings.filter((f) => f.reason === code).map((f) => f.notice),
    ),
  );
  const days = context.notices.filter((notice) => lacking.has(notice.id)).map((notice) => notice.shown.from);
  return days.sort().at(-1) ?? null;
}

function findingsOf(code: ReasonCode, judgement: Judgement): readonly Finding[] {
  return [...judgement.requestFindings, ...judgement.verdicts.flatMap((verdict) => verdict.findings)].filter(
    (f) => f.reason === code,
  );
}

/** The distinct explanations of a reason, at most ten and the number of the rest. */
function detailsOf(code: ReasonCode, judgement: Judgement): readonly string[] {
  const details = [...new Set(findingsOf(code, judgement).flatMap(({ detail }) => detail || []))];
  return details.length <= 10 ? details : [...details.slice(0, 10), `and ${details.length - 10} more`];
}

/** Each record counted once, at the first of its reasons. */
export function waterfall(tally: Tally): readonly WaterfallStep[] {
  let left = sum(tally.counts);
  const firsts = new Map<ReasonCode, number>();
  for (const { bits, records } of tally.counts) {
    const first = reasonsIn(bits)[0]?.code;
    if (first !== undefined) firsts.set(first, (firsts.get(first) ?? 0) + records);
  }
  const steps: WaterfallStep[] = [];
  for (const { code } of reasons) {
    const refused = firsts.get(code) ?? 0;
    if (refused === 0) continue;
    left -= refused;
    steps.push({ code, refused, left });
  }
  return steps;
}

/** What could have gone had people been told, each thing alone and all together: an upper bound. */
export function whatIfs(tally: Tally): readonly WhatIf[] {
  const atMost = (codes: readonly ReasonCode[]): number => {
    const cleared = bitsOf(codes);
    return sum(tally.counts.filter(({ bits }) => (bits & ~cleared) === 0n));
  };
  const told = reasons.filter(
    (r) => r.scope === 'notice' && tally.counts.some(({ bits }) => (bits & bitsOf([r.code])) !== 0n),
  );
  const released = atMost([]);
  const each = told.map((r) => ({
    text: `Were nobody refused because they ${r.plural}`,
    reasons: [r.code],
    atMost: atMost([r.code]),
  }));
  const codes = told.map((r) => r.code);
  const together: WhatIf[] =
    codes.length === 0
      ? []
      : [{ text: 'Had a notice told all of this', reasons: codes, atMost: atMost(codes) }];
  const asked: readonly ReasonCode[] = [...codes, 'consent-missing'];
  if (atMost(asked) > atMost(codes)) {
    together.push({
      text: 'Had a notice told all of this, and everyone consented',
      reasons: asked,
      atMost: atMost(asked),
    });
  }
  return [...each.filter((w) => w.atMost > released), ...together];
}

/** A number for each assignment, by the notices it stands for, so that records can be counted by notice. */
export type NoticeGroups = { readonly labels: readonly string[]; readonly groups: readonly number[] };

export function groupByNotice(judgement: Judgement, context: GateContext): NoticeGroups {
  const notices = supplied(context);
  const labels: string[] = [];
  const numbers = new Map<string, number>();
  // Few bases and few later notices, in many combinations: each is put into words once.
  const firsts = new Map<string, string>();
  const thens = new Map<string, string>();
  const groups = judgement.assignments.map(({ collection, base, later }) => {
    const key = `${collection}\n${base}`;
    const first = firsts.get(key) ?? firstLabel(context, notices, collection, base);
    const then = thens.get(later) ?? thenLabel(later);
    firsts.set(key, first);
    thens.set(later, then);
    const label = `${first}${then}`;
    const number = numbers.get(label) ?? labels.push(label) - 1;
    numbers.set(label, number);
    return number;
  });
  return { labels, groups };
}

function firstLabel(
  { source }: GateContext,
  notices: readonly Notice[],
  collection: string,
  key: string,
): string {
  const { base } = parseFirst(key);
  const found = source.collections.find((c) => c.id === collection);
  const shown = found ? shownAtCollection(base, found, notices).candidates.map((notice) => notice.id) : [];
  const primary = source.collections[0]?.id === collection ? '' : `${collection}: `;
  return `${primary}${shown.length > 0 ? shown.join(' or ') : unknownLabel(base)}`;
}

function thenLabel(later: string): string {
  return [...new Set(parseLaterNotices(later).map((l) => l.notice))]
    .map((notice) => `, then ${notice}`)
    .join('');
}

function unknownLabel(base: Base): string {
  switch (base.kind) {
    case 'recorded':
      return `${base.notice} (not on file)`;
    case 'print-code':
      return `form ${base.code} (not on file)`;
    case 'derived':
    case 'unknown':
      return 'no notice known';
  }
}

/** The records of each notice version, what of them may go, and what the version lacks. */
export async function noticeCounts(
  engine: Engine,
  judgement: Judgement,
  { labels }: NoticeGroups,
): Promise<readonly NoticeCount[]> {
  const found = new Map<number, { records: number; released: number; verdicts: Set<number> }>();
  for (const i of judgement.collections.keys()) {
    const rows = await engine.rows(
      `SELECT g${i} AS grp, v${i} AS verdict, COUNT(*) AS records, SUM(CASE WHEN reasons = 0 THEN 1 ELSE 0 END) AS released
       FROM ${decisionsTable} WHERE g${i} IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2`,
    );
    for (const row of rows) {
      const entry = found.get(Number(row.grp)) ?? { records: 0, released: 0, verdicts: new Set<number>() };
      entry.records += Number(row.records);
      entry.released += Number(row.released);
      entry.verdicts.add(Number(row.verdict));
      found.set(Number(row.grp), entry);
    }
  }
  return [...found]
    .map(([group, { records, released, verdicts }]) => ({
      notice: labels[group] ?? 'no notice known',
      records,
      released,
      findings: [...verdicts].flatMap((verdict) => judgement.verdicts[verdict]?.findings ?? []),
    }))
    .sort((a, b) => b.records - a.records || (a.notice < b.notice ? -1 : 1));
}

export const sum = (counts: readonly { readonly records: number }[]): number =>
  counts.reduce((n, c) => n + c.records, 0);
