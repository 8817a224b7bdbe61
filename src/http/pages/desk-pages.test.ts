/** The desk's pages: for whom they are, whose a letter is of which more people may be than are shown, and who is to stay out of sight. */
import { readFile, writeFile } from 'node:fs/promises';
import type { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countWaiting } from '../../app/flow/count-waiting.ts';
import { auditor, mailing, must, officer, steward } from '../../app/flow/flow.fixture.ts';
import { itemsOf } from '../../app/flow/list-own-preferences.ts';
import { putDocument } from '../../app/flow/put-document.ts';
import { readDocument } from '../../app/flow/read-document.ts';
import { readinessOf } from '../../app/flow/readiness.ts';
import { recordPreference, recordPreferenceInput } from '../../app/flow/record-preference.ts';
import type { Actor } from '../../app/flow/service.ts';
import { findPerson, findPersonInput } from '../../app/window/find-person.ts';
import { listUnresolved } from '../../app/window/list-unresolved.ts';
import { openCase, openCaseInput } from '../../app/window/open-case.ts';
import { resolveEvent } from '../../app/window/resolve-event.ts';
import { setSafeContact } from '../../app/window/safe-contact.ts';
import { type WindowFixture, windowFixture } from '../../app/window/window.fixture.ts';
import { mostFound } from '../../app/window/write-look-up.ts';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import { openFigures } from '../figures.ts';
import { requestRate } from '../rate-limit.ts';
import { routes } from '../routes/all.ts';
import type { Seen } from '../seen.ts';
import { createApp } from '../server.ts';
import { flowPages } from './all.ts';

type Answered = { readonly status: number; readonly text: string; readonly to: string };

describe.each(oneDatabase)('on $name', (database) => {
  let club: WindowFixture;
  let pages: Hono;
  let app: Hono<Seen>;
  let asker: Actor = steward;
  beforeAll(async () => {
    club = await windowFixture(database);
    const { service } = club;
    const file = `${service.data}/${club.org}/data/members.csv`;
    const csv = await readFile(file, 'utf8');
    const [own = ''] = csv.split('\n').filter((line) => line.startsWith('M001,'));
    const more = Array.from({ length: mostFound }, (_, i) =>
      own.replace('M001', `M9${String(i).padStart(2, '0')}`).replace('ada@', `ada.${i}@`),
    );
    const lines = `${csv}${more.join('\n')}\n`.trim().split('\n');
    const named = lines.map((line, i) => `${line},${i === 0 ? 'child_name' : ''}`);
    await writeFile(file, `${named.join('\n')}\n`);
    const path = 'sources/members.yaml';
    const { text, version } = must(await readDocument(service, steward, { path }));
    const field =
      '  - { name: child_name, column: child_name, type: text, data: pd:Name, of: child, collection: joined }\n';
    const changed = text
      .replace('name: null', 'name: child_name')
      .replace('children:\n', `${field}children:\n`);
    must(await putDocument(service, steward, { path, text: changed, version }));
    const actorOf = async (_: Request, org: string) => (asker.org === org ? asker : null);
    const parts = { service, actorOf, rate: requestRate(1_000_000) };
    pages = flowPages(parts);
    app = createApp({
      ...{ ...parts, routes, metricsToken: null, proxies: 0, pages: [pages] },
      readiness: readinessOf(service),
      figures: openFigures(() => countWaiting(service)),
    });
  }, 180_000);
  afterAll(() => club.drop());

  async function asked(who: Actor, method: string, path: string, form?: object): Promise<Answered> {
    asker = who;
    const response = await app.request(`${club.service.url}/organisations/${club.org}${path}`, {
      ...{ method, headers: { 'Sec-Fetch-Site': 'same-origin' } },
      ...(form === undefined ? {} : { body: new URLSearchParams({ ...form }) }),
    });
    const to = (response.headers.get('Location') ?? '').replace(`/organisations/${club.org}`, '');
    return { status: response.status, text: await response.text(), to };
  }
  /** What is sent from a page that shows what was typed, with all that it holds. */
  async function checked(who: Actor, path: string, form: object): Promise<object> {
    const { status, text } = await asked(who, 'POST', path, { ...form, step: 'check' });
    expect(status, text).toBe(200);
    const once = /name="once" value="([^"]+)"/.exec(text)?.[1] ?? '';
    expect(once).toMatch(/^[0-9a-f-]{36}$/);
    return { ...form, step: 'record', once };
  }

  /** The path of who was found at the desk, by the steward. */
  async function foundAt(record: string): Promise<string> {
    const input = findPersonInput.parse({ reason: 'they rang', record });
    return `/desk/found/${must(await findPerson(club.service, steward, input)).lookUp}/1`;
  }
  const saidOf = async (record: string) =>
    (await itemsOf(club.service, club.org, { source: 'members', record })).map((item) => item.said);

  test('to a recipient no page of the desk is shown, and no step of its forms', async () => {
    const ofDesk = pages.routes.filter(({ path }) => path.includes('/:org/desk'));
    expect(ofDesk.length).toBeGreaterThan(12);
    for (const { method, path } of ofDesk) {
      const at = path.replace('/organisations/:org', '').replaceAll(/:[A-Za-z]+/g, '1');
      const { status, text } = await asked(mailing, method, at, method === 'GET' ? undefined : {});
      expect([status, text], `${method} ${path}`).toEqual([403, expect.not.stringContaining('Example Toys')]);
    }
    expect((await asked(steward, 'GET', '/desk/letter')).text).toContain('Example Toys');
    for (const who of [auditor, officer])
      expect((await asked(who, 'GET', '/desk/letter')).status, who.id).toBe(403);
    expect((await asked(auditor, 'GET', '/desk')).status).toBe(200);
    expect((await asked(club.member('ada@people.example'), 'GET', '/desk')).status).toBe(404);
  });

  test('no page leads to one that whoever reads it may not open', async () => {
    const { service } = club;
    const letter = { surname: 'Nobody', postcode: 'N1 9GU', by: 'letter', signed: '2026-01-02' };
    const said = { source: 'members', kind: 'objection', received: '2026-01-03', ...letter };
    const { event } = must(await recordPreference(service, steward, recordPreferenceInput.parse(said)));
    const stop = { kind: 'objection', words: 'No more.', by: 'phone', source: 'members', person: 'M004' };
    const made = must(await openCase(service, steward, openCaseInput.parse(stop)));
    const open = new Map<Actor, ReadonlySet<string>>();
    for (const who of [steward, officer, auditor, mailing]) {
      const [found, waiting] = [new Set(['']), ['']];
      for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
        const { status, text } = await asked(who, 'GET', path);
        expect(status, `${who.id} ${path}`).toBe(200);
        for (const [, next = ''] of text.matchAll(/href="\/organisations\/[^/"]+(\/[^"#?]*)/g)) {
          if (found.has(next)) continue;
          found.add(next);
          waiting.push(next);
        }
      }
      expect(found.size, who.id).toBeGreaterThan(3);
      open.set(who, found);
    }
    const [ofLetter, ofCase] = [`/desk/unresolved/${event}`, `/desk/cases/${made.case}`];
    const leads = (who: Actor) => {
      const all = open.get(who) ?? new Set();
      return [ofLetter, ofCase, `/receipts/${made.event}`].map((path) => all.has(path));
    };
    expect([steward, officer, auditor].map(leads)).toEqual([
      [true, true, true],
      [true, true, true],
      [false, true, false],
    ]);
    // Whose it is a steward says: to the officer who looks at it, no form of that is shown.
    expect((await asked(steward, 'GET', ofLetter)).text).toContain('name="words"');
    const read = await asked(officer, 'GET', ofLetter);
    expect(read.text).toContain('Nobody');
    expect(read.text).not.toMatch(/name="words"|type="checkbox"|\/desk\/unresolved\/pe-/);
    const nobodys = { event, source: 'members', records: [], words: 'nobody of that name' };
    must(await resolveEvent(service, steward, nobodys));
  });

  test('a letter that more people may have written than are shown is of nobody to nobody, and of a record by its number', async () => {
    const { service } = club;
    const letter = { surname: 'Ambzzz', postcode: 'ZZ1 1ZZ', by: 'letter', signed: '2026-01-02' };
    const said = { source: 'members', kind: 'objection', received: '2026-01-03', ...letter };
    const { event } = must(await recordPreference(service, steward, recordPreferenceInput.parse(said)));
    const waits = async (): Promise<number> =>
      must(await listUnresolved(service, steward, { limit: 50 })).items.length;
    const at = `/desk/unresolved/${event}`;
    const { text } = await asked(steward, 'GET', at);
    expect(text).toContain('name="record"');
    expect(text).not.toContain('name="nobody"');
    const words = 'the same hand';
    for (const wrong of [{ nobody: 'yes' }, {}, { record: 'M777' }, { record: 'M001', nobody: 'yes' }])
      expect((await asked(steward, 'POST', at, { words, ...wrong })).status, JSON.stringify(wrong)).toBe(422);
    expect(await waits()).toBe(1);
    const { status, to } = await asked(steward, 'POST', at, { words, record: 'M001' });
    expect(status).toBe(303);
    expect(to).not.toContain('M001');
    const before = (await saidOf('M001')).length;
    const done = await asked(steward, 'GET', to);
    expect(done.text).toContain('It is recorded whose the letter is');
    expect(done.text.match(/\/receipts\/pe-/g)).toHaveLength(1);
    expect((await asked(steward, 'GET', to)).text).toBe(done.text);
    // Of nobody's letter, or of an event that is not of it, the page says nothing.
    expect((await asked(steward, 'GET', to.replace(event, 'pe-0000000000000000'))).to).toBe('/desk');
    const foreign = to.replace(/receipts=.*/, `receipts=${event}`);
    expect((await asked(steward, 'GET', foreign)).text).not.toContain('/receipts/');
    expect((await saidOf('M001')).length).toBe(before);
    expect(await waits()).toBe(0);
  });

  test('of who is to stay out of sight staff are warned at their request, with no name and no receipt to post', async () => {
    const { service } = club;
    const of = { source: 'members', person: 'M002' };
    const staff = { ...of, by: 'phone', replyTo: 'with.friends@people.example' };
    const open = (given: object) => openCase(service, steward, openCaseInput.parse({ ...staff, ...given }));
    const stop = must(await open({ kind: 'objection', words: 'No more.' }));
    const name = must(await open({ kind: 'correction', field: 'surname', value: 'Newname' }));
    const seen = async (id: string): Promise<string> =>
      (await asked(steward, 'GET', `/desk/cases/${id}`)).text;
    expect(await seen(name.case)).toContain('Newname');
    expect(await seen(name.case)).toContain('Surname: it should say');
    expect(await seen(stop.case)).toContain(`/receipts/${stop.event}`);
    must(await setSafeContact(service, steward, { ...of, safe: true }));
    for (const id of [stop.case, name.case]) {
      for (const text of [await seen(id), (await asked(steward, 'GET', `/cases/${id}`)).text]) {
        expect(text).toContain('They stay out of sight');
        expect(text).not.toMatch(/Newname|with\.friends|\/receipts\//);
      }
    }
  });

  test('whose copy was made for which request is a deed, on a page as by a program', async () => {
    const { service } = club;
    const given = { kind: 'access', by: 'phone', source: 'members', person: 'M003' };
    const made = must(await openCase(service, steward, openCaseInput.parse(given)));
    expect((await asked(officer, 'GET', `/copy/csv?case=${made.case}`)).status).toBe(200);
    asker = officer;
    const api = `${service.url}/api/organisations/${club.org}/copy?format=csv&case=${made.case}`;
    expect((await app.request(api)).status).toBe(200);
    const deeds = await service.state.as(club.org, (tx) =>
      tx.selectFrom('deed').select(['subject', 'outcome']).where('use_case', '=', 'copy-details').execute(),
    );
    expect(deeds).toEqual(Array(2).fill({ subject: made.case, outcome: 'done' }));
  });

  test('a yes taken back by telephone takes back what its words cover, and stops nothing else', async () => {
    const at = await foundAt('M005');
    const said = { kind: 'withdrawal', consent: 'web@1|toy-offers', by: 'phone' };
    const plain = { purpose: '', organisation: '', channel: '', signed: '', received: '' };
    const check = await asked(steward, 'POST', `${at}/say`, { ...said, ...plain, step: 'check' });
    expect(check.text).toContain('What is taken back');
    const scope = /<dt>What is taken back<\/dt><dd>([\s\S]*?)<\/dd>/.exec(check.text)?.[1] ?? '';
    expect(scope.match(/<li>/g)).toHaveLength(2);
    expect(scope.match(/Example Toys/g)).toHaveLength(2);
    expect(check.text).not.toContain('All of it');
    const { to } = await asked(steward, 'POST', `${at}/say`, { ...said, ...plain, step: 'record' });
    const recorded = await asked(steward, 'GET', to);
    expect([recorded.status, recorded.text]).toEqual([200, expect.stringContaining('It is recorded')]);
    expect(recorded.text.match(/\/receipts\/pe-/g)).toHaveLength(2);
    const of = {
      purpose: 'dpv:DirectMarketing',
      organisation: 'example-toys',
      channel: 'post',
      field: 'all',
    };
    expect(await saidOf('M005')).toEqual([
      expect.objectContaining({ kind: 'withdrawal', ...of }),
      expect.objectContaining({ kind: 'withdrawal', ...of, purpose: 'astold:Profiling' }),
    ]);
    const half = await asked(steward, 'POST', `${at}/say`, {
      ...{ ...said, ...plain, consent: 'web@1', step: 'record' },
    });
    expect(half.status).toBe(422);
    const typed = { ...said, ...plain, purpose: 'dpv:DirectMarketing', step: 'record' };
    expect((await asked(steward, 'POST', `${at}/say`, typed)).status).toBe(303);
    expect(await saidOf('M005')).toContainEqual(
      expect.objectContaining({ purpose: of.purpose, organisation: 'all', channel: 'all' }),
    );
  });

  test('what is recorded is a page to load again, and the same form sent again records nothing more', async () => {
    const at = await foundAt('M004');
    const before = (await saidOf('M004')).length;
    const said = { kind: 'restriction', by: 'phone', signed: '', received: '' };
    const form = await checked(steward, `${at}/say`, { ...said, purpose: '', organisation: '', channel: '' });
    const { status, to } = await asked(steward, 'POST', `${at}/say`, form);
    expect([status, to.startsWith(`${at}/recorded?receipts=pe-`)]).toEqual([303, true]);
    const sent = await Promise.all([1, 2].map(() => asked(steward, 'POST', `${at}/say`, form)));
    for (const again of sent) expect([again.status, again.to]).toEqual([303, to]);
    for (let i = 0; i < 2; i++) {
      const page = await asked(steward, 'GET', to);
      expect([page.status, page.text.match(/\/receipts\/pe-/g)?.length]).toEqual([200, 1]);
    }
    expect((await saidOf('M004')).length).toBe(before + 1);
    const changed = { ...form, kind: 'objection' };
    expect((await asked(steward, 'POST', `${at}/say`, changed)).status).toBe(422);
    // The same words once more, from the page that asks for them, are said once more.
    const anew = await checked(steward, `${at}/say`, { ...form, kind: 'restriction' });
    expect((await asked(steward, 'POST', `${at}/say`, anew)).to).not.toBe(to);
    expect((await saidOf('M004')).length).toBe(before + 2);
    const others = to.replace(at, await foundAt('M003'));
    expect((await asked(steward, 'GET', others)).status).toBe(303);
    expect((await asked(officer, 'GET', to)).status).toBe(403);
  });

  test('a stop taken back by telephone is taken back once, however often its button is pressed', async () => {
    const at = await foundAt('M004');
    const [stop] = await itemsOf(club.service, club.org, { source: 'members', record: 'M004' });
    const said = { kind: 'lift', lifts: stop?.event ?? '', by: 'phone', signed: '', received: '' };
    const form = await checked(steward, `${at}/say`, said);
    const { to } = await asked(steward, 'POST', `${at}/say`, form);
    expect(to).toMatch(/recorded\?receipts=pe-[0-9a-f]{16}$/);
    expect((await asked(steward, 'POST', `${at}/say`, form)).to).toBe(to);
    expect((await asked(steward, 'GET', to)).text).toContain('/receipts/pe-');
  });

  test('a letter that was keyed is a page to load again, and keyed once', async () => {
    const waits = async (): Promise<number> =>
      must(await listUnresolved(club.service, steward, { limit: 50 })).items.length;
    const before = await waits();
    const came = { by: 'letter', signed: '2026-01-02', received: '2026-01-03' };
    const said = { kind: 'objection', surname: 'Nobody', postcode: 'N1 9GU', ...came };
    const form = await checked(steward, '/desk/letter', said);
    const { status, to } = await asked(steward, 'POST', '/desk/letter', form);
    expect([status, to]).toEqual([303, expect.stringMatching(/^\/desk\/letter\/recorded\?receipts=pe-/)]);
    expect((await asked(steward, 'POST', '/desk/letter', form)).to).toBe(to);
    for (let i = 0; i < 2; i++) {
      const page = await asked(steward, 'GET', to);
      expect([page.status, page.text]).toEqual([200, expect.stringContaining('/receipts/pe-')]);
      expect(page.text).not.toMatch(/Nobody|N1 9GU/);
    }
    expect(await waits()).toBe(before + 1);
    // A receipt of somebody's record is no letter's.
    const at = await foundAt('M004');
    const spoken = { kind: 'restriction', by: 'phone', signed: '', received: '', purpose: '' };
    await asked(steward, 'POST', `${at}/say`, await checked(steward, `${at}/say`, spoken));
    const [others] = await itemsOf(club.service, club.org, { source: 'members', record: 'M004' });
    expect(others?.event).toMatch(/^pe-/);
    for (const none of ['', '?receipts=', '?receipts=pe-0000000000000000', `?receipts=${others?.event}`])
      expect((await asked(steward, 'GET', `/desk/letter/recorded${none}`)).to).toBe('/desk');
  });

  test('of who is to stay out of sight no name of a child is shown either, until the flag is taken off at the desk', async () => {
    const { service } = club;
    const asks = { kind: 'correction', source: 'members', person: 'M006', by: 'phone' };
    const said = openCaseInput.parse({ ...asks, field: 'child_name', value: 'Littlename' });
    const { case: id } = must(await openCase(service, steward, said));
    const at = await foundAt('M006');
    const shows = async (): Promise<boolean> =>
      (await asked(steward, 'GET', `/desk/cases/${id}`)).text.includes('Littlename');
    expect(await shows()).toBe(true);
    expect((await asked(steward, 'POST', `${at}/safe`, {})).status).toBe(303);
    expect(await shows()).toBe(false);
    const page = (await asked(steward, 'GET', at)).text;
    expect(page).toContain('name="safe" value="no"');
    expect((await asked(officer, 'POST', `${at}/safe`, { safe: 'no' })).status).toBe(403);
    expect(await shows()).toBe(false);
    expect((await asked(steward, 'POST', `${at}/safe`, { safe: 'no' })).status).toBe(303);
    expect(await shows()).toBe(true);
    expect((await asked(steward, 'GET', at)).text).toContain('name="safe" value="yes"');
  });

  test('where nobody is found, what they said can be written down still, by who may', async () => {
    const form = { reason: 'they rang', email: 'nobody@example.invalid', birthDate: '' };
    const leads = async (who: Actor) =>
      (await asked(who, 'POST', '/desk/find', form)).text.includes('/desk/letter"');
    expect(await leads(steward)).toBe(true);
    expect(await leads(officer)).toBe(false);
  });
});
