/** What people said is shown as they said it: a yes by its words, a stop taken back as that stop, and whose it is. */
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { must, steward } from '../../app/flow/flow.fixture.ts';
import { readDocument } from '../../app/flow/read-document.ts';
import { recordPreference, recordPreferenceInput } from '../../app/flow/record-preference.ts';
import type { Actor } from '../../app/flow/service.ts';
import { findPerson, findPersonInput } from '../../app/window/find-person.ts';
import { recordOwn, type SaidOfOwn } from '../../app/window/record-own.ts';
import { type WindowFixture, windowFixture } from '../../app/window/window.fixture.ts';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import { openAttempts } from '../auth/attempts.ts';
import { failHandler } from '../fail.ts';
import { requestRate } from '../rate-limit.ts';
import type { Seen } from '../seen.ts';
import { flowPages } from './all.ts';
import { publicPages } from './public-pages.ts';

const wording = 'Example Toys';
const everything = /everything|every use|by anybody|in every way|All of it/;

// What of the database matters is tested with the use cases.
describe.each(oneDatabase)('on $name', (database) => {
  let club: WindowFixture;
  let app: Hono<Seen>;
  let asker: Actor;
  beforeAll(async () => {
    club = await windowFixture(database);
    const { service } = club;
    const twin = 'H004,Ada,Other,1 Larch Row,ZZ1 1ZZ,ada@people.example,2026-03-01,web@1,Y,,\n';
    await appendFile(join(service.data, club.org, 'data/members.csv'), twin);
    const attempts = openAttempts({ state: club.made.state, secret: 'a secret of thirty-two characters' });
    app = new Hono<Seen>();
    app.onError(failHandler(service.url));
    app.route('/', publicPages({ service, attempts, addressOf: () => '192.0.2.1' }));
    app.route('/', flowPages({ service, actorOf: async () => asker, rate: requestRate(1_000_000) }));
  }, 180_000);
  afterAll(() => club.drop());

  type Fields = Readonly<Record<string, string>>;
  const at = (path: string): string =>
    `${club.service.url}${path === '/check' ? path : `/organisations/${club.org}${path}`}`;
  async function asked(path: string, form?: Fields): Promise<string> {
    const response = await app.request(at(path), {
      headers: { 'Sec-Fetch-Site': 'same-origin' },
      ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
    });
    const to = response.headers.get('Location');
    return to === null ? response.text() : asked(to.replace(`/organisations/${club.org}`, ''));
  }
  /** A row of a list of facts. */
  const fact = (page: string, name: string): string | undefined =>
    new RegExp(`<dt[^>]*>${name}</dt>\\s*<dd[^>]*>([\\s\\S]*?)</dd>`).exec(page)?.[1];
  const rowsOf = (page: string): readonly string[] => page.match(/<tr role="row">[\s\S]*?<\/tr>/g) ?? [];

  async function says(email: string, record: string, said: SaidOfOwn): Promise<string> {
    const member = club.member(email);
    return must(await recordOwn(club.service, member, { source: 'members', record }, said)).event;
  }
  /** What is checked is the file, as it was saved. */
  const checked = async (event: string): Promise<string> =>
    asked('/check', { text: await asked(`/receipts/${event}.json`) });
  const yes = { kind: 'consent', notice: 'web@1', consent: 'toy-offers' };

  async function foundAt(record: string): Promise<string> {
    const input = findPersonInput.parse({ reason: 'they rang', record });
    return `/desk/found/${must(await findPerson(club.service, steward, input)).lookUp}/1`;
  }

  test('a yes is said in the words that it was to, wherever it is said, and never as a yes to everything', async () => {
    asker = club.member('cara@people.example');
    const event = await says('cara@people.example', 'M003', yes);
    const said = await asked('/details/said');
    expect(rowsOf(said).filter((row) => row.includes('Yes (consent)')).length).toBeGreaterThan(0);
    for (const row of rowsOf(said).filter((each) => each.includes('Yes (consent)'))) {
      expect(row).toContain(wording);
      expect(row).not.toMatch(everything);
    }
    const receipt = await asked(`/receipts/${event}`);
    expect(fact(receipt, 'The words')).toContain(wording);
    expect(fact(receipt, 'About')).toBeUndefined();
    expect(receipt).not.toMatch(everything);
    const check = await checked(event);
    expect(check).toContain('This receipt holds');
    expect(check).toMatch(/You said yes to these words: <q[^>]*>[^<]*Example Toys/);
    expect(check).not.toMatch(everything);
    const copy = (await asked('/copy/csv')).split('\n').filter((line) => line.includes('Yes (consent)'));
    expect(copy.length).toBeGreaterThan(0);
    for (const line of copy) expect(line).toContain(wording);
    asker = steward;
    const desk = rowsOf(await asked(await foundAt('M003'))).filter((row) => row.includes('A yes<'));
    expect(desk.length).toBeGreaterThan(0);
    for (const row of desk)
      expect([row, everything.test(row)]).toEqual([expect.stringContaining(wording), false]);
  });

  test('a yes taken back is said with what it stopped, and with the words of the yes', async () => {
    asker = club.member('cara@people.example');
    const scope = { purpose: 'dpv:DirectMarketing', organisation: 'example-toys', channel: 'post' };
    const event = await says('cara@people.example', 'M003', { ...yes, ...scope, kind: 'withdrawal' });
    const receipt = await asked(`/receipts/${event}`);
    expect(fact(receipt, 'About')).toMatch(
      /sending you advertising, by <bdi>Example Toys[^<]*<\/bdi>, by post/,
    );
    expect(fact(receipt, 'The yes you took back')).toContain(wording);
    const row = rowsOf(await asked('/details/said')).find((each) => each.includes(event)) ?? '';
    expect(row).toContain('direct marketing');
    expect(row).toContain('You had said yes to this:');
  });

  test('a stop taken back is said as that very stop, and its receipt has its number', async () => {
    asker = club.member('dev@people.example');
    const stop = await says('dev@people.example', 'M004', { kind: 'objection', channel: 'post' });
    const lift = await says('dev@people.example', 'M004', { kind: 'lift', lifts: stop });
    const row = rowsOf(await asked('/details/said')).find((each) => each.includes(lift)) ?? '';
    expect(row).toContain('I take back a stop');
    expect([row.includes('by post'), everything.test(row)]).toEqual([true, false]);
    const named = fact(await asked(`/receipts/${lift}`), 'The stop you took back') ?? '';
    expect(named).toContain('by post');
    expect(named).toContain(`<code>${stop}</code>`);
    const check = await checked(lift);
    expect(check).toContain(`<code>${stop}</code>`);
    expect(check).not.toMatch(everything);
  });

  test('a receipt of a letter has the day it was signed and the day it came', async () => {
    asker = steward;
    const days = { by: 'letter', signed: '2026-01-10', received: '2026-01-20' };
    const given = { source: 'members', person: 'M006', kind: 'objection', ...days };
    const { event } = must(await recordPreference(club.service, steward, recordPreferenceInput.parse(given)));
    const receipt = await asked(`/receipts/${event}`);
    expect([fact(receipt, 'You signed it on'), fact(receipt, 'It reached us on')]).toEqual([
      '10 January 2026',
      '20 January 2026',
    ]);
    expect(fact(receipt, 'When')).toBeUndefined();
    expect(receipt.match(/<h\d/g)).toEqual(['<h1', '<h2', '<h3']);
    const said = await says('femi@people.example', 'M006', { kind: 'objection', channel: 'post' });
    const now = await asked(`/receipts/${said}`);
    expect([fact(now, 'When') === undefined, fact(now, 'You signed it on')]).toEqual([false, undefined]);
  });

  describe('at the desk', () => {
    const plain = { signed: '', received: '', by: 'phone' };

    test('a stop of a file is seen, stands on the check page of a yes, and can be taken back', async () => {
      asker = steward;
      const at = await foundAt('M005');
      const row = rowsOf(await asked(at)).find((each) => each.includes('A stop')) ?? '';
      expect(row).toContain('In a file that came with the records');
      const typed = { kind: 'consent', consent: 'web@1|toy-offers', ...plain };
      const check = await asked(`${at}/say`, { ...typed, step: 'check' });
      expect(fact(check, 'Stops of theirs that stand')).toContain('<code>E001</code>');
      expect(fact(check, 'Words')).toContain(wording);
      expect(fact(check, 'What it allows')).toContain('Example Toys');
      expect(check).not.toContain('All of it');
      expect(check).toContain('It takes back no stop');
      const form = await asked(`${at}/say?kind=lift`);
      expect(form).toContain('value="E001"');
      const lift = { kind: 'lift', lifts: 'E001', ...plain };
      expect(await asked(`${at}/say`, { ...lift, step: 'record' })).toContain('It is recorded');
      expect(await asked(`${at}/say?kind=lift`)).not.toContain('value="E001"');
      const after = await asked(`${at}/say`, { ...typed, step: 'check' });
      expect(fact(after, 'Stops of theirs that stand')).toBe('None');
    });

    test('the form of a yes asks for the words alone', async () => {
      asker = steward;
      const form = await asked(`${await foundAt('M003')}/say?kind=consent`);
      expect(form).toContain('name="consent"');
      expect(form).not.toMatch(/name="(purpose|organisation|channel)"/);
    });

    test('of several receipts each says what it is of', async () => {
      asker = steward;
      const typed = { kind: 'withdrawal', consent: 'web@1|toy-offers', ...plain };
      const done = await asked(`${await foundAt('M007')}/say`, { ...typed, step: 'record' });
      const links = [
        ...done.matchAll(/<a class="button plain" href="[^"]*\/receipts\/[^"]*">([\s\S]*?)<\/a>/g),
      ];
      expect(links.length).toBeGreaterThan(1);
      expect(new Set(links.map(([, text]) => text)).size).toBe(links.length);
    });
  });

  describe('two people at one address', () => {
    const names = /Record 1: <bdi>Ada Other<\/bdi>, Record 2: <bdi>Ada Amberley<\/bdi>/;

    test.each(['/say/stop', '/say/stop-one'])('are both named by %s', async (path) => {
      asker = club.member('ada@people.example');
      expect(await asked(path)).toMatch(names);
      asker = club.member('ben@people.example');
      expect(await asked(path)).not.toContain('For:');
    });

    test('are told of each choice, and of each receipt, whose it is', async () => {
      asker = club.member('ada@people.example');
      const withdraw = await asked('/say/withdraw');
      for (const name of ['Ada Other', 'Ada Amberley']) expect(withdraw).toContain(`<bdi>${name}</bdi>`);
      const which = /name="which" value="([^"]+)"/.exec(withdraw)?.[1] ?? '';
      expect(fact(await asked('/say/withdraw', { which }), 'For')).toContain('Ada Other');
      const check = await asked('/say/stop-one/channel', { term: 'sms' });
      expect(fact(check, 'For')).toMatch(names);
      const done = await asked('/say/stop-one/channel', { term: 'sms', sure: 'yes' });
      const links = [
        ...done.matchAll(/<a class="button plain" href="[^"]*\/receipts\/[^"]*">([\s\S]*?)<\/a>/g),
      ];
      const texts = links.map(([, text]) => text ?? '');
      expect(texts).toHaveLength(2);
      expect(texts.map((text) => text.includes('by text message'))).toEqual([true, true]);
      expect(texts.filter((text) => text.includes('Ada Other'))).toHaveLength(1);
      expect(texts.filter((text) => text.includes('Ada Amberley'))).toHaveLength(1);
      const allow = await asked('/say/allow');
      for (const name of ['Ada Other', 'Ada Amberley']) expect(allow).toContain(`<bdi>${name}</bdi>`);
      const rows = rowsOf(await asked('/details/said')).filter((row) => row.includes('by text message'));
      expect(rows.map((row) => /Ada (Other|Amberley)/.exec(row)?.[1]).sort()).toEqual(['Amberley', 'Other']);
    });
  });

  test('words that the notice had otherwise before are not said to be those that were agreed to', async () => {
    asker = club.member('cara@people.example');
    const event = await says('cara@people.example', 'M003', yes);
    const quote = /<q[^>]*>([^<]+)<\/q>/;
    const quoted = quote.exec(await checked(event))?.[1] ?? '';
    const path = 'notices/web-1.md';
    const { text } = must(await readDocument(club.service, steward, { path }));
    const earlier = { path, digest: 'e'.repeat(64), text: text.replaceAll(quoted, `${quoted} and others`) };
    expect(earlier.text).not.toBe(text);
    const made = { org: club.org, made_by: 's.steward', made_at: new Date() };
    await club.service.state.as(club.org, (tx) =>
      tx
        .insertInto('document')
        .values({ ...made, ...earlier })
        .execute(),
    );
    const check = await checked(event);
    expect(check).toContain('This receipt holds');
    expect(check).toMatch(/As the notice says them now: <q/);
    expect(fact(await asked(`/receipts/${event}`), 'The words')).toContain('as the notice says it now');
    const row = rowsOf(await asked('/details/said')).find((each) => each.includes(event)) ?? '';
    expect(row).toContain('of the notice web@1 that were changed since');
    expect(row).not.toContain(wording);
  });

  test.each(['/say/stop-one', '/say/stop-one/channel', '/say/withdraw', '/say/correct', '/say/allow'])(
    'the legal name stands beside the plain one on %s',
    async (path) => {
      asker = club.member('ben@people.example');
      expect(await asked(path)).toMatch(/In law: [A-Z]/);
    },
  );
});
