/** Every page of the window, of the desk and of what is passed on, asked for in another language: nothing of it is said in English. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { coverOf, ofMail } from '../../app/flow/cover.ts';
import { mailing, must, officer, steward } from '../../app/flow/flow.fixture.ts';
import { readWorkspace } from '../../app/flow/read-workspace.ts';
import { recordPreference, recordPreferenceInput } from '../../app/flow/record-preference.ts';
import type { Actor } from '../../app/flow/service.ts';
import { findPerson, findPersonInput } from '../../app/window/find-person.ts';
import { type Letters, sendLetters } from '../../app/window/letter.fixture.ts';
import { openCase, openCaseInput } from '../../app/window/open-case.ts';
import { passOn } from '../../app/window/pass-on.ts';
import { resolveEvent } from '../../app/window/resolve-event.ts';
import { type WindowFixture, windowFixture } from '../../app/window/window.fixture.ts';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import { addOtherWords, otherTag, unmarkedIn } from '../../words/other-words.fixture.ts';
import { apiRoutes } from '../api/api.ts';
import { openAttempts } from '../auth/attempts.ts';
import { authRoutes } from '../auth/routes.ts';
import { failHandler } from '../fail.ts';
import { requestRate } from '../rate-limit.ts';
import { routes } from '../routes/all.ts';
import type { Seen } from '../seen.ts';
import { flowPages } from './all.ts';
import { publicPages } from './public-pages.ts';

type Form = Readonly<Record<string, string>>;

describe.each(oneDatabase)('in another language, on $name', (database) => {
  let club: WindowFixture;
  let letters: Letters;
  let app: Hono<Seen>;
  let asker: Actor;
  let data: ReadonlySet<string>;
  let home: string;
  const remove = addOtherWords();
  beforeAll(async () => {
    club = await windowFixture(database);
    letters = await sendLetters(club);
    const { service, auths, org } = club;
    home = `/organisations/${org}`;
    data = await dataOf(club, letters.release);
    const attempts = openAttempts({ state: club.made.state, secret: 'a secret of thirty-two characters' });
    app = new Hono<Seen>();
    app.onError(failHandler(service.url));
    app.route('/', publicPages({ service, attempts, addressOf: () => '192.0.2.1' }));
    const parts = { service, actorOf: async () => asker, rate: requestRate(1_000_000) };
    app.route('/', flowPages(parts));
    app.route('/', apiRoutes({ ...parts, routes }));
    app.route('/', authRoutes({ auths, addressOf: () => '192.0.2.1', home: (of) => `/organisations/${of}` }));
  }, 180_000);
  afterAll(async () => {
    remove();
    await club.auths.settled();
    await club.drop();
  });

  async function asked(path: string, form: Form | null = null, language = otherTag): Promise<Response> {
    const headers = { 'Accept-Language': `fr, ${language};q=0.8, en;q=0.1`, Accept: 'text/html' };
    const body = form === null ? {} : { method: 'POST', body: new URLSearchParams(form) };
    return app.request(`${club.service.url}${path}`, { headers, ...body });
  }

  /** The page, all of which is in the other words but what is data. */
  async function page(path: string, form: Form | null = null): Promise<string> {
    const response = await asked(path, form);
    const text = await response.text();
    const at = `${form === null ? 'GET' : 'POST'} ${path} answered ${response.status}`;
    expect(response.status, `${at}: ${text.slice(0, 300)}`).toBeLessThan(500);
    if (response.status === 303)
      return page((response.headers.get('Location') ?? '').replace(/^https?:\/\/[^/]+/, ''));
    expect(text, at).toContain(`<html lang="${otherTag}">`);
    expect(response.headers.get('Content-Language'), at).toBe(otherTag);
    expect(response.headers.get('Vary'), at).toBe('Accept-Language');
    expect
      .soft(
        unmarkedIn(text).flatMap((each) => notData(each)),
        at,
      )
      .toEqual([]);
    return text;
  }
  /** Names, ids and what is held stand as they are. */
  const notData = (text: string): readonly string[] =>
    partsOf(text).filter((part) => /\p{L}/u.test(part) && !data.has(part) && !/^pe-[0-9a-f]{16}$/.test(part));

  /** All pages that links of the window lead to, from the first. */
  async function walk(from: string): Promise<ReadonlySet<string>> {
    const known = new Set([from]);
    for (const path of known) {
      if (/\.(json|csv)(\?|$)|\/copy\/|\/delta$/.test(path)) continue;
      const text = await page(path);
      for (const [, href = ''] of text.matchAll(/<a [^>]*?href="(\/[^"#]*)"/g)) {
        const to = href.replaceAll('&amp;', '&');
        if (isOurs(to)) known.add(to);
      }
    }
    return known;
  }
  /** The pages of the flow are of staff alone, and English. */
  const isOurs = (path: string): boolean =>
    !/^\/(auth\/staff|organisations$|api|problems)/.test(path) &&
    (asker.kind === 'member' ||
      !path.startsWith(home) ||
      /^\/(desk|passed-on|receipts|cases)\b/.test(path.slice(home.length)));

  test('what a member is shown', async () => {
    asker = club.member('ada@people.example');
    await page(`${home}/say/stop-one/purpose`);
    await page(`${home}/say/stop-one/channel`, { term: 'post', sure: 'yes' });
    await page(`${home}/say/correct`, { record: '1', field: 'surname', value: 'Ambry', sure: 'yes' });
    await page(`${home}/say/complain`, { words: 'It is wrong.', sure: 'yes' });
    await page(`${home}/say/copy`, { words: 'My letters.', sure: 'yes' });
    await passOn(club.service);
    const walked = await walk(home);
    for (const path of [
      ...['/details/held', '/details/told', '/details/told/1', '/details/said', '/prove', '/answers'],
      ...['/say', '/say/stop', '/say/withdraw', '/say/allow', '/say/erase', '/say/safe', '/cases'],
      `/details/lists/${letters.release}`,
    ])
      expect(walked, path).toContain(`${home}${path}`);
    expect([...walked].filter((path) => path.includes('/receipts/'))).not.toEqual([]);
  });

  test('each step of what a member says', async () => {
    asker = club.member('ada@people.example');
    const say = (path: string, form: Form): Promise<string> => page(`${home}/say/${path}`, form);
    await say('stop-one/organisation', { term: 'example-toys' });
    await say('stop-one/purpose', { term: 'none' });
    await say('correct', { record: '1', field: 'email' });
    await say('correct', { record: '1', field: 'email', value: 'new@people.example' });
    await say('correct', { record: '1', field: 'email', value: 'ada@people.example', sure: 'yes' });
    await say('complain', { words: '' });
    await say('complain', { words: 'It is wrong.' });
    await say('copy', { words: 'My letters.' });
    await say('erase', { record: '1' });
    await say('withdraw', {});
    const yes = /name="which" value="([^"]+)"/.exec(await page(`${home}/say/withdraw`))?.[1] ?? '';
    await say('withdraw', { which: yes });
    await say('withdraw', { which: yes, sure: 'yes' });
    const allow = await page(`${home}/say/allow`);
    const stop = /name="stop" value="([^"]+)"/.exec(allow)?.[1] ?? '';
    await say('allow', { stop });
    await say('allow', { stop, sure: 'yes' });
    const again = /name="yes" value="([^"]+)"/.exec(allow)?.[1];
    if (again !== undefined) await say('allow', { yes: again, sure: 'yes' });
    await say('allow', { stop, sure: 'yes', lift: 'yes' });
    await say('stop', { for: 'home' });
    await say('safe', { safe: 'yes' });
    await walk(home);
  });

  test('what the desk is shown, with what is wrong with its forms', async () => {
    asker = steward;
    const { service } = club;
    const said = {
      source: 'members',
      kind: 'objection',
      by: 'letter',
      signed: '2026-01-02',
      received: '2026-01-03',
    };
    const letter = { ...said, surname: 'Ambzzz', postcode: 'ZZ1 1ZZ' };
    const { event } = must(await recordPreference(service, steward, recordPreferenceInput.parse(letter)));
    const of = { kind: 'access', by: 'phone', source: 'members', person: 'M003' };
    const one = must(await openCase(service, steward, openCaseInput.parse(of)));
    const { lookUp } = must(
      await findPerson(service, steward, findPersonInput.parse({ reason: 'they rang', record: 'M002' })),
    );
    const person = `${home}/desk/found/${lookUp}/1`;
    const phoned = { by: 'phone', signed: '', received: '' };
    await page(`${home}/desk/find`, { reason: '' });
    await page(`${home}/desk/find`, { reason: 'they rang', postcode: 'ZZ1 1ZZ' });
    await page(`${home}/desk/find`, { reason: 'they rang', email: 'nobody@people.example' });
    await page(`${home}/desk/find`, { reason: 'they rang', record: 'M004' });
    await page(person);
    for (const kind of ['', 'objection', 'withdrawal', 'consent', 'lift'])
      await page(`${person}/say?kind=${kind}`);
    await page(`${person}/say`, { kind: 'objection', step: 'check', purpose: 'dpv:Marketing', ...phoned });
    await page(`${person}/say`, {
      kind: 'objection',
      step: 'record',
      organisation: 'example-toys',
      ...phoned,
    });
    await page(`${person}/say`, { kind: 'lift', step: 'check', by: 'letter', signed: '', received: '' });
    await page(person);
    await page(`${person}/say?kind=lift`);
    await page(`${person}/ask`, {
      kind: 'correction',
      step: 'check',
      field: 'surname',
      value: 'Ambry',
      ...phoned,
    });
    await page(`${person}/ask`, { kind: 'complaint', step: 'check', words: '', ...phoned });
    await page(`${home}/desk/letter`, { step: 'check', kind: '', by: '' });
    await page(`${home}/desk/letter`, {
      step: 'check',
      ...said,
      postcode: 'ZZ1 1ZZ',
      surname: 'Ambzzz',
    });
    await page(`${home}/desk/unresolved/${event}`, { words: '' });
    await page(`${home}/desk/cases/${one.case}`, { deed: 'asked', version: '1', 'words-asked': '' });
    await page(`${home}/desk/cases/${one.case}`, { deed: 'note', version: '1', 'words-note': 'They rang.' });
    await page(`${person}/safe`, {});
    const walked = await walk(`${home}/desk`);
    for (const path of ['/desk/find', '/desk/letter']) expect(walked, path).toContain(`${home}${path}`);
    asker = officer;
    await page(`${home}/desk/look-ups`);
    await page(`${home}/desk/cases/${one.case}`, {
      deed: 'end',
      version: '2',
      outcome: 'refused',
      'words-end': 'No.',
    });
  });

  test('a yes taken back at the desk, what came by letter on another day, and the letters of others', async () => {
    asker = steward;
    const { service } = club;
    const input = findPersonInput.parse({ reason: 'they rang', record: 'M002' });
    const person = `${home}/desk/found/${must(await findPerson(service, steward, input)).lookUp}/1`;
    const phoned = { by: 'phone', signed: '', received: '' };
    const yes = { kind: 'withdrawal', consent: 'web@1|toy-offers', ...phoned };
    expect(await page(`${person}/say`, { ...yes, step: 'check' })).toContain('⟦What is taken back⟧');
    await page(`${person}/say`, { ...yes, step: 'record' });
    const came = { by: 'letter', signed: '2026-01-02', received: '2026-01-05' };
    const stop = { kind: 'objection', purpose: 'astold:Fundraising', ...came };
    await page(`${person}/say`, { ...stop, step: 'record' });
    asker = club.member('ben@people.example');
    expect(await page(`${home}/details/said`)).toMatch(/⟦[^⟧]*2 January 2026[^⟧]*⟦?5 January 2026/);
    const near = { source: 'members', kind: 'objection', surname: 'Ambzzz', postcode: 'ZZ1 1ZZ', ...came };
    const letter = recordPreferenceInput.parse(near);
    const { event } = must(await recordPreference(service, steward, letter));
    asker = officer;
    const seen = await page(`${home}/desk/unresolved/${event}`);
    expect(seen).toContain('⟦A steward says whose it is.⟧');
    expect(seen).not.toContain('<form method="post" action="/organisations/');
    asker = steward;
    const nobodys = { event, source: 'members', records: [], words: 'another name' };
    must(await resolveEvent(service, steward, nobodys));
    const kept = await page(`${home}/desk/unresolved/${event}`, { words: 'The same hand.', nobody: 'yes' });
    expect(kept).toContain('⟦What you wrote, which is not recorded⟧');
  });

  test('a request of somebody not found, to its end', async () => {
    asker = steward;
    const input = findPersonInput.parse({ reason: 'they rang', email: 'nobody@people.example' });
    const { lookUp } = must(await findPerson(club.service, steward, input));
    const at = `${home}/desk/looked/${lookUp}/ask`;
    const came = { by: 'letter', signed: '2026-01-02', received: '2026-01-05', replyTo: 'ZZ1 1ZZ' };
    await page(at);
    await page(at, { kind: '' });
    for (const kind of ['access', 'correction', 'erasure', 'complaint', 'objection']) {
      await page(`${at}?kind=${kind}`);
      await page(at, { kind, step: 'check', by: '', replyTo: '' });
      const form = { kind, ...came, words: 'It is wrong.', field: 'members|surname', value: 'Ambry' };
      const whose = { surname: 'Ambzzz', addressLine: '1 Larch Row', postcode: 'ZZ1 1ZZ', birthDate: '' };
      await page(at, { ...form, ...whose, step: 'check' });
      const opened = await page(at, { ...form, ...whose, step: 'record' });
      const path = /action="[^"]*(\/desk\/cases\/[^"]+)"/.exec(opened)?.[1] ?? '';
      expect(path, kind).not.toBe('');
      const end = { deed: 'end', version: '1', outcome: 'done', 'words-end': 'Nothing is held.' };
      await page(`${home}${path}`, end);
      await page(`${home}${path}`);
    }
  });

  test('what whoever is in no record is told, before and after they send a form', async () => {
    asker = club.member('nobody@people.example');
    await walk(home);
    const forms = [
      '',
      '/stop',
      '/stop-one',
      '/stop-one/purpose',
      '/withdraw',
      '/allow',
      '/correct',
      '/erase',
    ];
    for (const path of [...forms, '/copy', '/complain', '/safe']) {
      const text = await page(`${home}/say${path}`);
      expect(text, path).toContain('⟦What you can do⟧');
    }
    await page(`${home}/say/complain`, { words: 'It is wrong.', sure: 'yes' });
    await page(`${home}/say/stop`, { for: 'me' });
    await page(`${home}/say/safe`, { safe: 'yes' });
  });

  test('the mails of a request that was opened on a page, or by their program, in that language', async () => {
    const mails = async (): Promise<readonly { readonly subject: string; readonly body: string }[]> =>
      club.service.state.as(club.org, (tx) =>
        tx
          .selectFrom('mail')
          .select(['subject', 'body'])
          .where('kind', '=', 'case')
          .where('recipient', '=', 'femi@people.example')
          .execute(),
      );
    asker = club.member('femi@people.example');
    await asked(`${home}/say/complain`, { words: 'On a page.', sure: 'yes' });
    const json = { method: 'POST', body: JSON.stringify({ kind: 'complaint', words: 'By a program.' }) };
    const headers = {
      ...{ 'Content-Type': 'application/json', 'Idempotency-Key': 'one', 'Sec-Fetch-Site': 'same-origin' },
      'Accept-Language': otherTag,
    };
    const sent = await app.request(`${club.service.url}/api${home}/cases`, { ...json, headers });
    expect(sent.status, await sent.clone().text()).toBeLessThan(300);
    const found = await mails();
    expect(found).toHaveLength(2);
    for (const { subject, body } of found) {
      expect(subject).toMatch(/^⟦/);
      for (const part of body.trim().split('\n\n')) expect(part).toMatch(/^(⟦.*⟧|https?:\/\/\S+)$/s);
    }
  });

  test('a refusal, which a use case words in English, is marked as that', async () => {
    asker = steward;
    const of = { kind: 'complaint', words: 'x', by: 'phone', source: 'members', person: 'M003' };
    const one = must(await openCase(club.service, steward, openCaseInput.parse(of)));
    const deed = { deed: 'note', version: '99', 'words-note': 'They rang.' };
    expect(await page(`${home}/desk/cases/${one.case}`, deed)).toContain('role="alert" lang="en">');
  });

  test('what was passed on, to who has it', async () => {
    asker = mailing;
    await page(`${home}/passed-on`);
    await page(`${home}/passed-on/acknowledgement`, { answer: 'refused', words: '' });
  });

  test('the pages that need no account', async () => {
    asker = mailing;
    const code = letters.codes.get('Ada') ?? '';
    await walk('/');
    await page('/letter', { code: 'AB' });
    await page('/letter', { code: '0000-0000-00000' });
    await page('/letter', { code });
    await page('/letter/notice', { code, notice: '0' });
    const stopped = await page('/letter/stop', { code });
    const file = /href="data:application\/json;base64,([^"]+)"/.exec(stopped)?.[1] ?? '';
    const receipt = Buffer.from(file, 'base64').toString('utf8');
    await page('/check', { text: '' });
    await page('/check', { text: 'no receipt' });
    await page('/check', { text: receipt });
    await page('/check', { text: receipt.replace('objection', 'consent') });
    await page('/check', { text: /<code class="square">([^<]+)/.exec(stopped)?.[1] ?? '' });
    await page('/auth/members/sign-in', { org: club.org, email: 'x' });
    await page('/auth/members/sign-in', { org: 'x', email: 'ada@people.example' });
    await page(`/auth/members/arrive?${new URLSearchParams({ org: club.org, token: 'a'.repeat(32) })}`);
    await page('/auth/members/arrive', { org: club.org, token: 'a'.repeat(32) });
    await page('/auth/signed-out');
  });

  test('the mail with the link, and the copy', async () => {
    expect(
      (await asked('/auth/members/sign-in', { org: club.org, email: 'bela@people.example' })).status,
    ).toBe(303);
    await club.auths.settled();
    const mails = await club.service.state.as(club.org, (tx) =>
      tx.selectFrom('mail').select(['org', 'id', 'subject', 'body']).where('kind', '=', 'sign-in').execute(),
    );
    const cover = coverOf(club.auths.settings.secret);
    for (const { subject, body: sealed, ...mail } of mails) {
      const body = cover.open(ofMail(mail), sealed);
      expect(subject).toBe('⟦Your link to Example Club⟧');
      for (const part of body.trim().split('\n\n')) expect(part).toMatch(/^(⟦.*⟧|https:\/\/\S+)$/s);
    }
    asker = club.member('ada@people.example');
    for (const path of [`${home}/copy/csv`, `/api${home}/copy?format=csv`]) {
      const csv = await asked(path);
      const said = [csv.headers.get('Content-Language'), csv.headers.get('Vary')];
      expect(said, path).toEqual([otherTag, 'Accept-Language']);
      const [head, ...rows] = (await csv.text()).split('\r\n');
      expect(head).toBe('"⟦part⟧","⟦what⟧","⟦value⟧","⟦from⟧","⟦when⟧"');
      expect(rows.length).toBeGreaterThan(20);
      for (const row of rows.slice(0, -1)) expect(row).toMatch(/^"⟦[^"]*⟧","⟦/);
    }
    const pdf = Buffer.from(await (await asked(`${home}/copy/pdf`)).arrayBuffer()).toString('latin1');
    expect(pdf).toContain(`/Lang (${otherTag})`);
  });

  test('whoever reads English gets the same pages in English', async () => {
    asker = club.member('ada@people.example');
    const response = await asked(home, null, 'en-GB');
    expect(response.headers.get('Content-Language')).toBe('en');
    const text = await response.text();
    expect(text).toContain('<html lang="en">');
    expect(text).not.toMatch(/[⟦⟧]/);
  });
});

const partsOf = (text: string): readonly string[] =>
  text.split(/\s*[,:;()·]\s+|(?:^|\s+)-\s+|[()]|[,:;.]$/).map((part) => part.trim());

/** What is held, and what the club's documents name: as it stands there. */
async function dataOf({ service, org }: WindowFixture, release: string): Promise<ReadonlySet<string>> {
  const workspace = await readWorkspace(service, org);
  const csv = await readFile(join(service.data, org, 'data', 'members.csv'), 'utf8');
  const cells = csv.split(/[\n,]/);
  return new Set(
    [
      ...['AsTold', 'Example Club', release, org],
      ...cells,
      ...cells.map((cell) => cell.replaceAll('_', ' ')),
      ...workspace.organisations.flatMap(({ id, legalName }) => [id, legalName, ...legalName.split(' ')]),
      ...workspace.requests.flatMap(({ id, title }) => [id, title]),
      ...workspace.notices.flatMap(({ id, consents }) => [
        id,
        ...consents.flatMap(({ wording }) => partsOf(wording.text)),
      ]),
      ...workspace.sources.flatMap(({ id, fields }) => [
        id,
        ...fields.map(({ name }) => name.replaceAll('_', ' ')),
      ]),
    ].map((text) => text.trim()),
  );
}
