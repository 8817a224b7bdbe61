import { describe, expect, test } from 'vitest';
import { pathKind } from './document-paths.ts';

describe('the path of a document', () => {
  test.each([
    'astold.yaml',
    'organisations.yaml',
    'contacts.yaml',
    'notices/web@2025-09.md',
    'requests/toy-offer.yaml',
    'sets/seats.csv',
    'rules/strict.yaml',
  ])('%s is one', (path) => expect(pathKind(path).kind).toBe('document'));

  test.each([
    '',
    'duties.yaml',
    'freezes.yaml',
    'approvals/a.yaml',
    'keys/organisation.key',
    'vault/ledger.sqlite',
    'data/members.csv',
    'notices/../keys/x.md',
    'notices/.hidden.md',
    'notices/a/b.md',
    'notices/a.yaml',
    'notices/.md',
    '/etc/passwd',
    'notices\\a.md',
    'constructor',
    '__proto__/a.yaml',
    `notices/${'a'.repeat(200)}.md`,
  ])('"%s" is none', (path) => expect(pathKind(path).kind).toBe('refused'));

  test('what is made from the state says what it is made from', () => {
    expect(pathKind('duties.yaml')).toMatchObject({ why: expect.stringContaining('duties follow') });
  });
});
