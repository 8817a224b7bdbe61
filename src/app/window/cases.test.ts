import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dayOf } from '../../policy/dates.ts';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import { addOtherWords, otherTag } from '../../words/other-words.fixture.ts';
import { auditor, code, must, officer, steward } from '../flow/flow.fixture.ts';
import { listOwnPreferences } from '../flow/list-own-preferences.ts';
import { recordPreference, recordPreferenceInput } from '../flow/record-preference.ts';
import type { Actor } from '../flow/service.ts';
import { answerCase, answerCaseInput } from './answer-case.ts';
import { dueOn } from './clocks.ts';
import { endCase } from './end-case.ts';
import { listCases } from './list-cases.ts';
import { openCase, openCaseInput } from './open-case.ts';
import { setSafeContact, setSafeContactInput } from './safe-contact.ts';
import { showCase } from './show-case.ts';
import { standingOf } from './standing.ts';
import { type WindowFixture, windowFixture } from './window.fixture.ts';

const opened = (given: object) => openCaseInput.parse(given);
const answered = (given: object) => answerCaseInput.parse(given);
const wrong = { kind: 'correction', field: 'address', value: '9 Larch Row' };

describe.each(oneDatabase)('on $name', (database) => {
  let club: WindowFixture;
  const as = () => club.service;
  const ada = () => club.member('ada@people.example');
  const today = (): string => dayOf(as().now().getTime());
  beforeAll(async () => {
    club = await windowFixture(database);
  }, 180_000);
  afterAll(() => club.drop());

  const mailsTo = (recipient: string): Promise<readonly { subject: string; body: string; kind: string }[]> =>
    as().state.as(club.org, (tx) =>
      tx
        .selectFrom('mail')
        .select(['subject', 'body', 'kind'])
        .where('org', '=', club.org)
        .where('recipient', '=', recipient)
        .orderBy('made_at')
        .execute(),
    );
  const ended = async (id: string, version: number, outcome: 'done' | 'refused', actor: Actor = officer) =>
    endCase(as(), actor, { case: id, version, outcome, words: 'It was looked at.' });

  test('a correction is open from the day it came, is answered by the person, and its clock ran on meanwhile', async () => {
    const made = must(await openCase(as(), ada(), opened(wrong)));
    const due = dueOn({ kind: 'correction', receivedOn: today(), extended: false, stood: 0 });
    expect(made).toMatchObject({ kind: 'correction', state: 'open', mailed: true, by: 'web', version: 1 });
    expect(made.due).toEqual({ what: 'answer', on: due, overdue: false });
    expect(must(await openCase(as(), ada(), opened(wrong))).case).toBe(made.case);

    const of = { case: made.case };
    const asked = { ...of, version: 1, deed: 'asked', words: 'Since when?' };
    expect(must(await answerCase(as(), steward, answered(asked))).state).toBe('waiting');
    expect(code(await answerCase(as(), steward, answered({ ...asked, version: 1 })))).toBe(
      'changed-meanwhile',
    );
    club.pass(10);
    const said = { ...of, version: 2, deed: 'answered', words: 'Since May.' };
    const going = must(await answerCase(as(), ada(), answered(said)));
    expect(going.state).toBe('open');
    expect(going.due.on).toBe(
      dueOn({ kind: 'correction', receivedOn: made.received, extended: false, stood: 0 }),
    );
    const more = { ...of, version: 3, deed: 'extended', words: 'There are many of them.' };
    const extended = must(await answerCase(as(), officer, answered(more)));
    expect(extended.due.on).toBe(
      dueOn({ kind: 'correction', receivedOn: made.received, extended: true, stood: 0 }),
    );
    expect(code(await answerCase(as(), officer, answered({ ...more, version: 4 })))).toBe('wrong-state');

    const done = must(await ended(made.case, 4, 'done'));
    expect(done).toMatchObject({ state: 'done', mailed: true, due: { what: 'nothing', on: null } });
    expect(code(await ended(made.case, 5, 'done'))).toBe('wrong-state');
    const shown = must(await showCase(as(), ada(), of));
    expect(shown.steps.map(({ deed }) => deed)).toEqual(['opened', 'asked', 'answered', 'extended', 'done']);
    expect(shown.said).toEqual({ words: null, field: 'address', value: '9 Larch Row' });
    expect(shown.steps.every(({ by }) => by === null)).toBe(true);
  });

  test('a mail says that there is something to read, and not what; a note brings none', async () => {
    const before = await mailsTo('ada@people.example');
    expect(before.map(({ kind }) => kind)).toEqual(['case', 'case', 'case', 'case']);
    for (const { subject, body } of before)
      expect(`${subject} ${body}`).not.toMatch(/Larch|May|many|M001|looked at/);
    const made = must(
      await openCase(as(), ada(), opened({ kind: 'complaint', words: 'You rang at night.' })),
    );
    const note = { case: made.case, version: 1, deed: 'note', words: 'Rang back.' };
    expect(must(await answerCase(as(), officer, answered(note))).mailed).toBe(false);
    expect(await mailsTo('ada@people.example')).toHaveLength(5);
  });

  test('nobody sees, answers or opens a case of another, and an auditor reads no words of theirs', async () => {
    const ben = club.member('ben@people.example');
    const { items } = must(await listCases(as(), ada(), { limit: 50 }));
    const [first] = items;
    expect(items.length).toBe(2);
    expect(must(await listCases(as(), ben, { limit: 50 })).items).toEqual([]);
    const of = { case: first?.case ?? '' };
    expect(code(await showCase(as(), ben, of))).toBe('not-found');
    const note = answered({ ...of, version: 2, deed: 'note', words: 'mine' });
    expect(code(await answerCase(as(), ben, note))).toBe('not-found');
    expect(code(await answerCase(as(), ada(), { ...note, deed: 'extended' }))).toBe('not-allowed');
    expect(code(await openCase(as(), ben, opened({ ...wrong, source: 'members', person: 'M001' })))).toBe(
      'not-found',
    );
    const seen = must(await showCase(as(), auditor, of));
    expect(seen).toMatchObject({
      record: null,
      replyTo: null,
      said: { words: null, field: null, value: null },
    });
    expect(must(await showCase(as(), officer, of)).record).toBe('M001');
    for (const { case: id } of items) {
      const { answer, steps } = must(await showCase(as(), auditor, { case: id }));
      expect([answer, ...steps.map(({ words }) => words)].filter((words) => words !== null)).toEqual([]);
    }
    const read = await Promise.all(
      items.map(async ({ case: id }) => must(await showCase(as(), officer, { case: id }))),
    );
    expect(read.map(({ answer }) => answer)).toContain('It was looked at.');
    expect(read.flatMap(({ steps }) => steps.map(({ words }) => words))).toContain('Rang back.');
  });

  test('a complaint is acknowledged within 30 days, or it is overdue and leads the list', async () => {
    const { items } = must(await listCases(as(), officer, { limit: 50, kind: 'complaint' }));
    const [complaint] = items;
    expect(complaint?.due.what).toBe('acknowledge');
    const letter = { kind: 'access', by: 'letter', received: today(), source: 'members', person: 'M002' };
    must(await openCase(as(), steward, opened(letter)));
    club.pass(33);
    const late = must(await listCases(as(), officer, { limit: 50 })).items.map(({ due }) => due.overdue);
    expect(late).toEqual([...late].sort((a, b) => Number(b) - Number(a)));
    expect(must(await listCases(as(), officer, { limit: 1, state: 'overdue' })).items).toHaveLength(1);
    const first = must(await listCases(as(), officer, { limit: 1 }));
    const rest = must(await listCases(as(), officer, { limit: 50, cursor: first.next ?? '' }));
    expect(new Set([...first.items, ...rest.items].map(({ case: id }) => id)).size).toBe(late.length);

    const id = complaint?.case ?? '';
    const acknowledged = answered({ case: id, version: 2, deed: 'acknowledged' });
    expect(must(await answerCase(as(), officer, acknowledged)).due).toEqual({
      ...{ what: 'outcome', on: null, overdue: false },
    });
    expect(code(await answerCase(as(), officer, { ...acknowledged, version: 3 }))).toBe('already-done');
    expect(
      code(await answerCase(as(), officer, { ...acknowledged, deed: 'extended', words: 'x', version: 3 })),
    ).toBe('wrong-state');
    expect(must(await ended(id, 3, 'refused')).state).toBe('refused');
  });

  test('what is not said, or is of no day yet, opens nothing', async () => {
    const staff = { source: 'members', person: 'M003' };
    for (const given of [
      { kind: 'correction', ...staff },
      { kind: 'correction', field: 'shoe_size', value: '5', ...staff },
      { kind: 'complaint', ...staff },
      { kind: 'objection', ...staff },
      { kind: 'access', by: 'letter', ...staff },
      { kind: 'access', received: '2999-01-01', ...staff },
      { kind: 'access', signed: today(), received: '2020-01-01', ...staff },
      { kind: 'access', received: '0026-02-03', ...staff },
      { kind: 'access', signed: '1899-12-31', received: '2026-01-05', ...staff },
      { kind: 'access', person: 'M003' },
    ])
      expect(code(await openCase(as(), steward, opened(given))), JSON.stringify(given)).toBe('input-invalid');
    expect(
      code(await openCase(as(), steward, opened({ kind: 'access', source: 'members', person: 'X' }))),
    ).toBe('not-found');
  });

  test('an erasure stops everything at once, whatever becomes of it, and its receipt is given then', async () => {
    const cara = club.member('cara@people.example');
    const made = must(await openCase(as(), cara, opened({ kind: 'erasure' })));
    expect(made.receipt).toMatchObject({ format: expect.stringContaining('receipt') });
    const { items } = must(await listOwnPreferences(as(), cara, {}));
    expect(items).toMatchObject([
      { event: made.event, said: { kind: 'objection', purpose: 'all', organisation: 'all', by: 'web' } },
    ]);
    const machine = { ...officer, kind: 'machine' } as Actor;
    expect(code(await ended(made.case, 1, 'done', machine))).toBe('not-allowed');
    must(await ended(made.case, 1, 'refused'));
    expect(must(await listOwnPreferences(as(), cara, {})).items).toHaveLength(1);
  });

  test('who took their stop back, and asks again while that is open, is stopped again', async () => {
    const kit = club.member('kit@people.example');
    const lift = (event: string | null) =>
      recordPreferenceInput.parse({ source: 'members', kind: 'lift', lifts: event });
    const desk = { by: 'web', source: 'members', person: 'M012', words: 'Nobody else may have it.' };
    for (const [actor, given, member] of [
      [kit, { kind: 'erasure' }, kit],
      [steward, { kind: 'objection', ...desk }, club.member('lena@people.example')],
    ] as const) {
      const first = must(await openCase(as(), actor, opened(given)));
      expect(must(await openCase(as(), actor, opened(given))), 'it stands').toMatchObject({
        ...{ event: first.event, version: 1 },
      });
      must(await recordPreference(as(), member, lift(first.event)));
      const again = must(await openCase(as(), actor, opened(given)));
      expect(again).toMatchObject({ case: first.case, version: 2, mailed: false });
      expect(again.receipt).toMatchObject({ format: expect.stringContaining('receipt') });
      expect(again.event).not.toBe(first.event);
      const [standing] = await standingOf(as(), member);
      expect(standing?.stops.map(({ event }) => event)).toContain(again.event);
      expect(must(await openCase(as(), actor, opened(given)))).toMatchObject({
        ...{ event: again.event, version: 2 },
      });
    }
  });

  test('the same said many times at once is one request, and erasures are the same whatever is said', async () => {
    const of = { by: 'web', source: 'members', person: 'M004' };
    for (const given of [
      { kind: 'complaint', words: 'You rang at night.', ...of },
      { kind: 'erasure', ...of },
    ]) {
      const all = await Promise.all([1, 2, 3].map(() => openCase(as(), steward, opened(given))));
      expect(new Set(all.map((each) => must(each).case)).size, given.kind).toBe(1);
      expect(all.map((each) => must(each).mailed).filter(Boolean)).toHaveLength(1);
    }
    const more = must(await openCase(as(), steward, opened({ kind: 'erasure', words: 'All of it.', ...of })));
    must(await openCase(as(), steward, opened({ kind: 'erasure', words: 'All of it.', ...of })));
    expect(more).toMatchObject({ version: 2, mailed: false });
    const shown = must(await showCase(as(), officer, { case: more.case }));
    expect(shown.steps.map(({ deed, words }) => [deed, words])).toEqual([
      ['opened', null],
      ['opened', 'All of it.'],
    ]);
  });

  test('a letter that came before, entered later, starts the clock on the day that it came', async () => {
    const of = { kind: 'access', source: 'members', person: 'M005' };
    const received = today();
    const made = must(await openCase(as(), steward, opened({ ...of, by: 'phone', received })));
    const asked = { case: made.case, version: 1, deed: 'asked', words: 'Which years?' };
    must(await answerCase(as(), steward, answered(asked)));
    club.pass(4);
    must(
      await answerCase(as(), steward, answered({ ...asked, version: 2, deed: 'answered', words: 'All.' })),
    );
    const letter = { ...of, by: 'letter', signed: '2026-01-30', received: '2026-01-31' };
    const moved = must(await openCase(as(), steward, opened(letter)));
    expect(moved).toMatchObject({
      ...{ case: made.case, version: 4, received: '2026-01-31', signed: '2026-01-30', by: 'letter' },
      due: { on: dueOn({ kind: 'access', receivedOn: '2026-01-31', extended: false, stood: 4 }) },
    });
    const later = must(await openCase(as(), steward, opened({ ...letter, received: '2026-02-09' })));
    expect(later).toMatchObject({ case: made.case, version: 4, received: '2026-01-31' });
    const shown = must(await showCase(as(), officer, { case: made.case }));
    expect(shown.steps.map(({ deed }) => deed)).toEqual(['opened', 'asked', 'answered', 'opened']);
  });

  test('an erasure asked for by an earlier letter stops from that day', async () => {
    const of = { kind: 'erasure', source: 'members', person: 'M006' };
    const made = must(await openCase(as(), steward, opened({ ...of, by: 'phone', received: '2026-03-03' })));
    const letter = { ...of, by: 'letter', received: '2026-02-02' };
    const moved = must(await openCase(as(), steward, opened(letter)));
    expect(moved).toMatchObject({ case: made.case, received: '2026-02-02' });
    expect(moved.receipt).toMatchObject({ content: { received: '2026-02-02' } });
    expect(must(await openCase(as(), steward, opened(letter))).receipt).toBeUndefined();
  });

  test('who is to stay out of sight gets no mail, and what waited for them is not sent', async () => {
    const edie = club.member('edie@people.example');
    const flag = (safe: boolean) => setSafeContactInput.parse({ safe });
    const first = must(await openCase(as(), edie, opened({ kind: 'access', words: 'my letters' })));
    expect(first.mailed).toBe(true);
    expect(must(await setSafeContact(as(), edie, flag(true)))).toEqual({ safe: true, records: 1 });
    expect(must(await setSafeContact(as(), edie, flag(true))).records).toBe(1);
    expect(await mailsTo('edie@people.example')).toEqual([]);
    const second = must(await openCase(as(), edie, opened({ kind: 'complaint', words: 'No.' })));
    expect(second.mailed).toBe(false);
    const renamed = {
      kind: 'correction',
      source: 'members',
      person: must(await showCase(as(), steward, { case: first.case })).record,
    };
    const staff = { ...renamed, by: 'phone', replyTo: 'with.friends@people.example' };
    const name = must(
      await openCase(as(), steward, opened({ ...staff, field: 'surname', value: 'Newname' })),
    );
    const home = must(
      await openCase(as(), steward, opened({ ...staff, field: 'address', value: '9 Larch Row' })),
    );
    const seen = async (id: string) => must(await showCase(as(), steward, { case: id }));
    expect(await seen(name.case)).toMatchObject({
      safe: true,
      replyTo: null,
      said: { field: 'surname', value: null },
    });
    expect((await seen(home.case)).said.value).toBe('9 Larch Row');
    // On their own screen there is no name either.
    expect(must(await showCase(as(), edie, { case: name.case })).said.value).toBeNull();
    must(await setSafeContact(as(), edie, flag(false)));
    expect(await seen(name.case)).toMatchObject({
      ...{ safe: false, replyTo: staff.replyTo, said: { value: 'Newname' } },
    });
    expect(must(await ended(second.case, 1, 'done')).mailed).toBe(true);
    expect(code(await setSafeContact(as(), steward, flag(true)))).toBe('input-invalid');
    const other = setSafeContactInput.parse({ safe: true, source: 'members', person: 'X' });
    expect(code(await setSafeContact(as(), steward, other))).toBe('not-found');
  });

  test('the mails of a request are in the language it was opened in, and in English where nobody knows', async () => {
    const remove = addOtherWords();
    try {
      const kim = 'kit@people.example';
      const mails = async () => (await mailsTo(kim)).map(({ subject }) => subject);
      const before = (await mails()).length;
      const given = { kind: 'complaint', words: 'Not in my language.' };
      const made = must(
        await openCase(as(), club.member(kim), opened({ ...given, language: `${otherTag}-GB` })),
      );
      must(await answerCase(as(), steward, answered({ case: made.case, version: 1, deed: 'acknowledged' })));
      const of = {
        by: 'phone',
        source: 'members',
        person: must(await showCase(as(), steward, { case: made.case })).record,
      };
      for (const language of [null, 'xx', 'en'])
        must(
          await openCase(
            as(),
            steward,
            opened({ ...of, kind: 'complaint', words: `In ${language}.`, language }),
          ),
        );
      const found = (await mails()).slice(before);
      expect(found.map((subject) => subject.startsWith('⟦'))).toEqual([true, true, false, false, false]);
    } finally {
      remove();
    }
    expect(openCaseInput.safeParse({ kind: 'access', language: 'en; q=1' }).success).toBe(false);
  });

  test('a question holds the clock of a copy, and of nothing else', async () => {
    const of = { source: 'members', person: 'M007', by: 'web' };
    const kinds = [{ kind: 'access' }, { ...wrong }, { kind: 'erasure' }];
    const numbers: string[] = [];
    for (const given of kinds) {
      const made = must(await openCase(as(), steward, opened({ ...given, ...of })));
      const asked = { case: made.case, version: 1, deed: 'asked', words: 'Which?' };
      const { waitingSince } = must(await answerCase(as(), steward, answered(asked)));
      expect(waitingSince !== null, made.kind).toBe(made.kind === 'access');
      numbers.push(made.case);
    }
    const mails = (await mailsTo('gwen@people.example')).map(({ body }) => body);
    expect(mails.filter((body) => body.includes('its time stands still'))).toHaveLength(1);
    club.pass(40);
    const { items } = must(await listCases(as(), officer, { limit: 50, state: 'overdue' }));
    const late = items.filter((one) => numbers.includes(one.case));
    expect(late.map(({ kind }) => kind).sort()).toEqual(['correction', 'erasure']);
    expect(late.every(({ due }) => due.overdue)).toBe(true);
  });
});
