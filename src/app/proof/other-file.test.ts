import { expect, test } from 'vitest';
import { otherFile } from './other-file.ts';

test.each([
  ['PK\u0003\u0004', 'receive'],
  ['age-encryption.org/v1\n', 'receive'],
  ['{"format":"astold/supply/1"}\n\n\u2014 club x\n', 'receive'],
  ['{"at":"","format":"astold/countersignature/1"}\n\n\u2014 toys x\n', 'countersigned'],
  [`club\n12\n${'A'.repeat(43)}=\n\n\u2014 club x\n`, 'log check'],
  ['PAR1', 'audit'],
])('%j is read by astold %s', (beginning, command) => {
  expect(otherFile(Buffer.from(beginning))).toContain(`astold ${command}`);
});

test.each(['', 'text', '{"format":'])('of %j nothing is known', (beginning) => {
  expect(otherFile(Buffer.from(beginning))).toBe(null);
});
