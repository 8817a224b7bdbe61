/** The page of one party: staff fetch the file for it, and enter what it told them; the person sees it as that. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cursorOf } from '../../app/flow/cursor.ts';
import { auditor, mailing, must, officer, steward } from '../../app/flow/flow.fixture.ts';
import { listDeeds } from '../../app/flow/list-deeds.ts';
import { recordPreference, recordPreferenceInput } from '../../app/flow/record-preference.ts';
import type { Actor } from '../../app/flow/service.ts';
import { sendLetters } from '../../app/window/letter.fixture.ts';
import { listPassedOn, type PassedOnView } from '../../app/window/list-passed-on.ts';
import { passOn } from '../../app/window/pass-on.ts';
import { type WindowFixture, windowFixture } from '../../app/window/window.fixture.ts';
import { dayOf } from '../../policy/dates.ts';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import { english } from '../../words/words.ts';
import { requestRate } from '../rate-limit.ts';
import { flowPages } from './all.ts';

const { passedOn: words, frame } = english;
const { party } = words;

describe.each(oneDatabase)('on $name', (database) => {
  let club: WindowFixture;
  let pages: Hono;
  let asker: Actor = steward;
  let task: PassedOnView;
  let today: string;
  beforeAll(async () => {
    club = await windowFixture(database);
    await sendLetters(club);
    const actorOf = async (): Promise<Actor> => asker;
    pages = new Hono();
    pages.route('/', flowPages({ service: club.service, actorOf, rate: requestRate(1_000_000) }));
    pages.onError((error, c) => c.text('code' in error ? String(error.code) : 'failed', 500));
    const stop = { source: 'members', person: 'M001', kind: 'objection' };
    must(await recordPreference(club.service, steward, recordPreferenceInput.parse(stop)));
    await passOn(club.service);
    task = await ofMailing();
    today = dayOf(club.service.now().getTime());
  }, 180_000);
  afterAll(() => club.drop());

  async function ofMailing(): Promise<PassedOnView> {
    const { items } = must(await listPassedOn(club.service, mailing, { limit: 50 }));
    const first = items.find((each) => each.task !== 'later');
    if (first === undefined) throw new RangeError('nothing was passed on');
    return first;
  }
  const told = (id: string) =>
    club.service.state.as(club.org, (tx) =>
      tx
        .insertInto('passed_on')
        .values({
          ...{ org: club.org, id, release: task.release, party: 'example-mailing', kind: 'stop' },
          ...{ code: task.code, source: 'members', record_key: id, cause: id, said: null },
          ...{ made_at: club.service.now(), due_on: '2099-01-01' },
        })
        .execute(),
    );
  const here = '/passed-on/of/example-mailing';
  async function page(
    who: Actor,
    path: string,
    form?: Readonly<Record<string, string>>,
  ): Promise<{ readonly status: number; readonly text: string; readonly to: string }> {
    asker = who;
    const response = await pages.request(`${club.service.url}/organisations/${club.org}${path}`, {
      ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
    });
    const to = response.headers.get('Location') ?? '';
    return { status: response.status, text: await response.text(), to };
  }
  const form = () => ({ task: task.task, answer: 'refused', words: 'We know them.', by: 'phone', on: today });

  test('staff are led from the list to each party, and a party without anybody here is sent its file', async () => {
    expect((await page(officer, '/passed-on')).text).toContain(`${here}"`);
    const { text } = await page(officer, here);
    expect(text).toContain(party.nobodyActs);
    expect(text).toContain(task.code);
    const file = await page(officer, `${here}/codes.csv`);
    expect(file.text).toContain(`${task.code},stop,${task.release},${task.due},${task.task}`);
  });

  test('whoever oversees without entering sees the page, and no form; of no party it is not there', async () => {
    const { status, text } = await page(auditor, here);
    expect([status, text.includes(task.code), text.includes(party.button)]).toEqual([200, true, false]);
    expect((await page(auditor, `${here}/answers`, form())).status).toBe(403);
    for (const [who, path] of [
      [officer, '/passed-on/of/nobody'],
      [mailing, here],
      [mailing, '/passed-on/of/example-toys/codes.csv'],
    ] as const)
      expect((await page(who, path)).text, path).toBe('not-found');
  });

  test('what is missing in the form is said beside its field, and what was typed stays', async () => {
    const faulty = await page(officer, `${here}/answers`, { task: task.task, words: 'We know them.' });
    expect(faulty.status).toBe(422);
    for (const said of [party.answerFirst, party.byFirst, party.onWrong]) expect(faulty.text).toContain(said);
    expect(faulty.text).toContain('We know them.');
    expect(faulty.text).toMatch(/value="[^"]+" checked/);
    const unchosen = await page(officer, `${here}/answers`, { ...form(), task: '' });
    expect(unchosen.text.split(party.chooseFirst)).toHaveLength(3);
    const before = await page(officer, `${here}/answers`, { ...form(), on: '2020-01-01' });
    expect([before.status, before.text.includes(party.onWrong)]).toEqual([422, true]);
    const wordless = await page(officer, `${here}/answers`, { ...form(), words: ' ' });
    expect(wordless.text).toContain(party.wordsFirst);
    expect((await ofMailing()).answer).toBeNull();
  });

  test('a file that was sent is answered whole, once it was downloaded; not what was told since', async () => {
    await page(officer, `${here}/codes.csv`);
    expect((await page(officer, here)).text).not.toContain(party.upToNone);
    club.pass(1);
    await page(officer, `${here}/codes.csv`);
    const upTo = /<option value="(2[^"]+)">/.exec((await page(officer, here)).text)?.[1] ?? '';
    const cursor = cursorOf(['0', '9999-01-01', '']);
    const whole = { ...form(), task: '', upTo, cursor, on: dayOf(club.service.now().getTime()) };
    const faulty = await page(officer, `${here}/answers`, { ...whole, by: '' });
    expect([faulty.status, faulty.text.includes(party.chooseFirst)]).toEqual([422, false]);
    expect(faulty.text).toContain(`<option value="${upTo}" selected>`);
    expect(faulty.text).toContain(`name="cursor" value="${cursor}"`);
    expect(faulty.text).not.toContain(`value="${task.task}"`);
    const both = await page(officer, `${here}/answers`, { ...whole, task: task.task });
    expect(both.text.split(party.chooseOne)).toHaveLength(3);
    expect((await ofMailing()).answer).toBeNull();
    await told('later');
    expect((await page(officer, `${here}/answers`, whole)).status).toBe(303);
    const now = must(await listPassedOn(club.service, mailing, { limit: 50 })).items;
    expect(now.map(({ task: id, answer }) => [id, answer])).toEqual([
      ['later', null],
      [task.task, 'refused'],
    ]);
    const deeds = must(await listDeeds(club.service, officer, { limit: 50 })).items;
    const entered = deeds.filter(({ useCase, outcome }) => useCase === 'enter-answer' && outcome === 'done');
    expect(entered.map(({ subject }) => subject)).toEqual(['example-mailing']);
    const again = await page(officer, `${here}/answers`, whole);
    expect([again.status, again.text.includes(party.nothingOpen)]).toEqual([422, true]);
  });

  test('an answer is entered, and shown to the party and to the person as what it told us', async () => {
    const { status, to } = await page(steward, `${here}/answers`, form());
    expect([status, to]).toEqual([303, `/organisations/${club.org}${here}?said=answer-entered`]);
    const after = (await page(steward, `${here}?said=answer-entered`)).text;
    expect(after).toContain(frame.said['answer-entered']);
    expect(after).toContain(words.entered('phone', today));
    expect((await page(mailing, '/passed-on')).text).toContain(words.enteredForYou('phone', today));
    const csv = await readFile(join(club.service.data, club.org, 'data/members.csv'), 'utf8');
    const email =
      csv
        .split(/\r?\n/)
        .find((line) => line.startsWith('M001,'))
        ?.split(',')[5] ?? '';
    const member = club.member(email);
    const own = (await page(member, '/answers')).text;
    expect(own).toContain(words.stands('refused', task.due));
    expect(own).toContain(words.toldUs('phone', today));
  });

  test('where somebody acts for the party the form asks to say so', async () => {
    await club.service.state.as(club.org, (tx) =>
      tx
        .insertInto('staff_role')
        .values({
          ...{ org: club.org, person: mailing.id, role: 'recipient', party: 'example-mailing' },
          ...{ may_freeze: false, granted_by: officer.id, granted_at: new Date() },
        })
        .execute(),
    );
    expect((await page(officer, here)).text).toContain(party.somebodyActs);
    const done = { ...form(), answer: 'done' };
    const unsaid = await page(officer, `${here}/answers`, done);
    expect([unsaid.status, unsaid.text.includes(party.sameFirst)]).toEqual([422, true]);
    expect((await page(officer, `${here}/answers`, { ...done, allTheSame: 'yes' })).status).toBe(303);
    expect((await ofMailing()).answer).toBe('done');
  });
});
