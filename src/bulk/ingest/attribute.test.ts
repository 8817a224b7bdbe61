import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { wholeScope } from '../../policy/scope-word.ts';
import type { Snapshot } from './snapshot.ts';
import { type Bench, openBench, sampleHeader, sampleRow, sampleSource } from './source.fixture.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const eventHeader =
  'event,record,kind,purpose,organisation,contact-channel,field,notice,consent,lifts,delivery,signed,received,logged,email,phone,surname,address-line,postcode,birth-date';
type Event = Partial<
  Record<
    | 'event'
    | 'record'
    | 'kind'
    | 'purpose'
    | 'organisation'
    | 'contact-channel'
    | 'field'
    | 'notice'
    | 'consent'
    | 'lifts'
    | 'delivery'
    | 'signed'
    | 'received'
    | 'logged'
    | 'email'
    | 'phone'
    | 'surname'
    | 'address-line'
    | 'postcode'
    | 'birth-date',
    string
  >
>;
const eventRow = (event: Event): string =>
  eventHeader
    .split(',')
    .map((column) => (event as Record<string, string | undefined>)[column] ?? '')
    .join(',');

async function ingest(members: readonly string[], events: readonly Event[] | string): Promise<Snapshot> {
  const preferences = bench.write(
    'preferences.csv',
    typeof events === 'string' ? events : `${[eventHeader, ...events.map(eventRow)].join('\n')}\n`,
  );
  return bench.ingest(
    sampleSource(bench.write('members.csv', `${[sampleHeader, ...members].join('\n')}\n`), {
      preferences: { file: preferences, postKeyedTo: null },
    }),
  );
}
async function reach(snapshot: Snapshot): Promise<string[]> {
  const stops = await bench.read(snapshot, 'stops', 'row, event, relation');
  const rids = new Map((await bench.read(snapshot, 'records')).map((r) => [r.row, r.rid]));
  return stops.map((s) => `${rids.get(s.row ?? null)} ${s.relation} ${s.event}`).toSorted();
}
const stop = (change: Event): Event => ({
  event: 'e1',
  kind: 'objection',
  received: '2017-03-01T10:00:00Z',
  ...change,
});

describe('a stop spreads one hop, to every record that matches', () => {
  const hops = [
    sampleRow('a', { email: 'A@x.example', phone: '07700 900001' }),
    sampleRow('b', { email: 'a@X.example ', phone: '07700900002' }),
    sampleRow('c', { phone: '+44 7700 900002' }),
    sampleRow('d', { phone: 'n/a' }),
    sampleRow('e', { phone: '-' }),
  ];
  test('by e-mail and phone, and no further', async () => {
    expect(await reach(await ingest(hops, [stop({ record: 'a' })]))).toEqual(['a own e1', 'b linked e1']);
    expect(await reach(await ingest(hops, [stop({ record: 'b' })]))).toEqual([
      'a linked e1',
      'b own e1',
      'c linked e1',
    ]);
    expect(await reach(await ingest(hops, [stop({ record: 'd' })]))).toEqual(['d own e1']);
  });

  test('by home, and by birth date with postcode, never by half of them', async () => {
    const homes = [
      sampleRow('a', { surname: 'O’Brien', postcode: 'm1 1aa', address: '1 High St.', born: '1980-01-01' }),
      sampleRow('b', { surname: "O'BRIEN", postcode: 'M11AA', address: '"1, High St"' }),
      sampleRow('c', { surname: 'Jones', postcode: 'M1 1AA', born: '1980-01-01' }),
      sampleRow('d', { surname: 'OBrien', postcode: 'M1 1AA' }),
      sampleRow('e', { postcode: 'M1 1AA' }),
    ];
    expect(await reach(await ingest(homes, [stop({ record: 'a' })]))).toEqual([
      'a own e1',
      'b linked e1',
      'c linked e1',
    ]);
  });

  test('from the details it came with too, and a stop of nobody known to all who match', async () => {
    expect(await reach(await ingest(hops, [stop({ record: 'a', phone: '07700900002' })]))).toEqual([
      'a own e1',
      'b linked e1',
      'c linked e1',
    ]);
    expect(await reach(await ingest(hops, [stop({ record: 'zz', phone: '07700900002' })]))).toEqual([
      'b linked e1',
      'c linked e1',
    ]);
    expect(await reach(await ingest(hops, [stop({ phone: '07700900002' })]))).toEqual([
      'b linked e1',
      'c linked e1',
    ]);
  });

  test('a letter that matches nobody surely stops everyone it may be of', async () => {
    const plausible = [
      sampleRow('a', { surname: 'Smith', postcode: 'M1 1AA' }),
      sampleRow('b', { surname: 'Smythe', postcode: 'M1 1AA' }),
      sampleRow('c', { surname: 'Smi', postcode: 'm11aa' }),
    ];
    const letter = stop({ surname: 'SMI', postcode: 'M1 1AA', 'address-line': '9 Elm Rd' });
    expect(await reach(await ingest(plausible, [letter]))).toEqual(['a plausible e1', 'c plausible e1']);
  });

  test('a stop of a known record is no letter, nor is one that names it in other letters', async () => {
    const near = [
      sampleRow('a', { surname: 'Smith', postcode: 'M1 1AA' }),
      sampleRow('b', { surname: 'Smits', postcode: 'M1 1AA' }),
    ];
    const came = { surname: 'Smi', postcode: 'M1 1AA' };
    expect(await reach(await ingest(near, [stop({ record: 'a', ...came })]))).toEqual(['a own e1']);
    expect(await reach(await ingest(near, [stop({ record: 'A', ...came })]))).toEqual(['a linked e1']);
  });

  test('who stopped with details of another is not reached by what the other stops', async () => {
    const two = [
      sampleRow('a', { email: 'a@x.example' }),
      sampleRow('b', { email: 'b@x.example' }),
      sampleRow('c', { email: 'b@x.example' }),
    ];
    const events = [
      stop({ record: 'a', email: 'b@x.example', received: '2017-03-05' }),
      stop({ event: 'e2', record: 'b', received: '2017-03-01' }),
    ];
    expect(await reach(await ingest(two, events))).toEqual([
      'a own e1',
      'b linked e1',
      'b own e2',
      'c linked e2',
    ]);
  });

  test('an event that reaches nobody is counted; a stop that names nobody makes the file unreadable', async () => {
    const lost = await ingest(hops, [
      stop({ record: 'zz' }),
      stop({ event: 'e2', kind: 'consent', record: 'yy' }),
      stop({ event: 'e3', email: 'q@x.example' }),
    ]);
    expect([lost.events, lost.eventsUnmatched, lost.preferencesReadable]).toEqual([3, 3, true]);
    expect((await ingest(hops, [stop({})])).preferencesReadable).toBe(false);
    expect((await ingest(hops, [stop({ phone: 'withheld' })])).preferencesReadable).toBe(false);
    expect((await ingest(hops, [stop({ kind: 'consent' })])).preferencesReadable).toBe(true);
  });
});

test('what is misplaced in a scope is kept nowhere: in a stop it is all, and a consent to it is to nothing', async () => {
  const misplaced = {
    purpose: 'Ann Example',
    organisation: 'ann@example.org',
    'contact-channel': '07700 900123',
    field: '1980-01-01',
  };
  const snapshot = await ingest(
    [sampleRow('a', {})],
    [
      stop({ record: 'a', ...misplaced }),
      stop({ event: 'e2', record: 'a', kind: 'consent', signed: '2017-03-01', ...misplaced }),
      stop({
        event: 'e3',
        record: 'a',
        purpose: 'dpv:DirectMarketing',
        organisation: 'acme',
        field: 'surname',
      }),
    ],
  );
  const scopes = async (of: 'stops' | 'permissions'): Promise<string[]> =>
    (await bench.read(snapshot, of, 'event')).map((row) => `${row.event} ${row.scope}`);
  expect(await scopes('stops')).toEqual(['e1 ?^?^?^?', 'e3 dpv:DirectMarketing^acme^all^surname']);
  expect(await scopes('permissions')).toEqual(['e2 !^!^!^!']);
});

describe('what spreads is enough to decide by, whatever the cut-off', () => {
  const couple = [
    sampleRow('a', { phone: '07700900001' }),
    sampleRow('b', { phone: '07700900001' }),
    sampleRow('c', { phone: '07700900001' }),
  ];
  test('for a record without a consent the stop that counts first', async () => {
    const events = [
      stop({ record: 'a', received: '2017-03-03' }),
      stop({ event: 'e2', record: 'b', received: '2017-03-01' }),
    ];
    expect(await reach(await ingest(couple, events))).toEqual([
      'a linked e2',
      'a own e1',
      'b linked e1',
      'b own e2',
      'c linked e2',
    ]);
  });

  test('for one with a consent also the first that the consent does not lift', async () => {
    const scope = { purpose: 'dpv:DirectMarketing' };
    const events = [
      stop({ record: 'a', received: '2017-03-01T00:00:00Z', ...scope }),
      stop({ event: 'e2', record: 'b', received: '2017-03-05T00:00:00Z', ...scope }),
      stop({
        event: 'e3',
        record: 'c',
        kind: 'consent',
        signed: '2017-03-03T00:00:00Z',
        received: '2017-03-03T00:00:00Z',
        ...scope,
      }),
    ];
    expect((await reach(await ingest(couple, events))).filter((line) => line.startsWith('c'))).toEqual([
      'c linked e1',
      'c linked e2',
    ]);
  });

  test('for one that lifts a stop by name, all of them', async () => {
    const events = [
      stop({ record: 'a', received: '2017-03-01T00:00:00Z' }),
      stop({ event: 'e2', record: 'b', received: '2017-03-02T00:00:00Z' }),
      stop({
        event: 'e3',
        record: 'c',
        kind: 'lift',
        lifts: 'e1',
        signed: '2017-03-03T00:00:00Z',
        received: '2017-03-03T00:00:00Z',
      }),
    ];
    expect((await reach(await ingest(couple, events))).filter((line) => line.startsWith('c'))).toEqual([
      'c linked e1',
      'c linked e2',
    ]);
  });

  test('a placeholder shared by ten thousand, all of whom stopped, costs no pairs', async () => {
    const shared = Array.from({ length: 10_000 }, (_, i) => sampleRow(`m${i}`, { phone: '01632 960000' }));
    const snapshot = await ingest(
      shared,
      shared.map((_, i) => stop({ event: `e${i}`, record: `m${i}` })),
    );
    expect((await bench.read(snapshot, 'stops')).length).toBe(20_000);
  });
});

describe('times, scopes and kinds', () => {
  const one = [sampleRow('a')];
  const at = (text: string): number => Date.parse(text);
  test.each([
    ['2017-03-01', at('2017-02-28T23:00:00Z'), at('2017-03-02T00:00:00Z')],
    ['2017-03-01T10:00:00', at('2017-03-01T09:00:00Z'), at('2017-03-01T10:00:00Z')],
    ['2017-03-01 10:00', at('2017-03-01T09:00:00Z'), at('2017-03-01T10:00:00Z')],
    ['2017-03-01T10:00:00.250', at('2017-03-01T09:00:00.250Z'), at('2017-03-01T10:00:00.250Z')],
    ['2017-03-01T10:00:00Z', at('2017-03-01T10:00:00Z'), at('2017-03-01T10:00:00Z')],
    ['2017-03-01T10:00:00+01:00', at('2017-03-01T09:00:00Z'), at('2017-03-01T09:00:00Z')],
    ['2017-03-01T10:00:00.5-0330', at('2017-03-01T13:30:00.5Z'), at('2017-03-01T13:30:00.5Z')],
    ['2017-03-01T10:00-05', at('2017-03-01T15:00:00Z'), at('2017-03-01T15:00:00Z')],
    ['2017-02-30', null, null],
    ['01/03/2017', null, null],
    ['2017-03-01T25:00:00Z', null, null],
    ['soon', null, null],
  ])('%s', async (received, low, high) => {
    const [read] = await bench.read(await ingest(one, [stop({ record: 'a', received })]), 'stops');
    expect([read?.from_lo, read?.received_hi]).toEqual([low, high]);
  });

  test('a stop counts from the earliest of its times; always, if one that is given cannot be read', async () => {
    const events = [
      stop({ record: 'a', signed: '2017-01-01T00:00:00Z', logged: '2017-04-01T00:00:00Z' }),
      stop({ event: 'e2', record: 'a', signed: 'in spring' }),
      stop({ event: 'e3', record: 'a', received: '' }),
    ];
    const stops = await bench.read(await ingest(one, events), 'stops', 'event');
    expect(stops.map((s) => s.from_lo)).toEqual([at('2017-01-01T00:00:00Z'), null, null]);
  });

  test('an empty scope is all, a kind nobody knows stops everything, and kinds are read in any case', async () => {
    const events = [
      stop({ record: 'a', purpose: ' dpv:DirectMarketing ', 'contact-channel': 'post' }),
      stop({ event: 'e2', record: 'a', kind: 'moan', purpose: 'dpv:DirectMarketing' }),
      stop({ event: 'e3', record: 'a', kind: '' }),
      stop({
        event: 'e4',
        record: 'a',
        kind: 'Consent',
        notice: 'web@1',
        consent: 'partners',
        signed: '2017-03-01',
      }),
    ];
    const snapshot = await ingest(one, events);
    const stops = await bench.read(snapshot, 'stops', 'event');
    expect(stops.map((s) => [s.event, s.scope])).toEqual([
      ['e1', 'dpv:DirectMarketing^all^post^all'],
      ['e2', wholeScope],
      ['e3', wholeScope],
    ]);
    expect(await bench.read(snapshot, 'permissions')).toMatchObject([
      { row: 0, kind: 'consent', notice: 'web@1', consent: 'partners', event: 'e4' },
    ]);
  });

  test('later notices stand in the order they were shown, each but once', async () => {
    const shown = (event: string, change: Event): Event => ({
      event,
      record: 'a',
      kind: 'presented',
      notice: 'web@2',
      received: '2017-04-01',
      delivery: 'delivered',
      ...change,
    });
    const events = [
      shown('1', {}),
      shown('2', {}),
      shown('3', { notice: 'web@1', received: '2017-03-26T23:30:00Z', delivery: '' }),
      shown('4', { received: 'later' }),
      shown('5', { notice: 'a|b', received: '2017-04-01' }),
    ];
    const snapshot = await ingest(one, events);
    expect(await bench.read(snapshot, 'later')).toEqual([
      {
        row: 0,
        later: 'web@1~2017-03-27~|a?b~2017-04-01~delivered|web@2~2017-04-01~delivered|web@2~?~delivered',
      },
    ]);
  });
});

describe('what names no one thing, or came too early', () => {
  test('an act that lifts an event id which stands twice lifts nothing', async () => {
    const said = { record: 'a', received: '2017-03-01' };
    const lift = { record: 'a', kind: 'lift', signed: '2017-04-01', received: '2017-04-01' };
    const snapshot = await ingest(
      [sampleRow('a')],
      [
        stop({ ...said, event: 's1' }),
        stop({ ...said, event: 's2' }),
        stop({ ...said, event: 's2', record: 'nobody' }),
        { ...lift, event: 'l1', lifts: 's1' },
        { ...lift, event: 'l2', lifts: 's2' },
        { ...lift, event: 'l3' },
      ],
    );
    const lifts = await bench.read(snapshot, 'permissions', 'event');
    expect(lifts.map((p) => [p.event, p.lifts])).toEqual([
      ['l1', 's1'],
      ['l2', null],
      ['l3', null],
    ]);
  });

  test('a notice shown before the last of the collections is earlier, however it was delivered, unless it bounced', async () => {
    const [collection] = sampleSource(bench.write('empty.csv', '')).collections;
    if (!collection) throw new RangeError('the sample has a collection');
    const shown = (record: string, on: string, delivery: string): Event => ({
      event: `${record}${on}${delivery}`,
      record,
      kind: 'presented',
      notice: 'w@3',
      received: on,
      delivery,
    });
    const preferences = bench.write(
      'shown.csv',
      `${[eventHeader, ...[shown('a', '2017-02-28', 'bounced'), shown('a', '2017-02-01', 'delivered'), shown('c', '2017-02-01', 'sent'), shown('b', 'one day', '')].map(eventRow)].join('\n')}\n`,
    );
    const rows = [
      'id,surname,address,postcode,email,phone,born,joined,notice,again,mailed,how',
      'a,,,,,,,2017-01-01,w@1,2017-03-01,2017-02-28,delivered',
      'b,,,,,,,,w@1,2017-03-01,2017-02-27,sent',
      'c,,,,,,,,w@1,,2017-02-27,sent',
      'd,,,,,,,2017-01-01,w@1,,,sent',
    ];
    const source = sampleSource(bench.write('shown-members.csv', `${rows.join('\n')}\n`), {
      collections: [collection, { ...collection, id: 'again', date: 'again' }],
      presented: [{ notice: { constant: 'w@2' }, date: 'mailed', delivery: { column: 'how' } }],
      preferences: { file: preferences, postKeyedTo: null },
    });
    expect((await bench.read(await bench.ingest(source), 'later')).map((r) => r.later)).toEqual([
      'w@3~2017-02-01~earlier|w@2~2017-02-28~earlier|w@3~2017-02-28~bounced',
      'w@2~2017-02-27~earlier|w@3~?~',
      'w@3~2017-02-01~sent|w@2~2017-02-27~sent',
      'w@2~?~sent',
    ]);
  });
});

test('a row of the events that cannot be read makes the whole file unreadable, and is listed', async () => {
  const snapshot = await ingest(
    [sampleRow('a')],
    'event,kind,received,record\ne1,objection,2017-03-01,a\ne2,objection,2017-03-01,a,more\n',
  );
  expect([snapshot.events, snapshot.preferencesReadable, (await reach(snapshot)).length]).toEqual([
    2,
    false,
    1,
  ]);
  expect(readFileSync(snapshot.rejectsFile ?? '', 'utf8')).toMatch(/\n3,/);
});

test('nothing of the contact details of an event is kept', async () => {
  const snapshot = await ingest(
    [sampleRow('a')],
    [
      stop({
        email: 'secret.person@x.example',
        surname: 'Zabriskie',
        postcode: 'M1 1AA',
        'birth-date': '1971-12-13',
      }),
    ],
  );
  const kept = readdirSync(snapshot.dir, { recursive: true, withFileTypes: true }).filter((each) =>
    each.isFile(),
  );
  expect(kept.length).toBeGreaterThan(5);
  for (const { name, parentPath } of kept) {
    const bytes = readFileSync(join(parentPath, name));
    for (const word of ['secret.person', 'Zabriskie', 'zabriskie', 'M11AA'])
      expect(bytes.includes(word), `${word} in ${name}`).toBe(false);
  }
});
