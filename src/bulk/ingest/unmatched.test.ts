import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Snapshot } from './snapshot.ts';
import { type Bench, openBench, sampleHeader, sampleRow, sampleSource } from './source.fixture.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

async function ingest(members: readonly string[], events: readonly string[]): Promise<Snapshot> {
  const head = 'event,record,kind,received,email';
  const preferences = bench.write('preferences.csv', `${[head, ...events].join('\n')}\n`);
  return bench.ingest(
    sampleSource(bench.write('members.csv', `${[sampleHeader, ...members].join('\n')}\n`), {
      preferences: { file: preferences, postKeyedTo: null },
    }),
  );
}
async function reach(snapshot: Snapshot): Promise<string[]> {
  const rids = new Map((await bench.read(snapshot, 'records')).map((r) => [r.row, r.rid]));
  const stops = await bench.read(snapshot, 'stops', 'row, event, relation');
  return stops.map((s) => `${rids.get(s.row ?? null)} ${s.relation} ${s.event}`).toSorted();
}
const listed = ({ eventsUnmatchedFile }: Snapshot): string[] =>
  eventsUnmatchedFile === null
    ? []
    : readFileSync(eventsUnmatchedFile, 'utf8')
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(',').slice(0, 2).join(' '));

describe('a stop of a record whose row was put aside', () => {
  const aside = {
    'a cell that does not cast': sampleRow('b', { email: 'x@x.example', born: 'soon' }),
    'too many cells': `${sampleRow('b', { email: 'x@x.example' })},more`,
    'a quote in the wrong place': 'b,"Ng"x,,,x@x.example,,,,',
    'a quote that is never closed': 'b,"Ng,,,x@x.example,,,,',
  };
  test.each(Object.entries(aside))(
    'refuses everyone, since nobody knows whom else it reaches: %s',
    async (_, row) => {
      const snapshot = await ingest(
        [sampleRow('a', { email: 'x@x.example' }), row],
        ['e1,B,objection,2017-03-01,', 'e2,b,consent,2017-03-01,'],
      );
      expect([snapshot.records, snapshot.preferencesReadable]).toEqual([1, false]);
      expect(snapshot.preferencesCause).toContain('1 stop of a record whose row could not be read');
      expect(listed(snapshot)).toEqual(['e1 B', 'e2 b']);
    },
  );

  test('is no such stop where the row that was put aside is another one', async () => {
    const snapshot = await ingest(
      [sampleRow('a'), sampleRow('b', { born: 'soon' })],
      ['e1,a,objection,2017-03-01,', 'e2,c,objection,2017-03-01,', 'e3,b,consent,2017-03-01,'],
    );
    expect([snapshot.preferencesReadable, snapshot.preferencesCause]).toEqual([true, null]);
  });
});

describe('a stop whose record id is written in other letters', () => {
  const members = [
    sampleRow('M1', { email: 'x@x.example' }),
    sampleRow('M2', { email: 'x@x.example' }),
    sampleRow('m3'),
    sampleRow('M3'),
  ];
  test('reaches that record and those that match it; a permission does not', async () => {
    const snapshot = await ingest(members, ['e1, m1 ,objection,2017-03-01,', 'e2,m2,consent,2017-03-01,']);
    expect(await reach(snapshot)).toEqual(['M1 linked e1', 'M2 linked e1']);
    expect(await bench.read(snapshot, 'permissions')).toEqual([]);
    expect([snapshot.eventsUnmatched, listed(snapshot)]).toEqual([1, ['e2 m2']]);
  });

  test('reaches no other where one has the very id', async () => {
    expect(await reach(await ingest(members, ['e1,m3,objection,2017-03-01,']))).toEqual(['m3 own e1']);
  });
});

test('events of nobody known are listed by their ids, and by nothing else of them', async () => {
  const snapshot = await ingest(
    [sampleRow('a')],
    [
      'e2,gone,objection,2017-03-01,secret@x.example',
      'e1,left,objection,2017-03-01,',
      'e3,a,objection,2017-03-01,',
    ],
  );
  expect([snapshot.eventsUnmatched, snapshot.preferencesReadable]).toEqual([2, true]);
  expect(listed(snapshot)).toEqual(['e1 left', 'e2 gone']);
  expect(readFileSync(snapshot.eventsUnmatchedFile ?? '', 'utf8')).not.toContain('secret');
  expect((await ingest([sampleRow('a')], ['e3,a,objection,2017-03-01,'])).eventsUnmatchedFile).toBeNull();
});

test('what makes the preference events unreadable is said without a word of theirs', async () => {
  const snapshot = await ingest(
    [sampleRow('a')],
    ['e1,a,objection,2017-03-01,,secret', 'e2,,objection,2017-03-01,'],
  );
  expect(snapshot.preferencesCause).toMatch(/^line 2: .*; 1 stop without a record/);
  const rejects = readFileSync(snapshot.preferencesRejectsFile ?? '', 'utf8');
  expect(rejects).toMatch(/^line,cause\n2,[^\n]*\n$/);
  expect(rejects + snapshot.preferencesCause).not.toContain('secret');
});
