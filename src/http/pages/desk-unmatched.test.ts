/** A request at the desk of somebody who is not found: from a look-up with its reason, to the answer. */
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditor, must, officer, steward } from '../../app/flow/flow.fixture.ts';
import type { Actor } from '../../app/flow/service.ts';
import { findPerson, findPersonInput } from '../../app/window/find-person.ts';
import { listCases } from '../../app/window/list-cases.ts';
import { listUnresolved } from '../../app/window/list-unresolved.ts';
import { showCase } from '../../app/window/show-case.ts';
import { type WindowFixture, windowFixture } from '../../app/window/window.fixture.ts';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import type { State, Tx } from '../../store/postgres/state.ts';
import { StateError } from '../../store/postgres/state-error.ts';
import { failHandler } from '../fail.ts';
import { requestRate } from '../rate-limit.ts';
import type { Seen } from '../seen.ts';
import { flowPages } from './all.ts';

const base = 'https://club.example';
type Answered = { readonly status: number; readonly text: string; readonly to: string };

// What of the database matters is tested with the use cases.
describe.each(oneDatabase)('on $name', (database) => {
  let club: WindowFixture;
  let app: Hono<Seen>;
  let asker: Actor = steward;
  beforeAll(async () => {
    club = await windowFixture(database);
    app = new Hono<Seen>();
    app.onError(failHandler(base));
    const actorOf = async (_: Request, org: string) => (asker.org === org ? asker : null);
    app.route('/', flowPages({ service: club.service, actorOf, rate: requestRate(1_000_000) }));
  }, 180_000);
  afterAll(() => club.drop());

  async function asked(who: Actor, path: string, form?: Readonly<Record<string, string>>): Promise<Answered> {
    asker = who;
    const init = form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) };
    const response = await app.request(`${base}/organisations/${club.org}${path}`, init);
    const to = (response.headers.get('Location') ?? '').replace(`/organisations/${club.org}`, '');
    return { status: response.status, text: await response.text(), to };
  }
  async function lookedAt(given: object): Promise<string> {
    const input = findPersonInput.parse({ reason: 'they rang', ...given });
    return `/desk/looked/${must(await findPerson(club.service, steward, input)).lookUp}/ask`;
  }
  const came = { by: 'letter', signed: '2026-01-02', received: '2026-01-05' };
  const replyTo = '4 Elm Row, ZZ1 1ZZ';

  test('it is opened from a look-up alone, of one’s own, whoever that found, and shows nobody', async () => {
    const form = { reason: 'they rang', email: 'nobody@example.invalid', birthDate: '' };
    const found = (await asked(steward, '/desk/find', form)).text;
    const [, path = ''] = /href="[^"]*(\/desk\/looked\/[^"]+)"/.exec(found) ?? [];
    expect((await asked(steward, path)).status).toBe(200);
    expect((await asked(officer, '/desk/find', form)).text).not.toContain('/desk/looked/');
    for (const who of [officer, auditor, club.member('ada@people.example')])
      expect((await asked(who, path)).status, who.id).not.toBe(200);
    for (const method of [undefined, { kind: 'access', step: 'record', replyTo, ...came }])
      expect((await asked(steward, '/desk/looked/none/ask', method)).status).toBe(404);
    const others = await asked(steward, '/desk/find', { ...form, email: 'ada@people.example' });
    const [, beside = ''] = /href="[^"]*(\/desk\/looked\/[^"]+)"/.exec(others.text) ?? [];
    for (const kind of ['', '?kind=access', '?kind=erasure', '?kind=correction']) {
      const { status, text } = await asked(steward, `${beside}${kind}`);
      expect(status).toBe(200);
      expect(text).not.toMatch(/Amberley|Larch|ada@people|M001/);
    }
    club.pass(1);
    expect((await asked(steward, path)).status).toBe(410);
    club.pass(-1);
  });

  test('what is wrong is said beside its field, and what was typed stays', async () => {
    const at = await lookedAt({ email: 'nobody@example.invalid' });
    const send = (form: Readonly<Record<string, string>>) => asked(steward, at, { step: 'check', ...form });
    const whose = { kind: 'erasure', replyTo, ...came };
    const wrong: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
      [{ kind: '' }, 'kind'],
      [{ kind: 'access', ...came }, 'replyTo'],
      [{ kind: 'access', replyTo: 'x'.repeat(255), ...came }, 'replyTo'],
      [{ kind: 'access', replyTo, by: 'letter', signed: '', received: '' }, 'received'],
      [{ kind: 'complaint', replyTo, ...came }, 'words'],
      [{ kind: 'correction', replyTo, value: 'Ambry', ...came }, 'field'],
      [whose, 'surname'],
      [{ ...whose, surname: 'Ambzzz' }, 'surname'],
      [{ ...whose, email: 'x'.repeat(201) }, 'email'],
      [{ ...whose, phone: '07700 900123', birthDate: 'soon' }, 'birthDate'],
    ];
    const record = { record: 'M003' };
    const say = (await lookedAt(record)).replace('/looked/', '/found/').replace(/ask$/, '1/say');
    for (const path of [at, say]) {
      expect((await asked(steward, path)).status).toBe(200);
      expect((await asked(steward, `${path}?asked=yes`)).status).toBe(422);
    }
    for (const [form, field] of wrong) {
      const { status, text } = await send(form);
      expect([status, text], JSON.stringify(form)).toEqual([
        422,
        expect.stringContaining(`id="${field}-fault"`),
      ]);
      if (form.replyTo === replyTo) expect(text).toContain(replyTo);
    }
    const early = await asked(steward, at, {
      ...whose,
      email: 'x@y.example',
      signed: '2026-01-06',
      step: 'record',
    });
    expect(early.status).toBe(422);
    expect(early.text).toContain('x@y.example');
  });

  test('a request for a copy is answered that nothing is held, at the address they gave, and ends', async () => {
    const at = await lookedAt({ email: 'nobody@example.invalid' });
    const form = { kind: 'access', words: 'All you have <of me>.', replyTo, ...came };
    const check = await asked(steward, at, { ...form, step: 'check' });
    expect(check.status).toBe(200);
    expect(check.text).toContain('All you have &lt;of me&gt;.');
    expect((await asked(steward, at, { ...form, step: 'change' })).text).toContain(
      'All you have &lt;of me&gt;.',
    );
    const { to } = await asked(steward, at, { ...form, step: 'record' });
    const [path = ''] = to.split('?');
    for (const list of ['/desk', '/desk/cases'])
      expect((await asked(steward, list)).text).toContain(`${path}"`);
    const page = (await asked(steward, path)).text;
    for (const said of [replyTo, '2 January 2026', '5 January 2026', 'in no record that was found'])
      expect(page).toContain(said);
    expect((await asked(auditor, path)).text).not.toContain(replyTo);
    const end = { deed: 'end', version: '1', outcome: 'done', 'words-end': 'We hold nothing on you.' };
    const ended = await asked(steward, path, end);
    expect([ended.status, ended.text]).toEqual([200, expect.stringContaining(replyTo)]);
    expect((await asked(steward, '/desk/cases')).text).not.toContain(`${path}"`);
    expect((await asked(steward, path)).text).toContain('We hold nothing on you.');
  });

  test('a request that has ended leads to itself where what is left of it cannot be shown', async () => {
    const at = await lookedAt({ email: 'nobody@example.invalid' });
    const form = { kind: 'complaint', words: 'It is late.', replyTo, ...came };
    const { to } = await asked(steward, at, { ...form, step: 'record' });
    const [path = ''] = to.split('?');
    const id = path.split('/').at(-1) ?? '';
    const { state } = club.service;
    /** Away from when it has ended. */
    async function as<T>(org: string, work: (tx: Tx) => Promise<T>): Promise<T> {
      const row = (tx: Tx) =>
        tx.selectFrom('member_case').select('state').where('id', '=', id).executeTakeFirstOrThrow();
      if ((await state.as(org, row)).state !== 'open') throw new StateError('database-unreachable', '');
      return state.as(org, work);
    }
    const service = { ...club.service, state: Object.assign(Object.create(state), { as }) as State };
    const pages = new Hono<Seen>().onError(failHandler(base));
    pages.route('/', flowPages({ service, actorOf: async () => steward, rate: requestRate(1_000_000) }));
    const end = { deed: 'end', version: '1', outcome: 'done', 'words-end': 'It was sent today.' };
    const sent = await pages.request(`${base}/organisations/${club.org}${path}`, {
      ...{ method: 'POST', body: new URLSearchParams(end) },
    });
    expect([sent.status, sent.headers.get('Location')]).toEqual([303, expect.stringContaining(path)]);
    expect((await asked(steward, path)).text).toContain('It was sent today.');
  });

  test('it is opened once, however often the form is sent', async () => {
    const at = await lookedAt({ email: 'nobody@example.invalid' });
    const form = { kind: 'complaint', words: 'It is late.', replyTo, ...came };
    const check = (await asked(steward, at, { ...form, step: 'check' })).text;
    const once = /name="once" value="([^"]+)"/.exec(check)?.[1] ?? '';
    const number = async (): Promise<number> =>
      must(await listCases(club.service, steward, { state: 'open', limit: 200 })).items.length;
    const before = await number();
    const send = () => asked(steward, at, { ...form, step: 'record', once });
    const [first, second] = await Promise.all([send(), send()]);
    expect([first.status, first.to]).toEqual([303, expect.stringContaining('/desk/cases/')]);
    expect(second.to).toBe(first.to);
    expect((await send()).to).toBe(first.to);
    expect(await number()).toBe(before + 1);
    const correct = await asked(steward, `${at}?kind=correction`);
    expect(correct.text).toContain('<option value="members|surname">Surname</option>');
  });

  test('an erasure stops whoever it may be of, leads to where that is said, and is done once it is nobody', async () => {
    const at = await lookedAt({ surname: 'Ambzzz', postcode: 'ZZ1 1ZZ' });
    const form = { kind: 'erasure', surname: 'Ambzzz', postcode: 'zz1 1zz', replyTo, ...came };
    expect((await asked(steward, at, { ...form, step: 'check' })).text).toContain(
      'stops everybody it may be of',
    );
    const { to } = await asked(steward, at, { ...form, step: 'record' });
    const [path = ''] = to.split('?');
    const id = path.split('/').at(-1) ?? '';
    const { event } = must(await showCase(club.service, steward, { case: id }));
    const { items } = must(await listUnresolved(club.service, steward, { limit: 50 }));
    expect(items).toMatchObject([{ event, received: '2026-01-05', by: 'letter' }]);
    expect(items[0]?.plausible).toBeGreaterThan(0);
    const page = (await asked(steward, path)).text;
    for (const link of [`/desk/unresolved/${event}`, `/receipts/${event}`]) expect(page).toContain(link);
    expect(page).not.toMatch(/Amberley|Larch/);
    expect((await asked(auditor, path)).text).not.toContain('/desk/unresolved/');
    const end = { deed: 'end', version: '1', outcome: 'done', 'words-end': 'We hold nothing on you.' };
    expect((await asked(steward, path, end)).status).toBe(409);
    const said = { words: 'no such name', nobody: 'yes', record: '' };
    expect((await asked(steward, `/desk/unresolved/${event}`, said)).status).toBe(303);
    expect((await asked(steward, path, end)).status).toBe(200);
    expect((await asked(steward, path)).text).not.toContain('/desk/unresolved/');
  });
});
