import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, openBench, sampleHeader, sampleRow, sampleSource } from './source.fixture.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const failure = (work: Promise<unknown>): Promise<unknown> => work.then(() => null).catch((e: unknown) => e);
const ingest = (members: string, preferences: string | null = null) =>
  bench.ingest(
    sampleSource(
      bench.write('members.csv', members),
      preferences === null
        ? {}
        : { preferences: { file: bench.write('preferences.csv', preferences), postKeyedTo: null } },
    ),
  );

describe('a column of the preference events', () => {
  const events = (columns: string) =>
    ingest(
      `${sampleHeader}\n${sampleRow('a')}\n`,
      `event,kind,received,${columns}\ne1,objection,2017-03-01,a,b\n`,
    );
  test.each([
    ['record,Purpose', 'purpose'],
    ['record,contact_channel', 'contact-channel'],
    ['record,Contact Channel', 'contact-channel'],
    ['recrod,x-ray', 'record'],
    ['record,organistaion', 'organisation'],
    ['record,lift', 'lifts'],
  ])('%s is refused: it would be lost', async (columns, meant) => {
    expect(await failure(events(columns))).toMatchObject({
      code: 'column-unknown',
      message: expect.stringContaining(`did you mean "${meant}"`),
    });
  });

  test('that is like none of those that are read is listed', async () => {
    const snapshot = await events('record,entered by');
    expect(snapshot.preferencesUnknownColumns).toEqual(['entered by']);
  });
});

describe('a column that is missing', () => {
  test('is named with those near it, and how many there are', async () => {
    const error = await failure(ingest(`${sampleHeader.replace('surname', 'sur name')}\n`));
    expect(error).toMatchObject({
      code: 'column-missing',
      message: expect.stringMatching(/"surname" \(did you mean "sur name"\?\).* 9 columns/),
    });
    expect(String(error)).not.toContain('postcode');
  });

  test('shows no cell of a first line that is no header', async () => {
    const error = await failure(ingest(`${sampleRow('id', { surname: 'surnam', born: '1980-01-01' })}\n`));
    expect(error).toMatchObject({
      code: 'column-missing',
      message: expect.stringContaining('looks like data'),
    });
    expect(String(error)).not.toMatch(/surnam"|1980/);
    const twice = await failure(ingest('1980-01-01,Okonkwo,Okonkwo\n1980-01-02,Ng,Ng\n'));
    expect(twice).toMatchObject({ code: 'E_HEADERS' });
    expect(String(twice)).not.toContain('Okonkwo');
  });
});

describe('rows with cells missing at the end', () => {
  test('are counted, in the source and in the events', async () => {
    const snapshot = await ingest(
      `${sampleHeader}\n${sampleRow('a')}\nb,Ng\nc\n`,
      'event,kind,received,record,purpose\ne1,objection,2017-03-01,a\n',
    );
    expect([snapshot.records, snapshot.shortRows, snapshot.shortEvents, snapshot.rejected]).toEqual([
      3, 2, 1, 0,
    ]);
  });

  test.each(['\n', '\r\n'])('are cut off where the file ends within them', async (end) => {
    const snapshot = await ingest(
      `${[sampleHeader, sampleRow('a'), 'b,Ng'].join(end)}`,
      'event,kind,received,record,purpose\ne1,consent,2017-03-01,a',
    );
    expect([snapshot.records, snapshot.shortRows, snapshot.rejected]).toEqual([1, 0, 1]);
    expect([snapshot.events, snapshot.preferencesReadable]).toEqual([1, false]);
  });

  test('are none where the last line is whole and only its end is missing', async () => {
    const snapshot = await ingest(`${sampleHeader}\n${sampleRow('a')}\n${sampleRow('b')}`);
    expect([snapshot.records, snapshot.shortRows, snapshot.rejected]).toEqual([2, 0, 0]);
  });
});
