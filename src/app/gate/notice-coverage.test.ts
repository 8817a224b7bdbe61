import { expect, test } from 'vitest';
import { shownNotice } from '../../pages/outcome.fixture.ts';
import type { Collection } from '../../policy/model.ts';
import { coverageOf } from './notice-coverage.ts';

const collection: Collection = {
  id: 'joined',
  notice: { column: 'notice' },
  printCode: null,
  collectedBy: { column: 'channel' },
  date: 'joined',
  origin: null,
  upstream: null,
  reconstructions: [
    { collectedBy: 'paper', from: '2014-01-01', until: '2014-12-31', notice: 'web@2017-02', signedOff: true },
  ],
};
const twin = { ...shownNotice, id: 'web@2017-03', shown: { from: '2017-03-01', until: null } };
const notices = [shownNotice, twin];

test('each record is counted once, by how well its notice is known', () => {
  const found = coverageOf(
    collection,
    [
      { base: { kind: 'recorded', notice: 'web@2017-02' }, records: 10 },
      { base: { kind: 'derived', collectedBy: 'web', on: '2017-02-10' }, records: 20 },
      { base: { kind: 'derived', collectedBy: 'web', on: '2017-04-10' }, records: 30 },
      { base: { kind: 'derived', collectedBy: 'paper', on: '2014-06-01' }, records: 40 },
      { base: { kind: 'unknown' }, records: 5 },
    ],
    notices,
  );
  expect(found.known).toEqual({ recorded: 10, derived: 50, reconstructed: 40, unknown: 5 });
  expect(found.records).toBe(105);
  expect(found.several).toBe(30);
});

test('what is missing is said, with how many records wait for it, most first', () => {
  const found = coverageOf(
    collection,
    [
      { base: { kind: 'recorded', notice: 'web@1999' }, records: 1 },
      { base: { kind: 'print-code', code: 'PF-9' }, records: 2 },
      { base: { kind: 'derived', collectedBy: 'phone', on: '2016-01-31' }, records: 3 },
      { base: { kind: 'unknown' }, records: 4 },
    ],
    notices,
  );
  expect(found.known.unknown).toBe(10);
  expect(found.missing.map((m) => m.records)).toEqual([4, 3, 2, 1]);
  expect(found.missing.map((m) => m.text).join('\n')).toMatch(
    /maps no print-code[\s\S]*by phone in 2016-01[\s\S]*form PF-9[\s\S]*web@1999/,
  );
});
