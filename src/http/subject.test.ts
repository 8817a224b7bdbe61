import { expect, test } from 'vitest';
import { places } from './places.ts';
import { madeBy, subjectIn } from './subject.ts';

test.each([
  ['show-request', 'toy-offer'],
  ['show-check', '3e5d8c1e-7a3c-4f3e-9a54-0a1a2c3d4e5f'],
  ['read-evidence', 'r-2026/manifest.json'],
  ['read-document', 'notices/web@2025-09.md'],
  ['put-document', 'notices/web@v2.1.md'],
  ['upload-data', 'members.csv'],
] as const)('a deed of %s is about %s', (useCase, id) => {
  expect(subjectIn(useCase, id)).toBe(id);
});

test.each([
  ['show-request', 'anna@people.example'],
  ['show-request', 'notices/web@2025-09.md'],
  ['read-document', 'anna@people.example'],
  ['read-document', 'notices/anna@people.example.md'],
  ['put-document', 'notices/anna@people.md'],
  ['remove-document', 'notices/Anna Jansen.md'],
  ['read-receipt', 'Müller'],
  ['upload-data', '+31 6 1234 5678.csv'],
  ['show-request', `${'x'.repeat(201)}`],
  ['read-document', `notices/${'x'.repeat(200)}.md`],
  ['list-requests', ''],
] as const)('no deed of %s holds %s', (useCase, typed) => {
  expect(subjectIn(useCase, typed)).toBeNull();
});

test('what was made is named by its answer, and the first stands for several', () => {
  expect(madeBy(places.freeze)({ freeze: 'f-1', kind: 'party' })).toBe('f-1');
  expect(madeBy(places['report-sighting'])({ items: [{ sighting: 's-1' }, { sighting: 's-2' }] })).toBe(
    's-1',
  );
  for (const none of [null, {}, { freeze: 7 }, { freeze: 'anna@people.example' }, { items: [] }])
    expect(madeBy(places.freeze)(none)).toBeNull();
});
