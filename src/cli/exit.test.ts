import { expect, test } from 'vitest';
import { LintError } from '../app/workspace/lint.ts';
import { KeyError } from '../documents/key.ts';
import { exitStatus, statusOfError, statusOfRefusal } from './exit.ts';
import { UsageError } from './session.ts';

test('wrong use and invalid input end with 2', () => {
  for (const error of [
    new UsageError('usage', ''),
    new LintError('no-notices', ''),
    new KeyError('key-missing', ''),
  ]) {
    expect(statusOfError(error)).toBe(exitStatus.wrongUse);
  }
});

test('an error nobody has listed, or no error at all, is a failure', () => {
  for (const error of [
    new Error('x'),
    Object.assign(new Error('x'), { code: 'EIO' }),
    'text',
    null,
    undefined,
  ]) {
    expect(statusOfError(error)).toBe(exitStatus.failed);
  }
});

test('a refusal nobody has listed lets nothing go', () => {
  expect(statusOfRefusal('some-new-refusal')).toBe(exitStatus.nothing);
  expect(statusOfRefusal('release-needs-log')).toBe(exitStatus.nothing);
});
