import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { addPeriod } from '../policy/dates.ts';
import type { CivilDate } from '../policy/model.ts';
import { reasons } from '../policy/reasons.ts';
import { type RulePack, rulesInForce } from '../policy/rules.ts';
import { ancestors, isPurpose, personalData } from '../policy/vocab.ts';
import { parseRulePack } from './rule-pack.ts';

const text = readFileSync(new URL('../../rules/uk.yaml', import.meta.url), 'utf8');
const parsed = (pack: string): RulePack => {
  const { pack: found, faults } = parseRulePack('uk.yaml', pack);
  expect(faults).toEqual([]);
  if (!found) throw new Error('the pack has faults');
  return found;
};
const codes = (pack: string): readonly string[] => parseRulePack('uk.yaml', pack).faults.map((f) => f.code);
const edit = (from: string, to: string): string => {
  expect(text).toContain(from);
  return text.replace(from, () => to);
};

test('every reason has a rule on every day from 16 July 1998', () => {
  const pack = parsed(text);
  const starts = pack.rules.flatMap((r) => [r.from, r.until ?? r.from]);
  const around = starts.flatMap((d) => [
    addPeriod(d, { months: 0, days: -1 }),
    d,
    addPeriod(d, { months: 0, days: 1 }),
  ]);
  const sample: CivilDate[] = [];
  for (let day = '1998-07-16'; day < '2027-06-01'; day = addPeriod(day, { months: 0, days: 1 }))
    sample.push(day);
  for (const day of [...sample, ...around.filter((d) => d >= '1998-07-16')])
    expect(rulesInForce(pack, day)?.size ?? day).toBe(reasons.length);
});

test('before the first rules, and where one reason has none, there are no rules at all', () => {
  expect(rulesInForce(parsed(text), '1998-07-15')).toBeNull();
  const without = parsed(text);
  expect(
    rulesInForce({ ...without, rules: without.rules.filter((r) => r.reason !== 'deceased') }, '2020-01-01'),
  ).toBeNull();
});

test('each time has its own law', () => {
  const pack = parsed(text);
  const cited = (
    reason: 'stopped' | 'retention-not-told' | 'new-needs-assessment' | 'origin-unknown' | 'suppressed-own',
    day: CivilDate,
  ): string => {
    const rule = rulesInForce(pack, day)?.get(reason);
    return `${rule?.label}: ${rule?.citation}`;
  };
  expect(cited('stopped', '1999-01-01')).toMatch(/^policy/);
  expect(cited('stopped', '2017-05-05')).toMatch(/^law: DPA 1998 s\.10, s\.11/);
  expect(cited('stopped', '2018-05-25')).toMatch(/^law: EU GDPR/);
  expect(cited('stopped', '2021-01-01')).toMatch(/^law: UK GDPR/);
  for (const reason of ['origin-unknown', 'suppressed-own'] as const) {
    expect(cited(reason, '2020-12-31')).toMatch(/EU GDPR/);
    expect(cited(reason, '2021-01-01')).toMatch(/UK GDPR/);
  }
  expect(cited('retention-not-told', '2018-05-24')).toMatch(/^policy/);
  expect(cited('retention-not-told', '2018-05-25')).toMatch(/^law/);
  expect(cited('new-needs-assessment', '2026-02-04')).not.toContain('8A');
  expect(cited('new-needs-assessment', '2026-02-05')).toContain('8A');
});

test('every special category term must be told in so many words, as must all below it', () => {
  const pack = parsed(text);
  const explicit = new Set(pack.explicit.filter((e) => e.dimension === 'data').map((e) => e.term));
  for (const term of pack.specialCategory) expect([...explicit]).toContain(term);
  for (const term of personalData.keys()) {
    const special = pack.specialCategory.some((s) => s === term || ancestors(personalData, term).has(s));
    if (special) expect([...explicit]).toContain(term);
  }
});

test('a phrase that tells a term tells the wider terms it falls under', () => {
  const pack = parsed(text);
  const phrases = new Map(
    pack.explicit.filter((e) => e.dimension === 'data').map((e) => [e.term, e.phrases]),
  );
  for (const [term, own] of phrases) {
    for (const above of ancestors(personalData, term)) {
      const wider = phrases.get(above);
      if (wider) expect(wider).toEqual(expect.arrayContaining([...own]));
    }
  }
});

test('political campaigning and the profiling for it, credit, insurance, sale and children are explicit', () => {
  const terms = parsed(text).explicit.map((e) => e.term);
  const wanted = [
    'dpv:PoliticalCampaign',
    'astold:PoliticalProfiling',
    'astold:CreditAssessment',
    'astold:InsuranceAssessment',
    'dpv:SellDataToThirdParties',
    'data-broker',
    'credit',
    'insurer',
    'child',
  ];
  expect(terms).toEqual(expect.arrayContaining(wanted));
  for (const e of parsed(text).explicit) if (e.dimension === 'purpose') expect(isPurpose(e.term)).toBe(true);
});

test('birth dates and children are only ever coarse', () => {
  for (const { exact } of parsed(text).necessary) {
    expect(exact.filter((item) => item.of === 'child' || item.term === 'pd:BirthDate')).toEqual([]);
  }
});

test('only the waiting period may become a warning', () => {
  const warn = (reason: string): string => {
    const at = text.indexOf(`- reason: ${reason}\n`);
    return text.slice(0, at) + text.slice(at).replace('severity: refuse', 'severity: warn');
  };
  expect(codes(warn('stopped'))).toEqual(['severity-refused']);
  expect(codes(warn('new-too-soon'))).toEqual([]);
});

test('rules that overlap, end before they begin, or are of no reason are faults', () => {
  expect(
    codes(edit('{ from: 2003-12-11, until: null, label: law', '{ from: 2003-12-10, until: null, label: law')),
  ).toEqual(['rules-overlap']);
  expect(codes(edit('until: 2003-12-11, label: policy', 'until: 1998-07-16, label: policy'))).toEqual([
    'dates-out-of-order',
  ]);
  const [fault] = parseRulePack('uk.yaml', edit('- reason: stopped\n', '- reason: stoped\n')).faults;
  expect([fault?.code, fault?.suggestion]).toEqual(['unknown-reason', 'stopped']);
});

test('an explicit term nobody knows, or given twice, is a fault', () => {
  expect(codes(edit('term: dpv:PoliticalCampaign', 'term: dpv:PolitcalCampaign'))).toEqual(['unknown-term']);
  expect(codes(edit('term: pd:Genetic', 'term: pd:Genes'))).toEqual(['unknown-term']);
  expect(codes(edit('term: insurer', 'term: credit'))).toEqual(['duplicate-id']);
  expect(codes(edit('term: insurer', 'term: Insurer'))).toEqual(['id-invalid']);
});

test('rules of what is narrower than a reason are dated like any other, one on each day', () => {
  const calls = parsed(text).finer.filter((r) => r.reason === 'list-missing' && r.aspect === 'calls');
  expect(calls.map((r) => [r.from, r.until, r.label])).toEqual([
    ['1998-07-16', '2003-12-11', 'policy'],
    ['2003-12-11', null, 'law'],
  ]);
  const first = '  - reason: purpose-not-told\n    when: own-words';
  expect(codes(edit(first, first.replace('purpose', 'porpoise')))).toEqual(['unknown-reason']);
  expect(codes(edit(first, first.replace('own-words', 'other-words')))).toEqual(['unknown-value']);
  expect(
    codes(
      edit(
        'until: 2003-12-11, label: policy, citation: "the Telephone Preference Service is screened against"',
        'until: 2004-12-11, label: policy, citation: "x"',
      ),
    ),
  ).toEqual(['rules-overlap']);
  expect(
    codes(
      edit(
        'until: 2003-12-11, label: policy, citation: "the Telephone Preference Service is screened against"',
        'until: 1998-07-16, label: policy, citation: "x"',
      ),
    ),
  ).toEqual(['dates-out-of-order']);
});
