import { describe, expect, test } from 'vitest';
import type { Outcome } from '../app/gate/outcome.ts';
import { refusedOutcome, releasedOutcome, shownNotice } from './outcome.fixture.ts';
import { renderReport } from './report.ts';

const hostile = `</style><script>alert("x")</script><img src=x onerror='alert(1)'>&"'`;
/** Every text of an outcome made hostile; codes, marks and labels keep their types. */
function poisoned(value: unknown, key = ''): unknown {
  const kept = ['code', 'reason', 'reasons', 'mark', 'label', 'day', 'role'];
  if (typeof value === 'string') return kept.includes(key) ? value : `${hostile}${value}`;
  if (Array.isArray(value)) return value.map((item) => poisoned(item, key === 'reasons' ? '' : key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      name === 'reasons' && Array.isArray(item) && typeof item[0] === 'string' ? item : poisoned(item, name),
    ]),
  );
}

describe('the report', () => {
  test('says the answer, each reason with label, citation and the nearest words, and what would have changed it', async () => {
    const page = await renderReport(refusedOutcome, [shownNotice]);
    for (const text of [
      'Nothing may go: 0 of 1,065,200',
      '1,065,200 were not told of this purpose',
      'Data Protection Act 1998',
      '40,902 are on the Mailing Preference Service',
      'we may share your details with companies',
      'at most 212,480',
      'lacks: purpose political campaigning · recipient The Labour Party',
      '312 rows could not be read',
      '1,000,000 recorded',
      '200 unknown',
      refusedOutcome.request.digest,
      'duckdb 1.5.6',
    ]) {
      expect(page).toContain(text);
    }
  });

  test('shows every statement and consent of the notice versions that anyone was shown, and of no other', async () => {
    const page = await renderReport(releasedOutcome, [shownNotice, { ...shownNotice, id: 'web@2099' }]);
    expect(page).toContain('We will give your name to The Labour Party');
    expect(page).toContain('Tick here if you agree.');
    expect(page).not.toContain('web@2099');
  });

  test('shows the mark of a reconstruction, and none for a check of now', async () => {
    expect(await renderReport(refusedOutcome, [shownNotice])).toContain('<p class="mark">reconstruction');
    expect(await renderReport(releasedOutcome, [shownNotice])).not.toContain('class="mark"');
  });

  test('says that nothing in these rules refuses, and calls nothing lawful', async () => {
    const page = await renderReport(releasedOutcome, [shownNotice]);
    expect(page).toContain('48,213 of 1,065,200 may go: nothing in these rules refuses');
    for (const outcome of [refusedOutcome, releasedOutcome])
      expect(await renderReport(outcome, [shownNotice])).not.toMatch(/lawful|legal to/i);
  });

  test('escapes every text it is given', async () => {
    const page = await renderReport(poisoned(refusedOutcome) as Outcome, []);
    expect(page).toContain('&lt;script&gt;');
    expect(page.match(/<script|<img|onerror='/g)).toBeNull();
    expect(page.match(/<\/style>/g)).toHaveLength(1);
  });

  test('loads nothing and runs nothing', async () => {
    const page = await renderReport(refusedOutcome, [shownNotice]);
    expect(page).not.toMatch(/<script|<link|<img|<iframe|url\(|@import|https?:/);
  });

  test('no records at all is a page that says nothing may go', async () => {
    const empty: Outcome = {
      ...refusedOutcome,
      evaluated: 0,
      reasons: [],
      waterfall: [],
      notices: [],
      whatIf: [],
      lists: [],
    };
    const page = await renderReport(empty, [shownNotice]);
    expect(page).toContain('Nothing may go: 0 of 0');
    expect(page).not.toContain('NaN');
  });

  test('the same outcome gives the same bytes', async () => {
    expect(await renderReport(refusedOutcome, [shownNotice])).toBe(
      await renderReport(structuredClone(refusedOutcome), [shownNotice]),
    );
  });
});
