/** The desk's pages: for whom they are, whose a letter is of which more people may be than are shown, and who is to stay out of sight. */
import { readFile, writeFile } from 'node:fs/promises';
import type { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countWaiting } from '../../app/flow/count-waiting.ts';
import { auditor, mailing, must, officer, steward } from '../../app/flow/flow.fixture.ts';
import { readinessOf } from '../../app/flow/readiness.ts';
import { recordPreference, recordPreferenceInput } from '../../app/flow/record-preference.ts';
import type { Actor } from '../../app/flow/service.ts';
import { listUnresolved } from '../../app/window/list-unresolved.ts';
import { openCase, openCaseInput } from '../../app/window/open-case.ts';
import { setSafeContact } from '../../app/window/safe-contact.ts';
import { type WindowFixture, windowFixture } from '../../app/window/window.fixture.ts';
import { mostFound } from '../../app/window/write-look-up.ts';
import { databases } from '../../store/postgres/databases.fixture.ts';
import { openFigures } from '../figures.ts';
import { requestRate } from '../rate-limit.ts';
import { routes } from '../routes/all.ts';
import type { Seen } from '../seen.ts';
import { createApp } from '../server.ts';
import { flowPages } from './all.ts';

type Answered = { readonly status: number; readonly text: string };

describe.each(databases)('on $name', (database) => {
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
    await writeFile(file, `${csv}${more.join('\n')}\n`);
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
    return { status: response.status, text: await response.text() };
  }

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
    }
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
    const done = await asked(steward, 'POST', at, { words, record: 'M001' });
    expect(done.status).toBe(200);
    expect(done.text).toContain('/receipts/');
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
});
