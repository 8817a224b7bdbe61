import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, openBench, sampleHeader, sampleRow, sampleSource } from './source.fixture.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const head = 'event,record,kind,lifts,signed,received,logged,surname,postcode,email,purpose';
const members = [
  sampleRow('a', { surname: 'Smith', postcode: 'M1 1AA', email: 'a@x.example' }),
  sampleRow('b', { surname: 'Smithson', postcode: 'M1 1AA' }),
];
const letter = 'e1,,objection,,,2017-03-01,,Smi,M1 1AA,,';
const resolution = 'r1,,resolution,e1,,2017-04-01T10:00:00Z,,,,,';

/** Whom each stop reaches, with the day from which it does so no more; and what is listed as of nobody. */
async function reach(events: readonly string[]): Promise<{ reach: string[]; listed: string[] }> {
  const preferences = bench.write('preferences.csv', `${[head, ...events].join('\n')}\n`);
  const snapshot = await bench.ingest(
    sampleSource(bench.write('members.csv', `${[sampleHeader, ...members].join('\n')}\n`), {
      preferences: { file: preferences, postKeyedTo: null },
    }),
  );
  const rids = new Map((await bench.read(snapshot, 'records')).map((r) => [r.row, r.rid]));
  const stops = await bench.read(snapshot, 'stops', 'row, event, relation');
  const until = (at: unknown): string =>
    at === null ? '' : ` until ${new Date(Number(at)).toISOString().slice(0, 16)}`;
  const file = snapshot.eventsUnmatchedFile;
  return {
    reach: stops
      .map((s) => `${rids.get(s.row ?? null)} ${s.relation} ${s.event}${until(s.resolved_hi)}`)
      .sort(),
    listed:
      file === null
        ? []
        : readFileSync(file, 'utf8')
            .trim()
            .split('\n')
            .slice(1)
            .map((line) => line.split(',')[0] ?? ''),
  };
}

const held = ['a plausible e1', 'b plausible e1'];

describe('a resolution', () => {
  test('ends what a letter may be of, from when it was said; and is no event of nobody', async () => {
    expect(await reach([letter, resolution])).toEqual({
      reach: ['a plausible e1 until 2017-04-01T10:00', 'b plausible e1 until 2017-04-01T10:00'],
      listed: [],
    });
  });

  test('is of that one letter: another of the same scope, later, stands by itself', async () => {
    const other = letter.replace('e1', 'e2').replace('03-01', '03-02');
    expect((await reach([letter, other, resolution])).reach).toEqual([
      'a plausible e1 until 2017-04-01T10:00',
      'a plausible e2',
      'b plausible e1 until 2017-04-01T10:00',
      'b plausible e2',
    ]);
  });

  test('counts from the latest of its times, a bare day from its end', async () => {
    const day = 'r1,,resolution,e1,2017-03-02,2017-04-01,2017-05-01,,,,';
    expect((await reach([letter, day])).reach[0]).toBe('a plausible e1 until 2017-05-02T00:00');
  });

  test('touches nothing that is surely anybody', async () => {
    const sure = 'e1,,objection,,,2017-03-01,,Smi,M1 1AA,a@x.example,';
    expect((await reach([sure, resolution])).reach).toEqual(['a linked e1']);
    const own = 'e1,a,objection,,,2017-03-01,,Smi,M1 1AA,,';
    expect((await reach([own, resolution])).reach).toContain('a own e1');
  });

  const nothing: Readonly<Record<string, readonly string[]>> = {
    'of an unknown event': [letter, resolution.replace('e1', 'e9')],
    'of no event': [letter, resolution.replace('e1', '')],
    'of a letter that names somebody who is not here': [letter.replace('e1,', 'e1,zz'), resolution],
    'that names a record': [letter, resolution.replace('r1,', 'r1,a')],
    'that has no id': [letter, resolution.replace('r1', '')],
    'that stands twice': [letter, resolution, resolution],
    'beside another of the same letter': [letter, resolution, resolution.replace('r1', 'r2')],
    'of an id that stands twice': [letter, 'e1,zz,consent,,,2017-03-01,,,,,', resolution],
    'whose id another event has': [letter, resolution, 'r1,zz,consent,,,2017-03-01,,,,,'],
    'without a time': [letter, resolution.replace('2017-04-01T10:00:00Z', '')],
    'whose time cannot be read': [letter, resolution.replace('2017-04-01T10:00:00Z', 'soon')],
    'with another time that cannot be read': [letter, resolution.replace('e1,,', 'e1,soon,')],
    'before the letter came': [letter, resolution.replace('2017-04', '2017-02')],
    'of itself': [letter, resolution.replace('r1', 'e1')],
    'of a letter whose time cannot be read': [letter.replace('2017-03-01', 'soon'), resolution],
  };
  test.each(Object.entries(nothing))('%s ends nothing, and is listed', async (_, events) => {
    const found = await reach(events);
    expect(found.reach).toEqual(held);
    expect(found.listed.length).toBeGreaterThan(0);
  });

  test('of a letter with nothing to match leaves the whole unreadable', async () => {
    const bare = 'e1,,objection,,,2017-03-01,,,,,';
    expect((await reach([bare, resolution])).listed).toContain('e1');
  });
});
