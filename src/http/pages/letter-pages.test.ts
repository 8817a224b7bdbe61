import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { must, officer } from '../../app/flow/flow.fixture.ts';
import { endCase } from '../../app/window/end-case.ts';
import { type Letters, sendLetters } from '../../app/window/letter.fixture.ts';
import { openCase, openCaseInput } from '../../app/window/open-case.ts';
import { ownKeyed } from '../../app/window/record-key.ts';
import { type WindowFixture, windowFixture } from '../../app/window/window.fixture.ts';
import { passedOnWithin } from '../../app/window/write-passed-on.ts';
import { addPeriod, dayOf } from '../../policy/dates.ts';
import { day } from '../../policy/figures.ts';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import { traceCode } from '../../supply/trace-code.ts';
import { openAttempts } from '../auth/attempts.ts';
import { failHandler } from '../fail.ts';
import type { Seen } from '../seen.ts';
import { publicPages } from './public-pages.ts';

const base = 'https://astold.example';

// What of the database matters is tested with the use cases.
describe.each(oneDatabase)('the pages of a letter, on $name', (database) => {
  let club: WindowFixture;
  let letters: Letters;
  let app: Hono<Seen>;
  let address = '192.0.2.1';
  beforeAll(async () => {
    club = await windowFixture(database);
    letters = await sendLetters(club);
    const attempts = openAttempts({ state: club.made.state, secret: 'a secret of thirty-two characters' });
    app = new Hono<Seen>();
    app.onError(failHandler(base));
    app.route('/', publicPages({ service: club.service, attempts, addressOf: () => address }));
  }, 120_000);
  afterAll(() => club.drop());

  const post = (path: string, fields: Readonly<Record<string, string>>): Promise<Response> =>
    Promise.resolve(
      app.request(`${base}${path}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'text/html' },
        body: new URLSearchParams(fields).toString(),
      }),
    );
  const codeOf = (name: string): string => letters.codes.get(name) ?? '';
  const unknown = (n: number): string => traceCode('another key of thirty-two letters', String(n));

  test('a code is forgiven its spaces and look-alikes, and opens its letter', async () => {
    const typed = codeOf('Ada').toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
    const response = await post('/letter', { code: ` ${typed} ` });
    expect([response.status, response.headers.get('Cache-Control')]).toEqual([200, 'no-store']);
    const page = await response.text();
    expect(page).toContain('Example Mailing Ltd');
    expect(page).toContain('Example Toys Ltd');
    expect(page).not.toMatch(/Amberley|Larch|people\.example|M001/);
    expect(page).toMatch(/<title>[^<]*<\/title>/);
    expect(/<title>([^<]*)/.exec(page)?.[1]).not.toContain(codeOf('Ada'));
  });

  test.each([
    ['nothing', '', 'Put in the code'],
    ['too little', 'ABCD', 'this has 4'],
    ['a letter that no code has', 'UUUU-UUUU-UUUUU', 'never the letter U'],
  ])('%s is told beside the field, and summed up at the top', async (_, code, said) => {
    const response = await post('/letter', { code });
    expect(response.status).toBe(400);
    const page = await response.text();
    expect(page.split(said)).toHaveLength(3);
    expect(page).toContain('aria-invalid="true"');
    expect(page).toContain('href="#code"');
  });

  test('a wrong check digit is told at once, and is no guess', async () => {
    address = '192.0.2.7';
    const code = codeOf('Ada').replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    for (let i = 0; i < 30; i++) expect((await post('/letter', { code })).status).toBe(400);
    expect((await post('/letter', { code: codeOf('Ada') })).status).toBe(200);
  });

  test('an unknown code is answered politely; guesses are locked out by address, known letters never are', async () => {
    address = '192.0.2.8';
    for (let i = 0; i < 30; i++) expect((await post('/letter', { code: codeOf('Ada') })).status).toBe(200);
    const answers: Response[] = [];
    for (let i = 0; i < 21; i++) answers.push(await post('/letter', { code: unknown(i) }));
    expect(answers.map(({ status }) => status)).toEqual([...Array.from({ length: 20 }, () => 404), 429]);
    expect(await answers[0]?.text()).toContain('Write to the sender');
    expect(Number(answers[20]?.headers.get('Retry-After'))).toBeGreaterThan(0);
    // Who knows a code learns nothing more by it, and a guess that hits is not told from one that does not.
    expect((await post('/letter', { code: codeOf('Ada') })).status).toBe(429);
    address = '192.0.2.9';
    expect((await post('/letter', { code: codeOf('Ada') })).status).toBe(200);
  });

  test('the notice is shown with the words of the letter marked', async () => {
    const page = await (await post('/letter/notice', { code: codeOf('Ada'), notice: '0' })).text();
    expect(page).toMatch(/<mark>[^<]{10,}<\/mark>/);
    expect((await post('/letter/notice', { code: codeOf('Ada'), notice: '7' })).status).toBe(404);
    expect((await post('/letter/notice', { code: unknown(1), notice: '0' })).status).toBe(404);
  });

  test('the stop gives a receipt that holds, comes with the page, and has no token', async () => {
    const response = await post('/letter/stop', { code: codeOf('Rosa') });
    expect(response.status).toBe(200);
    const page = await response.text();
    const by = addPeriod(dayOf(Date.now()), { months: 0, days: passedOnWithin });
    expect(page).toContain(`is told to stop. They must stop by ${day(by)}.`);
    const file = /href="data:application\/json;base64,([^"]+)"/.exec(page)?.[1] ?? '';
    const text = Buffer.from(file, 'base64').toString('utf8');
    expect(JSON.parse(text)).toMatchObject({ format: 'astold/receipt/1', token: null });
    expect(page).toContain('<svg');
    expect(page).not.toMatch(/style=|<script/);
    const checked = await post('/check', { text });
    expect([checked.status, await checked.text()]).toEqual([
      200,
      expect.stringContaining('This receipt holds'),
    ]);
    const square = /<code class="square">(ASTOLD1:[^<]+)<\/code>/.exec(page)?.[1] ?? '';
    const known = await post('/check', { text: square });
    expect([known.status, await known.text()]).toEqual([
      200,
      expect.stringContaining('We know this receipt'),
    ]);
  });

  test('the page of a stop, loaded again, shows the same receipts, records nothing, and counts as one stop', async () => {
    address = '192.0.2.40';
    const code = codeOf('Ben');
    const onceIn = async (): Promise<string> =>
      /name="once" value="([^"]+)"/.exec(await (await post('/letter', { code })).text())?.[1] ?? '';
    const eventsIn = (page: string): readonly string[] => [...new Set(page.match(/pe-[0-9a-f]{16}/g))];
    const file = /href="data:application\/json;base64,([^"]+)"/g;
    const shownIn = (page: string) => ({
      page: page.replaceAll(file, ''),
      receipts: [...page.matchAll(file)].map(([, text = '']) =>
        JSON.parse(Buffer.from(text, 'base64').toString('utf8')),
      ),
    });
    const stopsRecorded = async (): Promise<number> => {
      const stopped = await club.service.state.as(club.org, (tx) =>
        tx
          .selectFrom('deed')
          .select('subject')
          .where('use_case', '=', 'stop-by-letter')
          .where('outcome', '=', 'done')
          .execute(),
      );
      return stopped.length;
    };
    const [once, before] = [await onceIn(), await stopsRecorded()];
    const first = await (await post('/letter/stop', { code, once })).text();
    const events = eventsIn(first);
    expect(events.length).toBeGreaterThan(0);
    const shown = shownIn(first);
    for (let i = 0; i < 11; i++) {
      const again = await post('/letter/stop', { code, once });
      expect(again.status).toBe(200);
      expect(shownIn(await again.text())).toEqual(shown);
    }
    expect(await stopsRecorded()).toBe(before + 1);
    // Another hand that has the letter, and not the page, is told nothing of what was said before.
    const other = eventsIn(await (await post('/letter/stop', { code, once: await onceIn() })).text());
    expect(other.filter((event) => events.includes(event))).toEqual([]);
    // Of another letter the value of this one stands for nothing.
    expect((await post('/letter/stop', { code: codeOf('Tess'), once })).status).toBe(422);
    const twice = { code, once: await onceIn() };
    const pressed = await Promise.all([1, 2].map(async () => (await post('/letter/stop', twice)).text()));
    expect(eventsIn(pressed[0] ?? '')).toEqual(eventsIn(pressed[1] ?? ''));
    expect(await stopsRecorded()).toBe(before + 3);
    const kept = await club.service.state.as(club.org, (tx) =>
      tx.selectFrom('answered').selectAll().execute(),
    );
    expect(JSON.stringify(kept)).not.toMatch(new RegExp(`${code}|${code.replaceAll('-', '')}|${once}|salt`));
  });

  test('a stop sent again after whose it was has been erased is said to be recorded, and nothing of an erasure', async () => {
    address = '192.0.2.50';
    const code = codeOf('Tess');
    const page = await (await post('/letter', { code })).text();
    const once = /name="once" value="([^"]+)"/.exec(page)?.[1] ?? '';
    const first = await (await post('/letter/stop', { code, once })).text();
    expect(first).toContain('base64,');
    const tess = club.member('tess@people.example');
    const [own] = await ownKeyed(club.service, tess);
    const asked = openCaseInput.parse({ kind: 'erasure', source: own?.source, person: own?.record });
    const { case: id } = must(await openCase(club.service, tess, asked));
    must(await endCase(club.service, officer, { case: id, version: 1, outcome: 'done', words: 'Done.' }));
    const again = await post('/letter/stop', { code, once });
    expect(again.status).toBe(200);
    const said = await again.text();
    expect(said).toContain('Your stop was recorded then, and it counts.');
    expect(said).not.toMatch(/eras|base64,/);
  });

  test('a letter that is used on and on has to wait, from wherever it is used', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 12; i++) {
      address = `192.0.2.${100 + i}`;
      statuses.push((await post('/letter/stop', { code: codeOf('Quinn') })).status);
    }
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 200), 429, 429]);
  });

  test('a letter that is looked at on and on has to wait, and nobody else from there has to', async () => {
    const [, code = ''] =
      [...letters.codes].find(([name]) => !['Ada', 'Ben', 'Quinn', 'Rosa', 'Tess'].includes(name)) ?? [];
    const statuses: number[] = [];
    for (let i = 0; i < 42; i++) {
      address = `192.0.2.${130 + (i % 3)}`;
      statuses.push((await post('/letter', { code })).status);
    }
    expect(statuses).toEqual([...Array.from({ length: 40 }, () => 200), 429, 429]);
    for (let i = 0; i < 25; i++) await post('/letter', { code });
    expect((await post('/letter', { code: codeOf('Ben') })).status).toBe(200);
  });

  test('of a code that is tried on and on nothing is claimed that is not true of one that nobody knows', async () => {
    const pages: string[] = [];
    for (const code of [unknown(99), codeOf('Quinn')]) {
      let last: Response | null = null;
      for (let i = 0; i < 41; i++) {
        address = `192.0.2.${160 + (i % 4)}`;
        last = await post('/letter', { code });
      }
      expect(last?.status).toBe(429);
      pages.push((await last?.text()) ?? '');
    }
    const [one, other] = pages.map((page) => page.replace(/\d+ minutes/, ''));
    expect(one).toContain('This code was looked up many times');
    expect(one).not.toContain('This letter was used');
    expect(one).toBe(other);
  });

  test('the deeds name the release, and the code is written down nowhere', async () => {
    const rows = await club.service.state.as(club.org, (tx) =>
      tx.selectFrom('deed').selectAll().where('actor', 'like', 'letter:%').execute(),
    );
    const lines = rows.map((row) => `${row.actor} ${row.use_case} ${row.subject} ${row.outcome}`);
    expect(lines).toContain(`letter:${letters.release} stop-by-letter ${letters.release} done`);
    const bare = [...letters.codes.values()].flatMap((code) => [code, code.replaceAll('-', '')]);
    for (const code of bare) expect(lines.join('\n')).not.toContain(code);
    const tries = await club.made.state.pool.query<{ key: string }>(
      'SELECT key FROM staff_auth.sign_in_attempt',
    );
    for (const code of bare) expect(tries.rows.map(({ key }) => key).join('\n')).not.toContain(code);
  });

  test.each(['/letter', '/letter/stop', '/check'])(
    'what is sent to %s as a form, and is none, is refused',
    async (path) => {
      const headers = { 'Content-Type': 'multipart/form-data' };
      const response = await app.request(`${base}${path}`, { method: 'POST', headers, body: 'code=1' });
      expect(response.status).toBe(422);
      expect(await response.json()).toMatchObject({ code: 'input-invalid' });
    },
  );

  test('an address asks for no code', async () => {
    expect((await app.request(`${base}/letter?code=${codeOf('Ada')}`)).status).toBe(200);
    expect(await (await app.request(`${base}/letter?code=${codeOf('Ada')}`)).text()).not.toContain(
      'Example Toys',
    );
    expect((await app.request(`${base}/letter/stop`)).status).toBe(303);
  });

  test.each([
    ['words', 'hello', 'We cannot read this'],
    ['other JSON', '{"format":"astold/supply/1"}', 'We cannot read this'],
    ['a receipt cut short', '{"format":"astold/receipt/1"}', 'We cannot read this'],
    ['a square of another', `ASTOLD1:PE-00:${'0'.repeat(64)}:`, 'We do not know this receipt'],
    ['nothing', ' ', 'Choose a file'],
  ])('/check says of %s what to do next', async (_, text, said) => {
    const response = await post('/check', { text });
    expect([400, 422]).toContain(response.status);
    expect(await response.text()).toContain(said);
  });

  test('a receipt that was changed does not hold, and one of another log is not known', async () => {
    address = '192.0.2.60';
    const page = await (await post('/letter/stop', { code: codeOf('Tess') })).text();
    const file = /base64,([^"]+)"/.exec(page)?.[1] ?? '';
    const receipt = JSON.parse(Buffer.from(file, 'base64').toString('utf8'));
    const wider = {
      ...receipt,
      content: { ...receipt.content, scope: { ...receipt.content.scope, purpose: 'all' } },
    };
    const changed = await post('/check', { text: JSON.stringify(wider) });
    expect([changed.status, await changed.text()]).toEqual([
      422,
      expect.stringContaining('This does not hold'),
    ]);
    for (const content of [
      { ...receipt.content, event: 'pe-\0' },
      { ...receipt.content, event: '\uD800' },
    ]) {
      const answer = await post('/check', { text: JSON.stringify({ ...receipt, content, logged: null }) });
      expect([answer.status, await answer.text()]).toEqual([
        422,
        expect.stringContaining('This does not hold'),
      ]);
    }
    const promise = receipt.promise.replace(/— \S+/, '— elsewhere.example/log');
    const other = await post('/check', { text: JSON.stringify({ ...receipt, promise }) });
    expect([other.status, await other.text()]).toEqual([
      422,
      expect.stringContaining('elsewhere.example/log'),
    ]);
  });
});
