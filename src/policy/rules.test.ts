import { describe, expect, it } from 'vitest';
import { reasons } from './reasons.ts';
import { type Label, labelDay, type Rule, type RulePack, ruleShown, rulesInForce } from './rules.ts';

const rule = (reason: Rule['reason'], from: string, until: string | null, label: Label): Rule => ({
  reason,
  label,
  citation: `${reason} from ${from}`,
  from,
  until,
  severity: 'refuse',
});
const others = reasons
  .filter(({ code }) => code !== 'stopped')
  .map(({ code }) => rule(code, '2000-01-01', null, 'policy'));
const pack: RulePack = {
  id: 'test',
  version: '1',
  rules: [
    ...others,
    rule('stopped', '2000-01-01', '2010-01-01', 'code'),
    rule('stopped', '2010-01-01', '2020-01-01', 'law'),
  ],
  finer: [],
  explicit: [],
  necessary: [],
  requiredLists: [],
  consentChannels: [],
  specialCategory: ['pd:Health'],
  waitingPeriod: { months: 0, days: 30 },
  minimumCount: 100,
  consentAgeWarning: { months: 6, days: 0 },
  digest: 'p',
};

describe('a rule', () => {
  it('holds from its first day up to, and without, the day it ends', () => {
    const label = (day: string) => rulesInForce(pack, day)?.get('stopped')?.label ?? null;
    expect(label('1999-12-31')).toBeNull();
    expect(label('2000-01-01')).toBe('code');
    expect(label('2009-12-31')).toBe('code');
    expect(label('2010-01-01')).toBe('law');
    expect(label('2019-12-31')).toBe('law');
    // One reason without a rule, and there are no rules at all.
    expect(rulesInForce(pack, '2020-01-01')).toBeNull();
    const shown = (day: string) => ruleShown(pack, 'stopped', [], day)?.label ?? null;
    expect(['1999-12-31', '2000-01-01', '2009-12-31', '2010-01-01', '2020-01-01'].map(shown)).toEqual([
      null,
      'code',
      'code',
      'law',
      null,
    ]);
  });
});

describe('the day that labels a reason', () => {
  it('is that of collection for what a notice lacks, and of release for all else', () => {
    expect(labelDay('purpose-not-told', '2016-03-01', '2026-11-21')).toBe('2016-03-01');
    expect(labelDay('not-told-together', '2016-03-01', '2026-11-21')).toBe('2016-03-01');
    expect(labelDay('stopped', '2016-03-01', '2026-11-21')).toBe('2026-11-21');
    expect(labelDay('notice-unknown', '2016-03-01', '2026-11-21')).toBe('2026-11-21');
  });
  it('is that of release where the day of collection is not known, or is yet to come', () => {
    expect(labelDay('purpose-not-told', null, '2026-11-21')).toBe('2026-11-21');
    expect(labelDay('purpose-not-told', '2027-01-01', '2026-11-21')).toBe('2026-11-21');
  });
});
