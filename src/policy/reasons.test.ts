import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { bitsOf, reasons, reasonsIn } from './reasons.ts';
import { reasonsPage } from './reasons-page.ts';

it('keeps every reason in its own bit of a signed 64-bit integer', () => {
  expect(new Set(reasons.map((r) => r.code)).size).toBe(reasons.length);
  expect(reasons.length).toBeLessThanOrEqual(63);
  for (const reason of reasons) expect(reasonsIn(bitsOf([reason.code]))).toEqual([reason]);
});

it('has the documented positions', () => {
  expect(readFileSync(new URL('../../docs/reasons.md', import.meta.url), 'utf8')).toBe(reasonsPage());
});
