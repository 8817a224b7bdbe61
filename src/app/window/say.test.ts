import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dayOf } from '../../policy/dates.ts';
import { timeOf } from '../../policy/times.ts';
import { databases } from '../../store/postgres/databases.fixture.ts';
import { code, must, officer, steward } from '../flow/flow.fixture.ts';
import { listDeeds } from '../flow/list-deeds.ts';
import { listOwnPreferences } from '../flow/list-own-preferences.ts';
import type { OwnRecord } from '../flow/own-records.ts';
import { perform } from '../flow/perform.ts';
import { putDocument } from '../flow/put-document.ts';
import { readDocument } from '../flow/read-document.ts';
import { recordFor, recordPreference, recordPreferenceInput } from '../flow/record-preference.ts';
import { refused } from '../flow/service.ts';
import { endCase } from './end-case.ts';
import { listUnresolved } from './list-unresolved.ts';
import { openCase, openCaseInput } from './open-case.ts';
import { ownKeyed } from './record-key.ts';
import { recordOwn } from './record-own.ts';
import { recordedBefore } from './said-in-part.ts';
import { sayOfAll } from './say-of-all.ts';
import { standingOf } from './standing.ts';
import { householdOf, stopEverything } from './stop-everything.ts';
import { type WindowFixture, windowFixture } from './window.fixture.ts';

const line = (id: string, forename: string, surname: string, address: string, email: string): string =>
  `${id},${forename},${surname},${address},ZZ1 1ZZ,${email},2026-03-01,web@1,Y,,\n`;

describe.each(databases)('on $name', (database) => {
  let club: WindowFixture;
  const as = () => club.service;
  const ada = () => club.member('ada@people.example');
  beforeAll(async () => {
    club = await windowFixture(database);
    const path = join(as().data, club.org, 'data/members.csv');
    await appendFile(
      path,
      [
        line('H001', 'Al', 'AMBERLEY', '1 larch row', 'al@people.example'),
        line('H002', 'Zed', 'Lodger', '1 Larch Row', 'zed@people.example'),
        line('H003', 'Cy', 'Amberley', '99 Larch Row', 'cy@people.example'),
        line('H005', 'Bo', 'Both', '7 Far Lane', 'both@people.example'),
        line('H006', 'Bo', 'Both', '8 Far Lane', 'both@people.example'),
        line('H004', 'Ada', 'Other', '1 Larch Row', 'Ada@People.example'),
      ].join(''),
    );
    // No stop of the file's own is in the way.
    const preferences = join(as().data, club.org, 'data/preferences.csv');
    const [head = ''] = (await readFile(preferences, 'utf8')).split('\n');
    await writeFile(preferences, `${head}\n`);
  }, 180_000);
  afterAll(() => club.drop());

  const saidBy = async (email: string) => {
    const { items } = must(await listOwnPreferences(as(), club.member(email), {}));
    return items.map(({ said }) => said);
  };

  test('a household is who shares the home and a surname, an e-mail address or a number, and nobody else', async () => {
    const own = [{ source: 'members', record: 'M001' }];
    const found = await householdOf(as(), club.org, own);
    expect(found.map(({ record }) => record)).toEqual(['H001', 'H004']);
    expect(await householdOf(as(), club.org, [{ source: 'members', record: 'M002' }])).toEqual([]);
  });

  test('stopping everything after a loss is an objection for each of the home, and nothing tells it from any other', async () => {
    const before = await club.tables();
    const stop = (household: boolean, email: string) =>
      perform(as(), club.member(email), 'record-preference', null, () =>
        stopEverything(as(), club.member(email), { household }),
      );
    const { items } = must(await stop(true, 'ada@people.example'));
    must(await stop(false, 'ben@people.example'));
    // Two records have her address; her receipts are of them alone.
    expect(items).toHaveLength(2);
    const [hers] = await saidBy('ada@people.example');
    const [his] = await saidBy('al@people.example');
    const [other] = await saidBy('ben@people.example');
    const bare = ({ received: _, logged: __, ...said }: { received: string; logged: string }) => said;
    expect(hers && bare(hers)).toEqual(other && bare(other));
    expect(his && bare(his)).toEqual(other && bare(other));
    expect(await saidBy('zed@people.example')).toEqual([]);
    expect(await saidBy('cy@people.example')).toEqual([]);
    const { items: deeds } = must(await listDeeds(as(), officer, { limit: 10 }));
    expect(deeds.slice(0, 2).map(({ useCase, outcome }) => [useCase, outcome])).toEqual([
      ['record-preference', 'done'],
      ['record-preference', 'done'],
    ]);
    const after = await club.tables();
    expect(before.get('astold.preference')).not.toBe(after.get('astold.preference'));
    for (const [table, text] of after)
      if (text !== before.get(table)) expect(`${table}: ${text}`).not.toMatch(/loss|household|bereave/i);
  });

  test('a stop stands until it is taken back itself; a yes takes back none that is wider', async () => {
    const [standing] = await standingOf(as(), club.member('dev@people.example'));
    expect(standing).toMatchObject({ stops: [], consents: [{ notice: 'web@1', stopped: false }] });
    const dev = club.member('dev@people.example');
    const own = standing?.own ?? { source: '', record: '' };
    const stop = must(await recordOwn(as(), dev, own, { kind: 'objection' }));
    must(await recordOwn(as(), dev, own, { kind: 'consent', notice: 'web@1', consent: 'toy-offers' }));
    const [stopped] = await standingOf(as(), dev);
    expect(stopped?.stops).toMatchObject([{ event: stop.event, also: [], scope: { purpose: 'all' } }]);
    expect(stopped?.consents).toMatchObject([{ stopped: true, stops: [{ event: stop.event }] }]);
    must(await recordOwn(as(), dev, own, { kind: 'lift', lifts: stop.event }));
    const [lifted] = await standingOf(as(), dev);
    expect(lifted?.stops).toEqual([]);
    expect(lifted?.consents).toMatchObject([{ stopped: false }]);
  });

  test('a stop that a later yes of the very same scope lifted is not shown as one that stands; one of everything is', async () => {
    const zed = club.member('zed@people.example');
    const own = { source: 'members', record: 'H002' };
    const scope = { purpose: 'dpv:DirectMarketing', organisation: null, channel: 'post' };
    const yes = { kind: 'consent', notice: 'web@1', consent: 'toy-offers' } as const;
    const stops = async () => (await standingOf(as(), zed))[0]?.stops.map(({ event }) => event);
    const first = must(await recordOwn(as(), zed, own, { kind: 'objection', ...scope }));
    must(await recordOwn(as(), zed, own, { ...yes, ...scope, channel: 'email' }));
    expect(await stops()).toEqual([first.event]);
    must(await recordOwn(as(), zed, own, { ...yes, ...scope }));
    expect(await stops()).toEqual([]);
    const again = must(await recordOwn(as(), zed, own, { kind: 'objection', ...scope }));
    expect(await stops()).toEqual([again.event]);
    const all = must(await recordOwn(as(), zed, own, { kind: 'objection' }));
    must(await recordOwn(as(), zed, own, yes));
    expect(await stops()).toEqual([again.event, all.event]);
  });

  test('of a stop of the home each takes back, for their own record, those that reach it', async () => {
    const al = club.member('al@people.example');
    // When another's came is not told by when one's own can be taken back.
    const [hers] = (await standingOf(as(), ada()))[0]?.stops ?? [];
    const [said] = await saidBy('ada@people.example');
    expect(hers?.also.length).toBeGreaterThan(0);
    expect(hers?.received).toBe(timeOf(said?.received ?? '')?.latest);
    const [standing] = await standingOf(as(), al);
    const [stop] = standing?.stops ?? [];
    expect(stop?.also.length).toBeGreaterThan(0);
    for (const lifts of [stop?.event ?? '', ...(stop?.also ?? [])])
      must(await recordOwn(as(), al, standing?.own ?? { source: '', record: '' }, { kind: 'lift', lifts }));
    expect((await standingOf(as(), al))[0]?.stops).toEqual([]);
    expect((await standingOf(as(), ada()))[0]?.stops).toHaveLength(1);
  });

  test('a letter of which nobody knows whose it is stays, whatever somebody of that name takes back', async () => {
    const cy = club.member('cy@people.example');
    const day = dayOf(as().now().getTime());
    const said = { surname: 'Amberley', addressLine: '7 Elm Row', postcode: 'ZZ1 1ZZ', kind: 'objection' };
    const written = { source: 'members', ...said, by: 'letter', signed: day, received: day };
    must(await recordPreference(as(), steward, recordPreferenceInput.parse(written)));
    const { items } = must(await listUnresolved(as(), officer, { limit: 10 }));
    expect(items.map(({ plausible }) => plausible > 0)).toEqual([true]);
    const own = { source: 'members', record: 'H003' };
    const { event } = must(await recordOwn(as(), cy, own, { kind: 'objection' }));
    expect((await standingOf(as(), cy))[0]?.stops).toMatchObject([{ event, also: [] }]);
  });

  test('a record that is erased stands in the way of no stop of the others', async () => {
    const given = openCaseInput.parse({ kind: 'erasure', source: 'members', person: 'H004' });
    const { case: id } = must(await openCase(as(), ada(), given));
    const asked: string[] = [];
    const stop = (own: OwnRecord) =>
      recordFor(
        as(),
        club.org,
        recordPreferenceInput.parse({ source: own.source, person: own.record, kind: 'objection' }),
      );
    const meanwhile = await sayOfAll(as(), ada(), async (own) => {
      asked.push(own.record);
      if (own.record === 'H004')
        must(await endCase(as(), officer, { case: id, version: 1, outcome: 'done', words: '-' }));
      return stop(own);
    });
    expect(asked).toEqual(['H004', 'M001']);
    expect(must(meanwhile)).toHaveLength(1);
    expect(must(await stopEverything(as(), ada(), { household: true })).items).toHaveLength(1);
  });

  test('a stop that one of several records was refused is not said to hold, and the others are stopped', async () => {
    const both = club.member('both@people.example');
    const [own, ...others] = await ownKeyed(as(), both);
    expect(others).toHaveLength(1);
    const said = await sayOfAll(as(), both, async (each) =>
      each.key === own?.key
        ? refused('preference-refused', 'no')
        : recordOwn(as(), both, each, { kind: 'objection' }),
    );
    expect(code(said)).toBe('preference-refused');
    expect(await saidBy('both@people.example')).toHaveLength(1);
    // Its receipt is not lost with the refusal of the other.
    const { items } = must(await listOwnPreferences(as(), both, {}));
    expect(recordedBefore(said)).toEqual(items.map(({ event }) => event));
  });

  test('nobody speaks for a record that is not theirs', async () => {
    const theirs = { source: 'members', record: 'M002' };
    expect(code(await recordOwn(as(), ada(), theirs, { kind: 'objection' }))).toBe('not-found');
    expect(code(await recordOwn(as(), officer, theirs, { kind: 'objection' }))).toBe('not-found');
    expect(code(await stopEverything(as(), club.member('x@example.invalid'), { household: true }))).toBe(
      'not-found',
    );
  });

  test('a household is sought in every source of the club', async () => {
    const members = join(as().data, club.org, 'data/members.csv');
    const [head = ''] = (await readFile(members, 'utf8')).split('\n');
    const visitors = [
      line('V001', 'Em', 'Amberley', '1 Larch Row', 'em@people.example'),
      line('V002', 'Em', 'Lodger', '1 Larch Row', 'lodger@people.example'),
      line('M001', 'Em', 'Amberley', '99 Larch Row', 'far@people.example'),
    ];
    await writeFile(join(as().data, club.org, 'data/visitors.csv'), `${head}\n${visitors.join('')}`);
    const { text } = must(await readDocument(as(), steward, { path: 'sources/members.yaml' }));
    const other = text.replace('source: members', 'source: visitors').replace('members.csv', 'visitors.csv');
    const put = { path: 'sources/visitors.yaml', text: other, version: 0 };
    must(await putDocument(as(), steward, put));
    const found = await householdOf(as(), club.org, [{ source: 'members', record: 'M001' }]);
    expect(found.filter(({ source }) => source === 'visitors')).toEqual([
      { source: 'visitors', record: 'V001' },
    ]);
    expect(found.map(({ record }) => record)).toEqual(['H001', 'H004', 'V001']);
  });
});
