/** What a party without anybody here told staff in another way, entered as that; and the file that it is sent. */
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { oneDatabase, type TestState } from '../../store/postgres/databases.fixture.ts';
import type { PassedOnKind } from '../../store/postgres/tables.ts';
import { day, start } from '../flow/duties.fixture.ts';
import { code, type DutiesClub, dutiesClub, must } from '../flow/duties-club.fixture.ts';
import { overduePassedOn } from '../flow/overdue-passed-on.ts';
import type { Actor } from '../flow/service.ts';
import { acknowledgePassedOn } from './acknowledge-passed-on.ts';
import { enterAnswer, enterAnswerInput } from './enter-answer.ts';
import { listPassedOn } from './list-passed-on.ts';
import { makeCodes } from './make-codes.ts';
import { passedOnOf } from './passed-on-of.ts';
import { tellPassedOn } from './tell-passed-on.ts';

describe.each(oneDatabase)('on $name', (database) => {
  let made: TestState;
  let club: DutiesClub;
  let count = 0;
  beforeAll(async () => {
    made = await database.create();
  });
  afterAll(() => made.drop());
  beforeEach(async () => {
    count += 1;
    club = await dutiesClub(made.state, made.data, `club-${count}`);
    await club.open();
    await made.state.as(club.org, async (tx) => {
      const { org } = club;
      const about = { agreement: 'supply-2026', recipient: 'broker', parties: ['broker', 'toys'] };
      const asked = { path: 'requests/q.yaml', purposes: ['x'], source: 'members', prepared_by: 's' };
      const at = { requested_at: start, version: 1, changed_at: start };
      await tx
        .insertInto('request')
        .values({ org, id: 'q', state: 'FINALIZED', ...about, ...asked, ...at })
        .execute();
      const release = { rows: 1n, cut_off: start, manifest: 'm', log_index: 1n, released_at: start };
      await tx
        .insertInto('release')
        .values({ org, id: 'r-1', request: 'q', recipient: 'broker', ...release })
        .execute();
    });
    await task('t-1');
  });

  const task = (id: string, kind: PassedOnKind = 'stop', said: string | null = null) =>
    made.state.as(club.org, (tx) =>
      tx
        .insertInto('passed_on')
        .values({
          ...{ org: club.org, id, release: 'r-1', party: 'broker', kind, code: `C-${id}`, said },
          ...{ source: 'members', record_key: 'k', cause: id, made_at: start, due_on: '2026-11-09' },
        })
        .execute(),
    );
  /** Told a day after the other, and answered by nobody. */
  const later = async (): Promise<void> => {
    club.service.pass(day);
    await made.state.as(club.org, (tx) =>
      tx
        .updateTable('passed_on')
        .set({ made_at: club.service.now() })
        .where('org', '=', club.org)
        .where('id', 'like', 'late-%')
        .execute(),
    );
  };
  const all = (more: object = {}) =>
    enter({ tasks: undefined, upTo: club.service.now().toISOString(), on: '2026-11-03', ...more });
  const answers = () =>
    made.state.as(club.org, async (tx) => {
      const rows = await tx
        .selectFrom('passed_on')
        .select(['id', 'answer'])
        .where('org', '=', club.org)
        .orderBy('id')
        .execute();
      return rows.map(({ id, answer }) => `${id} ${answer ?? 'open'}`);
    });
  const enter = (more: object = {}, by: Actor = club.actor('officer')) =>
    enterAnswer(
      club.service,
      by,
      enterAnswerInput.parse({
        ...{ party: 'broker', tasks: ['t-1'], answer: 'done', by: 'letter', on: '2026-11-02', ...more },
      }),
    );
  const broker = () => club.actor('recipient', 'broker');
  const answer = (said: 'done' | 'refused', words: string | null = null) =>
    acknowledgePassedOn(club.service, broker(), { tasks: ['t-1'], answer: said, words });
  const listed = async (by: Actor) =>
    must(await listPassedOn(club.service, by, { limit: 50 })).items.find((each) => each.task === 't-1');
  const kept = () =>
    made.state.as(club.org, (tx) =>
      tx.selectFrom('passed_on').selectAll().where('id', '=', 't-1').executeTakeFirstOrThrow(),
    );
  const giveRole = () =>
    made.state.as(club.org, (tx) =>
      tx
        .insertInto('staff_role')
        .values({
          ...{ org: club.org, person: 'b', role: 'recipient', party: 'broker', may_freeze: false },
          ...{ granted_by: 'o', granted_at: start },
        })
        .execute(),
    );
  const codes = async (by: Actor, party = 'broker'): Promise<readonly string[]> =>
    (await text(must(await makeCodes(club.service, by, { party })).stream)).trimEnd().split('\r\n');

  test('one answer is entered to all that the party was told up to an instant, however much it is', async () => {
    const ids = Array.from({ length: 1_100 }, (_, i) => `m-${i}`);
    await made.state.as(club.org, (tx) =>
      tx
        .insertInto('passed_on')
        .values(
          ids.map((id) => ({
            ...{ org: club.org, id, release: 'r-1', party: 'broker', kind: 'stop' as const, code: `C-${id}` },
            ...{ source: 'members', record_key: id, cause: id, said: null, made_at: start },
            due_on: '2026-11-09',
          })),
        )
        .execute(),
    );
    await task('late-1');
    await later();
    const upTo = new Date(club.service.now().getTime() - 1).toISOString();
    const { number, items } = must(await all({ upTo }));
    expect([number, items.length]).toEqual([1_101, 500]);
    expect(items[0]).toMatchObject({ answer: 'done', entered: { by: 'letter', on: '2026-11-03' } });
    expect((await answers()).filter((each) => !each.endsWith('done'))).toEqual(['late-1 open']);
    expect((await kept()).acknowledged_by).toBe(`staff:${club.actor('officer').id}`);
    expect(code(await all({ upTo }))).toBe('not-found');
  });

  test('what the party answered itself, and what is of another, is not answered with the rest', async () => {
    must(await answer('refused', 'We know them.'));
    await task('t-2');
    await made.state.as(club.org, (tx) =>
      tx.updateTable('passed_on').set({ party: 'toys' }).where('id', '=', 't-2').execute(),
    );
    await task('t-3');
    club.service.pass(day);
    expect(must(await all()).number).toBe(1);
    expect(await answers()).toEqual(['t-1 refused', 't-2 open', 't-3 done']);
  });

  test.each<readonly [string, object, string]>([
    ['up to an instant to come', { upTo: '2026-11-04T00:00:00Z' }, 'input-invalid'],
    ['on a day before the last of it was told', { on: '2026-11-02' }, 'input-invalid'],
    ['that refuses without words', { answer: 'refused' }, 'input-invalid'],
    ['before anything was told', { upTo: '2026-11-01T00:00:00Z' }, 'not-found'],
  ])('an answer to all %s is not entered', async (_, more, refusal) => {
    await task('late-1');
    await later();
    expect(code(await all(more))).toBe(refusal);
    expect(await answers()).toEqual(['late-1 open', 't-1 open']);
  });

  test('all is answered for a party with somebody here only where that is said', async () => {
    await giveRole();
    club.service.pass(day);
    expect(code(await all())).toBe('wrong-state');
    expect(code(await all({ allTheSame: true }))).toBe('done');
  });

  test.each([{ upTo: '2026-11-02T12:00:00Z' }, { tasks: undefined }])(
    'an answer is to tasks that are named or to all, and to one of both alone: %j',
    (more) => {
      const said = { party: 'broker', tasks: ['t-1'], answer: 'done', by: 'letter', on: '2026-11-02' };
      expect(enterAnswerInput.safeParse({ ...said, ...more }).success).toBe(false);
    },
  );

  test('an answer that came by letter is shown as that to staff, party and person, and who entered it is kept', async () => {
    expect(must(await enter()).items[0]).toMatchObject({ answer: 'done', state: 'answered' });
    const entered = { by: 'letter', on: '2026-11-02' };
    for (const who of [club.actor('steward'), broker()])
      expect(await listed(who)).toMatchObject({ answer: 'done', entered });
    const own = await made.state.as(club.org, (tx) => passedOnOf(tx, club.org, 'members', ['k']));
    expect(own).toMatchObject([{ answer: 'done', entered }]);
    expect((await kept()).acknowledged_by).toBe(`staff:${club.actor('officer').id}`);
  });

  test('once it is entered the party is given lists again', async () => {
    club.service.pass(20 * day);
    const bar = () =>
      made.state.as(club.org, (tx) =>
        overduePassedOn(tx, club.org, { parties: ['broker'], day: '2026-11-22' }),
      );
    expect(await bar()).not.toBeNull();
    must(await enter({ by: 'phone', on: '2026-11-20' }, club.actor('steward')));
    expect(await bar()).toBeNull();
  });

  test('a key enters none: it is people who were told', async () => {
    const key: Actor = { ...club.actor('officer'), kind: 'machine' } as Actor;
    expect(code(await enter({}, key))).toBe('not-allowed');
    expect((await kept()).answer).toBeNull();
  });

  test('of a party for whom somebody acts here it is entered only where that is said', async () => {
    await giveRole();
    expect(code(await enter())).toBe('wrong-state');
    expect(code(await enter({ allTheSame: true }))).toBe('done');
  });

  test.each<readonly [string, object, string]>([
    ['on a day to come', { on: '2026-11-03' }, 'input-invalid'],
    ['on a day before the party was told', { on: '2026-11-01' }, 'input-invalid'],
    ['that refuses without words', { answer: 'refused' }, 'input-invalid'],
    ['for another party', { party: 'toys' }, 'not-found'],
    ['of a task that is none', { tasks: ['t-1', 't-9'] }, 'not-found'],
  ])('an answer %s is not entered', async (_, more, refusal) => {
    expect(code(await enter(more))).toBe(refusal);
    expect((await kept()).answer).toBeNull();
  });

  test('what was entered is not the last word: staff put it right, and the party answers over it', async () => {
    must(await enter());
    must(await enter({ answer: 'refused', words: 'It was printed.' }));
    expect(await listed(broker())).toMatchObject({ answer: 'refused', words: 'It was printed.' });
    must(await answer('done'));
    expect(await listed(broker())).toMatchObject({ answer: 'done', words: null, entered: null });
    expect((await kept()).acknowledged_by).toBe(`staff:${broker().id}`);
  });

  test('the party confirms what was entered with the same answer, and then it is its own', async () => {
    must(await enter());
    must(await answer('done'));
    expect((await listed(broker()))?.entered).toBeNull();
  });

  test('what the party answered itself is not overwritten, but for a refusal that it took back', async () => {
    must(await answer('refused', 'We know them.'));
    must(await enter({ answer: 'refused', words: 'Something else.' }));
    expect(await listed(broker())).toMatchObject({ words: 'We know them.', entered: null });
    must(await enter());
    expect(await listed(broker())).toMatchObject({ answer: 'done', entered: { by: 'letter' } });
    must(await answer('done'));
    expect(code(await enter({ answer: 'not-held' }))).toBe('already-done');
    must(await enter());
    expect((await listed(broker()))?.entered).toBeNull();
  });

  test('the file of a party has a line a task with what to do, by when, and the new value of a correction', async () => {
    const said = JSON.stringify({ field: 'address', value: '=9, "New" Street' });
    await task('t-2', 'correction', said);
    await task('t-3', 'erasure');
    must(await enter());
    const expected = [
      'code,kind,release,due,task,field,value',
      `C-t-2,correction,r-1,2026-11-09,t-2,"address","'=9, ""New"" Street"`,
      'C-t-3,erasure,r-1,2026-11-09,t-3,,',
    ];
    for (const who of [club.actor('steward'), club.actor('officer'), broker()])
      expect(await codes(who)).toEqual(expected);
    const key: Actor = { ...broker(), kind: 'machine' } as Actor;
    expect((await codes(key))[1]).toBe('C-t-2,correction,r-1,2026-11-09,t-2,,');
    expect(await codes(club.actor('steward'), 'mailer')).toEqual(expected.slice(0, 1));
    const others = [
      [club.actor('recipient', 'toys'), 'broker'],
      [club.actor('steward'), 'nobody'],
    ] as const;
    for (const [who, party] of others)
      expect(code(await makeCodes(club.service, who, { party }))).toBe('not-found');
  });

  test('the new value of a correction is in the file of staff only where nobody acts for the party here', async () => {
    await task('t-2', 'correction', JSON.stringify({ field: 'name', value: 'New Name' }));
    const values = async (who: Actor) =>
      (await codes(who)).filter((line) => line.includes('New Name')).length;
    expect(await values(club.actor('steward'))).toBe(1);
    await giveRole();
    for (const who of [club.actor('steward'), club.actor('officer')]) expect(await values(who)).toBe(0);
    expect(await values(broker())).toBe(1);
  });

  test('the mail to officers says to send the file and to enter the answer, and leads to both', async () => {
    const mails = () =>
      made.state.as(club.org, (tx) =>
        tx.selectFrom('mail').select('body').where('org', '=', club.org).execute(),
      );
    await tellPassedOn(club.service, async (org, party) =>
      org === club.org && party === null ? ['o@club.example'] : [],
    );
    const [first] = await mails();
    expect(first?.body).toContain(`/organisations/${club.org}/passed-on/of/broker`);
    expect(first?.body).toContain('enter what it tells you');
    expect(first?.body).not.toContain('say that you have');
  });
});
