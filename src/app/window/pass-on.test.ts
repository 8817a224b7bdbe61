/** What people say is passed on to whoever holds their data, once, and by nothing but the code of their row. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { leafOf, releaseToken } from '../../roster/token.ts';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import { deliverDueWebhooks } from '../../webhook/deliver.ts';
import {
  approved,
  code,
  type FlowFixture,
  flowFixture,
  mailing,
  must,
  steward,
  toys,
} from '../flow/flow.fixture.ts';
import { overduePassedOn } from '../flow/overdue-passed-on.ts';
import { peopleOptions } from '../flow/people-options.ts';
import { recordPreference, recordPreferenceInput } from '../flow/record-preference.ts';
import { releaseRequest } from '../flow/release-request.ts';
import type { Actor, Service } from '../flow/service.ts';
import { rootOf } from '../flow/workspace-of.ts';
import { acknowledgePassedOn } from './acknowledge-passed-on.ts';
import { listPassedOn, type PassedOnView } from './list-passed-on.ts';
import { makeDelta } from './make-delta.ts';
import { passOn } from './pass-on.ts';
import { passOnErasure } from './pass-on-erasure.ts';
import { passedOnOf } from './passed-on-of.ts';
import { recordKey } from './record-key.ts';
import { tellPassedOn } from './tell-passed-on.ts';

const day = 24 * 3_600_000;

describe.each(oneDatabase)('on $name', (database) => {
  let club: FlowFixture;
  let release: string;
  /** In the release, in the order of the source. */
  let inIt: string[];
  beforeAll(async () => {
    club = await flowFixture(database);
    release = await made('first');
    const csv = await readFile(join(rootOf(club.service, club.org), 'data', 'members.csv'), 'utf8');
    inIt = [];
    for (const [, id = ''] of csv.matchAll(/^(M\d+),/gm)) if (await holds(release, id)) inIt.push(id);
    expect(inIt.length).toBeGreaterThan(7);
  }, 120_000);
  afterAll(() => club.drop());

  async function made(request: string): Promise<string> {
    const { version } = await approved(club, request);
    must(await releaseRequest(club.service, steward, { request, version }));
    await club.work();
    const { id } = await club.service.state.as(club.org, (tx) =>
      tx.selectFrom('release').select('id').where('request', '=', request).executeTakeFirstOrThrow(),
    );
    return id;
  }
  async function holds(id: string, record: string): Promise<boolean> {
    const root = rootOf(club.service, club.org);
    const roster = await readFile(join(root, 'releases', id, 'roster.txt'), 'utf8');
    const token = await peopleOptions(club.service, club.org).tokens?.of('members', record);
    return token != null && roster.split('\n').includes(leafOf(releaseToken(token.master, id)));
  }
  const say = async (said: Record<string, unknown>): Promise<string> =>
    must(
      await recordPreference(
        club.service,
        steward,
        recordPreferenceInput.parse({ source: 'members', kind: 'objection', ...said }),
      ),
    ).event;
  const all = async (who = mailing, service: Service = club.service): Promise<readonly PassedOnView[]> =>
    must(await listPassedOn(service, who, { limit: 200 })).items;
  const ofRecord = async (record: string) => {
    const key = await recordKey(club.service, club.org, { source: 'members', record });
    return club.service.state.as(club.org, (tx) => passedOnOf(tx, club.org, 'members', [key]));
  };
  const deliveries = () =>
    club.service.state.as(club.org, (tx) =>
      tx.selectFrom('webhook_delivery').select(['event', 'body']).where('event', '=', 'passed-on').execute(),
    );
  const at = (ms: number): Service => ({ ...club.service, now: () => new Date(Date.now() + ms) });

  test('nothing is passed on while nobody has said anything', async () => {
    expect(await passOn(club.service)).toBe(0);
    expect(await all()).toEqual([]);
  });

  test('a stop goes to each party that holds the row, once, with its code and no more', async () => {
    const [record = ''] = inIt;
    await club.service.state.as(club.org, (tx) =>
      tx
        .insertInto('webhook')
        .values({
          ...{ org: club.org, id: 'w-1', party: 'example-mailing', url: 'http://127.0.0.1:9/' },
          ...{ secret: 'whsec_x', made_by: 'm.mailing', made_at: new Date() },
        })
        .execute(),
    );
    const event = await say({ person: record });
    expect(await passOn(club.service)).toBe(2);
    expect(await passOn(club.service)).toBe(0);
    const told = await ofRecord(record);
    expect(told.map(({ party, kind, cause, release: of }) => [party, kind, cause, of]).toSorted()).toEqual([
      ['example-mailing', 'stop', event, release],
      ['example-toys', 'stop', event, release],
    ]);
    const [task] = await all();
    expect(task).toMatchObject({ kind: 'stop', release, state: 'open', correction: null });
    const supply = await readFile(
      join(rootOf(club.service, club.org), 'releases', release, 'list.csv'),
      'utf8',
    );
    expect(supply).not.toContain(event);
    const bodies = await deliveries();
    expect(bodies).toHaveLength(1);
    expect(bodies[0]?.body).toContain(task?.code);
    expect(bodies[0]?.body).not.toContain(record);
    expect(bodies[0]?.body).not.toContain(event);
  });

  test('the code is that of their row: the delta of the release has the very same', async () => {
    const file = must(await makeDelta(club.service, steward, { release }));
    const codes = (await text(file.stream)).trim().split(/\r?\n/).slice(1);
    expect(codes).toEqual((await all()).map((each) => each.code));
  });

  test('the same stop again is not a second task', async () => {
    await say({ person: inIt[0] });
    expect(await passOn(club.service)).toBe(0);
  });

  test('a stop of something else is not passed on, and a consent is none', async () => {
    await say({ person: inIt[1], channel: 'email' });
    await say({ person: inIt[1], kind: 'consent', notice: 'web@1', consent: 'toy-offers' });
    expect(await passOn(club.service)).toBe(0);
    expect(await ofRecord(inIt[1] ?? '')).toEqual([]);
  });

  test('a stop that names nobody surely is passed on for everybody it may be of', async () => {
    const csv = await readFile(join(rootOf(club.service, club.org), 'data', 'members.csv'), 'utf8');
    const row = csv.split(/\r?\n/).find((line) => line.startsWith(`${inIt[2]},`)) ?? '';
    const [, , surname = '', , postcode = ''] = row.split(',');
    await say({
      by: 'letter',
      received: new Date().toISOString().slice(0, 10),
      signed: new Date().toISOString().slice(0, 10),
      surname,
      postcode,
    });
    expect(await passOn(club.service)).toBeGreaterThanOrEqual(2);
    expect((await ofRecord(inIt[2] ?? '')).map(({ kind }) => kind)).toEqual(['stop', 'stop']);
  });

  test('a restriction is passed on as one, and what was said while a release was made is not lost', async () => {
    const record = inIt[3] ?? '';
    const { version } = await approved(club, 'meanwhile');
    must(await releaseRequest(club.service, steward, { request: 'meanwhile', version }));
    const running = club.work();
    await say({ person: record, kind: 'restriction' });
    const early = passOn(club.service);
    await Promise.all([running, early]);
    await passOn(club.service);
    const { id } = await club.service.state.as(club.org, (tx) =>
      tx.selectFrom('release').select('id').where('request', '=', 'meanwhile').executeTakeFirstOrThrow(),
    );
    const expected = (await holds(id, record)) ? [release, release, id, id] : [release, release];
    const told = await ofRecord(record);
    expect(told.map((each) => each.release).toSorted()).toEqual(expected.toSorted());
    expect(new Set(told.map(({ kind }) => kind))).toEqual(new Set(['restriction']));
  });

  test('a correction that was accepted goes with its new value, which only the recipient sees', async () => {
    const record = inIt[4] ?? '';
    const key = await recordKey(club.service, club.org, { source: 'members', record });
    const now = new Date();
    const said = (field: string) => JSON.stringify({ words: null, field, value: '9 New Street' });
    await club.service.state.as(club.org, (tx) =>
      tx
        .insertInto('member_case')
        .values(
          (['address', 'email'] as const).map((field, i) => ({
            ...{ org: club.org, id: `case-${i}`, number: 900 + i, kind: 'correction' as const },
            ...{ state: 'done' as const, source: 'members', record, record_key: key, said: said(field) },
            ...{
              asked_by: 'member:x',
              received_by: 'web' as const,
              received_on: '2026-01-01',
              opened_at: now,
            },
            ...{ due_on: '2026-02-01', ended_at: now, ended_by: 'staff:s', version: 1 },
          })),
        )
        .execute(),
    );
    expect(await passOn(club.service)).toBeGreaterThan(0);
    // It was given no e-mail addresses: that is not its concern.
    const told = (await ofRecord(record)).filter(({ kind }) => kind === 'correction');
    expect(new Set(told.map(({ cause }) => cause))).toEqual(new Set(['case-0']));
    const theirs = (await all(toys)).find(({ kind }) => kind === 'correction');
    expect(theirs?.correction).toEqual({ field: 'address', value: '9 New Street' });
    const ours = (await all(steward)).filter(({ kind }) => kind === 'correction');
    expect(ours.map(({ correction }) => correction)).toEqual(ours.map(() => null));
    expect(JSON.stringify(await deliveries())).not.toContain('New Street');
    expect(await passOn(club.service)).toBe(0);
  });

  test('a program of the recipient is shown no new value of a correction, by the list or by an answer', async () => {
    const program: Actor = {
      ...{ kind: 'machine', id: 't.toys', key: 'k-1', org: club.org, roles: new Set(['recipient']) },
      ...{ party: 'example-toys', mayFreeze: false },
    };
    const [listed] = (await all(program)).filter(({ kind }) => kind === 'correction');
    expect(listed).toMatchObject({ kind: 'correction', correction: null });
    const tasks = [listed?.task ?? ''];
    const told = must(
      await acknowledgePassedOn(club.service, program, { tasks, answer: 'done', words: null }),
    );
    expect(told.items[0]).toMatchObject({ answer: 'done', correction: null });
    const theirs = (await all(toys)).find(({ task }) => task === listed?.task);
    expect(theirs?.correction?.value).toBe('9 New Street');
  });

  test('an erasure is passed on before anything is destroyed, and once', async () => {
    const record = inIt[5] ?? '';
    const of = { org: club.org, source: 'members', records: [record], cause: 'case-9' };
    const first = await passOnErasure(club.service, of);
    expect(first).toBeGreaterThanOrEqual(2);
    expect(await passOnErasure(club.service, { ...of, cause: 'case-10' })).toBe(0);
    expect((await ofRecord(record)).map(({ kind }) => kind)).toContain('erasure');
    // Whoever deletes a row need not be told to stop using it.
    await say({ person: record });
    expect(await passOn(club.service)).toBe(0);
  });

  test('a recipient answers for its own alone, with words where it refuses, and what is done stays done', async () => {
    const [first, second, ...rest] = (await all()).filter(({ kind }) => kind === 'stop');
    expect(rest.length).toBeGreaterThanOrEqual(0);
    const tasks = [first?.task ?? ''];
    const as = (who: typeof mailing, answer: 'done' | 'refused', words: string | null = null) =>
      acknowledgePassedOn(club.service, who, { tasks, answer, words });
    expect(code(await as(toys, 'done'))).toBe('not-found');
    expect(code(await as(mailing, 'refused'))).toBe('input-invalid');
    const refusal = must(await as(mailing, 'refused', 'it was printed already'));
    expect(refusal.items[0]).toMatchObject({ answer: 'refused', words: 'it was printed already' });
    expect(must(await as(mailing, 'done')).items[0]).toMatchObject({
      answer: 'done',
      state: 'answered',
      words: null,
    });
    expect(code(await as(mailing, 'done'))).toBe('done');
    expect(code(await as(mailing, 'refused', 'we changed our mind'))).toBe('already-done');
    const both = [first?.task ?? '', second?.task ?? '', 'no-such'];
    expect(
      code(await acknowledgePassedOn(club.service, mailing, { tasks: both, answer: 'done', words: null })),
    ).toBe('not-found');
    expect((await all()).find(({ task }) => task === second?.task)?.answer).toBeNull();
  });

  test('the mail of a day is one, names nobody, and comes again on the set days', async () => {
    const staffOf = async (_: string, party: string | null) =>
      party === 'example-mailing'
        ? ['anna@mailing.example', 'ben@mailing.example']
        : party === null
          ? ['olive@club.example']
          : [];
    expect(await tellPassedOn(club.service, staffOf)).toBe(2);
    expect(await tellPassedOn(club.service, staffOf)).toBe(0);
    const mails = await club.service.state.as(club.org, (tx) =>
      tx.selectFrom('mail').select(['recipient', 'body']).where('kind', '=', 'passed-on').execute(),
    );
    expect(mails.map(({ recipient }) => recipient).toSorted()).toEqual([
      'anna@mailing.example',
      'ben@mailing.example',
      'olive@club.example',
    ]);
    for (const record of inIt) expect(mails.map(({ body }) => body).join()).not.toContain(record);
    for (const each of await all()) expect(mails.map(({ body }) => body).join()).not.toContain(each.code);
    // Due in seven days, it is one of the set days at once; the day itself is the next.
    expect(await tellPassedOn(at(day), staffOf)).toBe(0);
    expect(await tellPassedOn(at(7 * day), staffOf)).toBe(2);
    expect(await tellPassedOn(at(7 * day), staffOf)).toBe(0);
  });

  test('a webhook that is dead for a week is given up; the task and the mail stay', async () => {
    const open = (await all()).filter(({ answer }) => answer === null).length;
    expect(open).toBeGreaterThan(0);
    const dead = (ms: number): Service => ({
      ...at(ms),
      limits: { ...club.service.limits, loopbackWebhooks: true },
    });
    await deliverDueWebhooks(dead(0));
    expect(await deliveries()).not.toEqual([]);
    await deliverDueWebhooks(dead(8 * day));
    const left = await club.service.state.as(club.org, (tx) =>
      tx.selectFrom('webhook_delivery').select(['given_up_at', 'delivered_at', 'attempts']).execute(),
    );
    expect(left.every((each) => each.given_up_at !== null && each.delivered_at === null)).toBe(true);
    expect(left.every(({ attempts }) => attempts >= 2)).toBe(true);
    expect((await all()).filter(({ answer }) => answer === null)).toHaveLength(open);
    const mails = await club.service.state.as(club.org, (tx) =>
      tx.selectFrom('mail').select('id').where('kind', '=', 'passed-on').execute(),
    );
    expect(mails.length).toBeGreaterThan(0);
  });

  test('where the source cannot be read, whoever is named is told of at once, and nobody twice', async () => {
    const file = join(rootOf(club.service, club.org), 'data', 'members.csv');
    await say({ person: inIt[7], kind: 'restriction' });
    await rename(file, `${file}.away`);
    await passOn(club.service);
    const first = (await ofRecord(inIt[7] ?? '')).filter(({ kind }) => kind === 'restriction');
    expect(first.length).toBeGreaterThanOrEqual(2);
    await rename(`${file}.away`, file);
    await passOn(club.service);
    expect((await ofRecord(inIt[7] ?? '')).filter(({ kind }) => kind === 'restriction')).toHaveLength(
      first.length,
    );
    expect(await passOn(club.service)).toBe(0);
  });

  test('what is overdue stands against the next release, until it is answered or the list deleted', async () => {
    const later = at(9 * day);
    const today = later.now().toISOString().slice(0, 10);
    const bar = () =>
      club.service.state.as(club.org, (tx) =>
        overduePassedOn(tx, club.org, { parties: ['example-mailing'], day: today }),
      );
    expect((await all(mailing, later)).some(({ state }) => state === 'overdue')).toBe(true);
    expect(await bar()).toMatchObject({ party: 'example-mailing', done: null });
    const open = (await all()).filter(({ answer }) => answer === null);
    const refusable = open.filter(({ kind }) => kind === 'stop').map(({ task }) => task);
    must(
      await acknowledgePassedOn(later, mailing, {
        ...{ tasks: open.map(({ task }) => task), answer: 'done', words: null },
      }),
    );
    expect(refusable.length).toBeGreaterThan(0);
    expect(await bar()).toBeNull();
    await say({ person: inIt[6] });
    await passOn(club.service);
    const [fresh] = (await all()).filter(({ answer }) => answer === null);
    must(
      await acknowledgePassedOn(later, mailing, {
        ...{ tasks: [fresh?.task ?? ''], answer: 'refused', words: 'no' },
      }),
    );
    // To refuse a stop settles nothing.
    expect(await bar()).not.toBeNull();
    const [held] = await ofRecord(inIt[6] ?? '');
    expect(held?.held).toBe(true);
    await club.service.state.as(club.org, (tx) =>
      tx
        .updateTable('duty')
        .set({ claimed_at: new Date(), claimed_by: 'm.mailing' })
        .where('kind', '=', 'delete')
        .where('party', '=', 'example-mailing')
        .execute(),
    );
    expect(await bar()).toBeNull();
    await say({ person: inIt[7] });
    await passOn(club.service);
    expect(
      new Set(
        (await ofRecord(inIt[7] ?? '')).filter(({ kind }) => kind === 'stop').map(({ party }) => party),
      ),
    ).toEqual(new Set(['example-toys']));
  });

  test('a stop of somebody who has left the source is passed on by the code of their row, once', async () => {
    const later = await made('leavers');
    const file = join(rootOf(club.service, club.org), 'data', 'members.csv');
    const csv = await readFile(file, 'utf8');
    const held: string[] = [];
    for (const [row, id = ''] of csv.matchAll(/^(M\d+),.*\n/gm)) if (await holds(later, id)) held.push(row);
    const row = held.at(-1) ?? '';
    const [, , surname = '', , postcode = ''] = row.split(',');
    const told = async () => (await all()).filter(({ kind, release: of }) => kind === 'stop' && of === later);
    // A correction that was accepted a moment before is passed on of the new release as well.
    await passOn(club.service);
    await writeFile(file, csv.replace(row, ''));
    expect(await passOn(club.service)).toBe(0);
    const today = new Date().toISOString().slice(0, 10);
    await say({ by: 'letter', received: today, signed: today, surname, postcode });
    await passOn(club.service);
    const [task, ...more] = await told();
    expect(task).toBeDefined();
    expect(more).toEqual([]);
    const delta = must(await makeDelta(club.service, steward, { release: later }));
    expect((await text(delta.stream)).trim().split(/\r?\n/).slice(1)).toEqual([task?.code]);
    // Not even refused is it told again, nor when the file is another once more.
    const tasks = [task?.task ?? ''];
    must(await acknowledgePassedOn(club.service, mailing, { tasks, answer: 'refused', words: 'no' }));
    await writeFile(file, csv.replace(row, '').trimEnd());
    await say({ by: 'letter', received: today, signed: today, surname, postcode });
    expect(await passOn(club.service)).toBe(0);
    expect(await told()).toHaveLength(1);
    await writeFile(file, csv);
  });
});
