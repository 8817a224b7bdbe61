import { expect, test } from 'vitest';
import { lintNotice } from './lint-notice.ts';
import { toSarif } from './sarif.ts';

const text = '---\nshown: { from: 2022-01-01, until: null }\n---\nWe may share it with selected partners.\n';
const log = toSarif(lintNotice({ file: 'notices/a b.md', text, namesOf: () => [] }), '0.1.0');
const [run] = log.runs;

test('each result names a rule of the table and stands at a region inside the file', () => {
  expect(log.version).toBe('2.1.0');
  expect(run?.results?.length).toBeGreaterThan(3);
  for (const result of run?.results ?? []) {
    expect(run?.tool.driver.rules?.[result.ruleIndex ?? -1]?.id).toBe(result.ruleId);
    const region = result.locations?.[0]?.physicalLocation?.region;
    expect(region?.startLine).toBeGreaterThanOrEqual(1);
    expect(region?.startColumn).toBeGreaterThanOrEqual(1);
    expect(region?.endLine ?? 0).toBeLessThanOrEqual(text.split('\n').length);
    expect(['error', 'warning', 'note']).toContain(result.level);
  }
});

test('paths are relative URIs, and no two findings of a file share a fingerprint', () => {
  const results = run?.results ?? [];
  expect(results[0]?.locations?.[0]?.physicalLocation?.artifactLocation?.uri).toBe('notices/a%20b.md');
  expect(new Set(results.map((result) => result.partialFingerprints?.['astold/v1'])).size).toBe(
    results.length,
  );
});

test('no result calls anything unlawful', () => {
  expect(JSON.stringify(log)).not.toMatch(/unlawful|illegal/i);
  expect(run?.results?.every((result) => result.message.text?.includes('a person must decide'))).toBe(true);
});
