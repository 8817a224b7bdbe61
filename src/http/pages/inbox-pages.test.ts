/** What people said and asked for stands in the inbox of whoever acts on it, and is found again when it has ended. */
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditor, mailing, must, officer, steward, toys } from '../../app/flow/flow.fixture.ts';
import { recordPreference, recordPreferenceInput } from '../../app/flow/record-preference.ts';
import type { Actor } from '../../app/flow/service.ts';
import { acknowledgePassedOn } from '../../app/window/acknowledge-passed-on.ts';
import { endCase } from '../../app/window/end-case.ts';
import { findPerson, findPersonInput } from '../../app/window/find-person.ts';
import { sendLetters } from '../../app/window/letter.fixture.ts';
import { listCases } from '../../app/window/list-cases.ts';
import { listPassedOn } from '../../app/window/list-passed-on.ts';
import { openCase, openCaseInput } from '../../app/window/open-case.ts';
import { passOn } from '../../app/window/pass-on.ts';
import { type WindowFixture, windowFixture } from '../../app/window/window.fixture.ts';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import { english } from '../../words/words.ts';
import { requestRate } from '../rate-limit.ts';
import { flowPages } from './all.ts';

const { inbox, work, person, one } = english.desk;

describe.each(oneDatabase)('on $name', (database) => {
  let club: WindowFixture;
  let pages: Hono;
  let asker: Actor = steward;
  beforeAll(async () => {
    club = await windowFixture(database);
    await sendLetters(club);
    const actorOf = async (): Promise<Actor> => asker;
    pages = new Hono();
    pages.route('/', flowPages({ service: club.service, actorOf, rate: requestRate(1_000_000) }));
  }, 180_000);
  afterAll(() => club.drop());

  async function page(who: Actor, path = ''): Promise<string> {
    asker = who;
    const response = await pages.request(`${club.service.url}/organisations/${club.org}${path}`);
    expect([200, 303], path).toContain(response.status);
    return response.status === 200 ? response.text() : page(who, pathOf(response));
  }
  const pathOf = ({ headers }: Response): string =>
    (headers.get('Location') ?? '').replace(/^(https?:\/\/[^/]+)?\/organisations\/[^/?]+/, '');
  /** The row of the inbox that leads to a path: what it is, how many, and by when. */
  async function waits(who: Actor, path: string): Promise<readonly string[] | null> {
    const text = await page(who);
    const row = text
      .split('<tr')
      .slice(1)
      .find((each) => each.includes(`"/organisations/${club.org}${path}"`));
    const cells = row?.split('</tr')[0]?.split('<td').slice(1);
    return cells?.map((cell) => cell.replaceAll(/^[^>]*>|<[^>]*>/g, '').trim()) ?? null;
  }
  const tasks = async (who: Actor) => must(await listPassedOn(club.service, who, { limit: 50 })).items;

  test('where nobody has said anything, nothing waits', async () => {
    for (const who of [steward, officer, mailing, toys])
      for (const path of ['/passed-on', '/passed-on/refused', '/desk/cases', '/desk/unresolved'])
        expect(await waits(who, path), `${who.id} ${path}`).toBeNull();
  });

  test('what was passed on is a task in the inbox of its recipient, until it is answered', async () => {
    const stop = { source: 'members', person: 'M001', kind: 'objection' };
    must(await recordPreference(club.service, steward, recordPreferenceInput.parse(stop)));
    expect(await passOn(club.service)).toBe(2);
    const [what, number, first] = (await waits(mailing, '/passed-on')) ?? [];
    expect([what, number]).toEqual([inbox.passedOn, '1']);
    const [task] = await tasks(mailing);
    expect(first).toBe(inbox.by(task?.due ?? ''));
    expect(await waits(officer, '/passed-on/silent')).toBeNull();
    const answer = { tasks: [task?.task ?? ''], answer: 'done' as const, words: null };
    must(await acknowledgePassedOn(club.service, mailing, answer));
    expect(await waits(mailing, '/passed-on')).toBeNull();
    expect(await page(mailing)).not.toContain(inbox.caption);
  });

  test('what a recipient refuses, or leaves unanswered, is a task of the officer', async () => {
    const [task] = await tasks(toys);
    const id = task?.task ?? '';
    club.pass(30);
    expect((await waits(officer, '/passed-on/silent'))?.slice(0, 2)).toEqual([inbox.silent, '1']);
    expect((await waits(toys, '/passed-on'))?.[2]).toBe(inbox.overdue(task?.due ?? ''));
    expect(await page(officer, '/passed-on/silent')).toContain(task?.code);
    expect(await page(officer, '/passed-on/refused')).not.toContain(task?.code);
    const no = { tasks: [id], answer: 'refused' as const, words: 'We know them.' };
    must(await acknowledgePassedOn(club.service, toys, no));
    expect(await waits(officer, '/passed-on/silent')).toBeNull();
    expect((await waits(officer, '/passed-on/refused'))?.slice(0, 2)).toEqual([inbox.refused, '1']);
    const refused = await page(officer, '/passed-on/refused');
    expect(refused).toContain('We know them.');
    expect(refused).toContain(task?.code);
    // It may not be refused: it waits for the recipient all the same.
    expect((await waits(toys, '/passed-on'))?.[1]).toBe('1');
    for (const who of [steward, auditor]) expect(await waits(who, '/passed-on/refused'), who.id).toBeNull();
  });

  test('a request waits in the inbox of those who answer it, and is found again when it has ended', async () => {
    const complaint = { kind: 'complaint', words: 'It is wrong.', by: 'letter', received: '2026-01-05' };
    const given = openCaseInput.parse({ ...complaint, source: 'members', person: 'M009' });
    const { case: id, number } = must(await openCase(club.service, steward, given));
    for (const who of [steward, officer]) {
      const [what, count, first] = (await waits(who, '/desk/cases')) ?? [];
      expect([what, count], who.id).toEqual([inbox.cases, '1']);
      expect(first).toMatch(/^Overdue since/);
    }
    for (const who of [auditor, mailing]) expect(await waits(who, '/desk/cases'), who.id).toBeNull();
    // Staff who come to the list of the members' pages are led to their own.
    expect(await page(officer, '/cases')).toContain(`/desk/cases/${id}"`);
    const input = findPersonInput.parse({ reason: 'they rang', record: 'M009' });
    const found = async (): Promise<string> => {
      const { lookUp } = must(await findPerson(club.service, steward, input));
      return page(steward, `/desk/found/${lookUp}/1`);
    };
    expect(await found()).toContain(person.asked);
    expect(await found()).toContain(`/desk/cases/${id}"`);
    const end = { case: id, version: 1, outcome: 'refused', words: 'It was right.' } as const;
    must(await endCase(club.service, officer, end));
    expect(await waits(officer, '/desk/cases')).toBeNull();
    expect(await page(officer, '/desk/cases')).not.toContain(`/desk/cases/${id}"`);
    expect(await page(officer, '/desk')).toContain('/desk/ended"');
    const ended = await page(officer, '/desk/ended');
    expect(ended).toContain(work.ended);
    expect(ended).toContain(`/desk/cases/${id}">${number}</a>`);
    expect(ended).toContain(one.deeds.refused);
    expect(await found()).toContain(`/desk/cases/${id}"`);
  });

  test('before an erasure the officer reads what else the person asked for', async () => {
    const of = { source: 'members', person: 'M010', by: 'letter', received: '2026-01-05' };
    const right = { kind: 'correction', field: 'surname', value: 'Jay', ...of };
    const correction = must(await openCase(club.service, steward, openCaseInput.parse(right)));
    const erasure = must(
      await openCase(club.service, steward, openCaseInput.parse({ kind: 'erasure', ...of })),
    );
    const shown = await page(officer, `/desk/cases/${erasure.case}`);
    expect(shown).toContain(one.othersLead);
    expect(shown).toContain(`/desk/cases/${correction.case}"`);
    expect(await page(officer, `/desk/cases/${correction.case}`)).not.toContain(one.othersLead);
    expect(await page(auditor, `/cases/${erasure.case}`)).not.toContain(one.othersLead);
    // An auditor is shown no record: that is not nobody's.
    expect(await page(auditor, `/desk/cases/${erasure.case}`)).toContain(one.notShown);
  });

  test('of the requests that have ended the latest stands first, from page to page', async () => {
    const { items } = must(await listCases(club.service, officer, { limit: 200, state: 'open' }));
    const ended: string[] = [];
    for (const { case: id, kind, version } of items) {
      if (kind === 'erasure') continue;
      club.pass(1);
      const end = { case: id, version, outcome: 'refused', words: 'No.' } as const;
      ended.unshift(must(await endCase(club.service, officer, end)).case);
    }
    const all: string[] = [];
    let cursor: string | undefined;
    do {
      const asked = { limit: 1, state: 'ended' as const, cursor };
      const page = must(await listCases(club.service, officer, asked));
      all.push(...page.items.map((each) => each.case));
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    expect(all.length).toBeGreaterThan(1);
    expect(all.slice(0, ended.length)).toEqual(ended);
  });

  test('a letter of nobody known waits for the steward, who says whose it is', async () => {
    const letter = { surname: 'Nobody', postcode: 'N1 9GU', by: 'letter', signed: '2026-01-02' };
    const said = { source: 'members', kind: 'objection', received: '2026-01-03', ...letter };
    must(await recordPreference(club.service, steward, recordPreferenceInput.parse(said)));
    expect((await waits(steward, '/desk/unresolved'))?.slice(0, 2)).toEqual([inbox.letters, '1']);
    expect(await waits(officer, '/desk/unresolved')).toBeNull();
  });

  test('where the source of a letter cannot be read the inbox says what it cannot tell, and shows the rest', async () => {
    const complaint = { kind: 'complaint', words: 'Hm.', by: 'letter', received: '2026-01-05' };
    const given = openCaseInput.parse({ ...complaint, source: 'members', person: 'M009' });
    must(await openCase(club.service, steward, given));
    const file = join(club.service.data, club.org, 'data/members.csv');
    await rename(file, `${file}.away`);
    try {
      expect((await waits(steward, '/desk/unresolved'))?.[1]).toBe(inbox.untoldNow);
      expect((await waits(steward, '/desk/cases'))?.[0]).toBe(inbox.cases);
    } finally {
      await rename(`${file}.away`, file);
    }
    expect((await waits(steward, '/desk/unresolved'))?.[1]).toBe('1');
  });
});
